//! NODE005: pods on Fargate ask for no nodes.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "NODE005",
    summary: "pods on Fargate ask for no nodes",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("node005.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let nodes = &context.deployment.nodes;
    if nodes.fargate != Some(true) {
        return;
    }
    if context.given("/cluster/nodeGroup") {
        context
            .report("/cluster/nodeGroup", "the pods run on Fargate: this group is for something else, and none of them comes to it")
            .level(Level::Advice)
            .see("/nodes/fargate", "the pods are meant for Fargate");
    }
    let given = [("pool", nodes.pool.is_some()), ("dedicated", nodes.dedicated), ("capacity", nodes.capacity.is_some())];
    for (key, _) in given.iter().filter(|(_, given)| *given) {
        context
            .report(&format!("/nodes/{key}"), format!("`{key}` with `fargate: true`: a Fargate node has no pool, no taint and no capacity type, so the pods would stay pending"))
            .see("/nodes/fargate", "the pods are meant for Fargate");
    }
}
