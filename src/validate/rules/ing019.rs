//! ING019: the deregistration delay is one that AWS takes, and fits the pods.

use crate::diagnostic::Level;
use crate::validate::annotations::config;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "ING019",
    summary: "the deregistration delay is one that AWS takes, and fits the pods",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("ing019.md"),
    check: Check::Environment(|context| config::report(context, "ING019")),
};
