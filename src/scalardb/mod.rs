//! What ScalarDB knows, by version: transaction managers, words, JDBC engines, data types, fields of a table, loader options, properties.
//!
//! The facts are data (`schemas/scalardb.json`), parsed when first asked for. They reach beyond the versions that the chart has, so that
//! a message can say when something came.

use std::sync::OnceLock;

use serde::Deserialize;

use crate::model::{Storage, Version, number};

/// Version range: the first version, or the first patch of each minor that got the change, and the last minor.
#[derive(Deserialize, Debug)]
pub struct Range(Vec<Bound>);

#[derive(Deserialize, Debug)]
#[serde(untagged)]
enum Bound {
    One(String),
    Patches(Vec<String>),
}

impl Bound {
    fn versions(&self) -> Vec<(u16, u16)> {
        let texts = match self {
            Bound::One(text) => std::slice::from_ref(text),
            Bound::Patches(texts) => texts.as_slice(),
        };
        let part = |text: Option<&str>| text.and_then(number).unwrap_or(0);
        texts
            .iter()
            .filter_map(|text| text.strip_prefix("3."))
            .map(|rest| {
                let mut parts = rest.split('.');
                (part(parts.next()), part(parts.next()))
            })
            .collect()
    }
}

impl Range {
    pub fn contains(&self, version: Version) -> bool {
        !self.is_later(version) && self.last().is_none_or(|last| version.minor <= last)
    }

    /// Whether it begins after this version.
    pub fn is_later(&self, version: Version) -> bool {
        let first = self.0.first().map(Bound::versions).unwrap_or_default();
        match first.iter().find(|(minor, _)| *minor == version.minor) {
            Some((_, patch)) => version.patch < *patch,
            None => first.last().is_some_and(|(minor, _)| version.minor < *minor),
        }
    }

    /// Last minor, if it ended.
    pub fn last(&self) -> Option<u16> {
        self.0.get(1).and_then(|bound| bound.versions().first().map(|(minor, _)| *minor))
    }

    /// The first version in words: `3.13`, `3.6.4, 3.7.3 and 3.8.0`.
    pub fn since(&self) -> String {
        match self.0.first() {
            Some(Bound::One(text)) => text.clone(),
            Some(Bound::Patches(texts)) => match texts.split_last() {
                Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
                _ => texts.concat(),
            },
            None => String::new(),
        }
    }
}

/// A word of an enumeration.
#[derive(Deserialize, Debug)]
pub struct Word {
    pub name: String,
    pub range: Range,
    /// The one storage that it goes with.
    pub storage: Option<String>,
}

/// A relational database that ScalarDB knows by the beginning of its URL.
#[derive(Deserialize, Debug)]
pub struct JdbcUrl {
    pub prefix: String,
    pub range: Range,
    pub example: String,
}

/// A field of a table in `schema.json`.
#[derive(Deserialize, Debug)]
pub struct TableField {
    pub name: String,
    pub kind: FieldKind,
    #[serde(default)]
    pub words: Vec<String>,
    /// Storages that read it; all where empty.
    #[serde(default)]
    pub storages: Vec<String>,
    #[serde(rename = "aliasOf")]
    pub alias_of: Option<String>,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "lowercase")]
pub enum FieldKind {
    /// Keys, columns, index, transaction: checked by their own rules.
    Structure,
    Word,
    Number,
    Boolean,
}

/// A key of `schemaLoader` that is an option of some storages.
#[derive(Deserialize, Debug)]
pub struct LoaderOption {
    pub key: String,
    /// The same as a field of a table.
    pub field: String,
    pub flag: String,
    pub storages: Vec<String>,
    #[serde(default)]
    pub words: Vec<String>,
    /// The value that gives the flag, for keys that are true or false.
    pub only: Option<bool>,
}

/// A property of ScalarDB.
#[derive(Deserialize, Debug)]
pub struct Property {
    pub name: String,
    pub range: Range,
    #[serde(rename = "type")]
    pub kind: PropertyKind,
    pub min: Option<i64>,
    #[serde(default)]
    pub words: Vec<String>,
    /// The one storage whose adapter reads it.
    pub storage: Option<String>,
    /// Beginning of the URLs that it is for.
    pub url: Option<String>,
    /// The config key that derives it.
    pub key: Option<String>,
    /// Why the servers must have it too.
    pub shared: Option<String>,
    /// Who else reads it, where nobody must share it.
    pub reader: Option<Reader>,
    /// Its other name, in other versions.
    pub also: Option<String>,
    /// Why setting it would not do, whoever reads it.
    pub note: Option<String>,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "lowercase")]
pub enum PropertyKind {
    Text,
    /// 32 bits.
    Integer,
    /// 64 bits.
    Long,
    Boolean,
    Word,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "kebab-case")]
pub enum Reader {
    /// The Schema Loader.
    Loader,
    /// The servers, not the loader.
    Servers,
    /// ScalarDB Server, another product.
    ScalardbServer,
}

/// All facts.
#[derive(Deserialize, Debug)]
#[serde(rename_all = "camelCase")]
pub struct Facts {
    pub managers: Vec<Word>,
    pub isolations: Vec<Word>,
    pub strategies: Vec<Word>,
    pub jdbc_urls: Vec<JdbcUrl>,
    pub types: Vec<Word>,
    /// Names of types elsewhere -> the data type that is meant.
    pub type_names: std::collections::BTreeMap<String, String>,
    pub table_fields: Vec<TableField>,
    pub loader_options: Vec<LoaderOption>,
    pub reserved_columns: Vec<String>,
    /// AWS regions at the time of writing; there are newer ones.
    pub dynamo_regions: Vec<String>,
    pub properties: Vec<Property>,
}

/// The facts, parsed once.
pub fn facts() -> &'static Facts {
    static FACTS: OnceLock<Facts> = OnceLock::new();
    FACTS.get_or_init(|| serde_json::from_str(include_str!("../../schemas/scalardb.json")).expect("the table is tested"))
}

/// Names of the words that this version has and, where it is given, that go with this storage.
pub fn known(words: &'static [Word], version: Version, storage: Option<Storage>) -> Vec<&'static str> {
    let fits = |word: &Word| match (&word.storage, storage) {
        (Some(own), Some(storage)) => own == storage.as_str(),
        _ => true,
    };
    words.iter().filter(|word| word.range.contains(version) && fits(word)).map(|word| word.name.as_str()).collect()
}

/// Transaction managers for a version and storage.
pub fn managers(version: Version, storage: Storage) -> Vec<&'static str> {
    known(&facts().managers, version, Some(storage))
}

/// The transaction manager where none is given.
pub fn default_manager(storage: Storage) -> &'static str {
    if storage == Storage::Grpc { "grpc" } else { "consensus-commit" }
}

/// The port of a storage that has a port of its own, used where none is given.
pub fn default_port(storage: Storage) -> Option<u16> {
    match storage {
        Storage::Cassandra => Some(9042),
        Storage::Grpc => Some(60051),
        Storage::Cosmos | Storage::Dynamo | Storage::Jdbc => None,
    }
}

/// Whether values are trimmed and booleans read in any case: from 3.6.4, 3.7.3 and 3.8.0 on.
pub fn trims(version: Version) -> bool {
    match version.minor {
        6 => version.patch >= 4,
        7 => version.patch >= 3,
        minor => minor >= 8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_begin_and_end_where_they_should() {
        let at = |minor, patch| Version { minor, patch };
        let facts = facts();
        assert_eq!(managers(at(12, 8), Storage::Jdbc), ["consensus-commit", "jdbc"]);
        assert_eq!(managers(at(13, 0), Storage::Grpc), ["consensus-commit", "grpc", "single-crud-operation"]);
        assert_eq!(known(&facts.types, at(13, 6), None).len(), 7);
        let size = facts.properties.iter().find(|p| p.name == "scalar.db.grpc.max_inbound_message_size").expect("in the table");
        for (version, has) in
            [(at(5, 0), false), (at(6, 3), false), (at(6, 4), true), (at(7, 2), false), (at(7, 3), true), (at(8, 0), true)]
        {
            assert_eq!(size.range.contains(version), has, "{version}");
        }
        assert!(!size.range.contains(at(14, 0)));
        assert_eq!(size.range.since(), "3.6.4, 3.7.3 and 3.8.0");
    }
}
