//! DB019: every property belongs to the storage.

use crate::diagnostic::Level;
use crate::validate::database::{Line, property_lines};
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "DB019",
    summary: "every property belongs to the storage",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("db019.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    for (name, _, place, line) in property_lines(context) {
        if let Line::OtherStorage(own) = line {
            let message = if own == "multi-storage" {
                format!(
                    "`{}` belongs to storage multi-storage, which the GraphQL chart cannot carry: it is ignored",
                    crate::config::decode::shown(name)
                )
            } else {
                format!("`{name}` is read with storage {own} only: it is ignored")
            };
            context.report_at(place, message).see("/database/storage", "the storage").help("take it out");
        }
    }
}
