//! CFG012: --set is a key path and a value. Reported where the file is read.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "CFG012",
    summary: "--set is a key path and a value",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("cfg012.md"),
    check: Check::Stage,
};
