//! ING042: nothing undoes the affinity of nginx.

use crate::diagnostic::Level;
use crate::validate::annotations::config;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "ING042",
    summary: "nothing undoes the affinity of nginx",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("ing042.md"),
    check: Check::Environment(|context| config::report(context, "ING042")),
};
