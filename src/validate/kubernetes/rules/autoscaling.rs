//! Autoscalers and disruption budgets.

use serde_json::Value;

use super::super::walk::{Object, Walk, is_given};
use super::{is_set, text};

/// The newest version of which it is sure that scaling to zero is off.
const LAST_WITHOUT_ZERO: u8 = 35;

pub fn autoscaler<'v>(walk: &mut Walk<'v>, object: &'v Object) {
    let number = |key: &str| object.get(key).and_then(Value::as_i64);
    if let (Some(least), Some(most)) = (number("minReplicas"), number("maxReplicas"))
        && least > most
    {
        walk.at_key("maxReplicas", |walk| {
            walk.bad(format!("{most} is less than minReplicas, {least}"));
        });
    }
    // Scaling to zero is behind a feature gate, and then wants a metric that exists without pods.
    let metrics = object.get("metrics").and_then(Value::as_array);
    let is_outside = |metric: &Value| matches!(metric.get("type").and_then(Value::as_str), Some("Object" | "External"));
    let outside = metrics.is_some_and(|metrics| metrics.iter().any(is_outside));
    if number("minReplicas") == Some(0) && (!outside || walk.version.0 <= LAST_WITHOUT_ZERO) {
        walk.at_key("minReplicas", |walk| {
            walk.bad("must be at least 1");
        });
    }
    let target = object.get("scaleTargetRef").and_then(Value::as_object);
    let kind = target.map_or("", |target| text(target, "kind"));
    if target.is_some_and(|target| text(target, "apiVersion").is_empty()) && !matches!(kind, "" | "ReplicationController") {
        walk.at_key("scaleTargetRef", |walk| walk.missing("apiVersion", "the target"));
    }
}

/// A metric's type names the key that describes it.
pub fn metric<'v>(walk: &mut Walk<'v>, object: &'v Object) {
    let kind = text(object, "type");
    let key = match kind {
        "Resource" => "resource",
        "Pods" => "pods",
        "Object" => "object",
        "External" => "external",
        "ContainerResource" => "containerResource",
        _ => return,
    };
    let others = object.keys().any(|other| other != "type" && other != key && is_set(object, other));
    if !is_set(object, key) && others {
        walk.missing(key, &format!("a metric of type {kind}"));
    }
}

pub fn target<'v>(walk: &mut Walk<'v>, object: &'v Object) {
    let keys = ["averageUtilization", "averageValue", "value"];
    let given: Vec<&str> = keys.into_iter().filter(|key| object.get(*key).is_some_and(is_given)).collect();
    if given.is_empty() {
        walk.missing("averageUtilization", "a target of type Utilization");
        if let Some(fault) = walk.faults.last_mut() {
            fault.message = "a target needs averageUtilization, averageValue or value".into();
        }
    }
}

pub fn budget<'v>(walk: &mut Walk<'v>, object: &'v Object) {
    if is_set(object, "minAvailable") && is_set(object, "maxUnavailable") {
        walk.at_key("maxUnavailable", |walk| {
            walk.bad("cannot stand beside `minAvailable`");
        });
    }
}
