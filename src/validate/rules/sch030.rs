//! SCH030: DynamoDB Local is not asked for what it lacks.

use crate::diagnostic::Level;
use crate::model::Storage;
use crate::validate::database::storage;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "SCH030",
    summary: "DynamoDB Local is not asked for what it lacks",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("sch030.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let Some(loader) = context.deployment.loader.as_ref().filter(|_| storage(context) == Some(Storage::Dynamo)) else { return };
    for name in ["scalar.db.dynamo.endpoint_override", "scalar.db.dynamo.endpoint-override"] {
        let pointer = format!("/database/properties/{name}");
        if context.given(&pointer) && (loader.scaling || loader.backup) && loader.schema.is_some() {
            context
                .report(
                    &pointer,
                    "DynamoDB Local has neither auto scaling nor continuous backup, and the loader asks for both unless told not to",
                )
                .help("schemaLoader: { scaling: false, backup: false }");
        }
    }
}
