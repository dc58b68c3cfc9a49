//! CFG010: environments have names that can be folders and labels. Reported where the file is read.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "CFG010",
    summary: "environments have names that can be folders and labels",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("cfg010.md"),
    check: Check::Stage,
};
