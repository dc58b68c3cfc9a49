//! DB014: transaction settings have an effect.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "DB014",
    summary: "transaction settings have an effect",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("db014.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let transaction = &context.deployment.database.transaction;
    if transaction.manager == "consensus-commit" {
        return;
    }
    let mut given = Vec::new();
    for key in ["isolation", "serializableStrategy"] {
        if context.given(&format!("/database/transaction/{key}")) {
            given.push(key);
        }
    }
    for key in given {
        context
            .report(
                &format!("/database/transaction/{key}"),
                format!("`{key}` belongs to consensus-commit: the transaction manager `{}` has no use for it", transaction.manager),
            )
            .see("/database/transaction/manager", "the transaction manager")
            .help("take it out, or take it back with null where another layer gives it");
    }
}
