//! SCH006: keys and index name columns of the table.

use crate::config::decode::{nearest, shown};
use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};
use crate::validate::tables::{Name, Table, clustering_column, tables};

pub static RULE: Rule = Rule {
    id: "SCH006",
    summary: "keys and index name columns of the table",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("sch006.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    for table in tables(context) {
        // Without readable columns that is the finding.
        if table.columns().is_empty() {
            continue;
        }
        table.partition().iter().for_each(|name| one(context, &table, name, "partition-key"));
        table.clustering().iter().for_each(|name| one(context, &table, name, "clustering-key"));
        table.index().iter().for_each(|name| one(context, &table, name, "secondary-index"));
    }
}

fn one(context: &Context<'_>, table: &Table<'_>, name: &Name<'_>, field: &str) {
    let columns = table.columns();
    if columns.iter().any(|column| column.name == name.text) {
        return;
    }
    let consequence =
        if field == "secondary-index" { "most databases refuse the index once the table is there" } else { "the loader stops here" };
    let report = context.report_at(
        name.place.clone(),
        format!("`{field}` names the column `{}`, which the table does not have: {consequence}", shown(name.text)),
    );
    let bare = clustering_column(name.text).0;
    if field != "clustering-key" && bare != name.text && columns.iter().any(|column| column.name == bare) {
        report.help("an order belongs to `clustering-key` only");
    } else if let Some(near) = nearest(name.text, columns.iter().map(|column| column.name)) {
        report.help(format!("did you mean `{}`?", shown(near)));
    }
}
