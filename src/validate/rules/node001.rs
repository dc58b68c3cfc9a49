//! NODE001: pool, labels and taints are ones that nodes can have.

use crate::diagnostic::Level;
use crate::validate::kubernetes::names;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "NODE001",
    summary: "pool, labels and taints are ones that nodes can have",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("node001.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let nodes = &context.deployment.nodes;
    if let Some(pool) = &nodes.pool {
        let fault = if pool.is_empty() { Some("it is empty".to_owned()) } else { names::label_value(pool).err().map(|r| r.to_string()) };
        if let Some(fault) = fault {
            context
                .report("/nodes/pool", format!("no node can carry the label value `{}`: {fault}", shown(pool)))
                .label("expected a label value");
        }
    }
    for (pointer, key) in [("/nodes/label", &nodes.label), ("/nodes/taint", &nodes.taint)] {
        if let Err(fault) = names::label_key(key) {
            let report = context.report(pointer, format!("`{}` is no label key: {fault}", shown(key))).label("expected [DOMAIN/]NAME");
            if key.contains('=') {
                report.help("give the key only: the value is the pool, the effect is NoSchedule");
            }
        }
    }
    for (key, value) in &nodes.selector {
        let pointer = super::node004::selector_pointer(key);
        if let Err(fault) = names::label_key(key) {
            context.report(&pointer, format!("`{}` is no label key: {fault}", shown(key)));
        } else if let Err(fault) = names::label_value(value) {
            context.report(&pointer, format!("no node can carry the label value `{}`: {fault}", shown(value)));
        }
    }
}

/// At most so much of a text as a message needs.
fn shown(text: &str) -> String {
    if text.chars().count() <= 80 { text.to_owned() } else { text.chars().take(77).chain("...".chars()).collect() }
}
