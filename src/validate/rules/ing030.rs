//! ING030: the TLS policy exists, and refuses old TLS.

use crate::diagnostic::Level;
use crate::validate::annotations::config;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "ING030",
    summary: "the TLS policy exists, and refuses old TLS",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("ing030.md"),
    check: Check::Environment(|context| config::report(context, "ING030")),
};
