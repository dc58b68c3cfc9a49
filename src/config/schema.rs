//! The JSON Schema of the language, derived from the raw types, and what can be looked up in it.
//!
//! It accepts a config after its layers are merged. Built on demand: reading a config does not need it.

use std::sync::OnceLock;

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::raw::{ApiVersion, Settings, TOP_KEYS};

/// Where the committed schema stands below the repository's root.
pub const COMMITTED: &str = "schemas/gqlgen.schema.json";

/// The schema (draft 2020-12), as published.
pub fn schema() -> &'static Value {
    static SCHEMA: OnceLock<Value> = OnceLock::new();
    SCHEMA.get_or_init(build)
}

fn build() -> Value {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let api_version = serde_json::to_value(generator.subschema_for::<ApiVersion>()).expect("a schema is JSON");
    let settings = serde_json::to_value(generator.subschema_for::<Settings>()).expect("a schema is JSON");
    let mut definitions = Value::Object(generator.take_definitions(true));
    let own = definitions["Settings"].clone();
    let mut properties = Map::new();
    properties.insert("apiVersion".into(), with(api_version, "description", json!("The config language's version.")));
    properties.insert(
        "extends".into(),
        json!({
            "description": "Files that are merged before this one, relative to it: a path or a list.",
            "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }],
            "examples": ["../base.yaml"]
        }),
    );
    for (key, value) in own["properties"].as_object().into_iter().flatten() {
        properties.insert(key.clone(), value.clone());
    }
    properties.insert(
        "environments".into(),
        json!({
            "description": "Overlays by environment: any key but apiVersion, extends and environments.",
            "type": "object",
            "propertyNames": { "pattern": "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$" },
            "additionalProperties": { "anyOf": [settings, { "type": "null" }] },
            "examples": [{ "prod": { "replicas": 4 } }]
        }),
    );
    if let Some(definitions) = definitions.as_object_mut() {
        definitions.sort_keys();
        if let Some(settings) = definitions.get_mut("Settings") {
            settings["description"] = json!("Overlay of one environment.");
        }
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "gqlgen.yaml",
        "description": "One ScalarDB GraphQL deployment on Kubernetes in all its environments.",
        "type": "object",
        "properties": properties,
        "required": ["apiVersion"],
        "additionalProperties": false,
        "$defs": definitions
    })
}

fn with(mut schema: Value, key: &str, value: Value) -> Value {
    if let Some(map) = schema.as_object_mut() {
        map.insert(key.into(), value);
    }
    schema
}

/// What the schema says of one key.
#[derive(Debug)]
pub struct KeyInfo {
    /// Dotted path.
    pub path: String,
    /// The key's own schema, references followed, with the description of where it is used.
    pub schema: Value,
    /// Keys below it.
    pub children: Vec<String>,
}

/// Looks a dotted key path up (`ingress.tls.certificateArns`, `environments.prod.replicas`).
pub fn key(path: &str) -> Option<KeyInfo> {
    let mut node = schema().clone();
    for segment in path.split('.') {
        let alternatives = alternatives(&node);
        let next = alternatives
            .iter()
            .find_map(|a| a["properties"].get(segment).cloned())
            .or_else(|| alternatives.iter().find_map(|a| a.get("additionalProperties").filter(|p| p.is_object()).cloned()))?;
        node = next;
    }
    let mut children: Vec<String> = Vec::new();
    for alternative in alternatives(&node) {
        for key in alternative["properties"].as_object().into_iter().flat_map(|p| p.keys()) {
            if !children.contains(key) {
                children.push(key.clone());
            }
        }
    }
    Some(KeyInfo { path: path.to_owned(), schema: node, children })
}

/// A schema with its references followed and its `anyOf` laid out.
pub fn alternatives(schema: &Value) -> Vec<Value> {
    if let Some(name) = schema["$ref"].as_str().and_then(|r| r.strip_prefix("#/$defs/")) {
        return alternatives(&self::schema()["$defs"][name]);
    }
    match schema["anyOf"].as_array() {
        Some(any) => any.iter().flat_map(alternatives).collect(),
        None => vec![schema.clone()],
    }
}

/// All dotted key paths of the language, top keys first; free keys of maps are left out.
pub fn paths() -> &'static [String] {
    static PATHS: OnceLock<Vec<String>> = OnceLock::new();
    PATHS.get_or_init(|| {
        let mut paths = Vec::new();
        collect(schema(), "", &mut paths);
        paths
    })
}

fn collect(node: &Value, prefix: &str, paths: &mut Vec<String>) {
    for alternative in alternatives(node) {
        for (key, value) in alternative["properties"].as_object().into_iter().flatten() {
            let path = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
            paths.push(path.clone());
            if !TOP_KEYS.contains(&key.as_str()) {
                collect(value, &path, paths);
            }
        }
    }
}

/// The parent under which a key stands, where there is one such place only.
pub fn home_of(key: &str) -> Option<String> {
    let mut homes = paths().iter().filter_map(|p| p.rsplit_once('.')).filter(|(_, last)| *last == key).map(|(home, _)| home);
    let home = homes.next()?;
    homes.next().is_none().then(|| home.to_owned())
}
