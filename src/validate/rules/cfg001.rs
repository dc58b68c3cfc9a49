//! CFG001: the file is one readable YAML document. Reported where the file is read.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "CFG001",
    summary: "the file is one readable YAML document",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("cfg001.md"),
    check: Check::Stage,
};
