//! DB020: the values of properties are ones that ScalarDB reads.

use crate::config::decode::nearest;
use crate::diagnostic::Level;
use crate::validate::database::{Line, property_lines};
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "DB020",
    summary: "the values of properties are ones that ScalarDB reads",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("db020.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    for (name, value, place, line) in property_lines(context) {
        match line {
            Line::Refused(property, reason) => {
                let report = context.report_at(place, format!("the loader stops at `{name}`: {reason}"));
                if let Some(near) = nearest(value, property.words.iter().map(String::as_str)) {
                    report.help(format!("did you mean `{near}`?"));
                }
            }
            Line::ServersOnly(_) if name == "scalar.db.jdbc.isolation_level" && value.eq_ignore_ascii_case("READ_UNCOMMITTED") => {
                context
                    .report_at(
                        place,
                        "ScalarDB needs read committed or stricter of the database: with READ_UNCOMMITTED its guarantees do not hold",
                    )
                    .level(Level::Warning)
                    .help("leave it out: the database's default is used");
            }
            _ => {}
        }
    }
    combinations(context);
}

/// Settings that ScalarDB refuses together.
fn combinations(context: &Context<'_>) {
    if !context.deployment.version.at_least(11) {
        return;
    }
    let value = |key: &str| {
        context.node("/database/properties").and_then(|n| n.get(key)).and_then(|n| n.as_scalar()).map(|s| s.text.trim().to_lowercase())
    };
    if value("scalar.db.cross_partition_scan.enabled").as_deref() != Some("false") {
        return;
    }
    for key in ["scalar.db.cross_partition_scan.filtering.enabled", "scalar.db.cross_partition_scan.ordering.enabled"] {
        if value(key).as_deref() == Some("true") {
            context
                .report(
                    &format!("/database/properties/{key}"),
                    "cross-partition scans are off, so their filtering and ordering cannot be on: ScalarDB refuses both together",
                )
                .see("/database/properties/scalar.db.cross_partition_scan.enabled", "switched off here");
        }
    }
}
