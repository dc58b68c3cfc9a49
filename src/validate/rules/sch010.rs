//! SCH010: every table says whether it is transactional.

use crate::compile::schema_json::TRANSACTION_BY_DEFAULT_SINCE;
use crate::config::decode::shown;
use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};
use crate::validate::tables::{boolean_of, tables};

pub static RULE: Rule = Rule {
    id: "SCH010",
    summary: "every table says whether it is transactional",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("sch010.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let version = context.deployment.version;
    for table in tables(context) {
        match table.node("transaction") {
            None if !version.at_least(TRANSACTION_BY_DEFAULT_SINCE) => {
                context
                    .report_at(
                        table.place.clone(),
                        format!(
                            "`{}` does not say `transaction`, and up to 3.6 that means false: Consensus Commit cannot use the table",
                            shown(table.key)
                        ),
                    )
                    .help("\"transaction\": true");
            }
            None => {}
            Some(node) => match node.as_scalar() {
                Some(scalar) if boolean_of(scalar).is_some() => {}
                Some(scalar) if ["true", "false"].contains(&scalar.text.to_lowercase().as_str()) => {
                    context
                        .report_at(node.place.clone(), "`transaction` is a text here, which is read as meant")
                        .level(Level::Advice)
                        .help("write it without quotes, in lower case");
                }
                _ => {
                    let message =
                        format!("`transaction` is true or false; here stands {}, which the loader takes for false or refuses", node.noun());
                    context.report_at(node.place.clone(), message).level(Level::Error).help("\"transaction\": true");
                }
            },
        }
    }
}
