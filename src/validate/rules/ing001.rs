//! ING001: the key of an annotation is one that Kubernetes takes.

use crate::diagnostic::Level;
use crate::validate::annotations::config;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "ING001",
    summary: "the key of an annotation is one that Kubernetes takes",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("ing001.md"),
    check: Check::Environment(|context| config::report(context, "ING001")),
};
