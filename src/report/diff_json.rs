//! The diff as JSON, schema version 1. Fields are only ever added to it.

use serde_json::{Map, Value, json};

use crate::diff::{Change, Diff, Impact};

/// Pretty-printed, with a line break at its end.
pub fn render(diff: &Diff) -> String {
    let mut text = serde_json::to_string_pretty(&value(diff)).expect("a JSON value can be written");
    text.push('\n');
    text
}

pub fn value(diff: &Diff) -> Value {
    let by_impact: Map<String, Value> =
        Impact::ALL.iter().map(|impact| (impact.as_str().to_owned(), json!(diff.summary.by_impact[*impact as usize]))).collect();
    let mut report = json!({
        "schemaVersion": 1,
        "changes": diff.changes.iter().map(change).collect::<Vec<_>>(),
        "summary": {
            "gravest": diff.summary.gravest.map(Impact::as_str),
            "byImpact": by_impact,
            "notPickedUp": diff.summary.not_picked_up,
        },
    });
    if !diff.notes.is_empty() {
        report["notes"] = json!(diff.notes);
    }
    report
}

fn change(change: &Change) -> Value {
    let mut value = Map::new();
    let mut put = |key: &str, field: Value| value.insert(key.to_owned(), field);
    put(
        "object",
        json!({
            "apiVersion": change.api_version,
            "kind": change.object.kind,
            "namespace": change.object.namespace,
            "name": change.object.name,
        }),
    );
    if let Some(environment) = &change.environment {
        put("environment", json!(environment));
    }
    put("path", json!(change.path.as_str()));
    put("op", json!(change.op.as_str()));
    if let Some(before) = &change.before {
        put("before", before.clone());
    }
    if let Some(after) = &change.after {
        put("after", after.clone());
    }
    put("impact", json!(change.impact.as_str()));
    if change.not_picked_up {
        put("notPickedUp", json!(true));
    }
    put("consequence", json!(change.consequence));
    put("source", json!(change.source));
    if let Some(state) = change.state {
        put("state", json!(state.as_str()));
    }
    put("cause", change.cause.as_ref().map_or(Value::Null, |c| json!({ "file": c.file, "line": c.line, "path": c.path })));
    Value::Object(value)
}
