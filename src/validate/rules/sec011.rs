//! SEC011: GraphiQL is not open to the internet.

use crate::diagnostic::Level;
use crate::validate::annotations::config;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "SEC011",
    summary: "GraphiQL is not open to the internet",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("sec011.md"),
    check: Check::Environment(|context| config::report(context, "SEC011")),
};
