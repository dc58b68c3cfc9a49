//! SCH007: a clustering order is ASC or DESC.

use crate::config::decode::shown;
use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};
use crate::validate::tables::{clustering_column, tables};

pub static RULE: Rule = Rule {
    id: "SCH007",
    summary: "a clustering order is ASC or DESC",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("sch007.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    for table in tables(context) {
        for name in table.names_in("clustering-key") {
            let (column, Some(order)) = clustering_column(name.text) else { continue };
            // A column whose name has a blank cannot be told from one with an order: the loader splits at the blank.
            if order.eq_ignore_ascii_case("asc") || order.eq_ignore_ascii_case("desc") {
                continue;
            }
            let words: Vec<&str> = order.split_whitespace().collect();
            let only_blanks = matches!(words.as_slice(), [word] if word.eq_ignore_ascii_case("asc") || word.eq_ignore_ascii_case("desc"));
            let report = if only_blanks || words.is_empty() {
                context.report_at(
                    name.place.clone(),
                    "up to 3.13 the loader takes exactly one blank between a clustering column and its order",
                )
            } else {
                context
                    .report_at(name.place.clone(), format!("`{}` is no order of a clustering column: the loader stops here", shown(order)))
            };
            let meant = if order.trim_start().to_lowercase().starts_with('d') { "DESC" } else { "ASC" };
            report.help(format!("\"{} {meant}\"", shown(column)));
        }
    }
}
