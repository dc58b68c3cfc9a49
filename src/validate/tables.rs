//! `schema.json`, or the same object inline, as the rules see it: tables with their parts and places. What is malformed is left out here
//! and reported by the rule for it.

use crate::compile::schema_json::TRANSACTION_BY_DEFAULT_SINCE;
use crate::config::tree::{Core, Mapping, Node, Scalar, Style};
use crate::model::Version;
use crate::source::Place;
use crate::validate::rule::Context;

/// One table.
pub struct Table<'n> {
    /// `<namespace>.<table>` as written.
    pub key: &'n str,
    /// Where the key stands.
    pub place: &'n Place,
    /// Parts of the key, where it has two.
    pub names: Option<(&'n str, &'n str)>,
    pub fields: &'n Mapping,
}

/// A name in a list, such as a key column.
#[derive(Clone)]
pub struct Name<'n> {
    pub text: &'n str,
    pub place: &'n Place,
}

/// A column.
pub struct Column<'n> {
    pub name: &'n str,
    /// Of the name.
    pub place: &'n Place,
    pub node: &'n Node,
    /// Data type in upper case, where it is a text.
    pub kind: Option<String>,
}

/// All tables that are objects.
pub fn tables<'a>(context: &Context<'a>) -> Vec<Table<'a>> {
    context.schema.map(of).unwrap_or_default()
}

fn of(schema: &Node) -> Vec<Table<'_>> {
    schema
        .as_mapping()
        .into_iter()
        .flatten()
        .filter_map(|(key, entry)| {
            let names = key.split_once('.').filter(|(namespace, table)| !namespace.is_empty() && !table.is_empty() && !table.contains('.'));
            Some(Table { key, place: &entry.key, names, fields: entry.value.as_mapping()? })
        })
        .collect()
}

/// The text of a scalar that is a text, whatever its quotes: JSON has them, inline YAML need not.
pub fn text_of(node: &Node) -> Option<&str> {
    node.as_scalar().filter(|s| matches!(s.core(), Core::Text)).map(|s| s.text.as_str())
}

/// A name in a list; one that YAML alone would take for something else is a name there.
fn name_of(node: &Node) -> Option<Name<'_>> {
    node.as_scalar().filter(|s| !s.is_null()).map(|s| Name { text: &s.text, place: &node.place })
}

/// `true` or `false`, written as such.
pub fn boolean_of(scalar: &Scalar) -> Option<bool> {
    match (scalar.style, scalar.text.as_str()) {
        (Style::Plain, "true") => Some(true),
        (Style::Plain, "false") => Some(false),
        _ => None,
    }
}

impl<'n> Table<'n> {
    pub fn node(&self, field: &str) -> Option<&'n Node> {
        self.fields.get(field).map(|entry| &entry.value)
    }

    /// The place of a field's name, else of the table's.
    pub fn field_place(&self, field: &str) -> &'n Place {
        self.fields.get(field).map_or(self.place, |entry| &entry.key)
    }

    pub fn namespace(&self) -> Option<&'n str> {
        self.names.map(|(namespace, _)| namespace)
    }

    pub fn columns(&self) -> Vec<Column<'n>> {
        self.node("columns")
            .and_then(Node::as_mapping)
            .into_iter()
            .flatten()
            .map(|(name, entry)| Column { name, place: &entry.key, node: &entry.value, kind: text_of(&entry.value).map(str::to_uppercase) })
            .collect()
    }

    /// Data type of a column, in upper case.
    pub fn kind(&self, column: &str) -> Option<String> {
        self.node("columns")?.get(column).and_then(text_of).map(str::to_uppercase)
    }

    /// Names in a list field, as they stand.
    pub fn names_in(&self, field: &str) -> Vec<Name<'n>> {
        self.node(field).and_then(Node::as_sequence).into_iter().flatten().filter_map(name_of).collect()
    }

    pub fn partition(&self) -> Vec<Name<'n>> {
        self.names_in("partition-key")
    }

    /// Clustering columns without their order.
    pub fn clustering(&self) -> Vec<Name<'n>> {
        self.names_in("clustering-key").into_iter().map(|name| Name { text: clustering_column(name.text).0, place: name.place }).collect()
    }

    pub fn index(&self) -> Vec<Name<'n>> {
        self.names_in("secondary-index")
    }

    pub fn is_key(&self, column: &str) -> bool {
        self.partition().iter().chain(&self.clustering()).any(|name| name.text == column)
    }

    /// Whether the loader makes it transactional: a text other than `true` counts as false.
    pub fn is_transactional(&self, version: Version) -> bool {
        match self.node("transaction").and_then(Node::as_scalar) {
            Some(scalar) => scalar.text.eq_ignore_ascii_case("true"),
            None => version.at_least(TRANSACTION_BY_DEFAULT_SINCE),
        }
    }
}

/// Column and order of an entry of `clustering-key`.
pub fn clustering_column(text: &str) -> (&str, Option<&str>) {
    text.split_once(' ').map_or((text, None), |(column, order)| (column, Some(order)))
}

/// Whether the servers show this namespace.
pub fn is_served(context: &Context<'_>, namespace: &str) -> bool {
    context.deployment.graphql.namespaces.iter().any(|served| served.trim() == namespace)
}

/// Whether the transaction manager keeps its own columns in transactional tables.
pub fn has_transaction_columns(context: &Context<'_>) -> bool {
    context.deployment.database.transaction.manager != "jdbc"
}
