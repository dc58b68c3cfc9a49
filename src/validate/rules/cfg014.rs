//! CFG014: a suppression hides something.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "CFG014",
    summary: "a suppression hides something",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("cfg014.md"),
    check: Check::Stage,
};
