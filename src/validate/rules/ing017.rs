//! ING017: the stickiness cookie has a name that may be used.

use crate::diagnostic::Level;
use crate::validate::annotations::config;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "ING017",
    summary: "the stickiness cookie has a name that may be used",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("ing017.md"),
    check: Check::Environment(|context| config::report(context, "ING017")),
};
