//! CHART011: values that belong together agree. Reported for files that gqlgen did not make.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "CHART011",
    summary: "values that belong together agree",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("chart011.md"),
    check: Check::Stage,
};
