//! DB025: SERIALIZABLE is what scans run at.

use crate::diagnostic::Level;
use crate::model::Storage;
use crate::validate::database::storage;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "DB025",
    summary: "SERIALIZABLE is what scans run at",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("db025.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let transaction = &context.deployment.database.transaction;
    let other = storage(context).is_some_and(|s| !matches!(s, Storage::Jdbc | Storage::Grpc));
    if other
        && transaction.manager == "consensus-commit"
        && transaction.isolation.as_deref() == Some("SERIALIZABLE")
        && context.deployment.version.at_least(11)
    {
        context
            .report("/database/transaction/isolation", "from 3.11 on scans over partitions are on by default, and with a storage other than jdbc they may run at SNAPSHOT even so; ScalarDB says this in a warning at the start")
            .help("where no query scans a whole table, say so under `lint.ignore`; else SNAPSHOT is what it is");
    }
}
