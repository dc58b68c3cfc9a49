//! SCH009: data types are ones that the version has.

use crate::config::decode::{nearest, shown};
use crate::diagnostic::Level;
use crate::scalardb;
use crate::validate::rule::{Check, Context, Rule};
use crate::validate::tables::tables;

pub static RULE: Rule = Rule {
    id: "SCH009",
    summary: "data types are ones that the version has",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("sch009.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let version = context.deployment.version;
    for table in tables(context) {
        for column in table.columns() {
            let Some(kind) = &column.kind else {
                context
                    .report_at(
                        column.node.place.clone(),
                        format!("the data type of `{}` is a text; here stands {}", shown(column.name), column.node.noun()),
                    )
                    .help("such as \"INT\"; ScalarDB has no further properties of a column");
                continue;
            };
            let known = scalardb::known(&scalardb::facts().types, version, None);
            if known.contains(&kind.as_str()) {
                continue;
            }
            let first = kind.split([' ', '(']).next().unwrap_or_default();
            let names = &scalardb::facts().type_names;
            let later = scalardb::facts().types.iter().find(|t| t.name == *kind && t.range.is_later(version));
            let meant = names
                .get(kind)
                .or_else(|| names.get(first))
                .map(String::as_str)
                .or_else(|| known.iter().copied().find(|k| *k == first))
                .or_else(|| nearest(kind, known.iter().copied()));
            let message = match later {
                Some(word) => format!("the data type {kind} came with {}; the loader of {version} refuses it", word.range.since()),
                None if known.contains(&first) => format!("`{}` is a data type with more after it, which the loader refuses", shown(kind)),
                None => format!("`{}` is no data type of ScalarDB", shown(kind)),
            };
            context.report_at(column.node.place.clone(), message).help(match meant.filter(|_| later.is_none()) {
                Some(meant) => format!("is {meant} meant? known: {}", known.join(", ")),
                None => format!("known: {}", known.join(", ")),
            });
        }
    }
}
