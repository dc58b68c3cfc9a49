//! The canonical form of `schema.json`: what the user meant, written so that every version of the loader reads the same.
//!
//! Tables, columns and key columns stay in the user's order; the fields of a table stand in a fixed one. Nothing fails here: what the
//! loader would refuse is reported by rules and passed on as it is.

use serde_json::{Map, Value};

use crate::config::tree::Node;
use crate::model::Version;

/// Fields of a table in the order in which they are written; any other follows in the file's order.
const FIELDS: [&str; 12] = [
    "transaction",
    "partition-key",
    "clustering-key",
    "columns",
    "secondary-index",
    "replication-strategy",
    "replication-factor",
    "compaction-strategy",
    "ru",
    "no-scaling",
    "no-backup",
    "network-strategy",
];

/// First minor whose loader takes a table for transactional when it says nothing.
pub const TRANSACTION_BY_DEFAULT_SINCE: u16 = 7;

/// The tables as the loader is given them.
pub fn canonical(schema: &Node, version: Version) -> Value {
    let Some(tables) = schema.as_mapping() else { return schema.to_json() };
    Value::Object(tables.iter().map(|(name, entry)| (name.clone(), table(&entry.value, version))).collect())
}

/// Names of the namespaces, in the order of their first table.
pub fn namespaces(schema: &Node) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for name in schema.as_mapping().into_iter().flat_map(|tables| tables.keys()) {
        if let Some((namespace, _)) = name.split_once('.')
            && !namespace.is_empty()
            && !found.iter().any(|known| known == namespace)
        {
            found.push(namespace.to_owned());
        }
    }
    found
}

fn table(node: &Node, version: Version) -> Value {
    let Some(fields) = node.as_mapping() else { return node.to_json() };
    let mut table = Map::new();
    for field in FIELDS {
        let given = fields.get(field).map(|entry| &entry.value);
        let value = match (field, given) {
            ("transaction", None) => Some(Value::Bool(version.at_least(TRANSACTION_BY_DEFAULT_SINCE))),
            ("columns", Some(node)) => Some(columns(node)),
            ("partition-key" | "secondary-index", Some(node)) => Some(texts(node, str::to_owned)),
            ("clustering-key", Some(node)) => Some(texts(node, clustering_column)),
            (_, Some(node)) => Some(node.to_json()),
            (_, None) => None,
        };
        if let Some(value) = value {
            table.insert(field.to_owned(), value);
        }
    }
    for (field, entry) in fields {
        if !table.contains_key(field) {
            table.insert(field.clone(), entry.value.to_json());
        }
    }
    Value::Object(table)
}

fn columns(node: &Node) -> Value {
    let Some(columns) = node.as_mapping() else { return node.to_json() };
    let kind = |node: &Node| node.as_scalar().map_or_else(|| node.to_json(), |scalar| Value::String(scalar.text.to_uppercase()));
    Value::Object(columns.iter().map(|(name, entry)| (name.clone(), kind(&entry.value))).collect())
}

/// A list of names. One that YAML alone would take for something else (`2024`, `true`) is a name in a list of names.
fn texts(node: &Node, form: impl Fn(&str) -> String) -> Value {
    let Some(items) = node.as_sequence() else { return node.to_json() };
    items
        .iter()
        .map(|item| item.as_scalar().filter(|s| !s.is_null()).map_or_else(|| item.to_json(), |s| Value::String(form(&s.text))))
        .collect()
}

/// `name ORDER`, the order in upper case and after one blank, which every version reads.
fn clustering_column(text: &str) -> String {
    match text.rsplit_once(' ') {
        Some((name, order)) if order.eq_ignore_ascii_case("asc") || order.eq_ignore_ascii_case("desc") => {
            format!("{} {}", name.trim_end(), order.to_ascii_uppercase())
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::json;

    #[test]
    fn fields_stand_in_a_fixed_order_and_say_all() {
        let text =
            r#"{"b.t": {"columns": {"z": "text", "a": "INT"}, "x": 1, "clustering-key": ["a desc"], "partition-key": ["z"]}, "a.t": {}}"#;
        let schema = json::read("schema.json", text.as_bytes()).expect("JSON");
        assert_eq!(
            canonical(&schema, Version { minor: 7, patch: 0 }).to_string(),
            r#"{"b.t":{"transaction":true,"partition-key":["z"],"clustering-key":["a DESC"],"columns":{"z":"TEXT","a":"INT"},"x":1},"a.t":{"transaction":true}}"#
        );
        assert_eq!(canonical(&schema, Version { minor: 6, patch: 8 })["a.t"]["transaction"], Value::Bool(false));
        assert_eq!(namespaces(&schema), ["b", "a"]);
    }
}
