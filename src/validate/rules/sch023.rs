//! SCH023: transactional tables have a transaction manager that makes them.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};
use crate::validate::tables::tables;

pub static RULE: Rule = Rule {
    id: "SCH023",
    summary: "transactional tables have a transaction manager that makes them",
    level: Level::Advice,
    since: "0.1.0",
    doc: include_str!("sch023.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    if context.deployment.database.transaction.manager != "jdbc" || !context.deployment.version.at_least(7) {
        return;
    }
    let tables = tables(context);
    if let Some(table) = tables.iter().find(|t| t.node("transaction").is_some() && t.is_transactional(context.deployment.version)) {
        context
            .report_at(table.field_place("transaction").clone(), "with the transaction manager jdbc the loader makes plain tables, whatever `transaction` says: Consensus Commit could not use them later")
            .see("/database/transaction/manager", "the transaction manager");
    }
}
