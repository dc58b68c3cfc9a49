//! NODE022: what runs beside the pods has nodes without their taint.

use crate::diagnostic::Level;
use crate::model::SystemNodeGroup;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "NODE022",
    summary: "what runs beside the pods has nodes without their taint",
    level: Level::Advice,
    since: "0.1.0",
    doc: include_str!("node022.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let deployment = context.deployment;
    let plan = context.plan();
    let tainted = plan.pool.as_ref().is_some_and(|pool| !pool.taints.is_empty());
    let off = matches!(plan.cluster.system_node_group, SystemNodeGroup::Off);
    // Karpenter's own place is another finding.
    if deployment.cluster.is_some() && tainted && off && !plan.karpenter {
        context
            .report(
                "/cluster/systemNodeGroup",
                "every group of `cluster.yaml` is tainted: in a new cluster CoreDNS and the controllers stay pending, and its creation times out",
            )
            .see("/nodes/dedicated", "the taint")
            .help("leave `systemNodeGroup` out, unless the cluster has other nodes already");
    }
}
