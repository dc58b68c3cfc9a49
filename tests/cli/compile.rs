//! `fixtures/compile/*`: configs, their arguments (`args`), and the files that they give (`expected/`).
//!
//! Of what is rendered only the custom values and the Schema Loader's two inputs are kept here: the examples keep all of it.

use std::collections::BTreeMap;
use std::path::Path;

use gqlgen::commands::pipeline::{self, Options};
use gqlgen::resolve;
use serde_json::Value;

use crate::args_of;
use crate::common::cli::{copy_tree, differs, folders, gqlgen, plain, shared, tree, updating};
use crate::common::crate_root;

const KEPT: [&str; 3] = ["scalardb-graphql-custom-values.yaml", "database.properties", "schema.json"];

/// The kept files that a fixture gives, with what was said under the name `stderr`.
fn rendered(fixture: &Path) -> BTreeMap<String, String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let inside = folder.path().join("case");
    copy_tree(fixture, &inside);
    let mut args = vec!["render".to_owned(), "-o".into(), "out".into(), "gqlgen.yaml".into()];
    args.extend(args_of(fixture));
    let ran = gqlgen(&inside, args).ends(0);
    let mut files: BTreeMap<String, String> = tree(&inside.join("out"))
        .into_iter()
        .filter(|(path, _)| KEPT.iter().any(|k| path.ends_with(k)))
        .map(|(path, bytes)| (path, String::from_utf8(bytes).expect("text")))
        .collect();
    if !ran.err.is_empty() {
        files.insert("stderr".into(), plain(&ran.err, &inside));
    }
    files
}

#[test]
fn configs_give_what_is_expected() {
    let mut faults = Vec::new();
    for fixture in folders(&crate_root().join("fixtures/compile")) {
        let expected = fixture.join("expected");
        let now = rendered(&fixture);
        if updating() {
            let _ = std::fs::remove_dir_all(&expected);
        }
        for (path, text) in &now {
            let file = expected.join(path);
            if updating() {
                std::fs::create_dir_all(file.parent().expect("a folder")).expect("made");
            }
            faults.extend(differs(&file, text));
        }
        for path in tree(&expected).keys().filter(|path| !now.contains_key(*path)) {
            faults.push(format!("{}/{path} is no longer generated", expected.display()));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The deployment guide's own values file and a config of at most twelve lines are the same deployment.
#[test]
fn the_guides_own_case_takes_twelve_lines() {
    let path = crate_root().join("fixtures/compile/guide/gqlgen.yaml");
    let text = std::fs::read_to_string(&path).expect("the fixture");
    assert!(text.lines().count() <= 12);
    let Some(golden) = shared("goldens/values/guide-3.8-dynamo.yaml") else { return };
    let golden: Value = serde_saphyr::from_str(&std::fs::read_to_string(golden).expect("readable")).expect("YAML");
    let built = pipeline::build(&path, None, &Options::default());
    let [environment] = built.environments.as_slice() else { panic!("{:?}", built.diagnostics) };
    let chart = resolve::chart();
    let version = chart.version(&environment.deployment.chart_version).expect("a version of the chart");
    let mut ours = chart.merge(version, &environment.compiled.values);
    let mut guides = chart.merge(version, &golden);
    for values in [&mut ours, &mut guides] {
        values["resources"] = Value::Null;
        values["image"]["tag"] = Value::Null;
        let annotations = values["ingress"]["annotations"].as_object_mut().expect("annotations");
        annotations.retain(|key, _| key.starts_with("alb."));
    }
    assert_eq!(ours, guides);
}
