//! NODE015: Spot nodes are taken away.

use crate::diagnostic::Level;
use crate::model::Capacity;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "NODE015",
    summary: "Spot nodes are taken away",
    level: Level::Advice,
    since: "0.1.0",
    doc: include_str!("node015.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let deployment = context.deployment;
    if deployment.nodes.capacity != Some(Capacity::Spot) {
        return;
    }
    context
        .report(
            "/nodes/capacity",
            "Spot nodes are taken back at two minutes' notice, with the open transactions that their pods hold in memory",
        )
        .help("see that clients begin a lost transaction again, or use `on-demand`");
    let group = deployment.cluster.as_ref().and_then(|c| c.node_group.as_ref());
    if group.is_some_and(|g| g.instance_types.len() == 1) {
        context
            .report("/cluster/nodeGroup/instanceTypes", "one instance type alone is taken back, and runs out, sooner than several")
            .help("add types of the same vCPU and memory, such as `m5.xlarge` beside `m6i.xlarge`");
    }
}
