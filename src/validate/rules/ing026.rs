//! ING026: a member of a group is not protected from deletion.

use crate::diagnostic::Level;
use crate::validate::annotations::config;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "ING026",
    summary: "a member of a group is not protected from deletion",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("ing026.md"),
    check: Check::Environment(|context| config::report(context, "ING026")),
};
