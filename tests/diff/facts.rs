//! The table of impacts against the facts that it was made from, where they are at hand.

use std::path::PathBuf;

use serde_json::Value;

/// `None`, and a word about it, where the shared folder is missing.
fn facts() -> Option<Value> {
    let shared =
        std::env::var_os("GQLGEN_SHARED").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    match std::fs::read_to_string(shared.join("facts/impacts.json")) {
        Ok(text) => Some(serde_json::from_str(&text).unwrap()),
        Err(_) => {
            eprintln!("skipped: no facts at {}", shared.display());
            None
        }
    }
}

/// `${name}` in an annotation's key stands for any text.
fn pattern(path: &str) -> String {
    let mut pattern = String::new();
    let mut rest = path;
    while let Some((start, tail)) = rest.split_once("${") {
        pattern.push_str(start);
        pattern.push('*');
        rest = tail.split_once('}').map_or("", |(_, rest)| rest);
    }
    pattern + rest
}

#[test]
fn the_table_has_every_fact() {
    let Some(facts) = facts() else { return };
    let table: Value = serde_json::from_str(include_str!("../../schemas/diff/impacts.json")).unwrap();
    let rows = table["rows"].as_array().unwrap();
    let mut missing = Vec::new();
    for fact in facts["rows"].as_array().unwrap() {
        // What nobody writes is noise; what changes a release shows in its objects; the class on a new object is looked at as a whole.
        let elsewhere = fact["object"] == "*"
            || fact["object"] == "Release"
            || ["alb-dry-run-plan", "ingress-class-both", "deployment-replicas-drift"].contains(&fact["id"].as_str().unwrap());
        if elsewhere {
            continue;
        }
        let path = pattern(fact["path"].as_str().unwrap());
        let fits = |row: &Value| {
            let paths = row["path"].as_array().cloned().unwrap_or_else(|| vec![row["path"].clone()]);
            let same_path = paths.iter().any(|p| p == path.as_str());
            same_path
                && row["object"] == fact["object"]
                && row["impact"] == fact["impact"]
                && row["item"] == fact["item"]
                && row["notPickedUp"].as_bool().unwrap_or(false) == fact["notPickedUp"].as_bool().unwrap_or(false)
        };
        if !rows.iter().any(fits) {
            missing.push(fact["id"].as_str().unwrap().to_owned());
        }
    }
    assert!(missing.is_empty(), "{missing:?}");
}
