//! CFG002: every key is one that the language has. Reported where the file is read.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "CFG002",
    summary: "every key is one that the language has",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("cfg002.md"),
    check: Check::Stage,
};
