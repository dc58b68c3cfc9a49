//! NODE015: Spot nodes are taken away.

use super::node004::selector_pointer;
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
    const LABELS: [(&str, &str); 2] = [("eks.amazonaws.com/capacityType", "SPOT"), ("karpenter.sh/capacity-type", "spot")];
    let selected = deployment.nodes.selector.iter().find(|(key, value)| LABELS.contains(&(key.as_str(), value.as_str())));
    let pointer = match (deployment.nodes.capacity, selected) {
        (Some(Capacity::Spot), _) => "/nodes/capacity".to_owned(),
        (None, Some((key, _))) => selector_pointer(key),
        _ => return,
    };
    context
        .report(&pointer, "Spot nodes are taken back at two minutes' notice, with the open transactions that their pods hold in memory")
        .help("see that clients begin a lost transaction again, or use `on-demand`");
    let group = deployment.cluster.as_ref().and_then(|c| c.node_group.as_ref());
    if group.is_some_and(|g| g.instance_types.len() == 1) {
        context
            .report("/cluster/nodeGroup/instanceTypes", "one instance type alone is taken back, and runs out, sooner than several")
            .help("add types of the same vCPU and memory, such as `m5.xlarge` beside `m6i.xlarge`");
    }
}
