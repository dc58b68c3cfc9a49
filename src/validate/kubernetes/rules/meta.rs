//! Metadata: names by kind, labels, annotations, label selectors.

use serde_json::Value;

use super::super::Grammar;
use super::super::names::{self, Reason};
use super::super::schema::Kind;
use super::super::walk::{Object, Walk};
use super::{is_set, list, text};

/// All annotations of an object together, keys and values.
const ANNOTATION_BYTES: usize = 256 * 1024;

pub fn labels<'v>(walk: &mut Walk<'v>, object: &'v Object) {
    for (key, value) in object {
        walk.at_key(key, |walk| {
            if let Err(reason) = names::label_key(key) {
                walk.bad(format!("the key {key:?} {reason}"));
            }
            if let Some(Err(reason)) = value.as_str().map(names::label_value) {
                walk.bad(format!("{value} {reason}"));
            }
        });
    }
}

pub fn annotations<'v>(walk: &mut Walk<'v>, object: &'v Object) {
    for key in object.keys() {
        if let Err(reason) = names::annotation_key(key) {
            walk.at_key(key, |walk| {
                walk.bad(format!("the key {key:?} {reason}"));
            });
        }
    }
    let size: usize = object.iter().map(|(key, value)| key.len() + value.as_str().map_or(0, str::len)).sum();
    if size > ANNOTATION_BYTES {
        walk.bad(format!("the annotations have {size} bytes, and may have {ANNOTATION_BYTES}"));
    }
}

pub fn selector_requirement<'v>(walk: &mut Walk<'v>, object: &'v Object) {
    let values = list(object, "values");
    match text(object, "operator") {
        "In" | "NotIn" if values.is_empty() => walk.missing("values", "an In or NotIn requirement"),
        operator @ ("Exists" | "DoesNotExist") if !values.is_empty() => walk.at_key("values", |walk| {
            walk.bad(format!("{operator} takes no values"));
        }),
        _ => {}
    }
    walk.each(object, "values", |walk, value| {
        if let Some(Err(reason)) = value.as_str().map(names::label_value) {
            walk.bad(format!("{value} {reason}"));
        }
    });
}

/// The name and the namespace of a whole object, by its kind.
pub fn name_of_object<'v>(walk: &mut Walk<'v>, kind: &Kind, object: &'v Object) {
    let Some(metadata) = object.get("metadata").and_then(Value::as_object) else { return };
    walk.at_key("metadata", |walk| {
        let (name, generated) = (text(metadata, "name"), text(metadata, "generateName"));
        let grammar = grammar_of(kind, walk.version.0);
        if !name.is_empty() {
            if let Err(reason) = grammar(name).and_then(|()| limit_of(kind, name)) {
                walk.at_key("name", |walk| {
                    walk.bad(format!("{name:?} is no name of a {}: it {reason}", kind.kind));
                });
            }
        } else if generated.is_empty() {
            walk.missing("name", "metadata");
        } else if let Err(reason) = grammar(&masked(generated)) {
            walk.at_key("generateName", |walk| {
                walk.bad(format!("{generated:?} {reason}"));
            });
        }
        if !kind.namespaced && is_set(metadata, "namespace") && !text(metadata, "namespace").is_empty() {
            walk.at_key("namespace", |walk| {
                walk.bad(format!("a {} stands in no namespace", kind.kind));
            });
        }
    });
}

/// A random part follows, so a hyphen may stand at the end.
fn masked(prefix: &str) -> String {
    if prefix.len() > 1 && prefix.ends_with('-') { format!("{}a", &prefix[..prefix.len() - 1]) } else { prefix.to_owned() }
}

fn grammar_of(kind: &Kind, minor: u8) -> Grammar {
    match (kind.group(), kind.kind) {
        ("", "Service") if minor >= 35 => names::dns1123_label,
        ("", "Service") => names::dns1035_label,
        ("", "Namespace") => names::dns1123_label,
        ("rbac.authorization.k8s.io", _) => names::path_segment,
        _ => names::dns1123_subdomain,
    }
}

/// A Job's name becomes a label of its pods; a CronJob's gets eleven characters more.
fn limit_of(kind: &Kind, name: &str) -> Result<(), Reason> {
    let limit = match (kind.group(), kind.kind) {
        ("batch", "Job") => 63,
        ("batch", "CronJob") => 52,
        _ => return Ok(()),
    };
    if name.len() > limit { Err(Reason(format!("must be at most {limit} characters, and has {}", name.len()).into())) } else { Ok(()) }
}
