//! ING027: the load balancer's name is one that AWS takes.

use crate::diagnostic::Level;
use crate::validate::annotations::config;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "ING027",
    summary: "the load balancer's name is one that AWS takes",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("ing027.md"),
    check: Check::Environment(|context| config::report(context, "ING027")),
};
