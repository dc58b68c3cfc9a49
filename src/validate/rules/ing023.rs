//! ING023: the health check asks a port and protocol that the pods have.

use crate::diagnostic::Level;
use crate::validate::annotations::config;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "ING023",
    summary: "the health check asks a port and protocol that the pods have",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("ing023.md"),
    check: Check::Environment(|context| config::report(context, "ING023")),
};
