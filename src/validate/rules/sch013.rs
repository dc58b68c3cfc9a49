//! SCH013: no column stands where transactions keep former values.

use crate::config::decode::shown;
use crate::diagnostic::Level;
use crate::scalardb;
use crate::validate::rule::{Check, Context, Rule};
use crate::validate::tables::{has_transaction_columns, tables};

pub static RULE: Rule = Rule {
    id: "SCH013",
    summary: "no column stands where transactions keep former values",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("sch013.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    if !has_transaction_columns(context) {
        return;
    }
    for table in tables(context).iter().filter(|t| t.is_transactional(context.deployment.version)) {
        let columns = table.columns();
        for column in &columns {
            let Some(former) = column.name.strip_prefix("before_") else { continue };
            let reserved = scalardb::facts().reserved_columns.iter().any(|name| name == column.name);
            if !reserved && columns.iter().any(|c| c.name == former) && !table.is_key(former) {
                context
                    .report_at(
                        column.place.clone(),
                        format!(
                            "`{}` is where Consensus Commit keeps the former `{}`: the loader refuses both together",
                            shown(column.name),
                            shown(former)
                        ),
                    )
                    .help("give one of them another name");
            }
        }
    }
}
