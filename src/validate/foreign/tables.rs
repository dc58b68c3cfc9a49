//! A `schema.json` or a `database.properties` on its own: judged by the rules of a config that holds just it.
//!
//! What the file does not say, the storage or the version, is taken from the command line. Without a storage, only what all
//! storages would say of a schema is reported.

use std::sync::Arc;

use super::Judged;
use crate::compile::{self, contact_points};
use crate::config::decode::Decode;
use crate::config::layers::{Layered, merge};
use crate::config::raw::{Settings, Storage};
use crate::config::tree::{Entry, Kind, Mapping, Node, Scalar, Style};
use crate::config::{json, properties, yaml};
use crate::diagnostic::{Diagnostic, Level};
use crate::resolve;
use crate::source::{Place, Source};
use crate::validate::rule::{self, Context};

/// Stands in where nobody says the version.
const NEWEST: &str = "3.13";

/// Rules about what the chart cannot carry to the servers: this file may be a server's own.
const ABOUT_THE_CHART: [&str; 3] = ["DB016", "DB021", "DB022"];
/// The rule about placeholders, which ScalarDB does look up in a file that was written for it.
const PLACEHOLDER: &str = "DB005";

/// Minor of a version as given.
fn minor(version: &str) -> Option<u16> {
    crate::model::number(version.strip_prefix("3.")?.split('.').next()?)
}

/// Judges a `schema.json`.
pub fn judge_schema(name: &str, bytes: &[u8], version: Option<&str>, storage: Option<&str>) -> Judged {
    let schema = match json::read(name, bytes) {
        Ok(schema) => Arc::new(schema),
        Err(fault) => return Judged::failed(*fault),
    };
    let storages: Vec<&str> = match storage {
        Some(one) => vec![one],
        None => Storage::WORDS.iter().copied().filter(|s| *s != "grpc").collect(),
    };
    let found: Vec<Vec<Diagnostic>> = storages.iter().map(|storage| of_schema(&schema, version.unwrap_or(NEWEST), storage)).collect();
    let mut judged = Judged::default();
    let (first, others) = found.split_first().expect("at least one storage");
    let everywhere = |d: &&Diagnostic| others.iter().all(|other| other.iter().any(|o| o.rule == d.rule && o.place == d.place));
    judged.diagnostics = first.iter().filter(everywhere).cloned().collect();
    if storage.is_none() {
        judged.not_checked("what one storage alone would refuse", "`--storage` is not given");
    }
    if version.is_none() {
        judged.not_checked("what an older Schema Loader would refuse", "`--scalardb` is not given; 3.13 was taken");
    }
    judged
}

fn of_schema(schema: &Arc<Node>, version: &str, storage: &str) -> Vec<Diagnostic> {
    let point = match storage {
        "jdbc" => "jdbc:oracle:thin:@//db.example.internal:1521/db",
        "cosmos" => "https://example.documents.azure.com:443/",
        "dynamo" => "us-east-1",
        _ => "db.example.internal",
    };
    let tree = skeleton(version, storage, point);
    // The tables stand in the file: as with a config that names it.
    let layered = layered(tree, Some(schema.clone()));
    run(&layered, &schema.place.source)
}

/// Judges a `database.properties`.
pub fn judge_properties(name: &str, bytes: &[u8], version: Option<&str>) -> Judged {
    let source = match yaml::decode(name, bytes) {
        Ok(source) => source,
        Err(fault) => return Judged::failed(*fault),
    };
    let lines = properties::read(&source);
    let mut judged = Judged::default();
    for (index, line) in lines.iter().enumerate() {
        if line.malformed {
            judged.diagnostics.push(Diagnostic::error(
                "DB090",
                line.value_place.clone(),
                "a `\\u` without four hexadecimal digits behind it: Java refuses the file",
            ));
        }
        if let Some(first) = lines[..index].iter().find(|l| l.key == line.key) {
            let fault = Diagnostic::new(
                "DB090",
                Level::Warning,
                line.key_place.clone(),
                format!("`{}` stands a second time: this line wins", line.key),
            );
            judged.diagnostics.push(fault.related(first.key_place.clone(), "first here"));
        }
    }
    let tree = of_lines(&lines, version.unwrap_or(NEWEST));
    let looks_up = version.and_then(minor).is_none_or(|minor| minor >= contact_points::PLACEHOLDERS_SINCE);
    let of_the_file = |d: &Diagnostic| !ABOUT_THE_CHART.contains(&d.rule) && (d.rule != PLACEHOLDER || !looks_up);
    judged.diagnostics.extend(run(&layered(tree, None), &source).into_iter().filter(of_the_file));
    if version.is_none() {
        judged.not_checked("what an older ScalarDB would refuse or ignore", "`--scalardb` is not given; 3.13 was taken");
    }
    judged
}

/// A config that says what the lines say. Lines that have a key of their own in the language become that key.
fn of_lines(lines: &[properties::Line], version: &str) -> Node {
    const OWN: [(&str, &[&str]); 6] = [
        ("scalar.db.storage", &["database", "storage"]),
        ("scalar.db.contact_points", &["database", "contactPoints"]),
        ("scalar.db.contact_port", &["database", "contactPort"]),
        ("scalar.db.transaction_manager", &["database", "transaction", "manager"]),
        ("scalar.db.consensus_commit.isolation_level", &["database", "transaction", "isolation"]),
        ("scalar.db.consensus_commit.serializable_strategy", &["database", "transaction", "serializableStrategy"]),
    ];
    let given = |key: &str| lines.iter().rev().find(|l| l.key == key).map(|l| l.value.trim().to_owned());
    let storage = given("scalar.db.storage").unwrap_or_else(|| "cassandra".into());
    let points = given("scalar.db.contact_points").unwrap_or_default();
    let mut tree = skeleton(version, &storage, &points);
    for line in lines {
        let value = line.value.trim();
        let own = OWN.iter().find(|(key, _)| *key == line.key).map(|(_, path)| *path);
        // A login in this file is what the file is for; its rule is the config's.
        if value.is_empty() || matches!(line.key.as_str(), "scalar.db.username" | "scalar.db.password") {
            continue;
        }
        // In the file a comma that belongs to a contact point is escaped; in the language it is not.
        let escaped = line.key == "scalar.db.contact_points" && minor(version).is_some_and(|minor| minor >= contact_points::ESCAPES_SINCE);
        let value = if escaped { value.replace("\\,", ",") } else { value.to_owned() };
        let path: Vec<&str> = own.map_or_else(|| vec!["database", "properties", &line.key], <[&str]>::to_vec);
        let port = path.last() == Some(&"contactPort");
        let style = if port { Style::Plain } else { Style::Text };
        let mut node = Node { place: line.value_place.clone(), kind: Kind::Scalar(Scalar { text: value, style }) };
        for key in path.iter().rev() {
            let entry = Entry { key: line.key_place.clone(), value: node };
            node = Node { place: line.key_place.clone(), kind: Kind::Mapping(Mapping::from_iter([((*key).to_owned(), entry)])) };
        }
        tree = merge(&tree, &node);
    }
    tree
}

/// The least config around the thing to judge; its places are of no file, so that findings in it are dropped.
fn skeleton(version: &str, storage: &str, contact_points: &str) -> Node {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let text = format!(
        "scalardb: {}\ndatabase: {{ storage: {}, contactPoints: {}, credentials: {{ existingSecret: login }} }}\ngraphql: {{ namespaces: [ns] }}\n",
        quoted(version),
        quoted(storage),
        quoted(contact_points)
    );
    let source = Source::new("", text);
    yaml::parse(&source).map_or_else(|_| Node { place: Place::whole(&source), kind: Kind::Mapping(Mapping::new()) }, |d| d.root)
}

fn layered(tree: Node, schema: Option<Arc<Node>>) -> Layered {
    let settings = Settings::decode(&tree, &mut Vec::new()).unwrap_or_default();
    Layered { name: None, tree, settings, schema }
}

/// The findings of all rules that stand in the file itself.
fn run(layered: &Layered, source: &Arc<Source>) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    let _ = Settings::decode(&layered.tree, &mut faults);
    let (deployment, found) = resolve::deployment(layered);
    let compiled = compile::compile(&deployment);
    let context = Context::new(None, &layered.tree, &layered.settings, layered.schema.as_deref(), &deployment, &compiled);
    let judged = rule::run(&[context]);
    let own = |d: &Diagnostic| Arc::ptr_eq(&d.place.source, source);
    faults
        .into_iter()
        .chain(found)
        .chain(judged)
        .filter(own)
        .map(|d| Diagnostic { related: d.related.into_iter().filter(|r| Arc::ptr_eq(&r.place.source, source)).collect(), ..d })
        .collect()
}
