//! OPS011: a production release has a namespace of its own.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "OPS011",
    summary: "a production release has a namespace of its own",
    level: Level::Advice,
    since: "0.1.0",
    doc: include_str!("ops011.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    if context.deployment.is_production() && context.deployment.namespace == "default" {
        context
            .report("/namespace", "production in the namespace `default`, which everything without a namespace shares")
            .help("give it a namespace of its own");
    }
}
