//! ING011: a host is a DNS name, and given once.

use crate::diagnostic::Level;
use crate::validate::annotations::config;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "ING011",
    summary: "a host is a DNS name, and given once",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("ing011.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    // Without a host there is no rule, and the Ingress is refused before the checks below see one.
    if context.node("/ingress/hosts").and_then(|node| node.as_sequence()).is_some_and(<[_]>::is_empty) {
        context
            .report("/ingress/hosts", "the list of hosts is empty: the Ingress would have no rule, and the API server refuses it")
            .help("leave `hosts` out for any host, or switch the Ingress off by `ingress: false`");
    }
    config::report(context, "ING011");
}
