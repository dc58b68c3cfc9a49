//! The differences of two objects, by meaning. Knows no impact and masks nothing.

use serde_json::{Map, Value};

use super::change::Op;
use super::defaults;
use super::deployed::saved;
use super::identity::ObjectId;
use super::ignore::Ignore;
use super::lists;
use super::noise::{self, Side};
use super::snapshot::Origin;
use super::text::{self, Reading};

/// One difference, with unmasked values.
#[derive(Clone, PartialEq, Debug)]
pub struct Raw {
    /// Segments, into the new object; for [`Op::Remove`] into the old one.
    pub path: Vec<String>,
    pub op: Op,
    pub before: Option<Value>,
    pub after: Option<Value>,
}

/// What is the same for all fields of a pair of objects.
pub struct Walk<'a> {
    pub id: &'a ObjectId,
    pub old: &'a Value,
    pub new: &'a Value,
    pub origins: (Origin, Origin),
    pub ignored: &'a [Ignore],
    pub found: Vec<Raw>,
}

/// Where the walk stands: lists make the two paths differ.
#[derive(Clone, Default)]
struct At {
    old: Vec<String>,
    new: Vec<String>,
}

impl At {
    fn child(&self, segment: &str) -> At {
        self.item(segment, segment)
    }

    fn item(&self, old: &str, new: &str) -> At {
        let mut at = self.clone();
        at.old.push(old.to_owned());
        at.new.push(new.to_owned());
        at
    }
}

/// Maps whose entries stand for themselves, so that the first entry is an added entry and not an added map.
const OPEN_MAPS: [&str; 5] = ["labels", "annotations", "data", "stringData", "binaryData"];

impl Walk<'_> {
    /// The differences below the root.
    pub fn run(mut self) -> Vec<Raw> {
        self.compare(&At::default(), Some(self.old), Some(self.new));
        self.found
    }

    fn compare(&mut self, at: &At, old: Option<&Value>, new: Option<&Value>) {
        let (old, new) = (old.filter(|v| !v.is_null()), new.filter(|v| !v.is_null()));
        if old == new || self.is_nothing(at, old, new) {
            return;
        }
        let empty = Value::Object(Map::new());
        let open = at.new.last().is_some_and(|last| OPEN_MAPS.contains(&last.as_str()));
        let (old, new) = match (old, new) {
            (None, Some(Value::Object(_))) if open => (Some(&empty), new),
            (Some(Value::Object(_)), None) if open => (old, Some(&empty)),
            other => other,
        };
        match (old, new) {
            (Some(Value::Object(a)), Some(Value::Object(b))) => {
                for (key, value) in b {
                    self.compare(&at.child(key), a.get(key), Some(value));
                }
                for (key, value) in a.iter().filter(|(key, _)| !b.contains_key(*key)) {
                    self.compare(&at.child(key), Some(value), None);
                }
            }
            (Some(Value::Array(a)), Some(Value::Array(b))) => self.lists(at, a, b),
            (Some(a), Some(b)) => self.scalars(at, a, b),
            (before, after) => self.emit(at, before, after),
        }
    }

    /// Noise, ignored paths, and what the API server would fill in where one side comes from a cluster.
    fn is_nothing(&self, at: &At, old: Option<&Value>, new: Option<&Value>) -> bool {
        let path = if new.is_none() { &at.old } else { &at.new };
        let kind = &self.id.kind;
        if path.is_empty() {
            return false;
        }
        if is_identity(path, old, new) || noise::is_noise(kind, path, Side::Always) || self.ignored.iter().any(|i| i.covers(self.id, path))
        {
            return true;
        }
        let (value, object, is_live) = match (old, new) {
            (Some(value), None) => (value, self.old, self.origins.0 == Origin::Live),
            (None, Some(value)) => (value, self.new, self.origins.1 == Origin::Live),
            _ => return false,
        };
        // Between a manifest and the cluster: the server adds its defaults, and drops what says nothing.
        let mixed = self.origins.0 != self.origins.1;
        mixed && (is_live && noise::is_noise(kind, path, Side::Live) || defaults::is_default(kind, path, value, object) || is_empty(value))
    }

    fn lists(&mut self, at: &At, old: &[Value], new: &[Value]) {
        if !old.iter().chain(new).all(Value::is_object) {
            // Scalars have no identity but their text, and their order is mostly one of meaning (arguments): the list is one value.
            return self.emit(at, Some(&Value::Array(old.to_vec())), Some(&Value::Array(new.to_vec())));
        }
        let field = at.new.last().map_or("", String::as_str);
        let matched = lists::pair(&self.id.kind, field, old, new);
        if matched.reordered {
            return self.emit(at, Some(&Value::Array(old.to_vec())), Some(&Value::Array(new.to_vec())));
        }
        for (i, j) in matched.pairs {
            let (a, b) = (i.map(|i| &old[i]), j.map(|j| &new[j]));
            let name = |index: Option<usize>, other: Option<usize>| index.or(other).unwrap_or_default().to_string();
            self.compare(&at.item(&name(i, j), &name(j, i)), a, b);
        }
    }

    fn scalars(&mut self, at: &At, old: &Value, new: &Value) {
        if let (Some(a), Some(b)) = (old.as_str(), new.as_str())
            && saved::same_hash(a, b) == Some(true)
        {
            return;
        }
        let reading = text::reading(&self.id.kind, &at.new);
        if reading.is_some_and(|reading| text::same(reading, old, new)) {
            return;
        }
        if let (Some(Reading::Map), Value::String(a), Value::String(b)) = (reading, old, new)
            && let (Some(a), Some(b)) = (text::attributes(a), text::attributes(b))
            && !a.is_empty()
            && !b.is_empty()
        {
            let value = |text: &String| Value::String(text.clone());
            for (key, text) in &b {
                if a.get(key) != Some(text) && !self.is_nothing(&at.child(key), None, Some(new)) {
                    self.emit(&at.child(key), a.get(key).map(value).as_ref(), Some(&value(text)));
                }
            }
            for (key, text) in a.iter().filter(|(key, _)| !b.contains_key(*key)) {
                if !self.is_nothing(&at.child(key), Some(old), None) {
                    self.emit(&at.child(key), Some(&value(text)), None);
                }
            }
            return;
        }
        self.emit(at, Some(old), Some(new));
    }

    fn emit(&mut self, at: &At, before: Option<&Value>, after: Option<&Value>) {
        let (op, path) = match (before, after) {
            (None, _) => (Op::Add, &at.new),
            (_, None) => (Op::Remove, &at.old),
            _ => (Op::Replace, &at.new),
        };
        self.found.push(Raw { path: path.clone(), op, before: before.cloned(), after: after.cloned() });
    }
}

/// Kind and name are the identity; so is the namespace, unless one side leaves it out.
fn is_identity(path: &[String], old: Option<&Value>, new: Option<&Value>) -> bool {
    match path {
        [kind] => kind == "kind",
        [metadata, field] if metadata == "metadata" => field == "name" || field == "namespace" && old.is_some() && new.is_some(),
        _ => false,
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::String(text) => text.is_empty(),
        _ => false,
    }
}
