//! The types of a chart's values: what Helm's values schema refuses, and which keys there are at all.

use std::fmt;

use indexmap::IndexMap;
use serde_json::Value;

use crate::source::Pointer;

/// The type of a value. Helm checks nothing else of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Type {
    Any,
    String,
    Integer,
    Number,
    Boolean,
    /// `open`: further keys than the known ones have a meaning. A map without known keys is free-form.
    Object {
        keys: IndexMap<String, Type>,
        open: bool,
    },
    /// A list without an item type is free-form.
    Array {
        items: Option<Box<Type>>,
    },
}

/// A value of a wrong type.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ValueFault {
    /// Into the merged values.
    pub pointer: Pointer,
    /// Such as `expected a string, got a boolean`.
    pub message: String,
}

/// One key that a chart reads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ValuePath {
    /// A pointer; `*` as a segment stands for any index of a list.
    pub path: Pointer,
    /// `string`, `integer`, `number`, `boolean`, `object`, `array` or `any`.
    pub schema_type: &'static str,
    /// Any further key or item below it has a meaning that the chart does not know.
    pub free_form: bool,
}

impl fmt::Display for ValueFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.pointer, self.message)
    }
}

impl Type {
    /// From the notation of a chart's `values.schema.yaml`; an unknown word is `any`.
    pub fn read(notation: &Value) -> Type {
        match notation {
            Value::Object(map) => Type::Object {
                keys: map.iter().filter(|(key, _)| *key != "*").map(|(key, value)| (key.clone(), Type::read(value))).collect(),
                open: map.contains_key("*"),
            },
            Value::Array(items) => Type::Array { items: items.first().map(|item| Box::new(Type::read(item))) },
            Value::String(word) => match word.as_str() {
                "string" => Type::String,
                "integer" => Type::Integer,
                "number" => Type::Number,
                "boolean" => Type::Boolean,
                "object" => Type::Object { keys: IndexMap::new(), open: true },
                "array" => Type::Array { items: None },
                _ => Type::Any,
            },
            _ => Type::Any,
        }
    }

    /// The word of JSON Schema for it.
    pub fn name(&self) -> &'static str {
        match self {
            Type::Any => "any",
            Type::String => "string",
            Type::Integer => "integer",
            Type::Number => "number",
            Type::Boolean => "boolean",
            Type::Object { .. } => "object",
            Type::Array { .. } => "array",
        }
    }

    /// Whether keys or items below it may be anything.
    pub fn is_free_form(&self) -> bool {
        matches!(self, Type::Any | Type::Object { open: true, .. } | Type::Array { items: None })
    }

    /// The type of a key of a map, or of an item of a list (any index).
    pub fn child(&self, segment: &str) -> Option<&Type> {
        match self {
            Type::Object { keys, .. } => keys.get(segment),
            Type::Array { items } => items.as_deref(),
            _ => None,
        }
    }

    /// Every key below, depth first.
    pub fn paths(&self) -> Vec<ValuePath> {
        let mut found = Vec::new();
        self.collect(&Pointer::root(), &mut found);
        found
    }

    fn collect(&self, pointer: &Pointer, found: &mut Vec<ValuePath>) {
        if *pointer != Pointer::root() {
            found.push(ValuePath { path: pointer.clone(), schema_type: self.name(), free_form: self.is_free_form() });
        }
        match self {
            Type::Object { keys, .. } => keys.iter().for_each(|(key, value)| value.collect(&pointer.join(key), found)),
            Type::Array { items: Some(item) } => item.collect(&pointer.join("*"), found),
            _ => {}
        }
    }

    /// Every value of a wrong type in `value`. A key that is not there is no fault.
    pub fn check(&self, value: &Value) -> Vec<ValueFault> {
        let mut faults = Vec::new();
        self.check_at(value, &Pointer::root(), &mut faults);
        faults
    }

    fn check_at(&self, value: &Value, pointer: &Pointer, faults: &mut Vec<ValueFault>) {
        if !self.admits(value) {
            let message = format!("expected {}, got {}", article(self.name()), article(name_of(value)));
            faults.push(ValueFault { pointer: pointer.clone(), message });
            return;
        }
        match (self, value) {
            (Type::Object { keys, .. }, Value::Object(map)) => {
                for (key, wanted) in keys {
                    if let Some(value) = map.get(key) {
                        wanted.check_at(value, &pointer.join(key), faults);
                    }
                }
            }
            (Type::Array { items: Some(wanted) }, Value::Array(items)) => {
                items.iter().enumerate().for_each(|(i, item)| wanted.check_at(item, &pointer.index(i), faults));
            }
            _ => {}
        }
    }

    fn admits(&self, value: &Value) -> bool {
        match self {
            Type::Any => true,
            Type::String => value.is_string(),
            // A number without a fraction is an integer, however it is written.
            Type::Integer => value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|number| number.fract() == 0.0),
            Type::Number => value.is_number(),
            Type::Boolean => value.is_boolean(),
            Type::Object { .. } => value.is_object(),
            Type::Array { .. } => value.is_array(),
        }
    }
}

fn name_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn article(name: &str) -> String {
    match name {
        "null" => name.to_owned(),
        "integer" | "object" | "array" => format!("an {name}"),
        _ => format!("a {name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn wrong_types_are_found_with_their_pointers() {
        let types =
            Type::read(&json!({"a": "string", "n": "integer", "l": [{"p": "string"}], "m": {"k": "boolean", "*": "any"}, "o": "object"}));
        let faults = types.check(&json!({"a": 3.13, "n": 1e6, "l": [{"p": null}, "x"], "m": {"k": "y", "z": 1}, "o": [], "unknown": 1}));
        let shown: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert_eq!(
            shown,
            [
                "/a: expected a string, got a number",
                "/l/0/p: expected a string, got null",
                "/l/1: expected an object, got a string",
                "/m/k: expected a boolean, got a string",
                "/o: expected an object, got an array",
            ]
        );
    }

    #[test]
    fn paths_tell_what_is_free_form() {
        let types = Type::read(&json!({"l": [{"p": "string"}], "m": {"k": "boolean", "*": "any"}, "o": "object"}));
        let shown: Vec<_> = types.paths().into_iter().map(|p| (p.path.as_str().to_owned(), p.schema_type, p.free_form)).collect();
        let row = |path: &str, name, free| (path.to_owned(), name, free);
        assert_eq!(
            shown,
            [
                row("/l", "array", false),
                row("/l/*", "object", false),
                row("/l/*/p", "string", false),
                row("/m", "object", true),
                row("/m/k", "boolean", false),
                row("/o", "object", true),
            ]
        );
    }
}
