//! NODE002: dedicated nodes have a pool.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "NODE002",
    summary: "dedicated nodes have a pool",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("node002.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let nodes = &context.deployment.nodes;
    if nodes.dedicated && nodes.pool.is_none() && !context.given("/nodes/pool") {
        context
            .report("/nodes/dedicated", "`dedicated` without `pool`: taint and toleration have the name of the pool as their value")
            .help("name the pool: `nodes: { pool: scalardbgraphqlpool, dedicated: true }`");
    }
}
