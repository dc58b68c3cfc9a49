//! DB004: no contact point is ignored.

use crate::diagnostic::Level;
use crate::validate::database::{points, storage, uses_first_only};
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "DB004",
    summary: "no contact point is ignored",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("db004.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let Some(storage) = storage(context).filter(|s| uses_first_only(*s)) else { return };
    if let Some(second) = points(context).into_iter().filter(|p| !p.text.is_empty()).nth(1) {
        context
            .report_at(second.place, format!("storage {} uses the first contact point only: this one is ignored", storage.as_str()))
            .help("keep the one that the servers are to use");
    }
}
