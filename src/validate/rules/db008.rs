//! DB008: credentials do not stand in the config.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "DB008",
    summary: "credentials do not stand in the config",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("db008.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let Some(credentials) = context.settings.database.as_ref().and_then(|d| d.credentials.as_ref()) else { return };
    let given = [("username", &credentials.username), ("password", &credentials.password)];
    let plain: Vec<&str> =
        given.iter().filter(|(_, value)| value.as_ref().is_some_and(|v| !v.value.0.is_empty())).map(|(key, _)| *key).collect();
    let Some(worst) = plain.last() else { return };
    let allowed = context.settings.lint.as_ref().and_then(|l| l.allow_plain_credentials.as_ref()).is_some_and(|a| a.value);
    let pointer = format!("/database/credentials/{worst}");
    if allowed {
        context
            .report(&pointer, "plain credentials stand in this file, in the generated values and in Helm's release record")
            .level(Level::Warning)
            .help("for anything but a trial, name a Secret under `database.credentials.existingSecret`");
    } else {
        context
            .report(
                &pointer,
                "plain credentials are refused: they would stand in this file, in the generated values and in Helm's release record",
            )
            .help(
                "put them into a Secret with the keys db-username and db-password and name it under `database.credentials.existingSecret`; \
             `lint.allowPlainCredentials: true` turns this into a warning",
            );
    }
}
