//! SCH029: tables of production are backed up.

use crate::diagnostic::Level;
use crate::model::Storage;
use crate::validate::database::storage;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "SCH029",
    summary: "tables of production are backed up",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("sch029.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let off = context.deployment.loader.as_ref().is_some_and(|l| !l.backup);
    if off && storage(context) == Some(Storage::Dynamo) && context.deployment.is_production() {
        context
            .report("/schemaLoader/backup", "without continuous backup a table of DynamoDB cannot be brought back after a wrong write")
            .help("leave `backup` on in production");
    }
}
