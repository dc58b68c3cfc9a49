//! CFG005: a text that a YAML reader would change is quoted. Reported where the file is read.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "CFG005",
    summary: "a text that a YAML reader would change is quoted",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("cfg005.md"),
    check: Check::Stage,
};
