//! The embedded charts: every table can be read, every version renders, and what Helm gave for given values is what comes out.

use gqlgen::chart::{self, ChartError, KubeVersion, Release};
use serde_json::{Value, json};

fn release() -> Release {
    Release {
        name: "r".to_owned(),
        namespace: "shop".to_owned(),
        kube_version: KubeVersion::NEWEST,
        api_versions: vec!["monitoring.coreos.com/v1".to_owned()],
    }
}

#[test]
fn every_version_of_every_chart_renders_its_defaults() {
    for chart in chart::all() {
        assert!(!chart.versions().is_empty(), "{}", chart.name());
        for version in chart.versions() {
            assert_eq!(chart.types(version).check(chart.defaults(version)).iter().filter(|f| !f.message.ends_with("got null")).count(), 0);
            assert!(!chart.render(version, &json!({}), &release()).expect(&version.chart).is_empty());
        }
    }
}

/// Keys that the types know are keys of the defaults and the other way round, down to where a map is free-form.
#[test]
fn types_and_defaults_have_the_same_keys() {
    for chart in chart::all() {
        for version in chart.versions() {
            for path in chart.value_paths(version).iter().filter(|path| !path.path.as_str().contains('*')) {
                assert!(chart.defaults(version).pointer(path.path.as_str()).is_some(), "{} {}", version.chart, path.path);
            }
            for key in chart.defaults(version).as_object().expect("a map").keys() {
                assert!(chart.types(version).child(key).is_some(), "{} {key}", version.chart);
            }
        }
    }
}

#[test]
fn dashboards_can_be_imported() {
    let chart = chart::find("scalardb-graphql").expect("embedded");
    let version = chart.newest().expect("known");
    let objects = chart.render(version, &json!({"grafanaDashboard": {"enabled": true}}), &release()).expect("valid");
    let map = objects.iter().find(|o| o.value["kind"] == "ConfigMap").expect("made");
    let text = map.value["data"].as_object().and_then(|data| data.values().next()).and_then(Value::as_str).expect("a text");
    let dashboard: Value = serde_json::from_str(text).expect("JSON");
    let panels = dashboard["panels"].as_array().expect("panels");
    let ids: std::collections::BTreeSet<_> = panels.iter().map(|panel| panel["id"].as_u64().expect("an id")).collect();
    assert_eq!(ids.len(), panels.len());
    for panel in panels.iter().filter(|panel| panel["type"] != "row") {
        assert!(panel["gridPos"]["w"].as_u64().is_some_and(|w| w <= 24), "{}", panel["title"]);
        assert!(
            panel["targets"].as_array().is_some_and(|t| !t.is_empty() && t.iter().all(|t| t["expr"].is_string())),
            "{}",
            panel["title"]
        );
    }
    assert!(dashboard["title"].is_string() && dashboard["schemaVersion"].is_u64() && dashboard["templating"]["list"].is_array());
}

#[test]
fn refusals_name_the_values() {
    let chart = chart::find("scalardb-graphql").expect("embedded");
    let newest = chart.newest().expect("known");
    let first = &chart.versions()[0];
    let fails = |version, values: Value| chart.render(version, &values, &release()).expect_err(&values.to_string());

    let error = fails(newest, json!({"image": {"tag": 3.13}, "replicaCount": "3"}));
    assert_eq!(error.pointers().iter().map(|p| p.as_str()).collect::<Vec<_>>(), ["/replicaCount", "/image/tag"]);
    assert!(chart.render(first, &json!({"image": {"tag": 3.13}}), &release()).is_ok());

    for (version, values, template, pointer) in [
        (
            newest,
            json!({"scalarDbGraphQlConfiguration": {"contactPoints": "a\"b"}}),
            "deployment.yaml",
            "/scalarDbGraphQlConfiguration/contactPoints",
        ),
        (newest, json!({"scalarDbGraphQlConfiguration": {"password": null}}), "secret.yaml", "/scalarDbGraphQlConfiguration/password"),
        (newest, json!({"image": null}), "deployment.yaml", "/image/repository"),
        (first, json!({"ingress": {"hosts": "x"}}), "ingress.yaml", "/ingress/hosts"),
        (first, json!({"ingress": {"hosts": [{"paths": [{"path": "a: b"}]}]}}), "ingress.yaml", "/ingress/hosts/*/paths/*/path"),
        (first, json!({"nameOverride": 5}), "_helpers.yaml", "/nameOverride"),
    ] {
        let error = fails(version, values);
        let ChartError::Template { template: found, line, values, .. } = &error else { panic!("{error}") };
        assert!(found.ends_with(template) && line.is_some(), "{error}");
        assert!(values.iter().any(|p| p.as_str() == pointer), "{error}");
        assert!(!error.to_string().contains("a\"b"), "a value's content stays out of messages");
    }
}

/// Goldens from a real Helm, where they are at hand.
#[test]
fn goldens_of_helm_are_met() {
    let shared =
        std::env::var_os("GQLGEN_SHARED").map_or_else(|| std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), Into::into);
    let Ok(folder) = std::fs::read_dir(shared.join("goldens/objects")) else {
        eprintln!("skipped: no goldens in {}", shared.display());
        return;
    };
    let chart = chart::find("scalardb-graphql").expect("embedded");
    let mut count = 0;
    for entry in folder.map(|e| e.expect("readable").path()) {
        let golden: Value = serde_json::from_slice(&std::fs::read(&entry).expect("readable")).expect("JSON");
        let name = entry.file_stem().expect("a name").to_string_lossy().into_owned();
        let values = std::fs::read(shared.join(format!("goldens/values/{name}.yaml"))).expect("readable");
        let values = Value::Object(chart::user_values::read_file(&name, &values).expect("valid").values);
        for (run, golden) in golden.as_object().expect("runs") {
            let mut release = Release { api_versions: Vec::new(), ..release() };
            release.name = golden["release"].as_str().expect("a name").to_owned();
            release.namespace = golden["namespace"].as_str().expect("a name").to_owned();
            let flags: Vec<&str> = golden["flags"].as_array().expect("flags").iter().filter_map(Value::as_str).collect();
            for pair in flags.chunks(2) {
                match pair {
                    ["--api-versions", api] => release.api_versions.push((*api).to_owned()),
                    ["--kube-version", version] => release.kube_version = version.parse().expect("a version"),
                    other => panic!("{other:?}"),
                }
            }
            for (version, wanted) in golden["versions"].as_object().expect("versions") {
                let rendered = chart.render(chart.version(version).expect("known"), &values, &release);
                count += 1;
                let Some(wanted) = wanted.as_array() else {
                    assert!(rendered.is_err(), "{name} {run} {version}");
                    continue;
                };
                let objects = rendered.unwrap_or_else(|error| panic!("{name} {run} {version}: {error}"));
                assert_eq!(objects.len(), wanted.len(), "{name} {run} {version}");
                for mut object in objects.into_iter().map(|o| o.value) {
                    if object["kind"] == "ConfigMap" {
                        let data = object["data"].as_object_mut().expect("data");
                        data.values_mut().for_each(|text| *text = json!("<dashboard>"));
                    }
                    assert!(wanted.contains(&object), "{name} {run} {version}: {object}");
                }
            }
        }
    }
    assert!(count > 0);
}
