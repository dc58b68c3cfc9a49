//! What feeds a field of a rendered object: a value, the release's name or its namespace.
//!
//! Its influence is found by rendering once more with that one thing changed and looking at what moved. It is done only when
//! somebody asks, since it costs a rendering for each value.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::chart::Release;
use crate::resolve;
use crate::source::Pointer;

/// Kind and name of an object.
type Name = (String, String);

/// What feeds a field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Feed {
    /// A custom value, by its pointer.
    Value(Pointer),
    /// A config key that reaches Helm beside the values: `/release` or `/namespace`.
    Key(&'static str),
}

/// Fields of objects and what feeds them.
pub struct Provenance {
    /// (object, pointer of the field that moved) -> what moved it.
    moved: BTreeMap<(Name, String), Vec<Feed>>,
    /// Objects that come and go with a value.
    whole: BTreeMap<Name, Feed>,
}

impl Provenance {
    /// Of the custom values of a chart version.
    pub fn new(values: &Value, release: &Release, chart_version: &str) -> Provenance {
        let mut provenance = Provenance { moved: BTreeMap::new(), whole: BTreeMap::new() };
        let chart = resolve::chart();
        let Some(version) = chart.version(chart_version) else { return provenance };
        let render = |values: &Value, release: &Release| -> Vec<(Name, Value)> {
            let objects = chart.render(version, values, release).unwrap_or_default();
            objects.into_iter().map(|o| (name_of(&o.value), o.value)).collect()
        };
        let before = render(values, release);
        for (key, change) in [("/release", change_name as fn(&mut Release)), ("/namespace", change_namespace)] {
            let mut changed = release.clone();
            change(&mut changed);
            provenance.record(&before, &render(values, &changed), &Feed::Key(key));
        }
        let mut leaves = Vec::new();
        collect(values, &Pointer::root(), &mut leaves);
        for leaf in leaves {
            let mut changed = values.clone();
            change(&mut changed, &leaf);
            provenance.record(&before, &render(&changed, release), &Feed::Value(leaf));
        }
        provenance
    }

    /// Notes what moved between two renderings. Names may have moved too: then objects are paired by their order.
    fn record(&mut self, before: &[(Name, Value)], after: &[(Name, Value)], feed: &Feed) {
        let paired = before.len() == after.len() && before.iter().zip(after).all(|(b, a)| b.0.0 == a.0.0);
        for (index, (name, object)) in before.iter().enumerate() {
            let now = if paired { after.get(index) } else { after.iter().find(|(n, _)| n == name) };
            let Some((_, now)) = now else {
                self.whole.entry(name.clone()).or_insert_with(|| feed.clone());
                continue;
            };
            let mut paths = Vec::new();
            differing(object, now, &Pointer::root(), &mut paths);
            for path in paths {
                self.moved.entry((name.clone(), path.to_string())).or_default().push(feed.clone());
            }
        }
    }

    /// What decides whether the object is there at all; else its name and namespace decide what it is.
    pub fn feed_of_object(&self, object: &Value) -> Option<Feed> {
        let name = name_of(object);
        let named = |field: &str| self.moved.get(&(name.clone(), field.to_owned())).and_then(|feeds| feeds.first()).cloned();
        self.whole.get(&name).cloned().or_else(|| named("/metadata/name")).or_else(|| named("/metadata/namespace"))
    }

    /// What feeds a field, or one of its parts or parents; none where only the chart itself does. The most particular feed wins: a
    /// value before the release's name.
    pub fn feed_of(&self, object: &Value, pointer: &Pointer) -> Option<Feed> {
        let name = name_of(object);
        let mut at = Some(pointer.clone());
        while let Some(field) = at {
            if let Some(values) = self.moved.get(&(name.clone(), field.to_string())) {
                return values.last().cloned();
            }
            at = field.parent();
        }
        // A map that is passed on as it is: its own place is above that of its parts.
        let below = format!("{pointer}/");
        for ((_, field), feeds) in self.moved.iter().filter(|((n, field), _)| *n == name && field.starts_with(&below)) {
            let Some(Feed::Value(value)) = feeds.last() else { continue };
            if let Some(whole) = value.as_str().strip_suffix(&field[below.len() - 1..]) {
                return Some(Feed::Value(Pointer::parse(whole)));
            }
        }
        // Nothing feeds the field itself: what feeds its parts, then what stands beside it, is where the user can change something.
        let mut around = Some(pointer.clone());
        while let Some(part) = around.filter(|p| p.segments().count() > 1) {
            let below = format!("{part}/");
            let mut feeds =
                self.moved.iter().filter(|((n, field), _)| *n == name && field.starts_with(&below)).filter_map(|(_, f)| f.last());
            let first = feeds.next();
            // A value beside it says more than the release's name, which is everywhere.
            let value = first.into_iter().chain(feeds).find(|feed| matches!(feed, Feed::Value(_)));
            if let Some(feed) = value.or(first) {
                return Some(feed.clone());
            }
            around = part.parent();
        }
        None
    }
}

/// Length from which a text may be cut when it becomes part of a name.
const LONG: usize = 40;

fn change_name(release: &mut Release) {
    release.name.push('0');
}

fn change_namespace(release: &mut Release) {
    release.namespace.push('0');
}

fn name_of(object: &Value) -> Name {
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    (text(&object["kind"]), text(&object["metadata"]["name"]))
}

fn collect(value: &Value, pointer: &Pointer, leaves: &mut Vec<Pointer>) {
    match value {
        Value::Object(map) if !map.is_empty() => map.iter().for_each(|(k, v)| collect(v, &pointer.join(k), leaves)),
        Value::Array(items) if !items.is_empty() => items.iter().enumerate().for_each(|(i, v)| collect(v, &pointer.index(i), leaves)),
        _ => leaves.push(pointer.clone()),
    }
}

/// Gives a leaf another value; what holds nothing is taken away, so that the chart's default shows.
fn change(values: &mut Value, leaf: &Pointer) {
    let Some(target) = values.pointer_mut(leaf.as_str()) else { return };
    if !matches!(target, Value::Null | Value::Array(_) | Value::Object(_)) {
        *target = other(target);
        return;
    }
    let parent = leaf.parent().and_then(|parent| values.pointer_mut(parent.as_str()));
    if let (Some(Value::Object(map)), Some(key)) = (parent, leaf.last()) {
        map.shift_remove(key.as_str());
    }
}

/// A value of the same type that differs.
fn other(value: &Value) -> Value {
    match value {
        Value::Bool(b) => Value::Bool(!b),
        Value::Number(n) => n.as_i64().map_or(Value::from(1), |i| Value::from(i.wrapping_add(1))),
        // Names are cut at their end: a long one is changed at its beginning.
        Value::String(s) if s.len() > LONG => Value::String(format!("x{s}")),
        Value::String(s) => Value::String(format!("{s}0")),
        other => other.clone(),
    }
}

fn differing(a: &Value, b: &Value, pointer: &Pointer, paths: &mut Vec<Pointer>) {
    match (a, b) {
        (Value::Object(x), Value::Object(y)) => {
            for (key, value) in x {
                match y.get(key) {
                    Some(now) => differing(value, now, &pointer.join(key), paths),
                    None => paths.push(pointer.join(key)),
                }
            }
            paths.extend(y.keys().filter(|k| !x.contains_key(*k)).map(|k| pointer.join(k)));
        }
        (Value::Array(x), Value::Array(y)) if x.len() == y.len() => {
            x.iter().zip(y).enumerate().for_each(|(i, (v, w))| differing(v, w, &pointer.index(i), paths));
        }
        _ if a != b => paths.push(pointer.clone()),
        _ => {}
    }
}
