//! ING031: the TLS Secret and its hosts serve the Ingress's hosts.

use crate::diagnostic::Level;
use crate::validate::annotations::config;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "ING031",
    summary: "the TLS Secret and its hosts serve the Ingress's hosts",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("ing031.md"),
    check: Check::Environment(|context| config::report(context, "ING031")),
};
