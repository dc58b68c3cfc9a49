//! `fixtures/diff/refusals.yaml`: what a real API server refuses (`tests/cluster/impact-refusals` asks one) is told as refused, by the row that is meant,
//! and what it accepts is not.

use std::collections::BTreeSet;

use gqlgen::config::yaml;
use gqlgen::diff::{Change, Impact, Options, Snapshot, compare};
use gqlgen::source::Source;
use serde_json::Value;

use crate::fixture::{root, set};

fn cases() -> Value {
    let path = root().join("refusals.yaml");
    let source = Source::new("refusals.yaml", std::fs::read_to_string(path).unwrap());
    yaml::parse_all(&source).expect("YAML")[0].root.to_json()
}

fn rows() -> Vec<Value> {
    let table: Value = serde_json::from_str(include_str!("../../schemas/diff/impacts.json")).unwrap();
    table["rows"].as_array().unwrap().iter().filter(|row| row["impact"] == "refused").cloned().collect()
}

fn edited(object: &Value, edits: &Value) -> Value {
    let mut object = object.clone();
    for (path, value) in edits.as_object().into_iter().flatten() {
        set(&mut object, path, Some(value).filter(|v| !v.is_null()), None);
    }
    object
}

fn changes(old: Option<&Value>, new: Value) -> Vec<Change> {
    let mut sides = [Snapshot::new(None, "shop", "default"), Snapshot::new(None, "shop", "default")];
    sides[0].objects.extend(old.cloned());
    sides[1].objects.push(new);
    compare(&sides[..1], &sides[1..], &Options::default()).changes
}

#[test]
fn what_a_server_refuses_is_told() {
    let all = cases();
    let rows = rows();
    let mut wrong = Vec::new();
    for (index, case) in all["cases"].as_array().unwrap().iter().enumerate() {
        let name = case["row"].as_str().unwrap();
        let row = rows.iter().find(|row| row["id"] == name).unwrap_or_else(|| panic!("no row {name}"));
        let before = edited(&all["objects"][case["object"].as_str().unwrap()], &case["before"]);
        let old = (case["absent"] != true).then_some(&before);
        let refused = changes(old, edited(&before, &case["refused"]));
        let told = |c: &Change| c.impact == Impact::Refused && Some(c.consequence) == row["consequence"].as_str();
        if !refused.iter().any(told) {
            wrong.push(format!("{index} {name}: not told: {refused:?}"));
        }
        let accepted = changes(old, edited(&before, &case["accepted"]));
        if accepted.iter().any(|c| c.impact == Impact::Refused) {
            wrong.push(format!("{index} {name}: told though accepted: {accepted:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_row_has_a_case() {
    let all = cases();
    let mut known: BTreeSet<&str> = all["cases"].as_array().unwrap().iter().map(|case| case["row"].as_str().unwrap()).collect();
    known.extend(all["elsewhere"].as_object().unwrap().keys().map(String::as_str));
    let rows = rows();
    assert_eq!(known, rows.iter().map(|row| row["id"].as_str().unwrap()).collect());
}
