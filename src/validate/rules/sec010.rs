//! SEC010: an internet-facing load balancer has TLS.

use crate::diagnostic::Level;
use crate::validate::annotations::config;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "SEC010",
    summary: "an internet-facing load balancer has TLS",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("sec010.md"),
    check: Check::Environment(|context| config::report(context, "SEC010")),
};
