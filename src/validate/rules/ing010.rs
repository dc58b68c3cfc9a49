//! ING010: an annotation has what it needs to take effect.

use crate::diagnostic::Level;
use crate::validate::annotations::config;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "ING010",
    summary: "an annotation has what it needs to take effect",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("ing010.md"),
    check: Check::Environment(|context| config::report(context, "ING010")),
};
