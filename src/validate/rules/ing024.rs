//! ING024: the load balancer speaks the pods' protocol.

use crate::diagnostic::Level;
use crate::validate::annotations::config;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "ING024",
    summary: "the load balancer speaks the pods' protocol",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("ing024.md"),
    check: Check::Environment(|context| config::report(context, "ING024")),
};
