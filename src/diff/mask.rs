//! Takes secrets out of what is shown. Works on copies; the comparison itself sees the real values.
//!
//! Masked are the data of Secrets, fields whose name says that they hold a secret, and every text in which a value of a Secret occurs.

use std::borrow::Cow;
use std::collections::BTreeSet;

use base64::Engine as _;
use serde_json::Value;

use super::identity::ObjectId;
use super::snapshot::Snapshot;
use super::walk::Raw;
use crate::redact::{self, is_secret_key};

const BEFORE: &str = "*** (before)";
const AFTER: &str = "*** (after)";

/// Shorter texts occur by chance, and would blacken half of a report.
const SHORTEST: usize = 6;

/// What must not be shown.
pub struct Secrets {
    shown: bool,
    /// The longest first, so that one that holds another is replaced as a whole.
    values: Vec<String>,
}

impl Secrets {
    /// Masks nothing.
    pub fn shown() -> Secrets {
        Secrets { shown: true, values: Vec::new() }
    }

    /// Collects the values of all Secrets of these snapshots.
    pub fn of<'a>(snapshots: impl Iterator<Item = &'a Snapshot>) -> Secrets {
        let mut values = BTreeSet::new();
        for snapshot in snapshots {
            for object in snapshot.objects.iter().filter(|o| o.get("kind").and_then(Value::as_str) == Some("Secret")) {
                collect(object, &mut values);
            }
            if let Some(all) = &snapshot.values {
                collect_named(all, &mut values);
            }
        }
        let mut values: Vec<String> = values.into_iter().collect();
        values.sort_by_key(|v| std::cmp::Reverse(v.len()));
        Secrets { shown: false, values }
    }

    /// Both values of a difference as they may be shown. `holder` is the object into which its path leads.
    pub fn mask(&self, id: &ObjectId, raw: &Raw, holder: Option<&Value>) -> (Option<Value>, Option<Value>) {
        let named = holder.is_some_and(|holder| is_secret_variable(holder, &raw.path));
        let side = |value: &Option<Value>, mask: &str| {
            value.as_ref().map(|value| match (self.shown, named) {
                (true, _) => value.clone(),
                (false, true) => Value::String(mask.to_owned()),
                (false, false) => self.value(id, &raw.path, value, mask),
            })
        };
        (side(&raw.before, BEFORE), side(&raw.after, AFTER))
    }

    fn value(&self, id: &ObjectId, path: &[String], value: &Value, mask: &str) -> Value {
        if holds_secret(id, path) && !matches!(value, Value::Object(_)) {
            return Value::String(mask.to_owned());
        }
        match value {
            Value::Object(map) => {
                // A variable of a container: its name says what its value is.
                let named = map.get("name").and_then(Value::as_str).is_some_and(is_secret_key);
                let child = |key: &String, value: &Value| {
                    if named && key == "value" {
                        return Value::String(mask.to_owned());
                    }
                    let mut path = path.to_vec();
                    path.push(key.clone());
                    self.value(id, &path, value, mask)
                };
                Value::Object(map.iter().map(|(key, value)| (key.clone(), child(key, value))).collect())
            }
            Value::Array(items) => Value::Array(items.iter().map(|item| self.value(id, path, item, mask)).collect()),
            Value::String(text) => Value::String(self.text(text, mask).into_owned()),
            other => other.clone(),
        }
    }

    fn text<'a>(&self, text: &'a str, mask: &str) -> Cow<'a, str> {
        // What the text itself betrays: properties, addresses with a password.
        // Each of them has one of these signs.
        let masked = if text.contains([':', '=', '@']) { redact::mask_text(text) } else { String::new() };
        let mut shown =
            if masked.is_empty() || masked == text { Cow::Borrowed(text) } else { Cow::Owned(masked.replace(redact::MASK, mask)) };
        for value in &self.values {
            if shown.contains(value.as_str()) {
                shown = Cow::Owned(shown.replace(value.as_str(), mask));
            }
        }
        shown
    }
}

/// Whether what stands at `path` is a secret by its place.
fn holds_secret(id: &ObjectId, path: &[String]) -> bool {
    if id.kind == "Secret" && matches!(path.first().map(String::as_str), Some("data" | "stringData")) && path.len() > 1 {
        return true;
    }
    path.last().is_some_and(|last| is_secret_key(last))
        && !path.iter().any(|p| p == "secretKeyRef" || p == "configMapKeyRef" || p == "labels")
}

/// Whether it is the value of a container's variable whose name says that it is secret.
fn is_secret_variable(holder: &Value, path: &[String]) -> bool {
    let Some((_, item)) = path.split_last().filter(|(last, _)| *last == "value") else { return false };
    let found = item.iter().try_fold(holder, |at, segment| match at {
        Value::Array(items) => segment.parse::<usize>().ok().and_then(|index| items.get(index)),
        other => other.get(segment),
    });
    let name = found.and_then(|item| item.get("name"));
    name.and_then(Value::as_str).is_some_and(is_secret_key)
}

/// The values of one Secret, in plain and in base64. Names of users are no secrets outside of it.
fn collect(secret: &Value, values: &mut BTreeSet<String>) {
    let standard = base64::engine::general_purpose::STANDARD;
    let entries = |field: &str| secret.get(field).and_then(Value::as_object).into_iter().flatten();
    let mut keep = |text: &str| {
        if text.len() >= SHORTEST {
            values.insert(text.to_owned());
        }
    };
    let is_name = |key: &str| key.to_ascii_lowercase().ends_with("username") || key.to_ascii_lowercase().ends_with("user");
    for (_, value) in entries("data").filter(|(key, _)| !is_name(key)) {
        let Some(encoded) = value.as_str() else { continue };
        keep(encoded);
        if let Some(plain) = standard.decode(encoded.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok()) {
            keep(&plain);
        }
    }
    for (_, value) in entries("stringData").filter(|(key, _)| !is_name(key)) {
        if let Some(plain) = value.as_str() {
            keep(plain);
            keep(&standard.encode(plain));
        }
    }
}

/// Values of a chart whose key says that they are secret.
fn collect_named(value: &Value, values: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                match value {
                    Value::String(text) if is_secret_key(key) && text.len() >= SHORTEST => {
                        values.insert(text.clone());
                    }
                    other => collect_named(other, values),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect_named(item, values)),
        _ => {}
    }
}
