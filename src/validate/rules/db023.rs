//! DB023: no contact point holds a password.

use crate::diagnostic::Level;
use crate::validate::database::points;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "DB023",
    summary: "no contact point holds a password",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("db023.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    for point in points(context) {
        if holds_password(&point.text) {
            context
                .report_at(point.place, "a password in the contact point stands in this file, in the values and in the pods' environment, where many can read it")
                .help("put it into a Secret with the keys db-username and db-password and name it under `database.credentials.existingSecret`");
        }
    }
}

fn holds_password(text: &str) -> bool {
    let lower = text.to_lowercase();
    let named = lower.split(['?', '&', ';', ',', '(']).any(|part| {
        part.split_once('=').is_some_and(|(key, value)| {
            let key = key.trim();
            !value.is_empty() && (key.ends_with("password") || matches!(key, "pwd" | "pass" | "accountkey" | "secretaccesskey"))
        })
    });
    let authority = lower.split_once("//").map_or("", |(_, rest)| rest.split(['/', '?', ';']).next().unwrap_or_default());
    let in_authority = authority.rsplit_once('@').is_some_and(|(login, _)| login.contains(':') && !login.ends_with(':'));
    let oracle = lower
        .strip_prefix("jdbc:oracle:thin:")
        .and_then(|rest| rest.split_once('@'))
        .is_some_and(|(login, _)| login.split_once('/').is_some_and(|(_, p)| !p.is_empty()));
    named || in_authority || oracle
}
