//! NODE017: nodes come with their taint.

use super::node016::LONGEST_KEY;
use crate::compile::cluster::plan::{is_kubernetes, is_reserved};
use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "NODE017",
    summary: "nodes come with their taint",
    level: Level::Advice,
    since: "0.1.0",
    doc: include_str!("node017.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let deployment = context.deployment;
    let Some((key, _)) = deployment.nodes.dedicated_taint().filter(|_| deployment.cluster.is_some()) else { return };
    let pointer = if context.given("/nodes/taint") { "/nodes/taint" } else { "/nodes/dedicated" };
    if key.chars().count() > LONGEST_KEY {
        context
            .report(
                pointer,
                format!(
                    "a taint key on EKS has at most {LONGEST_KEY} characters, its domain included; this one has {}",
                    key.chars().count()
                ),
            )
            .level(Level::Error);
        return;
    }
    if context.plan().karpenter {
        return;
    }
    if is_kubernetes(key) {
        context
            .report(pointer, format!("EKS refuses the taint key `{key}` on a managed node group: the runbook taints the nodes by hand, and each new node comes untainted"))
            .help("set `nodes.taint: scalar-labs.com/dedicated-node`, which the group can carry");
    } else if is_reserved(key) {
        context
            .report(pointer, format!("EKS uses taint keys like `{key}` itself, and does not say whether a group may carry one"))
            .help("set `nodes.taint: scalar-labs.com/dedicated-node`");
    }
}
