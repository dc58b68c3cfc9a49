//! SEC012: an internet-facing load balancer does not admit everyone.

use crate::diagnostic::Level;
use crate::validate::annotations::config;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "SEC012",
    summary: "an internet-facing load balancer does not admit everyone",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("sec012.md"),
    check: Check::Environment(|context| config::report(context, "SEC012")),
};
