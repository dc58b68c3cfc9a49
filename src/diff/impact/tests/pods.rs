//! Tests about pods, and about what they read.

use base64::Engine as _;
use serde_json::Value;

use super::super::lookup::{self, Reads};
use super::super::question::Question;
use super::Holds;
use crate::diff::quantity;
use crate::source::Pointer;

pub const TESTS: &[(&str, Holds)] = &[
    ("automount-unsaid", |q, _| {
        let pods = q.sides.new.values().filter_map(|o| o.pointer("/spec/template/spec"));
        let mut of_account = pods.filter(|p| p.get("serviceAccountName").and_then(Value::as_str) == Some(&q.id.name)).peekable();
        of_account.peek().is_none() || of_account.any(|p| p.get("automountServiceAccountToken").is_none())
    }),
    ("before-immutable", |q, _| q.old.is_some_and(|o| o.get("immutable") == Some(&Value::Bool(true)))),
    ("dashboard", |q, _| q.both().any(|o| o.pointer("/metadata/labels/grafana_dashboard").is_some())),
    ("key-twice", |q, _| q.after.is_some() && q.new.is_some_and(|o| o.get("data").is_some_and(|d| d.get(q.last()).is_some()))),
    ("min-ready-invalid", |q, _| {
        let deadline = q.new.and_then(|o| o.pointer("/spec/progressDeadlineSeconds")).and_then(Value::as_i64).unwrap_or(600);
        q.after.and_then(Value::as_i64).is_some_and(|ready| ready >= deadline)
    }),
    ("not-always", |q, _| q.after.is_some_and(|v| v != "Always")),
    ("not-base64", |q, _| match q.after {
        Some(Value::String(text)) => base64::engine::general_purpose::STANDARD.decode(text.trim()).is_err(),
        Some(other) => q.path.len() > 1 && !other.is_object() && !other.is_null(),
        None => false,
    }),
    ("read-by-env", |q, _| reads(q).contains(&Reads::Env)),
    ("read-by-env-or-sub-path", |q, _| reads(q).iter().any(|r| matches!(r, Reads::Env | Reads::SubPath))),
    ("read-by-sub-path", |q, _| reads(q).contains(&Reads::SubPath)),
    ("read-by-volume", |q, _| reads(q).contains(&Reads::Volume)),
    ("requests-above-limits", requests_above_limits),
    ("same-as-data", same_as_data),
    ("selector-label", |q, _| {
        let selected = |o: &Value| o.pointer("/spec/selector/matchLabels").is_some_and(|labels| labels.get(q.last()).is_some());
        q.both().any(selected)
    }),
    ("strategy-invalid", strategy_invalid),
    ("toleration-invalid", |q, _| {
        let all = q.new.and_then(|o| o.pointer("/spec/template/spec/tolerations")).and_then(Value::as_array);
        all.into_iter().flatten().any(toleration_invalid)
    }),
];

/// How pods read it: those that are wanted, and those that run.
fn reads(q: &Question<'_>) -> Vec<Reads> {
    let mut all = lookup::readers(&q.sides.new, &q.id.kind, &q.id.name);
    all.extend(lookup::readers(&q.sides.old, &q.id.kind, &q.id.name));
    all
}

/// Looks at the container's resources as a whole, wherever below them the change is.
fn requests_above_limits(q: &Question<'_>, _: &str) -> bool {
    let Some(at) = q.path.iter().position(|segment| segment == "resources") else { return false };
    let pointer = q.path[..=at].iter().fold(Pointer::root(), |p, s| p.join(s));
    let Some(resources) = q.new.and_then(|o| o.pointer(pointer.as_str())) else { return false };
    let amounts = |field: &str| resources.get(field).and_then(Value::as_object).cloned().unwrap_or_default();
    let limits = amounts("limits");
    amounts("requests").iter().any(|(name, request)| {
        let (request, limit) = (quantity::parse(request), limits.get(name).and_then(quantity::parse));
        request.zip(limit).is_some_and(|(request, limit)| request > limit)
    })
}

fn same_as_data(q: &Question<'_>, _: &str) -> bool {
    let encode = |text: &str| base64::engine::general_purpose::STANDARD.encode(text);
    let in_data = |object: Option<&Value>| {
        object.and_then(|o| o.get("data")).and_then(|d| d.get(q.last())).and_then(Value::as_str).map(str::to_owned)
    };
    match (q.before.and_then(Value::as_str), q.after.and_then(Value::as_str)) {
        (None, Some(text)) => in_data(q.old) == Some(encode(text)),
        (Some(text), None) => in_data(q.new) == Some(encode(text)),
        _ => false,
    }
}

fn strategy_invalid(q: &Question<'_>, _: &str) -> bool {
    let Some(strategy) = q.new.and_then(|o| o.pointer("/spec/strategy")) else { return false };
    let rolling = strategy.get("rollingUpdate").filter(|v| !v.is_null());
    match strategy.get("type").and_then(Value::as_str) {
        Some("Recreate") => rolling.is_some(),
        Some("RollingUpdate") | None => rolling.is_some_and(|r| {
            let bounds = [r.get("maxSurge"), r.get("maxUnavailable")];
            bounds.iter().flatten().any(|b| bound(b).is_none()) || bounds.iter().all(|b| b.is_some_and(|b| bound(b) == Some(0)))
        }),
        Some(_) => true,
    }
}

/// A number or a percentage; `None` for what is neither.
fn bound(value: &Value) -> Option<u64> {
    match value {
        Value::String(text) => text.strip_suffix('%').filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))?.parse().ok(),
        other => other.as_u64(),
    }
}

fn toleration_invalid(toleration: &Value) -> bool {
    let text = |field: &str| toleration.get(field).and_then(Value::as_str).filter(|t| !t.is_empty());
    let effect = !matches!(text("effect"), None | Some("NoSchedule" | "PreferNoSchedule" | "NoExecute"));
    match text("operator") {
        Some("Exists") => effect || text("value").is_some(),
        None | Some("Equal") => effect || text("key").is_none(),
        Some("Lt" | "Gt") => effect,
        Some(_) => true,
    }
}
