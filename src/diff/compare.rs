//! Two lists of snapshots to a [`Diff`].

use std::cell::OnceCell;
use std::collections::BTreeMap;

use serde_json::Value;

use super::change::{Change, Diff, Op};
use super::identity::{self, ObjectId};
use super::ignore::Ignore;
use super::impact::{self, Question};
use super::mask::Secrets;
use super::pair;
use super::snapshot::{Cause, Origin, Snapshot};
use super::values;
use super::walk::{Raw, Walk};
use crate::source::Pointer;

#[derive(Clone, Default, Debug)]
pub struct Options {
    pub ignore: Vec<Ignore>,
    /// Leaves secrets in the result.
    pub show_secrets: bool,
}

/// The objects of one side of one environment, by identity.
pub type Objects<'a> = BTreeMap<ObjectId, &'a Value>;

/// What is deployed against what is wanted. Objects that are none (no kind, no name) are passed over.
pub fn compare(old: &[Snapshot], new: &[Snapshot], options: &Options) -> Diff {
    let secrets = if options.show_secrets { Secrets::shown() } else { Secrets::of(old.iter().chain(new)) };
    let mut changes = Vec::new();
    for (deployed, wanted) in pair::environments(old, new) {
        let sides = Sides { old: objects(deployed), new: objects(wanted) };
        let found = Environment { deployed, wanted, sides: &sides, options, secrets: &secrets, changed_keys: OnceCell::new() }.changes();
        changes.extend(found);
    }
    Diff::new(changes, Vec::new())
}

/// Both sides of one environment.
pub struct Sides<'a> {
    pub old: Objects<'a>,
    pub new: Objects<'a>,
}

fn objects(snapshot: Option<&Snapshot>) -> Objects<'_> {
    let Some(snapshot) = snapshot else { return BTreeMap::new() };
    snapshot.objects.iter().filter_map(|o| ObjectId::of(o, &snapshot.namespace).map(|id| (id, o))).collect()
}

struct Environment<'a> {
    deployed: Option<&'a Snapshot>,
    wanted: Option<&'a Snapshot>,
    sides: &'a Sides<'a>,
    options: &'a Options,
    secrets: &'a Secrets,
    /// Keys in which the configs of both sides differ, where both were built from one.
    changed_keys: OnceCell<Vec<Pointer>>,
}

impl Environment<'_> {
    fn changes(&self) -> Vec<Change> {
        let mut changes = Vec::new();
        for (id, new) in &self.sides.new {
            match self.sides.old.get(id) {
                Some(old) => changes.extend(self.walk(id, old, new).into_iter().map(|raw| self.judged(id, raw))),
                None => changes.extend(self.whole(id, None, Some(new))),
            }
        }
        for (id, old) in self.sides.old.iter().filter(|(id, _)| !self.sides.new.contains_key(*id)) {
            changes.extend(self.whole(id, Some(old), None));
        }
        if let (Some(deployed), Some(wanted)) = (self.deployed, self.wanted) {
            let unused = values::unused(deployed, wanted, self.sides.old == self.sides.new, &self.options.ignore);
            changes.extend(unused.into_iter().map(|(id, raw)| self.judged(&id, raw)));
        }
        changes
    }

    fn walk(&self, id: &ObjectId, old: &Value, new: &Value) -> Vec<Raw> {
        let origin = |snapshot: Option<&Snapshot>| snapshot.map_or(Origin::Manifest, |s| s.origin);
        let origins = (origin(self.deployed), origin(self.wanted));
        let folded = (origins.0 != origins.1 && id.kind == "Secret").then(|| (fold_string_data(old), fold_string_data(new)));
        let (old, new) = folded.as_ref().map_or((old, new), |(old, new)| (old, new));
        Walk { id, old, new, origins, ignored: &self.options.ignore, found: Vec::new() }.run()
    }

    fn whole(&self, id: &ObjectId, old: Option<&Value>, new: Option<&Value>) -> Option<Change> {
        if self.options.ignore.iter().any(|i| i.covers(id, &[])) {
            return None;
        }
        let op = if new.is_some() { Op::Add } else { Op::Remove };
        Some(self.judged(id, Raw { path: Vec::new(), op, before: old.cloned(), after: new.cloned() }))
    }

    fn judged(&self, id: &ObjectId, raw: Raw) -> Change {
        let (old, new) = (self.sides.old.get(id).copied(), self.sides.new.get(id).copied());
        let question = Question {
            id,
            path: &raw.path,
            op: raw.op,
            before: raw.before.as_ref(),
            after: raw.after.as_ref(),
            old,
            new,
            sides: self.sides,
        };
        let verdict = impact::judge(&question);
        let path = raw.path.iter().fold(Pointer::root(), |pointer, segment| pointer.join(segment));
        let cause = self.cause(id, &path, raw.op);
        let environment = self.wanted.or(self.deployed).and_then(|s| s.environment.clone());
        let (before, after) = self.secrets.mask(id, &raw, if raw.op == Op::Remove { old } else { new });
        Change {
            api_version: new.or(old).map_or("", identity::api_version).to_owned(),
            object: id.clone(),
            environment,
            item: item(&raw.path, if raw.op == Op::Remove { old } else { new }),
            path,
            op: raw.op,
            before,
            after,
            impact: verdict.impact,
            not_picked_up: verdict.not_picked_up,
            consequence: verdict.consequence,
            source: verdict.source,
            cause,
            state: None,
        }
    }
}

impl Environment<'_> {
    /// The key of the wanted config. What is removed was fed by a key of the old one, which may still be there, with another value.
    fn cause(&self, id: &ObjectId, path: &Pointer, op: Op) -> Option<Cause> {
        let wanted = self.wanted?.causes.as_ref()?;
        let mut found = wanted.of(id, path, op);
        let Some(before) = self.deployed.and_then(|d| d.causes.as_ref()) else { return found };
        if found.is_none() && op == Op::Remove {
            found = before.of(id, path, Op::Replace).and_then(|cause| wanted.key(&cause.path));
        }
        let changed = self.changed_keys.get_or_init(|| {
            let mut changed = Vec::new();
            differing(&before.config(), &wanted.config(), &Pointer::root(), &mut changed);
            changed
        });
        // Where one key alone differs, it is the cause of everything, whatever else feeds the field.
        match changed.as_slice() {
            [only] => {
                let key = wanted.key(only.as_str());
                let is_below = |cause: &Cause| key.as_ref().is_some_and(|key| cause.path.starts_with(&format!("{}/", key.path)));
                found.filter(is_below).or(key)
            }
            _ => found,
        }
    }
}

/// The name of the innermost list item that has one, unless the path ends there.
fn item(path: &[String], object: Option<&Value>) -> Option<String> {
    let (mut at, mut found) = (object?, None);
    for (index, segment) in path.iter().enumerate() {
        let next = match at {
            Value::Array(items) => segment.parse::<usize>().ok().and_then(|i| items.get(i)),
            other => other.get(segment),
        };
        let Some(next) = next else { break };
        let rest = &path[index + 1..];
        let name = |field: &&&str| rest.first().is_some_and(|last| last != **field);
        if at.is_array()
            && let Some(text) = ["name", "host", "key"].iter().filter(name).find_map(|field| next.get(field).and_then(Value::as_str))
        {
            found = Some(text.to_owned());
        }
        at = next;
    }
    found
}

/// Pointers at which two configs differ.
fn differing(old: &Value, new: &Value, at: &Pointer, found: &mut Vec<Pointer>) {
    match (old, new) {
        (Value::Object(a), Value::Object(b)) => {
            for (key, value) in b {
                match a.get(key) {
                    Some(before) => differing(before, value, &at.join(key), found),
                    None => found.push(at.join(key)),
                }
            }
            found.extend(a.keys().filter(|key| !b.contains_key(*key)).map(|key| at.join(key)));
        }
        _ if old != new => found.push(at.clone()),
        _ => {}
    }
}

/// A Secret as the API server stores it: `stringData` written into `data`.
fn fold_string_data(secret: &Value) -> Value {
    use base64::Engine as _;
    let mut secret = secret.clone();
    let Some(Value::Object(texts)) = secret.as_object_mut().and_then(|s| s.shift_remove("stringData")) else { return secret };
    if let Some(object) = secret.as_object_mut()
        && let Some(data) = object.entry("data").or_insert_with(|| Value::Object(serde_json::Map::new())).as_object_mut()
    {
        for (key, text) in texts {
            let bytes = text.as_str().unwrap_or_default().to_owned();
            data.insert(key, Value::String(base64::engine::general_purpose::STANDARD.encode(bytes)));
        }
    }
    secret
}
