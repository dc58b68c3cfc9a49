//! DB003: the version knows the database engine of the URL.

use crate::config::decode::{nearest, shown};
use crate::diagnostic::Level;
use crate::model::Storage;
use crate::scalardb;
use crate::validate::database::{storage, used_points};
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "DB003",
    summary: "the version knows the database engine of the URL",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("db003.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    if storage(context) != Some(Storage::Jdbc) {
        return;
    }
    let version = context.deployment.version;
    let urls = &scalardb::facts().jdbc_urls;
    for point in used_points(context).iter().filter(|p| p.text.starts_with("jdbc:")) {
        let known: Vec<&str> = urls.iter().filter(|u| u.range.contains(version)).map(|u| u.prefix.as_str()).collect();
        if known.iter().any(|prefix| point.text.starts_with(prefix)) {
            continue;
        }
        let engine: String = point.text.split_inclusive(':').take(2).collect();
        let report = match urls.iter().find(|u| point.text.starts_with(&u.prefix)) {
            Some(later) => context.report_at(
                point.place.clone(),
                format!(
                    "ScalarDB knows `{}` from {} on; {version} stops with \"RDB engine is not supported\"",
                    later.prefix,
                    later.range.since()
                ),
            ),
            None if engine.contains('$') => continue,
            None => context.report_at(point.place.clone(), format!("ScalarDB {version} knows no engine `{}`", shown(&engine))),
        };
        match nearest(&engine, known.iter().copied()) {
            Some(near) => report.help(format!("did you mean `{near}`? known: {}", known.join(", "))),
            None => report.help(format!("known: {}", known.join(", "))),
        };
    }
}
