//! SCH004: the schema has a table.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "SCH004",
    summary: "the schema has a table",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("sch004.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let Some(schema) = context.schema else { return };
    if schema.as_mapping().is_some_and(|tables| tables.is_empty()) {
        // An empty file has nothing better to point at than the key that names it.
        let place = if schema.place.pointer.as_str().is_empty() { context.place("/schema") } else { schema.place.clone() };
        context
            .report_at(place, "the schema has no table: the loader makes nothing, and servers do not start without a table in the namespaces that they serve")
            .help("define the tables, or leave `schema` out");
    }
}
