//! ING012: the path is one that the API server and the controller take.

use crate::diagnostic::Level;
use crate::validate::annotations::config;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "ING012",
    summary: "the path is one that the API server and the controller take",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("ing012.md"),
    check: Check::Environment(|context| config::report(context, "ING012")),
};
