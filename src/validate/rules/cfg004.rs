//! CFG004: a word is one of those that its key takes. Reported where the file is read.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "CFG004",
    summary: "a word is one of those that its key takes",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("cfg004.md"),
    check: Check::Stage,
};
