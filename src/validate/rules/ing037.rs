//! ING037: the web ACL is one that an ALB can use.

use crate::diagnostic::Level;
use crate::validate::annotations::config;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "ING037",
    summary: "the web ACL is one that an ALB can use",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("ing037.md"),
    check: Check::Environment(|context| config::report(context, "ING037")),
};
