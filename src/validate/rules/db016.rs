//! DB016: no property repeats what another key says.

use crate::diagnostic::Level;
use crate::validate::database::{Line, property_lines};
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "DB016",
    summary: "no property repeats what another key says",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("db016.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    for (name, _, place, line) in property_lines(context) {
        if let Line::Derived(key) = line {
            context
                .report_at(
                    place,
                    format!(
                        "`{name}` follows from `{key}`: written here it would reach the Schema Loader only, or stand in the file twice"
                    ),
                )
                .help(format!("write it under `{key}`"));
        }
    }
}
