//! SCH003: a table is named by namespace and table.

use crate::config::decode::shown;
use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "SCH003",
    summary: "a table is named by namespace and table",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("sch003.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let tables = context.schema.and_then(|s| s.as_mapping());
    for (key, entry) in tables.into_iter().flatten() {
        let message = match key.split('.').collect::<Vec<_>>().as_slice() {
            [namespace, table] if !namespace.is_empty() && !table.is_empty() => continue,
            [_] => format!("`{}` lacks its namespace: the loader stops here", shown(key)),
            [_, _] => format!("`{}` has an empty part", shown(key)),
            [namespace, table, ..] => {
                format!(
                    "`{}` has more than two parts: the loader would make the table `{}` and say nothing",
                    shown(key),
                    shown(&format!("{namespace}.{table}"))
                )
            }
            [] => continue,
        };
        context.report_at(entry.key.clone(), message).help("a table is named <namespace>.<table>, with one dot");
    }
}
