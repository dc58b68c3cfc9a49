//! CFG013: a suppression names rules that exist.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "CFG013",
    summary: "a suppression names rules that exist",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("cfg013.md"),
    check: Check::Stage,
};
