//! ING005: an attribute map in an annotation can be read.

use crate::diagnostic::Level;
use crate::validate::annotations::config;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "ING005",
    summary: "an attribute map in an annotation can be read",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("ing005.md"),
    check: Check::Environment(|context| {
        config::report(context, "ING005");
        config::repeated_attributes(context);
    }),
};
