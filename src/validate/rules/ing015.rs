//! ING015: stickiness has ip targets.

use crate::diagnostic::Level;
use crate::validate::annotations::config;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "ING015",
    summary: "stickiness has ip targets",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("ing015.md"),
    check: Check::Environment(|context| config::report(context, "ING015")),
};
