//! ING022: the health check's success codes are ones that the load balancer takes.

use crate::diagnostic::Level;
use crate::validate::annotations::config;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "ING022",
    summary: "the health check's success codes are ones that the load balancer takes",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("ing022.md"),
    check: Check::Environment(|context| config::report(context, "ING022")),
};
