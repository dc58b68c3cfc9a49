//! ING004: the value of an annotation is one that its controller takes.

use crate::diagnostic::Level;
use crate::validate::annotations::config;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "ING004",
    summary: "the value of an annotation is one that its controller takes",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("ing004.md"),
    check: Check::Environment(|context| config::report(context, "ING004")),
};
