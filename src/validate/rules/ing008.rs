//! ING008: an annotation that holds JSON has the form that the controller reads.

use crate::diagnostic::Level;
use crate::validate::annotations::config;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "ING008",
    summary: "an annotation that holds JSON has the form that the controller reads",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("ing008.md"),
    check: Check::Environment(|context| config::report(context, "ING008")),
};
