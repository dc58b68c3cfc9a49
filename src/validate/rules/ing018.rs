//! ING018: target group attributes do not exclude each other.

use crate::diagnostic::Level;
use crate::validate::annotations::config;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "ING018",
    summary: "target group attributes do not exclude each other",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("ing018.md"),
    check: Check::Environment(|context| config::report(context, "ING018")),
};
