//! OPS012: pods that autoscaling adds find nodes.

use crate::compile::cluster::plan::Plan;
use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "OPS012",
    summary: "pods that autoscaling adds find nodes",
    level: Level::Advice,
    since: "0.1.0",
    doc: include_str!("ops012.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let deployment = context.deployment;
    let Some(cluster) = &deployment.cluster else { return };
    let plan = context.plan();
    if plan.karpenter {
        return;
    }
    if cluster.autoscaler == Some(true) {
        nothing_to_scale(context, plan);
    }
    if deployment.autoscaling.is_none() {
        return;
    }
    if cluster.autoscaler == Some(false) {
        context
            .report("/cluster/autoscaler", "pods are scaled, nodes are not: pods that find no room stay pending")
            .see("/autoscaling", "pods are scaled here")
            .help("leave it out, unless something else scales the nodes");
        return;
    }
    let fixed = cluster.node_group.as_ref().filter(|g| g.max.is_some() && g.min == g.max);
    let grows = deployment.autoscaling.as_ref().is_some_and(|a| a.max > a.min);
    if fixed.is_some() && grows {
        context
            .report("/cluster/nodeGroup/max", "the group cannot grow when the autoscaler adds pods")
            .see("/autoscaling/max", "this many pods")
            .help("raise `max`, unless the nodes hold them all");
    }
}

/// The autoscaler is asked for, but no group can change its size.
fn nothing_to_scale(context: &Context<'_>, plan: &Plan<'_>) {
    let message = match &plan.pool {
        None => "pods on Fargate have no node group that the cluster autoscaler could scale".to_owned(),
        Some(pool) if pool.min == pool.max => {
            format!("the node group has {} nodes at least and at most: the autoscaler never acts", pool.max)
        }
        Some(_) => return,
    };
    context.report("/cluster/autoscaler", message).see("/cluster/nodeGroup", "the group").help("leave it out, or let the group grow");
}
