//! CHART001: scalardb is a version that the chart has. Reported where it is resolved.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "CHART001",
    summary: "scalardb is a version that the chart has",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("chart001.md"),
    check: Check::Stage,
};
