//! CFG006: a required key is there. Reported where the file is read.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "CFG006",
    summary: "a required key is there",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("cfg006.md"),
    check: Check::Stage,
};
