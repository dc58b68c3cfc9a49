//! NODE016: EKS lets a node group carry the label.

use crate::compile::cluster::plan::is_reserved;
use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "NODE016",
    summary: "EKS lets a node group carry the label",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("node016.md"),
    check: Check::Environment(check),
};

/// Most characters of a label key on EKS, its domain included.
pub const LONGEST_KEY: usize = 63;
/// Most tags of an Auto Scaling group.
const MOST_TAGS: usize = 50;

fn check(context: &Context<'_>) {
    let nodes = &context.deployment.nodes;
    if context.deployment.cluster.is_none() {
        return;
    }
    if nodes.pool.is_some() && is_reserved(&nodes.label) {
        context
            .report(
                "/nodes/label",
                format!("EKS keeps `{}` for itself: it refuses a node group with the label `{}`", domain(&nodes.label), nodes.label),
            )
            .help("use `agentpool`, or a key in a domain of your own");
    }
    for (key, value) in nodes.selector.iter().filter(|(key, value)| value.is_empty() && !is_reserved(key)) {
        let pointer = super::node004::selector_pointer(key);
        context
            .report(&pointer, format!("the node group needs the label `{key}={value}`, and EKS refuses a label without a value"))
            .help("select by a value");
    }
    let written = context.plan();
    let most = written.pool.as_ref().map_or(0, |pool| pool.labels.len() + pool.taints.len());
    if written.autoscaler && most > MOST_TAGS {
        context.report(
            "/nodes/selector",
            format!("{most} labels and taints: an Auto Scaling group holds {MOST_TAGS} tags, by which the autoscaler knows them"),
        );
    }
    let own = nodes.selector.iter().map(|(key, _)| (super::node004::selector_pointer(key), key));
    for (pointer, key) in nodes.pool.iter().map(|_| ("/nodes/label".to_owned(), &nodes.label)).chain(own) {
        if key.chars().count() > LONGEST_KEY && !is_reserved(key) {
            context.report(
                &pointer,
                format!(
                    "a label key on EKS has at most {LONGEST_KEY} characters, its domain included; this one has {}",
                    key.chars().count()
                ),
            );
        }
    }
}

fn domain(key: &str) -> &str {
    key.split_once('/').map_or(key, |(domain, _)| domain)
}
