//! DB021: properties reach who reads them.

use crate::diagnostic::Level;
use crate::scalardb::Reader;
use crate::validate::database::{Line, property_lines};
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "DB021",
    summary: "properties reach who reads them",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("db021.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    for (name, _, place, line) in property_lines(context) {
        let Line::ServersOnly(property) = line else { continue };
        let message = match property.reader {
            Some(Reader::ScalardbServer) => {
                format!("`{name}` belongs to ScalarDB Server: neither the Schema Loader nor the GraphQL servers read it")
            }
            _ => match &property.note {
                Some(note) => format!("`{name}` is read by the servers, which do not get these lines; {note}"),
                None => format!(
                    "`{name}` is read by the servers; these lines reach the Schema Loader only, and the chart cannot carry it to them"
                ),
            },
        };
        context.report_at(place, message).help("take it out");
    }
}
