//! CHART010: the product has a successor.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "CHART010",
    summary: "the product has a successor",
    level: Level::Advice,
    since: "0.1.0",
    doc: include_str!("chart010.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    context
        .report("/scalardb", "ScalarDB GraphQL ends with 3.13: its successor is ScalarDB Cluster, which has GraphQL built in")
        .help("nothing to do now; plan the move with the next major change");
}
