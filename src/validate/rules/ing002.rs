//! ING002: an annotation of the class is one that its controller knows.

use crate::diagnostic::Level;
use crate::validate::annotations::config;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "ING002",
    summary: "an annotation of the class is one that its controller knows",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("ing002.md"),
    check: Check::Environment(|context| config::report(context, "ING002")),
};
