//! ING013: several pods have stickiness.

use crate::diagnostic::Level;
use crate::validate::annotations::config;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "ING013",
    summary: "several pods have stickiness",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("ing013.md"),
    check: Check::Environment(|context| config::report(context, "ING013")),
};
