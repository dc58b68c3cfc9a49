//! CHART002: chart.version is a version that the chart has. Reported where it is resolved.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "CHART002",
    summary: "chart.version is a version that the chart has",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("chart002.md"),
    check: Check::Stage,
};
