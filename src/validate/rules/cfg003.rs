//! CFG003: every value has its key's type. Reported where the file is read.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "CFG003",
    summary: "every value has its key's type",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("cfg003.md"),
    check: Check::Stage,
};
