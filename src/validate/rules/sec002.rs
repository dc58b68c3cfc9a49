//! SEC002: no credential stands in raw chart values.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "SEC002",
    summary: "no credential stands in raw chart values",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("sec002.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    const PASSWORD: &str = "/values/scalarDbGraphQlConfiguration/password";
    if context.node(PASSWORD).and_then(|n| n.as_scalar()).is_some_and(|s| !s.is_null() && !s.text.is_empty()) {
        context.report(PASSWORD, "the password stands in this file, in the generated values and in Helm's release record").help(
            "put the login into a Secret with the keys db-username and db-password, and name it in `database.credentials.existingSecret`",
        );
    }
}
