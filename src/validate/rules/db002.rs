//! DB002: the version can carry the contact points.

use crate::compile::contact_points::ESCAPES_SINCE;
use crate::diagnostic::Level;
use crate::model::Storage;
use crate::validate::database::{storage, used_points};
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "DB002",
    summary: "the version can carry the contact points",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("db002.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let version = context.deployment.version;
    for point in used_points(context) {
        if version.at_least(ESCAPES_SINCE) {
            if point.text.contains('\\') {
                let report = context.report_at(
                    point.place.clone(),
                    format!("ScalarDB {version} takes every backslash out of its contact points, so this one cannot reach the driver"),
                );
                if point.text.contains("\\,") {
                    report.help("write the comma alone: gqlgen escapes it where the version needs it");
                } else {
                    report.help("name the port instead of the instance: jdbc:sqlserver://HOST:PORT");
                }
            }
        } else if point.text.contains(',') && storage(context) == Some(Storage::Jdbc) {
            context
                .report_at(point.place.clone(), format!("ScalarDB {version} cuts the URL at its first comma, and has no way to keep one"))
                .help("name one host, such as a proxy or load balancer of the database; from 3.13 on a comma can be carried");
        }
    }
}
