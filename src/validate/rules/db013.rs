//! DB013: the serializable strategy is one that the version has.

use crate::config::decode::{nearest, shown};
use crate::diagnostic::Level;
use crate::scalardb;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "DB013",
    summary: "the serializable strategy is one that the version has",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("db013.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let Some(strategy) = &context.deployment.database.transaction.serializable_strategy else { return };
    let known = scalardb::known(&scalardb::facts().strategies, context.deployment.version, None);
    if !known.contains(&strategy.as_str()) {
        let help = nearest(strategy, known.iter().copied())
            .map_or_else(|| format!("one of {}", known.join(", ")), |near| format!("did you mean `{near}`?"));
        context
            .report(
                "/database/transaction/serializableStrategy",
                format!("`{}` is no serializable strategy, and the word is read even where SNAPSHOT has no use for it", shown(strategy)),
            )
            .help(help);
    }
}
