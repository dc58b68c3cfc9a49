//! Annotations whose value is JSON.
//!
//! `listen-ports`, which stands in nearly every Ingress with TLS, is read by hand; the others are checked against the small
//! JSON Schemas of `schemas/annotation-shapes.json`, which are compiled only when one of them occurs.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::OnceLock;

use jsonschema::Validator;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::{At, Findings, Subject};
use crate::compile::ingress::catalogue::Entry;
use crate::config::decode::shown;

pub fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let class = subject.catalogue();
    for (key, text) in &subject.annotations {
        let Some((entry, shape)) = class.entry(key).and_then(|e| Some((e, e.shape.as_deref()?))) else { continue };
        if entry.family && is_unused(subject, entry, key) {
            continue;
        }
        let read: Doubled = match serde_json::from_str(text) {
            Ok(read) => read,
            Err(error) => {
                findings.error(At::key(*key), format!("{} is no JSON ({error}): `{}`", entry.what, shown(text))).help(example(shape));
                continue;
            }
        };
        if let Some(name) = read.0.first() {
            findings
                .warning(
                    At::key(*key),
                    format!("in {} the key `{}` stands twice in one object, and only the last counts", entry.what, shown(name)),
                )
                .help("write one object for each, such as [{\"HTTP\":80},{\"HTTP\":8080}]");
        }
        let value: Value = serde_json::from_str(text).unwrap_or_default();
        match shape {
            "listenPorts" => listen_ports(subject, key, &value, findings),
            _ => shaped(entry, shape, key, &value, findings),
        }
    }
}

/// An action that no backend names is not read at all; that is another rule's finding.
fn is_unused(subject: &Subject<'_>, entry: &Entry, key: &str) -> bool {
    let name = key.strip_prefix(subject.key(&entry.key).as_str()).unwrap_or_default();
    let used = if entry.key == "actions." { &subject.actions } else { &subject.backends };
    !used.iter().any(|n| n == name)
}

fn example(shape: &str) -> &'static str {
    match shape {
        "listenPorts" => "write it as '[{\"HTTP\":80},{\"HTTPS\":443}]'",
        _ => "write JSON in single quotes, with double quotes inside",
    }
}

fn listen_ports(subject: &Subject<'_>, key: &str, value: &Value, findings: &mut Findings) {
    let mut fault = |message: &str| {
        findings.error(At::key(key), format!("{message}; the controller refuses the whole group")).help(example("listenPorts"));
    };
    let Some(items) = value.as_array().filter(|items| !items.is_empty()) else {
        return fault("the listeners must be a list with at least one object");
    };
    let mut seen: BTreeMap<u64, String> = BTreeMap::new();
    let mut both = None;
    for item in items {
        let Some(pairs) = item.as_object() else { return fault("each listener must be an object such as {\"HTTP\":80}") };
        for (protocol, port) in pairs {
            if !matches!(protocol.as_str(), "HTTP" | "HTTPS") {
                return fault(&format!("a listener's protocol is HTTP or HTTPS in upper case, not `{}`", shown(protocol)));
            }
            let Some(port) = port.as_u64().filter(|p| (1..=65535).contains(p)) else {
                return fault(&format!("a listener's port is a number of 1 to 65535 without quotes, not `{}`", shown(&port.to_string())));
            };
            if seen.insert(port, protocol.clone()).is_some_and(|other| other != *protocol) {
                both = Some(port);
            }
        }
    }
    if let Some(port) = both {
        findings.warning(
            subject.at("listen-ports"),
            format!("port {port} is given as HTTP and as HTTPS; one of them is dropped without notice"),
        );
    }
}

fn shaped(entry: &Entry, shape: &str, key: &str, value: &Value, findings: &mut Findings) {
    static SHAPES: OnceLock<BTreeMap<String, Validator>> = OnceLock::new();
    let shapes = SHAPES.get_or_init(|| {
        let read: BTreeMap<String, Value> =
            serde_json::from_str(include_str!("../../../schemas/annotation-shapes.json")).expect("the committed shapes are read by a test");
        let compile = |schema: &Value| jsonschema::validator_for(schema).expect("the committed shapes are compiled by a test");
        read.iter().map(|(name, schema)| (name.clone(), compile(schema))).collect()
    });
    let Some(error) = shapes.get(shape).and_then(|schema| schema.iter_errors(value).next()) else { return };
    let path = error.instance_path().to_string();
    let place = if path.is_empty() { String::new() } else { format!(" at {path}") };
    findings.error(At::key(key), format!("{} is not as the controller reads it{place}: {}", entry.what, shown(&error.to_string())));
}

/// The keys that stand twice in one object of a JSON text.
struct Doubled(Vec<String>);

impl<'de> Deserialize<'de> for Doubled {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DoubledVisitor)
    }
}

struct DoubledVisitor;

impl<'de> Visitor<'de> for DoubledVisitor {
    type Value = Doubled;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_bool<E>(self, _: bool) -> Result<Doubled, E> {
        Ok(Doubled(Vec::new()))
    }
    fn visit_i64<E>(self, _: i64) -> Result<Doubled, E> {
        Ok(Doubled(Vec::new()))
    }
    fn visit_u64<E>(self, _: u64) -> Result<Doubled, E> {
        Ok(Doubled(Vec::new()))
    }
    fn visit_f64<E>(self, _: f64) -> Result<Doubled, E> {
        Ok(Doubled(Vec::new()))
    }
    fn visit_str<E>(self, _: &str) -> Result<Doubled, E> {
        Ok(Doubled(Vec::new()))
    }
    fn visit_unit<E>(self) -> Result<Doubled, E> {
        Ok(Doubled(Vec::new()))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Doubled, A::Error> {
        let mut all = Vec::new();
        while let Some(Doubled(inner)) = items.next_element()? {
            all.extend(inner);
        }
        Ok(Doubled(all))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Doubled, A::Error> {
        let (mut all, mut keys) = (Vec::new(), Vec::<String>::new());
        while let Some((key, Doubled(inner))) = entries.next_entry::<String, Doubled>()? {
            all.extend(inner);
            if keys.contains(&key) {
                all.push(key);
            } else {
                keys.push(key);
            }
        }
        Ok(Doubled(all))
    }
}
