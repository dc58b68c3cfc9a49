//! ING003: an annotation belongs to the class of the Ingress.

use crate::diagnostic::Level;
use crate::validate::annotations::config;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "ING003",
    summary: "an annotation belongs to the class of the Ingress",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("ing003.md"),
    check: Check::Environment(|context| config::report(context, "ING003")),
};
