//! DB009: a Secret and plain credentials do not stand side by side.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "DB009",
    summary: "a Secret and plain credentials do not stand side by side",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("db009.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    raw(context);
    let Some(credentials) = context.settings.database.as_ref().and_then(|d| d.credentials.as_ref()) else { return };
    let secret = credentials.existing_secret.as_ref().is_some_and(|s| !s.value.is_empty());
    let plain = if credentials.password.is_some() { "password" } else { "username" };
    if secret && (credentials.username.is_some() || credentials.password.is_some()) {
        context
            .report(
                &format!("/database/credentials/{plain}"),
                "with `existingSecret` the chart ignores user name and password: the servers log in with what the Secret holds",
            )
            .see("/database/credentials/existingSecret", "the Secret is named here")
            .help("keep one of the two");
    }
}

/// The same two sides where raw values give the user name. A password there is a finding of its own.
fn raw(context: &Context<'_>) {
    const USER: &str = "/values/scalarDbGraphQlConfiguration/username";
    let given = context.node(USER).and_then(|n| n.as_scalar()).is_some_and(|s| !s.is_null() && !s.text.is_empty());
    let secret = context.merged_values()["existingSecret"].as_str().is_some_and(|name| !name.is_empty());
    if given && secret {
        context
            .report(USER, "with `existingSecret` the chart ignores the user name: the servers log in with what the Secret holds")
            .see("/database/credentials/existingSecret", "the Secret is named here")
            .help("leave the user name out");
    }
}
