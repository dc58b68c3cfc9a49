//! ING025: the name and the order of the group are ones that the controller takes.

use crate::diagnostic::Level;
use crate::validate::annotations::config;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "ING025",
    summary: "the name and the order of the group are ones that the controller takes",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("ing025.md"),
    check: Check::Environment(|context| config::report(context, "ING025")),
};
