//! CFG009: every file that is named can be read. Reported where the file is read.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "CFG009",
    summary: "every file that is named can be read",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("cfg009.md"),
    check: Check::Stage,
};
