//! NODE014: nodes hold the pods that they are for.

use super::node008::may_take_away;
use crate::compile::cluster::plan;
use crate::compile::cluster::{facts, room};
use crate::diagnostic::Level;
use crate::model::NodeGroup;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "NODE014",
    summary: "nodes hold the pods that they are for",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("node014.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let deployment = context.deployment;
    let Some(group) = deployment.cluster.as_ref().and_then(|c| c.node_group.as_ref()) else { return };
    let pod = room::request(Some(&context.merged_values()["resources"]));
    let mut fewest: Option<u64> = None;
    for (index, name) in group.instance_types.iter().enumerate() {
        let Some(kind) = facts::instance_type(name) else { continue };
        let pods = room::pods_per_node(kind, pod);
        fewest = Some(fewest.map_or(pods, |f| f.min(pods)));
        let pointer = format!("/cluster/nodeGroup/instanceTypes/{index}");
        if pods == 0 {
            let (cpu, memory) = (room::allocatable_cpu(kind.vcpu), room::allocatable_memory(kind));
            context
                .report(
                    &pointer,
                    format!(
                        "no pod fits on `{name}`: it leaves {cpu}m CPU and {memory}Mi, a pod asks for {}m and {}Mi",
                        pod.cpu, pod.memory
                    ),
                )
                .see("/resources", "asked for here")
                .help("choose a larger type, or ask for less");
        } else if context.deployment.is_production() && (kind.vcpu < 4 || kind.memory < 7_629) {
            context
                .report(
                    &pointer,
                    format!("`{name}` has {} vCPU and {} MiB; for production 4 vCPU and 8 GB are recommended", kind.vcpu, kind.memory),
                )
                .level(Level::Advice);
        }
    }
    sizes(context, group, fewest, pod);
}

/// Whether all nodes together hold the pods, and those of a rolling update.
fn sizes(context: &Context<'_>, group: &NodeGroup, fewest: Option<u64>, pod: room::Request) {
    let deployment = context.deployment;
    let plan = context.plan();
    let Some(pool) = &plan.pool else { return };
    // Without types in the config the group has those that are derived.
    let per_node = if group.instance_types.is_empty() { plan::pods_per_node(&pool.instance_types, pod) } else { fewest };
    let grows = plan.autoscaler || plan.karpenter;
    // A group that nothing scales stays as it starts.
    let (key, nodes) = if !grows && group.desired.is_some() { ("desired", group.desired) } else { ("max", group.max) };
    let (Some(per_node), Some(nodes)) = (per_node.filter(|per| *per > 0), nodes) else { return };
    let (room, pods) = (per_node.saturating_mul(u64::from(nodes)), plan::most_pods(deployment));
    let updating = u64::from(pods) + u64::from(plan::surge(deployment, pods));
    let each = if per_node == 1 { "one pod".to_owned() } else { format!("{per_node} pods") };
    let pointer = format!("/cluster/nodeGroup/{key}");
    if room < u64::from(pods) {
        context
            .report(&pointer, format!("{nodes} nodes with {each} each hold {room} of {pods} pods"))
            .level(Level::Advice)
            .see("/replicas", "this many")
            .see("/autoscaling/max", "this many")
            .help(format!("raise `{key}`, or choose a larger type"));
    } else if room < updating {
        let end = if may_take_away(deployment, pods) { "pods go before their successors come" } else { "it waits for ever" };
        context
            .report(&pointer, format!("{nodes} nodes with {each} each have no room for the new pods of a rolling update, which with {pods} pods wants room for {updating}: {end}"))
            .level(Level::Advice)
            .help(format!("raise `{key}` by one"));
    }
}
