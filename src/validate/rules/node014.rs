//! NODE014: nodes hold the pods that they are for.

use crate::compile::cluster::{facts, plan, room};
use crate::diagnostic::Level;
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
    let (Some(per_node), Some(max)) = (fewest.filter(|per| *per > 0), group.max) else { return };
    let (room, pods) = (per_node.saturating_mul(u64::from(max)), plan::most_pods(deployment));
    let updating = u64::from(pods) + u64::from(plan::surge(deployment, pods));
    let at_once = if per_node == 1 { "one pod".to_owned() } else { format!("{per_node} pods") };
    if room < u64::from(pods) {
        context
            .report("/cluster/nodeGroup/max", format!("{max} nodes with {at_once} each hold {room} of {pods} pods"))
            .level(Level::Advice)
            .see("/replicas", "this many")
            .see("/autoscaling/max", "this many")
            .help("raise `max`, or choose a larger type");
    } else if room < updating {
        context
            .report("/cluster/nodeGroup/max", format!("{max} nodes with {at_once} each have no room for the new pods of a rolling update: with {pods} pods it needs room for {updating}"))
            .level(Level::Advice)
            .help("raise `max` by one");
    }
}
