//! DB012: the isolation level is one that the version has.

use crate::config::decode::{nearest, shown};
use crate::diagnostic::Level;
use crate::scalardb;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "DB012",
    summary: "the isolation level is one that the version has",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("db012.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let Some(isolation) = &context.deployment.database.transaction.isolation else { return };
    let version = context.deployment.version;
    let known = scalardb::known(&scalardb::facts().isolations, version, None);
    if known.contains(&isolation.as_str()) {
        return;
    }
    let later = scalardb::facts().isolations.iter().find(|w| w.name == *isolation && w.range.is_later(version));
    let message = match later {
        Some(word) => format!(
            "isolation {isolation} came with {}; {version} stops at the start (the published documentation lists it too early)",
            word.range.since()
        ),
        None => format!("`{}` is no isolation level", shown(isolation)),
    };
    let help = match nearest(isolation, known.iter().copied()).filter(|_| later.is_none()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("one of {}", known.join(", ")),
    };
    context.report("/database/transaction/isolation", message).help(help);
}
