//! OPS017: production has nodes in several zones.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "OPS017",
    summary: "production has nodes in several zones",
    level: Level::Advice,
    since: "0.1.0",
    doc: include_str!("ops017.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let deployment = context.deployment;
    let Some(group) = deployment.cluster.as_ref().and_then(|c| c.node_group.as_ref()).filter(|_| deployment.is_production()) else {
        return;
    };
    for key in ["max", "desired", "min"] {
        let size = match key {
            "max" => group.max,
            "desired" => group.desired,
            _ => group.min,
        };
        if let Some(size) = size.filter(|size| *size < 3) {
            context.report(
                &format!("/cluster/nodeGroup/{key}"),
                format!("production on {size} nodes; three in different zones are recommended"),
            );
            return;
        }
    }
    if group.zones.len() == 1 {
        context.report("/cluster/nodeGroup/zones", "production in one zone goes with that zone");
    }
}
