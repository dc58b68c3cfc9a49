//! SCH002: the schema is one object of tables.

use crate::config::decode::shown;
use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "SCH002",
    summary: "the schema is one object of tables",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("sch002.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let Some(schema) = context.schema else { return };
    let Some(tables) = schema.as_mapping() else {
        context
            .report_at(
                schema.place.clone(),
                format!("the schema is one object, from `<namespace>.<table>` to the table's definition; here stands {}", schema.noun()),
            )
            .help("{ \"shop.item\": { \"partition-key\": [..], \"columns\": {..} } }");
        return;
    };
    for (key, entry) in tables {
        if entry.value.as_mapping().is_none() {
            context.report_at(
                entry.value.place.clone(),
                format!("the table `{}` is defined by an object; here stands {}", shown(key), entry.value.noun()),
            );
        }
    }
}
