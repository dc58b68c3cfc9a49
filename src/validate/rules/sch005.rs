//! SCH005: keys, columns and index have their form.

use crate::config::decode::{nearest, shown};
use crate::config::tree::Node;
use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};
use crate::validate::tables::{Table, tables};

pub static RULE: Rule = Rule {
    id: "SCH005",
    summary: "keys, columns and index have their form",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("sch005.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    for table in tables(context) {
        for (field, required) in [("partition-key", true), ("columns", true), ("clustering-key", false), ("secondary-index", false)] {
            match table.node(field) {
                None if required => missing(context, &table, field),
                None => {}
                Some(node) if field == "columns" => columns(context, &table, node),
                Some(node) => list(context, node, field, required),
            }
        }
    }
}

fn missing(context: &Context<'_>, table: &Table<'_>, field: &str) {
    let report = context.report_at(table.place.clone(), format!("`{}` has no `{field}`: the loader stops here", shown(table.key)));
    if let Some(near) = nearest(field, table.fields.keys().map(String::as_str)) {
        report.help(format!("is `{}` meant? write it `{field}`", shown(near)));
    }
}

fn columns(context: &Context<'_>, table: &Table<'_>, node: &Node) {
    match node.as_mapping() {
        None => {
            context
                .report_at(
                    node.place.clone(),
                    format!("`columns` is an object from a column's name to its data type; here stands {}", node.noun()),
                )
                .help("{ \"id\": \"TEXT\", \"price\": \"INT\" }");
        }
        Some(columns) if columns.is_empty() => {
            context.report_at(node.place.clone(), format!("`{}` has no columns: the loader stops here", shown(table.key)));
        }
        Some(_) => {}
    }
}

fn list(context: &Context<'_>, node: &Node, field: &str, required: bool) {
    let Some(items) = node.as_sequence() else {
        let report = context.report_at(node.place.clone(), format!("`{field}` is a list of column names; here stands {}", node.noun()));
        if let Some(text) = node.as_scalar().filter(|s| !s.is_null()) {
            report.help(format!("[\"{}\"]", shown(&text.text)));
        }
        return;
    };
    if items.is_empty() && required {
        context.report_at(node.place.clone(), format!("`{field}` is empty: the loader stops here"));
    }
    for item in items.iter().filter(|item| item.as_scalar().is_none_or(|s| s.is_null())) {
        context.report_at(item.place.clone(), format!("`{field}` lists column names; here stands {}", item.noun()));
    }
}
