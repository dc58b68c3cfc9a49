//! The JSON Schema of the language, read by a validator that is not gqlgen: it takes what gqlgen takes, and refuses what is misspelt.

mod common;

use std::path::{Path, PathBuf};

use common::cli::{folders, shared};
use common::crate_root;
use gqlgen::config::{layers, schema, yaml};
use serde_json::Value;

fn validator() -> jsonschema::Validator {
    jsonschema::validator_for(schema::schema()).expect("the schema is one")
}

/// Every environment of a config after its layers are merged, as an editor would see it in one file.
fn merged(config: &Path) -> Vec<Value> {
    let loaded = layers::load(config, None, &layers::Options::default());
    assert!(!loaded.unreadable, "{}: {:?}", config.display(), loaded.diagnostics);
    let whole = |layered: layers::Layered| {
        let mut tree = layered.tree.to_json();
        if let Some(map) = tree.as_object_mut() {
            map.shift_insert(0, "apiVersion".into(), "gqlgen/v1".into());
        }
        tree
    };
    loaded.environments.into_iter().map(whole).collect()
}

/// The file alone, as an editor has it.
fn raw(config: &Path) -> Value {
    let bytes = std::fs::read(config).expect("readable");
    yaml::read("gqlgen.yaml", &bytes).unwrap_or_else(|e| panic!("{}: {e:?}", config.display())).root.to_json()
}

#[track_caller]
fn assert_takes(configs: impl IntoIterator<Item = PathBuf>) {
    let validator = validator();
    let mut faults = Vec::new();
    for config in configs {
        for tree in merged(&config) {
            for error in validator.iter_errors(&tree) {
                faults.push(format!("{}: {}: {error}", config.display(), error.instance_path()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn configs_below(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = walkdir::WalkDir::new(folder)
        .into_iter()
        .map(|e| e.expect("readable").into_path())
        .filter(|p| p.file_name().is_some_and(|n| n == "gqlgen.yaml") && !p.to_string_lossy().contains("rendered"))
        .collect();
    found.sort();
    found
}

#[test]
fn it_takes_the_configs_of_this_repository() {
    let mut configs = configs_below(&crate_root().join("fixtures/compile"));
    configs.extend(configs_below(&crate_root().join("fixtures/examples")));
    assert!(configs.len() > 5);
    let raw_faults: Vec<String> = configs
        .iter()
        .flat_map(|c| validator().iter_errors(&raw(c)).map(|e| format!("{}: {}: {e}", c.display(), e.instance_path())).collect::<Vec<_>>())
        .collect();
    assert!(raw_faults.is_empty(), "{}", raw_faults.join("\n"));
    assert_takes(configs);
}

#[test]
fn it_takes_every_valid_config_of_the_corpus() {
    let Some(corpus) = shared("corpus/valid") else { return };
    assert_takes(folders(&corpus).into_iter().map(|f| f.join("gqlgen.yaml")));
}

#[test]
fn it_refuses_misspelt_keys_and_wrong_types() {
    let Some(corpus) = shared("corpus/faults") else { return };
    let validator = validator();
    let mut count = 0;
    for folder in folders(&corpus) {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with("lang-typo") || name.starts_with("lang-type") {
            count += 1;
            assert!(!validator.is_valid(&raw(&folder.join("gqlgen.yaml"))), "the schema takes {name}");
        }
    }
    assert!(count >= 10, "{count} cases");
}

#[test]
fn it_helps_an_editor() {
    let schema = schema::schema();
    let mut without = Vec::new();
    for path in schema::paths() {
        let key = schema::key(path).expect("a key");
        let described =
            key.schema["description"].is_string() || schema::alternatives(&key.schema).iter().any(|a| a["description"].is_string());
        if !described {
            without.push(path.as_str());
        }
    }
    assert!(without.is_empty(), "keys without a description: {without:?}");
    assert!(schema["$schema"].is_string() && schema["title"].is_string());
}
