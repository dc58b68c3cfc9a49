//! ING034: own security groups are complete.

use crate::diagnostic::Level;
use crate::validate::annotations::config;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "ING034",
    summary: "own security groups are complete",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("ing034.md"),
    check: Check::Environment(|context| {
        config::report(context, "ING034");
        config::empty_items(context, "/ingress/securityGroups", "security group");
    }),
};
