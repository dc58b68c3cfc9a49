//! SCH027: there is something to load.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "SCH027",
    summary: "there is something to load",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("sch027.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let has_schema = context.settings.schema.is_some();
    let coordinator = context.deployment.loader.as_ref().is_some_and(|l| l.coordinator);
    if context.node("/schemaLoader/alter").and_then(|n| n.as_scalar()).is_some_and(|s| s.text == "true") {
        if !has_schema {
            context
                .report("/schemaLoader/alter", "`alter` needs a schema: the loader stops without one")
                .level(Level::Error)
                .help("name it under `schema`");
            return;
        }
        if !context.deployment.version.at_least(7) {
            context
                .report(
                    "/schemaLoader/alter",
                    format!("the loader of {} does not know `--alter`, which came with 3.7", context.deployment.version),
                )
                .level(Level::Error)
                .see("/scalardb", "the version");
        }
    }
    if has_schema || coordinator {
        return;
    }
    let options = context.node("/schemaLoader").and_then(|n| n.as_mapping());
    for (key, entry) in options
        .into_iter()
        .flatten()
        .filter(|(key, entry)| *key != "coordinator" || entry.value.as_scalar().is_some_and(|s| s.text == "true"))
    {
        context
            .report_at(entry.key.clone(), format!("`{key}` has nothing to work on: there is no `schema`, and no coordinator table to make"))
            .help("name the schema, or take it out");
    }
}
