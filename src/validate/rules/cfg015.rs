//! CFG015: a suppression has not run out.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "CFG015",
    summary: "a suppression has not run out",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("cfg015.md"),
    check: Check::Stage,
};
