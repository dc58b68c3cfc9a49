//! SCH026: no loader option is given twice.

use crate::config::decode::shown;
use crate::diagnostic::Level;
use crate::scalardb::facts;
use crate::validate::database::storage;
use crate::validate::rule::{Check, Context, Rule};
use crate::validate::tables::tables;

pub static RULE: Rule = Rule {
    id: "SCH026",
    summary: "no loader option is given twice",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("sch026.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let Some(storage) = storage(context) else { return };
    let version = context.deployment.version;
    for option in &facts().loader_options {
        if !super::sch024::is_used(context, option) || !option.storages.iter().any(|s| s == storage.as_str()) {
            continue;
        }
        let same = |name: &str| {
            name == option.field || facts().table_fields.iter().any(|f| f.name == name && f.alias_of.as_deref() == Some(&option.field))
        };
        for table in tables(context) {
            let Some((field, entry)) = table.fields.iter().find(|(name, _)| same(name)) else { continue };
            let report = if version.at_least(6) {
                context.report_at(
                    entry.key.clone(),
                    format!(
                        "`{field}` of `{}` is given by `schemaLoader.{}` too: the loader stops at the same key twice",
                        shown(table.key),
                        option.key
                    ),
                )
            } else {
                context
                    .report_at(
                        entry.key.clone(),
                        format!(
                            "`{field}` of `{}` wins over `schemaLoader.{}`; from 3.6 on the loader stops at the same key twice",
                            shown(table.key),
                            option.key
                        ),
                    )
                    .level(Level::Advice)
            };
            report.see(&format!("/schemaLoader/{}", option.key), "given here too").help("keep one of the two");
        }
    }
}
