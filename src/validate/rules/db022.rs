//! DB022: no property parts the loader from the servers.

use crate::diagnostic::Level;
use crate::validate::database::{Line, property_lines};
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "DB022",
    summary: "no property parts the loader from the servers",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("db022.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    for (name, _, place, line) in property_lines(context) {
        let Line::Shared(property) = line else { continue };
        let why = property.shared.as_deref().unwrap_or_default();
        context
            .report_at(place, format!("loader and servers must share `{name}`, and the chart cannot carry it to the servers: {why}"))
            .help("take it out, and keep to ScalarDB's default");
    }
}
