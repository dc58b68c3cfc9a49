//! CFG011: a duration is one number and one unit. Reported where the file is read.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "CFG011",
    summary: "a duration is one number and one unit",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("cfg011.md"),
    check: Check::Stage,
};
