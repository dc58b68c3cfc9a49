//! NODE020: Karpenter gets what it can use.

use crate::diagnostic::Level;
use crate::model::{Provisioner, SystemNodeGroup};
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "NODE020",
    summary: "Karpenter gets what it can use",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("node020.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let own = context.deployment.cluster.as_ref().map(|c| &c.system_node_group);
    if matches!(own, Some(SystemNodeGroup::Group(group)) if group.provisioner == Some(Provisioner::Karpenter)) {
        context
            .report("/cluster/systemNodeGroup/provisioner", "the system's nodes are always a managed group: Karpenter itself runs on them");
    }
    if context.deployment.cluster.is_none() || !context.plan().karpenter {
        return;
    }
    for key in ["min", "desired"] {
        let pointer = format!("/cluster/nodeGroup/{key}");
        if context.given(&pointer) {
            context
                .report(&pointer, format!("`{key}` has no effect with Karpenter, which makes nodes when pods ask for them"))
                .see("/cluster/nodeGroup/provisioner", "chosen here");
        }
    }
    if context.deployment.cluster.as_ref().is_some_and(|c| c.autoscaler == Some(true)) {
        context
            .report("/cluster/autoscaler", "`autoscaler` has no effect with Karpenter, which makes and removes the nodes itself")
            .see("/cluster/nodeGroup/provisioner", "chosen here");
    }
    let system = context.deployment.cluster.as_ref().map(|c| &c.system_node_group);
    if matches!(system, Some(SystemNodeGroup::Off)) {
        context
            .report("/cluster/systemNodeGroup", "Karpenter cannot make the nodes that it runs on itself")
            .level(Level::Advice)
            .help("see that the cluster has other nodes or a Fargate profile for it");
    }
}
