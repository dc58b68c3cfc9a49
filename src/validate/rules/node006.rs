//! NODE006: an affinity alone does not keep pods off Fargate.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "NODE006",
    summary: "an affinity alone does not keep pods off Fargate",
    level: Level::Advice,
    since: "0.1.0",
    doc: include_str!("node006.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    if context.deployment.nodes.fargate == Some(false) && context.deployment.cluster.is_some() {
        context
            .report(
                "/nodes/fargate",
                format!(
                    "a Fargate profile that matches namespace `{}` would still take the pods, which then stay pending",
                    context.deployment.namespace
                ),
            )
            .help("see that no profile of the cluster selects this namespace");
    }
}
