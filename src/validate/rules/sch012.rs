//! SCH012: no column has a name that transactions use.

use crate::config::decode::shown;
use crate::diagnostic::Level;
use crate::scalardb;
use crate::validate::rule::{Check, Context, Rule};
use crate::validate::tables::{has_transaction_columns, tables};

pub static RULE: Rule = Rule {
    id: "SCH012",
    summary: "no column has a name that transactions use",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("sch012.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    if !has_transaction_columns(context) {
        return;
    }
    for table in tables(context).iter().filter(|t| t.is_transactional(context.deployment.version)) {
        for column in table.columns().iter().filter(|c| scalardb::facts().reserved_columns.iter().any(|reserved| reserved == c.name)) {
            context
                .report_at(
                    column.place.clone(),
                    format!("transactional tables have a column `{}` of their own: the loader refuses this one", shown(column.name)),
                )
                .help("give it another name");
        }
    }
}
