//! ING021: health check, Ingress and server agree on the path.

use crate::diagnostic::Level;
use crate::validate::annotations::config;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "ING021",
    summary: "health check, Ingress and server agree on the path",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("ing021.md"),
    check: Check::Environment(|context| config::report(context, "ING021")),
};
