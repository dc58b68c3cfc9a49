//! SCH015: served tables have names and types that GraphQL has.

use crate::config::decode::shown;
use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};
use crate::validate::tables::{is_served, tables};

pub static RULE: Rule = Rule {
    id: "SCH015",
    summary: "served tables have names and types that GraphQL has",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("sch015.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    for table in tables(context) {
        let Some((_, name)) = table.names.filter(|(namespace, _)| is_served(context, namespace)) else { continue };
        if let Some(reason) = refused(name) {
            context.report_at(table.place.clone(), format!("`{}` is no name in GraphQL: {reason}; its type cannot be made", shown(name)));
        }
        for column in table.columns() {
            if let Some(reason) = refused(column.name) {
                context.report_at(
                    column.place.clone(),
                    format!("`{}` is no name in GraphQL: {reason}; the column's field cannot be made", shown(column.name)),
                );
            }
            if column.kind.as_deref() == Some("BLOB") {
                context
                    .report_at(
                        column.node.place.clone(),
                        "the GraphQL server has no type for BLOB, and does not start with such a column in a namespace that it serves",
                    )
                    .help("keep the table in a namespace that is not served, or the bytes as text");
            }
        }
    }
}

fn refused(name: &str) -> Option<&'static str> {
    let bytes = name.as_bytes();
    if !bytes.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_') {
        Some("names are made of letters without accents, digits and `_`")
    } else if bytes.first().is_some_and(u8::is_ascii_digit) {
        Some("a name does not begin with a digit")
    } else if name.starts_with("__") {
        Some("names that begin with two `_` are GraphQL's own")
    } else {
        None
    }
}
