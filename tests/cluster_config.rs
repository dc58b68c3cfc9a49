//! `eksctl/cluster.yaml` against eksctl: its own schema, and a copy of its refusals that is first held against files with eksctl's verdicts.
//!
//! The schema and the verdicts are in the folder of shared facts (`GQLGEN_SHARED`); without it the tests say that they are skipped.

mod common;

use std::path::{Path, PathBuf};

use common::crate_root;
use gqlgen::commands::pipeline::{self, Options};
use gqlgen::compile::cluster;
use serde_json::Value;

#[path = "cluster/refusals.rs"]
mod refusals;

fn shared() -> Option<PathBuf> {
    let folder = std::env::var_os("GQLGEN_SHARED").map_or_else(|| crate_root().join("../shared"), PathBuf::from);
    let there = folder.join("facts").is_dir();
    if !there {
        eprintln!("skipped: no shared facts (GQLGEN_SHARED)");
    }
    there.then_some(folder)
}

fn facts(name: &str) -> Option<Value> {
    let text = std::fs::read_to_string(shared()?.join("facts").join(name)).expect("the facts are readable");
    Some(serde_json::from_str(&text).expect("the facts are JSON"))
}

/// Configs below a folder that render without errors.
fn configs(folder: &Path) -> Vec<PathBuf> {
    let walk = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().filter_map(Result::ok);
    walk.map(|e| e.into_path()).filter(|p| p.file_name().is_some_and(|n| n.to_string_lossy().ends_with("gqlgen.yaml"))).collect()
}

/// Every ClusterConfig that the configs of the fixtures and of the corpus give, with its config.
fn rendered() -> Vec<(String, Value)> {
    let mut folders = vec![crate_root().join("fixtures")];
    folders.extend(shared().map(|s| s.join("corpus/valid")));
    folders.extend(shared().map(|s| s.join("render")));
    let mut found = Vec::new();
    for path in folders.iter().flat_map(|f| configs(f)) {
        let built = pipeline::build(&path, None, &Options::default());
        if built.has_errors() || built.unreadable {
            continue;
        }
        for environment in &built.environments {
            if let Some(file) = environment.files("gqlgen.yaml").remove(cluster::CLUSTER) {
                let name = format!("{} {}", path.display(), environment.name().unwrap_or_default());
                found.push((name, common::yaml(&file.text)));
            }
        }
    }
    assert!(found.len() > 20, "only {} cluster.yaml were rendered", found.len());
    found
}

#[test]
fn every_cluster_yaml_is_valid_by_eksctls_schema() {
    let Some(mut schema) = facts("eksctl-schema.json") else { return };
    escape_references(&mut schema);
    let validator = jsonschema::validator_for(&schema).expect("the schema compiles");
    for (name, config) in rendered() {
        let faults: Vec<String> = validator.iter_errors(&config).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(faults.is_empty(), "{name}: {faults:#?}\n{config:#}");
    }
}

/// The schema names its definitions by Go's import paths, with bars that a URI has to escape.
fn escape_references(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            for (key, value) in map.iter_mut() {
                match value {
                    Value::String(target) if key == "$ref" => *target = target.replace('|', "%7C"),
                    _ => escape_references(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(escape_references),
        _ => {}
    }
}

#[test]
fn no_cluster_yaml_has_what_eksctl_or_eks_refuses() {
    for (name, config) in rendered() {
        assert_eq!(refusals::of(&config), Vec::<String>::new(), "{name}\n{config:#}");
        assert!(!refusals::has_foreign_key(&config), "{name} holds a key whose refusals are not known here\n{config:#}");
    }
}

/// The copy of the refusals finds what eksctl finds, and nothing else. What the parser or the schema refuses is left to the schema.
#[test]
fn the_copy_of_eksctls_refusals_agrees_with_eksctl() {
    let Some(cases) = facts("eksctl-cases.json") else { return };
    let mut wrong = Vec::new();
    let mut judged = 0;
    for case in cases["cases"].as_array().expect("a list") {
        if case["schema"] != "ok" || case["stage"] == "parse" || case["name"] == "duplicate key" {
            continue;
        }
        let config = common::yaml(case["yaml"].as_str().expect("a text"));
        if refusals::has_foreign_key(&config) {
            continue;
        }
        judged += 1;
        let found = refusals::of(&config);
        let refused = case["eksctl"] != "ok" || refusals::is_refused_later(case["later"].as_str().unwrap_or_default());
        if refused == found.is_empty() {
            wrong.push(format!("{}: eksctl says {}, later {}; found {found:?}", case["name"], case["eksctl"], case["later"]));
        }
    }
    assert!(judged > 80, "{judged}");
    assert!(wrong.is_empty(), "{} of {judged}:\n{}", wrong.len(), wrong.join("\n"));
}

/// What gqlgen writes for the cluster's side of the fixtures, with the objects that it adds beside the chart's. `UPDATE_EXPECTED=1` rewrites it.
#[test]
fn fixtures_give_the_expected_files() {
    for path in configs(&crate_root().join("fixtures/cluster")) {
        let built = pipeline::build(&path, None, &Options::default());
        assert!(!built.has_errors(), "{}: {:#?}", path.display(), built.diagnostics);
        let environment = &built.environments[0];
        let mut text = String::new();
        let files = environment.files("gqlgen.yaml");
        for (name, file) in files.iter().filter(|(name, _)| name.starts_with("eksctl/")) {
            text.push_str(&format!("# file: {name}\n{}---\n", file.text));
        }
        text.push_str(&gqlgen::output::yaml::documents(&environment.compiled.objects));
        let folder = path.parent().expect("a folder");
        common::expect_text(&folder.join("expected.yaml"), &text);
        common::expect_text(&folder.join("expected.RUNBOOK.md"), &files[cluster::RUNBOOK].text);
    }
}

/// The charts' own keys, as far as gqlgen writes them; a chart takes an unknown key without a word.
#[test]
fn helm_values_hold_only_keys_of_the_charts() {
    const CONTROLLER: [&str; 9] = [
        "clusterName",
        "region",
        "vpcId",
        "replicaCount",
        "image.repository",
        "serviceAccount.create",
        "serviceAccount.name",
        "enableShield",
        "enableWaf",
    ];
    const AUTOSCALER: [&str; 7] = [
        "autoDiscovery.clusterName",
        "awsRegion",
        "image.repository",
        "image.tag",
        "rbac.serviceAccount.create",
        "rbac.serviceAccount.name",
        "extraArgs.balance-similar-node-groups",
    ];
    let mut folders = vec![crate_root().join("fixtures")];
    folders.extend(shared().map(|s| s.join("corpus/valid")));
    let mut judged = 0;
    for path in folders.iter().flat_map(|f| configs(f)) {
        for environment in &pipeline::build(&path, None, &Options::default()).environments {
            let files = environment.files("gqlgen.yaml");
            for (file, known) in [(cluster::CONTROLLER_VALUES, &CONTROLLER[..]), (cluster::AUTOSCALER_VALUES, &AUTOSCALER[..])] {
                let Some(file) = files.get(file) else { continue };
                judged += 1;
                for key in leaves(&common::yaml(&file.text), "") {
                    assert!(known.contains(&key.as_str()) || key == "enableWafv2", "{}: {key}", path.display());
                }
            }
        }
    }
    assert!(judged > 10, "{judged}");
}

/// Paths of the leaves, with points between their keys.
fn leaves(value: &Value, at: &str) -> Vec<String> {
    match value {
        Value::Object(map) => map.iter().flat_map(|(key, value)| leaves(value, &format!("{at}.{key}"))).collect(),
        _ => vec![at.trim_start_matches('.').to_owned()],
    }
}

/// Shell blocks of a runbook.
fn blocks(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line == "```bash" || line == "```sh" {
            found.push(lines.by_ref().take_while(|l| *l != "```").map(|l| format!("{l}\n")).collect());
        }
    }
    found
}

#[test]
fn shell_blocks_of_every_runbook_pass_shellcheck() {
    let Some(shellcheck) = common::program("GQLGEN_SHELLCHECK", "shellcheck") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let mut all = std::collections::BTreeSet::new();
    let mut folders = vec![crate_root().join("fixtures")];
    folders.extend(shared().map(|s| s.join("corpus/valid")));
    for path in folders.iter().flat_map(|f| configs(f)) {
        for environment in &pipeline::build(&path, None, &Options::default()).environments {
            all.extend(blocks(&environment.files("gqlgen.yaml")[cluster::RUNBOOK].text));
        }
    }
    assert!(all.len() > 50, "{}", all.len());
    let names: Vec<PathBuf> = all.iter().enumerate().map(|(i, block)| write(folder.path().join(format!("block-{i}")), block)).collect();
    let done = std::process::Command::new(shellcheck).args(["-s", "bash"]).args(&names).output().expect("shellcheck runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stdout));
}

fn write(path: PathBuf, text: &str) -> PathBuf {
    std::fs::write(&path, text).expect("written");
    path
}
