//! CHART010: the product has a successor.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

/// No ScalarDB GraphQL comes after this minor version.
const LAST_MINOR: u16 = 13;

pub static RULE: Rule = Rule {
    id: "CHART010",
    summary: "the product has a successor",
    level: Level::Advice,
    since: "0.1.0",
    doc: include_str!("chart010.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    // From an older minor the next upgrade is to a newer ScalarDB GraphQL.
    if context.deployment.version.minor < LAST_MINOR {
        return;
    }
    context
        .report("/scalardb", "ScalarDB GraphQL ends with 3.13: its successor is ScalarDB Cluster, which has GraphQL built in")
        .help("nothing to do now; plan the move with the next major change");
}
