//! CFG007: the file says which version of the language it is written in. Reported where the file is read.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "CFG007",
    summary: "the file says which version of the language it is written in",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("cfg007.md"),
    check: Check::Stage,
};
