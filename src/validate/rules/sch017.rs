//! SCH017: served tables are transactional.

use crate::config::decode::shown;
use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};
use crate::validate::tables::{Table, is_served, tables};

pub static RULE: Rule = Rule {
    id: "SCH017",
    summary: "served tables are transactional",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("sch017.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let version = context.deployment.version;
    if context.deployment.database.transaction.manager != "consensus-commit" {
        return;
    }
    let tables = tables(context);
    for table in &tables {
        let Some(namespace) = table.namespace().filter(|n| is_served(context, n)) else { continue };
        let plain = |t: &&Table<'_>| !t.is_transactional(version);
        // A table that does not say it is reported for that.
        if !plain(&table) || table.node("transaction").is_none() {
            continue;
        }
        let place = table.field_place("transaction").clone();
        if tables.iter().filter(|t| t.namespace() == Some(namespace)).all(|t| plain(&t)) {
            context
                .report_at(
                    place,
                    format!(
                        "no table of `{}` is transactional: servers with Consensus Commit have nothing to serve there",
                        shown(namespace)
                    ),
                )
                .help("\"transaction\": true");
        } else {
            context
                .report_at(
                    place,
                    format!(
                        "`{}` is not transactional: Consensus Commit does not show it, though its namespace is served",
                        shown(table.key)
                    ),
                )
                .help("make it transactional, or put it into a namespace that is not served");
        }
    }
}
