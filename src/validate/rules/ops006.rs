//! OPS006: cluster.account is an account.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "OPS006",
    summary: "cluster.account is an account",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("ops006.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let Some(account) = context.deployment.cluster.as_ref().and_then(|c| c.account.as_ref()) else { return };
    if account.len() != 12 || !account.bytes().all(|b| b.is_ascii_digit()) {
        let shown: String = account.chars().take(40).collect();
        context.report("/cluster/account", format!("`{shown}` is no AWS account")).label("expected 12 digits");
    }
}
