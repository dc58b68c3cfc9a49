//! SCH001: schema.json is strict JSON. Reported where the file is read.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "SCH001",
    summary: "schema.json is strict JSON",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("sch001.md"),
    check: Check::Stage,
};
