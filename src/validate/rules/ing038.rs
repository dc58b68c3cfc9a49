//! ING038: access logs have a bucket.

use crate::diagnostic::Level;
use crate::validate::annotations::config;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "ING038",
    summary: "access logs have a bucket",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("ing038.md"),
    check: Check::Environment(|context| config::report(context, "ING038")),
};
