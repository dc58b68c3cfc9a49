//! Autoscalers and disruption budgets.

use serde_json::Value;

use super::super::walk::{Object, Walk, is_given};
use super::{is_set, text};

pub fn autoscaler<'v>(walk: &mut Walk<'v>, object: &'v Object) {
    let number = |key: &str| object.get(key).and_then(Value::as_i64);
    if let (Some(least), Some(most)) = (number("minReplicas"), number("maxReplicas"))
        && least > most
    {
        walk.at_key("maxReplicas", |walk| {
            walk.bad(format!("{most} is less than minReplicas, {least}"));
        });
    }
    // Scaling to zero is a feature gate, and wants a metric that exists without pods.
    let metrics = object.get("metrics").and_then(Value::as_array);
    let outside = metrics.is_some_and(|metrics| {
        metrics.iter().any(|metric| matches!(metric.get("type").and_then(Value::as_str), Some("Object" | "External")))
    });
    if number("minReplicas") == Some(0) && !outside {
        walk.at_key("minReplicas", |walk| {
            walk.bad("must be at least 1");
        });
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
