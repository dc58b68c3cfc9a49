//! DB017: no property holds a credential.

use crate::config::decode::shown;
use crate::diagnostic::Level;
use crate::validate::database::{Line, property_lines};
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "DB017",
    summary: "no property holds a credential",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("db017.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    for (name, _, place, line) in property_lines(context) {
        if matches!(line, Line::Credential) {
            context
                .report_at(place, format!("`{}` is a credential: it would stand in this file and in the generated database.properties", shown(name)))
                .help("put it into a Secret with the keys db-username and db-password and name it under `database.credentials.existingSecret`");
        }
    }
}
