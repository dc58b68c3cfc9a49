//! SCH011: every field of a table is one that the loader reads.

use crate::config::decode::{nearest, shown};
use crate::config::tree::{Kind, Node};
use crate::diagnostic::Level;
use crate::scalardb;
use crate::validate::rule::{Check, Context, Rule};
use crate::validate::tables::tables;

pub static RULE: Rule = Rule {
    id: "SCH011",
    summary: "every field of a table is one that the loader reads",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("sch011.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let known = || scalardb::facts().table_fields.iter().map(|f| f.name.as_str());
    for table in tables(context) {
        for (field, entry) in table.fields {
            let is_known = known().any(|name| name == field);
            let stops = !is_structure(field) && !is_option(&entry.value);
            if is_known && !stops {
                continue;
            }
            let near = nearest(field, known());
            let help = match field.as_str() {
                "auto-scaling" | "autoscaling" | "auto_scaling" => {
                    "auto scaling is on by itself; `no-scaling: true` switches it off".to_owned()
                }
                _ => near
                    .map_or_else(|| format!("known: {}", known().collect::<Vec<_>>().join(", ")), |near| format!("did you mean `{near}`?")),
            };
            if is_known {
                let message =
                    format!("`{field}` takes a text, a number or a boolean; {} ends the loader with an exception", entry.value.noun());
                context.report_at(entry.value.place.clone(), message).level(Level::Error);
            } else if stops {
                let message = format!(
                    "the loader knows no field `{}`, and {} as the value of one ends it with an exception",
                    shown(field),
                    entry.value.noun()
                );
                context.report_at(entry.key.clone(), message).level(Level::Error).help(help);
            } else {
                context.report_at(entry.key.clone(), format!("the loader knows no field `{}`, and ignores it", shown(field))).help(help);
            }
        }
    }
}

fn is_structure(field: &str) -> bool {
    scalardb::facts().table_fields.iter().any(|f| f.name == field && f.kind == scalardb::FieldKind::Structure)
}

/// The loader takes the value as a text: a scalar, or a list of one.
fn is_option(node: &Node) -> bool {
    match &node.kind {
        Kind::Scalar(scalar) => !scalar.is_null(),
        Kind::Sequence(items) => matches!(items.as_slice(), [one] if one.as_scalar().is_some_and(|s| !s.is_null())),
        Kind::Mapping(_) => false,
    }
}
