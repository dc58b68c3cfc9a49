//! Node affinity and tolerations.

use serde_json::Value;

use super::super::names;
use super::super::walk::{Object, Walk};
use super::{is_set, list, text};
use crate::diagnostic::Level;

/// What nodes must match are values that a label can have; in a preference the server lets others pass.
pub fn node_selector<'v>(walk: &mut Walk<'v>, object: &'v Object) {
    walk.each(object, "nodeSelectorTerms", |walk, term| {
        let Some(term) = term.as_object() else { return };
        walk.each(term, "matchExpressions", |walk, requirement| {
            let Some(requirement) = requirement.as_object() else { return };
            walk.each(requirement, "values", |walk, value| {
                if let Some(Err(reason)) = value.as_str().map(names::label_value) {
                    walk.bad(format!("{value} {reason}"));
                }
            });
        });
    });
}

/// `matchExpressions` are about labels, `matchFields` about `metadata.name` alone.
pub fn node_term<'v>(walk: &mut Walk<'v>, object: &'v Object) {
    walk.each(object, "matchExpressions", |walk, requirement| {
        let Some(key) = requirement.get("key").and_then(Value::as_str).filter(|key| !key.is_empty()) else { return };
        if let Err(reason) = names::label_key(key) {
            walk.at_key("key", |walk| {
                walk.bad(format!("{key:?} {reason}"));
            });
        }
    });
    walk.each(object, "matchFields", |walk, requirement| {
        let key = requirement.get("key").and_then(Value::as_str).unwrap_or_default();
        if key != "metadata.name" {
            walk.at_key("key", |walk| {
                walk.bad(format!("{key:?} is no field to select a node by")).suggestion = Some("metadata.name".into());
            });
        }
        let operator = requirement.get("operator").and_then(Value::as_str).unwrap_or_default();
        let values = requirement.get("values").and_then(Value::as_array).map_or(0, Vec::len);
        if matches!(operator, "In" | "NotIn") && values > 1 {
            walk.at_key("values", |walk| {
                walk.bad("a field takes exactly one value");
            });
        }
    });
}

pub fn node_requirement<'v>(walk: &mut Walk<'v>, object: &'v Object) {
    let values = list(object, "values");
    let operator = text(object, "operator");
    match operator {
        "In" | "NotIn" if values.is_empty() => walk.missing("values", "an In or NotIn requirement"),
        "Exists" | "DoesNotExist" if !values.is_empty() => walk.at_key("values", |walk| {
            walk.bad(format!("{operator} takes no values"));
        }),
        "Gt" | "Lt" if values.len() != 1 => {
            if values.is_empty() {
                walk.missing("values", "a Gt or Lt requirement");
            } else {
                walk.at_key("values", |walk| {
                    walk.bad(format!("{operator} takes exactly one value"));
                });
            }
        }
        "Gt" | "Lt" if values[0].as_str().is_some_and(|bound| bound.parse::<i64>().is_err()) => {
            walk.each(object, "values", |walk, value| {
                // The API server takes it.
                walk.bad(format!("{operator} compares whole numbers, and {value} is none: no node ever matches")).level = Level::Warning;
            });
        }
        _ => {}
    }
}

pub fn toleration<'v>(walk: &mut Walk<'v>, object: &'v Object) {
    let (key, operator, value) = (text(object, "key"), text(object, "operator"), text(object, "value"));
    if key.is_empty() && operator != "Exists" {
        walk.bad("a toleration without a key tolerates every taint, and needs the operator Exists").expected =
            Some("a key, or operator: Exists".into());
    }
    match operator {
        "Exists" if !value.is_empty() => walk.at_key("value", |walk| {
            walk.bad("Exists takes no value");
        }),
        "" | "Equal" => {
            if let Err(reason) = names::label_value(value) {
                walk.at_key("value", |walk| {
                    walk.bad(format!("{value:?} {reason}"));
                });
            }
        }
        _ => {}
    }
    if is_set(object, "tolerationSeconds") && text(object, "effect") != "NoExecute" {
        walk.at_key("tolerationSeconds", |walk| {
            walk.bad("goes only with the effect NoExecute");
        });
    }
}
