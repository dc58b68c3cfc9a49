//! SCH019: options of a table are ones that the storage reads.

use crate::config::decode::{nearest, shown};
use crate::config::tree::Node;
use crate::diagnostic::Level;
use crate::model::Storage;
use crate::scalardb::{FieldKind, TableField, facts};
use crate::validate::database::storage;
use crate::validate::rule::{Check, Context, Rule};
use crate::validate::tables::{Table, boolean_of, tables};

pub static RULE: Rule = Rule {
    id: "SCH019",
    summary: "options of a table are ones that the storage reads",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("sch019.md"),
    check: Check::Environment(check),
};

/// The least throughput that Cosmos DB takes.
const COSMOS_UNITS: u32 = 400;

fn check(context: &Context<'_>) {
    let Some(storage) = storage(context) else { return };
    for table in tables(context) {
        for field in facts().table_fields.iter().filter(|f| f.kind != FieldKind::Structure) {
            let Some(node) = table.node(&field.name).filter(|n| n.as_scalar().is_some_and(|s| !s.is_null())) else { continue };
            if !field.storages.iter().any(|s| s == storage.as_str()) {
                let place = table.field_place(&field.name).clone();
                context
                    .report_at(
                        place,
                        format!(
                            "`{}` is an option for {}: storage {} ignores it",
                            field.name,
                            field.storages.join(" and "),
                            storage.as_str()
                        ),
                    )
                    .help("take it out");
                continue;
            }
            value(context, field, node);
        }
        alias(context, &table);
    }
}

fn value(context: &Context<'_>, field: &TableField, node: &Node) {
    let Some(scalar) = node.as_scalar() else { return };
    let text = scalar.text.as_str();
    match field.kind {
        FieldKind::Word if !field.words.iter().any(|word| word == text) => {
            let near = nearest(text, field.words.iter().map(String::as_str)).map(|near| format!("did you mean `{near}`?"));
            context
                .report_at(
                    node.place.clone(),
                    format!("`{}` takes {}; the loader stops at `{}`", field.name, field.words.join(", "), shown(text)),
                )
                .level(Level::Error)
                .help(near.unwrap_or_else(|| format!("one of {}", field.words.join(", "))));
        }
        FieldKind::Word if text == "NetworkTopologyStrategy" => {
            context.report_at(node.place.clone(), super::sch025::DATA_CENTRE);
        }
        FieldKind::Number if !text.parse::<u32>().is_ok_and(|n| n > 0) => {
            context
                .report_at(node.place.clone(), format!("`{}` is a number from 1 on: the loader stops at `{}`", field.name, shown(text)))
                .level(Level::Error);
        }
        FieldKind::Number
            if field.name == "ru"
                && storage(context) == Some(Storage::Cosmos)
                && text.parse::<u32>().is_ok_and(|units| units < COSMOS_UNITS) =>
        {
            context.report_at(node.place.clone(), format!("Cosmos DB takes {COSMOS_UNITS} request units and more")).level(Level::Error);
        }
        FieldKind::Boolean if boolean_of(scalar).is_none() && !["true", "false"].contains(&text.to_lowercase().as_str()) => {
            context.report_at(node.place.clone(), format!("`{}` is true or false: anything else counts as false", field.name));
        }
        _ => {}
    }
}

/// The old name of an option and its new one are the same key to the loader.
fn alias(context: &Context<'_>, table: &Table<'_>) {
    for field in &facts().table_fields {
        if let Some(real) = field.alias_of.as_deref().filter(|real| table.node(real).is_some() && table.node(&field.name).is_some()) {
            context
                .report_at(
                    table.field_place(&field.name).clone(),
                    format!(
                        "`{}` is the old name of `{real}`, which the table gives too: the loader stops at the same key twice",
                        field.name
                    ),
                )
                .level(Level::Error)
                .help(format!("keep `{real}`"));
        }
    }
}
