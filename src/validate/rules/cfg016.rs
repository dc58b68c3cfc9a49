//! CFG016: the end of a suppression is a date.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "CFG016",
    summary: "the end of a suppression is a date",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("cfg016.md"),
    check: Check::Stage,
};
