//! ING043: weighted actions keep their stickiness.

use crate::diagnostic::Level;
use crate::validate::annotations::config;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "ING043",
    summary: "weighted actions keep their stickiness",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("ing043.md"),
    check: Check::Environment(|context| config::report(context, "ING043")),
};
