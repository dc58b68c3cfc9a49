//! DB018: the version reads every property.

use crate::diagnostic::Level;
use crate::scalardb;
use crate::validate::database::{Line, property_lines};
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "DB018",
    summary: "the version reads every property",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("db018.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let version = context.deployment.version;
    for (name, _, place, line) in property_lines(context) {
        let Line::OtherVersion(property) = line else { continue };
        let message = if property.range.is_later(version) {
            format!("`{name}` came with {}; {version} ignores it", property.range.since())
        } else {
            let last = property.range.last().unwrap_or_default();
            format!("`{name}` is gone since 3.{}; {version} ignores it", last + 1)
        };
        let other = property
            .also
            .as_deref()
            .and_then(|also| scalardb::facts().properties.iter().find(|p| p.name == also && p.range.contains(version)));
        context
            .report_at(place, message)
            .help(other.map_or_else(|| "take it out".to_owned(), |p| format!("{version} calls it `{}`", p.name)));
    }
}
