//! OPS004: the cluster has a name that eksctl takes.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "OPS004",
    summary: "the cluster has a name that eksctl takes",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("ops004.md"),
    check: Check::Environment(check),
};

/// What the longest stack name leaves.
const LONGEST: usize = 56;

fn check(context: &Context<'_>) {
    let Some(name) = context.deployment.cluster.as_ref().and_then(|c| c.name.as_ref()) else { return };
    let length = name.chars().count();
    let fault = if name.is_empty() {
        "it is empty".to_owned()
    } else if !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
        "it may hold letters, digits and hyphens only".to_owned()
    } else if name.starts_with('-') || name.ends_with('-') {
        "it begins and ends with a letter or a digit".to_owned()
    } else if name.chars().all(|c| !c.is_ascii_alphabetic()) {
        "it holds a letter".to_owned()
    } else if length > LONGEST {
        format!("it may have {LONGEST} characters, and has {length}")
    } else {
        return;
    };
    let shown: String = name.chars().take(70).collect();
    context.report("/cluster/name", format!("eksctl refuses the cluster name `{shown}`: {fault}"));
}
