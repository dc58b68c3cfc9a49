//! Laws: an object does not differ from itself, the changes lead from the old to the new, the order of objects means nothing.

use gqlgen::diff::{Diff, ObjectId, Op, Options, Snapshot, compare};
use gqlgen::report::diff_json;
use serde_json::Value;

use crate::fixture::{Case, set};

#[test]
fn nothing_differs_from_itself() {
    for case in Case::all() {
        for side in [case.before(), case.after()] {
            let diff = compare(std::slice::from_ref(&side), std::slice::from_ref(&side), &Options::default());
            assert!(diff.changes.is_empty(), "{}: {:?}", case.name, diff.changes);
        }
    }
}

#[test]
fn the_order_of_objects_and_keys_means_nothing() {
    for case in Case::all() {
        let (mut before, mut after) = (case.before(), case.after());
        before.objects.reverse();
        after.objects.reverse();
        before.objects.iter_mut().chain(&mut after.objects).for_each(reverse_keys);
        let turned = compare(&[before], &[after], &case.options());
        assert_eq!(told(&turned), told(&case.diff()), "{}", case.name);
    }
}

/// The report, with maps in a fixed order (those of values are the objects' own).
fn told(diff: &Diff) -> Value {
    let mut value = diff_json::value(diff);
    value.sort_all_objects();
    value
}

fn reverse_keys(value: &mut Value) {
    match value {
        Value::Object(map) => {
            let reversed = std::mem::take(map).into_iter().rev();
            map.extend(reversed.map(|(key, mut value)| {
                reverse_keys(&mut value);
                (key, value)
            }));
        }
        Value::Array(items) => items.iter_mut().for_each(reverse_keys),
        _ => {}
    }
}

#[test]
fn the_changes_lead_from_the_old_to_the_new() {
    let mut applied = 0;
    for case in Case::all().iter().filter(|c| !c.is_live()) {
        let options = Options { show_secrets: true, ..case.options() };
        let (before, after) = (case.before(), case.after());
        let report = diff_json::value(&compare(std::slice::from_ref(&before), std::slice::from_ref(&after), &options));
        applied += usize::from(report["changes"].as_array().is_some_and(|changes| !changes.is_empty()));
        let mut patched = before.clone();
        apply(&mut patched, &report);
        let left = compare(&[patched], std::slice::from_ref(&after), &options);
        assert!(left.changes.is_empty(), "{}: {:?}", case.name, left.changes);
    }
    assert!(applied >= 40, "only {applied} cases have changes to apply");
}

/// Applies a JSON report: what is removed by old paths from the back, then the rest by new paths from the front.
fn apply(snapshot: &mut Snapshot, report: &Value) {
    let mut changes: Vec<&Value> = report["changes"].as_array().unwrap().iter().collect();
    let key = |c: &Value| c["path"].as_str().unwrap().split('/').map(|p| (p.parse::<usize>().ok(), p.to_owned())).collect::<Vec<_>>();
    changes.sort_by_key(|c| key(c));
    let is_removal = |c: &&&Value| c["op"] == "remove";
    let removals: Vec<&Value> = changes.iter().filter(is_removal).rev().copied().collect();
    let rest: Vec<&Value> = changes.iter().filter(|c| !is_removal(c)).copied().collect();
    for change in removals.into_iter().chain(rest) {
        apply_one(snapshot, change);
    }
}

fn apply_one(snapshot: &mut Snapshot, change: &Value) {
    let path = change["path"].as_str().unwrap();
    let wanted = &change["object"];
    let is_it = |o: &Value| {
        let id = ObjectId::of(o, "shop").unwrap();
        wanted["kind"] == id.kind.as_str() && wanted["name"] == id.name.as_str() && wanted["namespace"].as_str() == id.namespace.as_deref()
    };
    if path.is_empty() && change["op"] == "add" {
        return snapshot.objects.push(change["after"].clone());
    }
    let at = snapshot.objects.iter().position(is_it).unwrap();
    if path.is_empty() {
        snapshot.objects.remove(at);
        return;
    }
    let object = &mut snapshot.objects[at];
    if let Some(annotation) = attribute(path) {
        return apply_attribute(object, annotation, change);
    }
    let parent_is_list = object.pointer(path.rsplit_once('/').unwrap().0).is_some_and(Value::is_array);
    match Op::from_word(change["op"].as_str().unwrap()) {
        Op::Add if parent_is_list => set(object, path, None, Some(&change["after"])),
        Op::Remove => set(object, path, None, None),
        _ => set(object, path, Some(&change["after"]), None),
    }
}

trait FromWord {
    fn from_word(word: &str) -> Op;
}

impl FromWord for Op {
    fn from_word(word: &str) -> Op {
        [Op::Add, Op::Remove, Op::Replace].into_iter().find(|op| op.as_str() == word).unwrap()
    }
}

/// The annotation and the attribute of a path with one segment more.
fn attribute(path: &str) -> Option<(&str, &str)> {
    let (annotation, attribute) = path.rsplit_once('/')?;
    (annotation.starts_with("/metadata/annotations/")).then_some((annotation, attribute))
}

fn apply_attribute(object: &mut Value, (annotation, attribute): (&str, &str), change: &Value) {
    let text = object.pointer(annotation).unwrap().as_str().unwrap();
    let mut entries: Vec<String> = text.split(',').filter(|e| e.trim().split('=').next() != Some(attribute)).map(str::to_owned).collect();
    if let Some(after) = change.get("after") {
        entries.push(format!("{attribute}={}", after.as_str().unwrap()));
    }
    set(object, annotation, Some(&Value::String(entries.join(","))), None);
}
