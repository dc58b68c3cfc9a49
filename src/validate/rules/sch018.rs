//! SCH018: the storage can hold the tables.

use crate::config::decode::shown;
use crate::diagnostic::Level;
use crate::model::Storage;
use crate::validate::database::{storage, used_points};
use crate::validate::rule::{Check, Context, Rule};
use crate::validate::tables::{Table, tables};

pub static RULE: Rule = Rule {
    id: "SCH018",
    summary: "the storage can hold the tables",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("sch018.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let Some(storage) = storage(context) else { return };
    let tables = tables(context);
    let url = used_points(context).into_iter().next().map(|p| p.text).unwrap_or_default();
    let prefix =
        context.node("/database/properties/scalar.db.dynamo.namespace.prefix").and_then(|n| n.as_scalar()).map_or("", |s| s.text.trim());
    for table in &tables {
        match storage {
            Storage::Dynamo => dynamo(context, table, prefix),
            Storage::Cosmos => cosmos(context, table),
            Storage::Cassandra => cassandra(context, table),
            Storage::Jdbc => jdbc(context, table, &url),
            Storage::Grpc => {}
        }
    }
    if url.starts_with("jdbc:mysql:") {
        short_keys(context, &tables);
    }
}

fn dynamo(context: &Context<'_>, table: &Table<'_>, prefix: &str) {
    let partition = table.partition();
    for (i, name) in partition.iter().enumerate() {
        if table.kind(name.text).as_deref() == Some("BLOB") && i + 1 < partition.len() {
            context.report_at(
                name.place.clone(),
                format!("in DynamoDB a BLOB column such as `{}` can only be the last of the partition key", shown(name.text)),
            );
        }
    }
    for name in table.index().iter().filter(|n| table.kind(n.text).as_deref() == Some("BOOLEAN")) {
        context.report_at(name.place.clone(), format!("DynamoDB has no index on a BOOLEAN column such as `{}`", shown(name.text)));
    }
    no_blob_clustering(context, table, "DynamoDB");
    let full = format!("{prefix}{}", table.key);
    if !full.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b)) {
        context.report_at(
            table.place.clone(),
            format!("`{}` would be the table's name in DynamoDB, which holds letters, digits, `_`, `-` and `.` only", shown(&full)),
        );
    } else if full.len() > 255 {
        context.report_at(table.place.clone(), format!("the table's name in DynamoDB has at most 255 characters, this one {}", full.len()));
    }
}

fn no_blob_clustering(context: &Context<'_>, table: &Table<'_>, product: &str) {
    for name in table.clustering().iter().filter(|n| table.kind(n.text).as_deref() == Some("BLOB")) {
        context.report_at(name.place.clone(), format!("{product} has no clustering key with a BLOB column such as `{}`", shown(name.text)));
    }
}

fn cosmos(context: &Context<'_>, table: &Table<'_>) {
    no_blob_clustering(context, table, "Cosmos DB");
    for part in table.names.iter().flat_map(|(namespace, name)| [namespace, name]) {
        if part.contains(['/', '\\', '#', '?']) || part.ends_with(' ') || part.len() > 255 {
            context.report_at(table.place.clone(), format!("`{}` is no name of a database or container in Cosmos DB: no `/`, `\\`, `#`, `?`, no blank at the end, at most 255 characters", shown(part)));
        }
    }
}

fn cassandra(context: &Context<'_>, table: &Table<'_>) {
    for part in table.names.iter().flat_map(|(namespace, name)| [namespace, name]) {
        if part.len() > 48 || !part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
            context.report_at(
                table.place.clone(),
                format!("`{}` is no name of a keyspace or table in Cassandra: letters, digits and `_`, at most 48", shown(part)),
            );
        }
    }
}

fn jdbc(context: &Context<'_>, table: &Table<'_>, url: &str) {
    let columns = table.columns();
    let names = table.names.iter().flat_map(|(namespace, name)| [(*namespace, table.place), (*name, table.place)]);
    for (name, place) in names.chain(columns.iter().map(|column| (column.name, column.place))) {
        let length = name.chars().count();
        if name.contains('"') && !url.starts_with("jdbc:mysql:") {
            context.report_at(place.clone(), format!("`{}` holds a double quote, which the database refuses in a name", shown(name)));
        } else if url.starts_with("jdbc:mysql:") && length > 64 {
            context.report_at(place.clone(), format!("MySQL takes names of at most 64 characters, this one has {length}"));
        } else if url.starts_with("jdbc:postgresql:") && name.len() > 63 {
            let level = if name.len() > 128 && std::ptr::eq(place, table.place) { Level::Error } else { Level::Warning };
            context
                .report_at(place.clone(), format!("PostgreSQL cuts names after 63 bytes and says nothing, this one has {}", name.len()))
                .level(level);
        }
    }
    if let Some((namespace, name)) = table.names.filter(|_| url.starts_with("jdbc:sqlite:")) {
        if name.contains('$') {
            context.report_at(table.place.clone(), "with SQLite `$` parts namespace and table: the name of a table cannot hold one");
        } else if namespace.contains('$') && context.deployment.version.at_least(13) {
            context
                .report_at(
                    table.place.clone(),
                    "with SQLite `$` parts namespace and table: newer patches refuse it in the name of a namespace too",
                )
                .level(Level::Warning);
        }
    }
}

/// Said once for the whole schema.
fn short_keys(context: &Context<'_>, tables: &[Table<'_>]) {
    let found = tables.iter().find_map(|table| {
        let names = table.partition().into_iter().chain(table.clustering()).chain(table.index());
        names.into_iter().find(|name| table.kind(name.text).as_deref() == Some("TEXT"))
    });
    if let Some(name) = found {
        context
            .report_at(
                name.place.clone(),
                "with MySQL a TEXT column in a key or index holds at most 64 characters: longer values are refused when they are written",
            )
            .level(Level::Advice);
    }
}
