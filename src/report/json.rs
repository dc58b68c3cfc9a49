//! For programs: the stable shape, `schemaVersion` 1. Keys are added without a new version, never changed or removed.

use super::{Finding, Report};
use crate::source::Place;
use serde_json::{Map, Value, json};

/// Ended by a line break.
pub fn render(report: &Report) -> String {
    let shown = report.shown();
    let summary = report.summary();
    let value = json!({
        "schemaVersion": 1,
        "diagnostics": shown.findings.iter().map(diagnostic).collect::<Vec<_>>(),
        "summary": { "errors": summary.errors, "warnings": summary.warnings, "advice": summary.advice },
        "notChecked": shown.not_checked.iter().map(|n| json!({ "what": n.what, "why": n.why })).collect::<Vec<_>>(),
    });
    format!("{value:#}\n")
}

fn diagnostic(finding: &Finding) -> Value {
    let mut map = Map::new();
    map.insert("rule".into(), finding.rule.into());
    map.insert("level".into(), finding.level.as_str().into());
    map.insert("message".into(), finding.message.as_str().into());
    place(&mut map, finding.place);
    map.insert("help".into(), finding.help.as_deref().into());
    map.insert("url".into(), finding.url.as_deref().into());
    // Absent means all of them.
    if !finding.environments.is_empty() {
        map.insert("environments".into(), finding.environments.into());
    }
    if !finding.related.is_empty() {
        let related = finding.related.iter().map(|(at, message)| {
            let mut map = Map::new();
            map.insert("message".into(), message.as_str().into());
            place(&mut map, at);
            Value::Object(map)
        });
        map.insert("related".into(), related.collect());
    }
    Value::Object(map)
}

fn place(map: &mut Map<String, Value>, place: &Place) {
    map.insert("path".into(), place.pointer.as_str().into());
    map.insert("file".into(), place.source.name.as_str().into());
    map.insert("line".into(), place.span.start.line.into());
    map.insert("column".into(), place.span.start.column.into());
}
