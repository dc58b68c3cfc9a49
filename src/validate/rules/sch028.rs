//! SCH028: the coordinator table is made where it is needed.

use crate::diagnostic::Level;
use crate::validate::database::storage;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "SCH028",
    summary: "the coordinator table is made where it is needed",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("sch028.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    const COORDINATOR: &str = "/schemaLoader/coordinator";
    let given = context.node(COORDINATOR).and_then(|n| n.as_scalar()).map(|s| s.text.as_str());
    let manager = context.deployment.database.transaction.manager.as_str();
    if given == Some("false") && manager == "consensus-commit" {
        context
            .report(
                COORDINATOR,
                "without its coordinator table Consensus Commit fails at the first commit, and the loader makes it only when asked to",
            )
            .help("leave the key out, unless another run has made the table");
    } else if given == Some("true")
        && matches!(manager, "jdbc" | "single-crud-operation")
        && storage(context).is_some()
        && context.deployment.version.at_least(7)
    {
        context
            .report(COORDINATOR, format!("the transaction manager {manager} has no coordinator table: the loader makes none"))
            .see("/database/transaction/manager", "the transaction manager")
            .help("take it out");
    }
}
