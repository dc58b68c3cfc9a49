//! ING041: authentication cannot be gone around.

use crate::diagnostic::Level;
use crate::validate::annotations::config;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "ING041",
    summary: "authentication cannot be gone around",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("ing041.md"),
    check: Check::Environment(|context| config::report(context, "ING041")),
};
