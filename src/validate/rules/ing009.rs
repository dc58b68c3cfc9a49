//! ING009: the class of the Ingress is said once.

use crate::diagnostic::Level;
use crate::validate::annotations::config;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "ING009",
    summary: "the class of the Ingress is said once",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("ing009.md"),
    check: Check::Environment(|context| config::report(context, "ING009")),
};
