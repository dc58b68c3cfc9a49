//! ING036: tags are within the limits of AWS.

use crate::diagnostic::Level;
use crate::source::Pointer;
use crate::validate::annotations::config;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "ING036",
    summary: "tags are within the limits of AWS",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("ing036.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    config::report(context, "ING036");
    // The annotation separates key and value at the first `=`, so a key with one becomes another key.
    for (key, _) in context.deployment.ingress.iter().flat_map(|i| &i.tags) {
        if key.contains('=') {
            context
                .report(
                    Pointer::parse("/ingress/tags").join(key).as_str(),
                    format!("the tag key `{key}` has a `=`, which the annotation cannot carry"),
                )
                .help("leave the `=` out of the key; in a value it is fine");
        } else if key.trim() != key || key.is_empty() {
            context.report(
                Pointer::parse("/ingress/tags").join(key).as_str(),
                "the tag key is empty or has a blank at an end, which the controller cuts off",
            );
        }
    }
}
