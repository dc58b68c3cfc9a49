//! SEC003: the container is not privileged.

use serde_json::Value;

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "SEC003",
    summary: "the container is not privileged",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("sec003.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    if context.merged_values()["securityContext"]["privileged"] != Value::Bool(true) {
        return;
    }
    const RAW: &str = "/values/securityContext/privileged";
    let pointer = if context.given(RAW) { RAW } else { "/security/container/privileged" };
    context
        .report(pointer, "a privileged container has all rights on its node, and the GraphQL server needs none of them")
        .help("leave `privileged` out");
}
