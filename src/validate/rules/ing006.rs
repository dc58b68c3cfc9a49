//! ING006: an attribute in an annotation is one that AWS knows.

use crate::diagnostic::Level;
use crate::validate::annotations::config;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "ING006",
    summary: "an attribute in an annotation is one that AWS knows",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("ing006.md"),
    check: Check::Environment(|context| config::report(context, "ING006")),
};
