//! DB015: every property is one of ScalarDB.

use crate::config::decode::{nearest, shown};
use crate::diagnostic::Level;
use crate::scalardb;
use crate::validate::database::{Line, property_lines};
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "DB015",
    summary: "every property is one of ScalarDB",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("db015.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    for (name, _, place, line) in property_lines(context) {
        let known = scalardb::facts().properties.iter().map(|p| p.name.as_str());
        let near = nearest(name, known).map(|near| format!("did you mean `{near}`?"));
        match line {
            Line::Foreign => {
                let report = context
                    .report_at(
                        place,
                        format!("`{}` is no key of ScalarDB: only keys that begin with `scalar.db.` belong here", shown(name)),
                    )
                    .level(Level::Error);
                if let Some(near) = near {
                    report.help(near);
                }
            }
            Line::Unknown => {
                let report = context.report_at(place, format!("ScalarDB has no property `{}`, and ignores it", shown(name)));
                report.help(near.unwrap_or_else(|| "take it out".into()));
            }
            _ => {}
        }
    }
}
