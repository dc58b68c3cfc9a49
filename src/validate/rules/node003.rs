//! NODE003: a key of a pool or a taint has something to name.

use crate::diagnostic::Level;
use crate::model::SpreadBy;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "NODE003",
    summary: "a key of a pool or a taint has something to name",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("node003.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let nodes = &context.deployment.nodes;
    if context.given("/nodes/label") && nodes.pool.is_none() {
        context
            .report("/nodes/label", "`label` has no effect without `pool`: it is the key of the affinity to the pool")
            .help("add `nodes.pool`; for a label by itself use `nodes.selector`");
    }
    if context.given("/nodes/spread/required") && nodes.spread.is_none_or(|s| s.by == SpreadBy::None) {
        context
            .report("/nodes/spread/required", "`required` has no effect with `by: none`, which spreads nothing")
            .see("/nodes/spread/by", "nothing is spread");
    }
    if context.given("/nodes/taint") && !nodes.dedicated {
        context
            .report("/nodes/taint", "`taint` has no effect without `dedicated: true`: it is the key of the dedicated taint")
            .see("/nodes/dedicated", "not dedicated")
            .help("add `nodes.dedicated: true`; for a taint by itself use `nodes.tolerations`");
    }
}
