//! Ingress: backends, paths, the class given twice.

use serde_json::Value;

use super::super::FaultKind;
use super::super::walk::{Object, Walk};
use super::{is_set, list, text};

const CLASS_ANNOTATION: &str = "kubernetes.io/ingress.class";

/// `fallback` is the name of the default backend's key in this API version.
pub fn spec<'v>(walk: &mut Walk<'v>, object: &'v Object, fallback: &str) {
    if list(object, "rules").is_empty() && !is_set(object, fallback) {
        walk.fault(FaultKind::MissingField, format!("an Ingress needs `rules` or `{fallback}`"));
    }
}

/// On creation the class stands in the field or in the annotation, not in both (unless they agree, in newer versions).
pub fn ingress<'v>(walk: &mut Walk<'v>, object: &'v Object) {
    let annotation = object
        .get("metadata")
        .and_then(|metadata| metadata.get("annotations"))
        .and_then(|all| all.get(CLASS_ANNOTATION))
        .and_then(Value::as_str);
    let class = object.get("spec").and_then(|spec| spec.get("ingressClassName")).and_then(Value::as_str);
    if let (Some(annotation), Some(class)) = (annotation, class)
        && annotation != class
    {
        walk.at_key("metadata", |walk| {
            walk.at_key("annotations", |walk| {
                walk.at_key(CLASS_ANNOTATION, |walk| {
                    walk.bad(format!("cannot be set beside spec.ingressClassName {class:?}"));
                });
            });
        });
    }
}

/// Exact and Prefix paths are given, absolute and without steps that a client could take for another path.
pub fn path<'v>(walk: &mut Walk<'v>, object: &'v Object) {
    let (kind, path) = (text(object, "pathType"), text(object, "path"));
    if !matches!(kind, "Exact" | "Prefix") {
        return;
    }
    if path.is_empty() {
        walk.missing("path", &format!("a rule of pathType {kind}"));
        return;
    }
    let lower = path.to_lowercase();
    let inner = ["//", "/./", "/../", "%2f"].into_iter().find(|part| lower.contains(part));
    let last = ["/..", "/."].into_iter().find(|part| path.ends_with(part));
    if let Some(part) = inner.or(last) {
        walk.at_key("path", |walk| {
            walk.bad(format!("{path:?} must not have {part:?} with pathType {kind}"));
        });
    }
}
