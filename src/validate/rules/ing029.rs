//! ING029: an HTTPS listener has a certificate, and a redirect has a listener.

use crate::diagnostic::Level;
use crate::validate::annotations::config;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "ING029",
    summary: "an HTTPS listener has a certificate, and a redirect has a listener",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("ing029.md"),
    check: Check::Environment(|context| config::report(context, "ING029")),
};
