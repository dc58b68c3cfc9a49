//! DB090: Java reads every line of a `database.properties`. Reported for files that gqlgen did not make.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "DB090",
    summary: "Java reads every line of a database.properties as it is meant",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("db090.md"),
    check: Check::Stage,
};
