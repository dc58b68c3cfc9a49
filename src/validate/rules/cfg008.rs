//! CFG008: extends names files inside the tree, without a circle. Reported where the file is read.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "CFG008",
    summary: "extends names files inside the tree, without a circle",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("cfg008.md"),
    check: Check::Stage,
};
