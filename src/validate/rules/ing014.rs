//! ING014: stickiness lasts as long as a transaction may pause, and as the load balancer takes.

use crate::diagnostic::Level;
use crate::validate::annotations::config;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "ING014",
    summary: "stickiness lasts as long as a transaction may pause, and as the load balancer takes",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("ing014.md"),
    check: Check::Environment(|context| config::report(context, "ING014")),
};
