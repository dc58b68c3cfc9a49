//! SCH020: tables of one namespace are replicated alike.

use crate::config::decode::shown;
use crate::diagnostic::Level;
use crate::model::Storage;
use crate::validate::database::storage;
use crate::validate::rule::{Check, Context, Rule};
use crate::validate::tables::{Table, tables};

pub static RULE: Rule = Rule {
    id: "SCH020",
    summary: "tables of one namespace are replicated alike",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("sch020.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    if storage(context) != Some(Storage::Cassandra) {
        return;
    }
    let tables = tables(context);
    for (i, table) in tables.iter().enumerate() {
        let Some(namespace) = table.namespace() else { continue };
        let Some(first) = tables[..i].iter().find(|t| t.namespace() == Some(namespace)) else { continue };
        for fields in [&["replication-factor"][..], &["replication-strategy", "network-strategy"]] {
            let Some((field, own)) = option(table, fields) else { continue };
            if option(first, fields).is_none_or(|(_, theirs)| theirs != own) {
                context
                    .report_at(
                        table.field_place(field).clone(),
                        format!(
                            "the keyspace `{}` is made with the options of its first table, `{}`: this `{field}` is ignored",
                            shown(namespace),
                            shown(first.key)
                        ),
                    )
                    .help("give all tables of the namespace the same, or use `schemaLoader`");
            }
        }
    }
}

fn option<'n>(table: &Table<'n>, fields: &[&'static str]) -> Option<(&'static str, &'n str)> {
    fields.iter().find_map(|field| Some((*field, table.node(field)?.as_scalar()?.text.as_str())))
}
