//! The values as templates see them: a key that the chart knows and nobody set is null, one that it does not know is an error.

use std::sync::Arc;

use indexmap::IndexMap;
use minijinja::Value;
use minijinja::value::{Enumerator, Object};

use super::types::Type;

/// A map of values, with the keys that the chart knows for it.
#[derive(Debug)]
struct Scope {
    entries: IndexMap<String, Value>,
    /// Known keys that are not among the entries.
    missing: Vec<String>,
}

impl Object for Scope {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        match self.entries.get(key) {
            Some(value) => Some(value.clone()),
            None => self.missing.iter().any(|known| known == key).then(|| Value::from(())),
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.entries.keys().map(Value::from).collect())
    }
}

/// Merged `values` for a template.
pub fn scope(value: &serde_json::Value, types: Option<&Type>) -> Value {
    use serde_json::Value as Json;
    match value {
        Json::Null => Value::from(()),
        Json::Bool(truth) => Value::from(*truth),
        Json::Number(number) => number
            .as_i64()
            .map(Value::from)
            .or_else(|| number.as_u64().map(Value::from))
            .unwrap_or_else(|| Value::from(number.as_f64().unwrap_or_default())),
        Json::String(text) => Value::from(text.as_str()),
        Json::Array(items) => items.iter().map(|item| scope(item, types.and_then(|t| t.child("")))).collect(),
        Json::Object(map) => {
            let entries = map.iter().map(|(key, value)| (key.clone(), scope(value, types.and_then(|t| t.child(key))))).collect();
            let missing = match types {
                Some(Type::Object { keys, .. }) => keys.keys().filter(|key| !map.contains_key(*key)).cloned().collect(),
                _ => Vec::new(),
            };
            Value::from_object(Scope { entries, missing })
        }
    }
}
