//! ING016: instance targets have a Service with node ports.

use crate::diagnostic::Level;
use crate::validate::annotations::config;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "ING016",
    summary: "instance targets have a Service with node ports",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("ing016.md"),
    check: Check::Environment(|context| config::report(context, "ING016")),
};
