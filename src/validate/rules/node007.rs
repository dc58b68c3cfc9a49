//! NODE007: several pods are spread.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "NODE007",
    summary: "several pods are spread",
    level: Level::Advice,
    since: "0.1.0",
    doc: include_str!("node007.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let deployment = context.deployment;
    let own = deployment.nodes.affinity.as_ref().is_some_and(|a| a.get("podAntiAffinity").is_some());
    let pods = deployment.autoscaling.as_ref().and_then(|a| a.max).unwrap_or(0).max(deployment.replicas);
    if deployment.nodes.spread.is_none() && !own && deployment.nodes.fargate != Some(true) && pods > 1 {
        context
            .report("/nodes/spread", format!("all {pods} pods may stand on one node, and go with it"))
            .help("spread them over `hosts` or `zones`");
    }
}
