//! SCH014: no table stands in a namespace of ScalarDB.

use crate::config::decode::shown;
use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};
use crate::validate::tables::tables;

pub static RULE: Rule = Rule {
    id: "SCH014",
    summary: "no table stands in a namespace of ScalarDB",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("sch014.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let version = context.deployment.version;
    let property = |name: &str| {
        context.node("/database/properties").and_then(|n| n.get(name)).and_then(|n| n.as_scalar()).map(|s| s.text.trim().to_owned())
    };
    let coordinator =
        property("scalar.db.consensus_commit.coordinator.namespace").filter(|n| !n.is_empty()).unwrap_or_else(|| "coordinator".into());
    let transactions = context.deployment.database.transaction.manager == "consensus-commit";
    for table in tables(context) {
        let Some(namespace) = table.namespace() else { continue };
        if namespace == coordinator && transactions {
            let report = if version.at_least(12) {
                context
                    .report_at(
                        table.place.clone(),
                        format!(
                            "the namespace `{}` belongs to the transaction coordinator: ScalarDB refuses tables in it",
                            shown(namespace)
                        ),
                    )
                    .level(Level::Error)
            } else {
                context.report_at(
                    table.place.clone(),
                    format!(
                        "the namespace `{}` belongs to the transaction coordinator, whose content ScalarDB makes and drops",
                        shown(namespace)
                    ),
                )
            };
            report.help("use another namespace");
        } else if namespace == "scalardb" {
            context
                .report_at(table.place.clone(), "the namespace `scalardb` holds ScalarDB's own metadata: tables in it mix with them")
                .help("use another namespace");
        }
    }
}
