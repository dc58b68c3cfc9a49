//! OPS013: monitoring.namespace is a namespace.

use crate::diagnostic::Level;
use crate::validate::kubernetes::names;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "OPS013",
    summary: "monitoring.namespace is a namespace",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("ops013.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let Some(namespace) = &context.deployment.monitoring.namespace else { return };
    if let Err(fault) = names::dns1123_label(namespace) {
        let shown: String = namespace.chars().take(70).collect();
        context.report("/monitoring/namespace", format!("`{shown}` is no namespace: {fault}"));
    }
}
