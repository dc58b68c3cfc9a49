//! NODE019: zones are zones of the region, and of a new VPC.

use crate::diagnostic::Level;
use crate::model::SystemNodeGroup;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "NODE019",
    summary: "zones are zones of the region, and of a new VPC",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("node019.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let Some(cluster) = &context.deployment.cluster else { return };
    let plan = context.plan();
    let mut all: Vec<&str> = Vec::new();
    let system = match &cluster.system_node_group {
        SystemNodeGroup::Group(group) => Some(("/cluster/systemNodeGroup/zones", &group.zones)),
        _ => None,
    };
    for (at, zones) in cluster.node_group.iter().map(|g| ("/cluster/nodeGroup/zones", &g.zones)).chain(system) {
        for (index, zone) in zones.iter().enumerate() {
            let pointer = format!("{at}/{index}");
            if !is_zone(zone) {
                context
                    .report(&pointer, format!("`{}` is no availability zone", zone.chars().take(40).collect::<String>()))
                    .label("expected a region and a letter, such as `ap-northeast-1a`");
            } else if let Some(region) = cluster
                .region
                .as_deref()
                .filter(|region| zone.strip_prefix(*region).is_none_or(|rest| rest.starts_with(|c: char| c.is_ascii_digit())))
            {
                context.report(&pointer, format!("`{zone}` is no zone of `{region}`")).see("/cluster/region", "the region");
            } else if zones[..index].contains(zone) {
                context.report(&pointer, format!("`{zone}` stands twice")).level(Level::Warning);
            }
        }
        if !zones.is_empty() && plan.has_vpc() && !plan.karpenter {
            context
                .report(at, "`zones` has no effect beside an existing VPC: its subnets have their zones already")
                .level(Level::Warning)
                .see("/cluster/vpc", "the VPC")
                .help("leave `zones` out, and list the subnets of the zones that you want");
        }
        all.extend(zones.iter().map(String::as_str));
    }
    all.sort_unstable();
    all.dedup();
    if let [only] = all.as_slice()
        && !plan.has_vpc()
        && !plan.karpenter
    {
        let at = if context.given("/cluster/nodeGroup/zones") { "/cluster/nodeGroup/zones" } else { "/cluster/systemNodeGroup/zones" };
        context
            .report(
                at,
                format!("a new cluster needs two zones or more; with `{only}` alone eksctl chooses them, and may not choose this one"),
            )
            .level(Level::Warning)
            .help("list two zones or more");
    }
}

/// A region and a letter, or a local zone (`us-west-2-lax-1a`).
fn is_zone(text: &str) -> bool {
    let word = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let last = text.rsplit('-').next().unwrap_or_default();
    text.split('-').count() >= 3
        && text.split('-').all(word)
        && last.len() >= 2
        && last.ends_with(|c: char| c.is_ascii_lowercase())
        && last.starts_with(|c: char| c.is_ascii_digit())
}
