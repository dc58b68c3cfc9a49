//! CHART003: the chart takes the compiled values. Reported where it is resolved.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "CHART003",
    summary: "the chart takes the compiled values",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("chart003.md"),
    check: Check::Stage,
};
