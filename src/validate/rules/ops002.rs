//! OPS002: production runs several pods.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "OPS002",
    summary: "production runs several pods",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("ops002.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let deployment = context.deployment;
    if !deployment.is_production() {
        return;
    }
    let pointer = if context.given("/replicas") || deployment.autoscaling.is_none() { "/replicas" } else { "/autoscaling/min" };
    match deployment.replicas {
        1 => context
            .report(
                pointer,
                "one pod in production: each roll-out and each failure of its node is an outage, and ends every open transaction",
            )
            .help("run three"),
        2 => context
            .report(pointer, "two pods in production: while one is replaced, one alone is left")
            .level(Level::Advice)
            .help("run three"),
        _ => return,
    };
}
