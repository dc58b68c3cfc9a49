//! The native chart against a real Helm: random values from the chart's value paths, rendered by both.
//!
//! Helm renders `fixtures/charts/parity`, the same manifests in Helm's language, with the defaults and types of the version. Without Helm
//! the test says that it is skipped. `GQLGEN_PARITY_CASES` asks for more cases.

mod common;

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use common::chart::write_chart;
use common::cli::{command, finish, tree};
use gqlgen::chart::{self, Chart, ChartVersion, KubeVersion, Release, Type, helm_yaml, user_values};
use gqlgen::config::yaml;
use gqlgen::source::Source;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestRng, TestRunner};
use serde_json::{Map, Value, json};

const CASES: u32 = 100;
/// One version without a values schema, where anything reaches the templates, and the newest.
const LOOSE: &str = "1.0.0";

const TEXTS: &[&str] = &[
    "",
    "x",
    "a b",
    "123",
    "1e3",
    "true",
    "yes",
    "y",
    "~",
    "0123",
    "1_000",
    "3.10",
    "é",
    "a\"b",
    "a\\nb",
    "a\\ib",
    "a\\",
    "a: b",
    "a #b",
    "#c",
    "[a, b]",
    "{a: b}",
    "- a",
    "*x",
    "@x",
    "a,b",
    "\"q\"",
    "'q'",
    "a:",
    "x\n",
    " x ",
    "{{ .Release.Name }}",
    "2024-01-17",
    "1:30",
    ".5",
    "a\" # c",
    "a<b>&c",
    "it's",
    "$(A)",
    "a\tb",
    "-1",
    "+5",
    "1e+06",
    "off",
    "N",
    "\\x41",
    "a\\\"b",
    "-",
    "a{b",
    "a]b",
    ".inf",
    "a-long-name-that-goes-on-and-on-until-it-is-cut-at-some-point-ok",
    "a-long-name-that-goes-on-and-on-until-it-is-cut-at-some-poin-t",
    "<no value>",
];

fn number() -> impl Strategy<Value = Value> {
    select(vec![json!(0), json!(1), json!(8080), json!(999_999), json!(1_000_000), json!(1_234_567), json!(-1), json!(1.5), json!(1e21)])
}

fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        select(TEXTS).prop_map(Value::from),
        number(),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null),
        select(vec![
            json!({}),
            json!({"a": "yes", "b": null, "c": 1_000_000, "d": [1.5, true]}),
            json!([]),
            json!(["a", null, 1]),
            json!([{}])
        ]),
    ]
}

/// A value of the type, mostly.
fn value_of(ty: &Type) -> BoxedStrategy<Value> {
    let right: BoxedStrategy<Value> = match ty {
        Type::String => select(TEXTS).prop_map(Value::from).boxed(),
        Type::Integer | Type::Number => number().boxed(),
        Type::Boolean => any::<bool>().prop_map(Value::from).boxed(),
        Type::Array { items: Some(item) } => prop::collection::vec(value_of(item), 0..3).prop_map(Value::from).boxed(),
        Type::Object { keys, .. } if !keys.is_empty() => {
            let entries: Vec<_> = keys.iter().map(|(key, ty)| (Just(key.clone()), value_of(ty))).collect();
            let size = entries.len();
            let chosen = prop::collection::vec(0.4f64..1.4, size).prop_map(|w| w.into_iter().map(|x| x > 0.9).collect::<Vec<bool>>());
            (entries, chosen)
                .prop_map(|(entries, chosen)| Value::Object(entries.into_iter().zip(chosen).filter(|(_, c)| *c).map(|(e, _)| e).collect()))
                .boxed()
        }
        Type::Object { .. } => {
            select(vec![json!({}), json!({"a": "b", "n": {"m": [1, null, "y"]}}), json!({"x": null, "k": 1_000_000})]).boxed()
        }
        Type::Array { .. } => select(vec![json!([]), json!([{"key": "a", "operator": "Exists"}]), json!(["a", 1])]).boxed(),
        Type::Any => any_value().boxed(),
    };
    prop_oneof![14 => right, 1 => Just(Value::Null), 1 => any_value()].boxed()
}

/// Up to four of the chart's keys, each with a value.
fn values_of(types: &Type) -> BoxedStrategy<Value> {
    let Type::Object { keys, .. } = types else { return Just(json!({})).boxed() };
    let leaves: Vec<(Vec<String>, Type)> = keys
        .iter()
        .flat_map(|(key, ty)| match ty {
            Type::Object { keys, open: false } => keys
                .iter()
                .map(|(below, ty)| (vec![key.clone(), below.clone()], ty.clone()))
                .chain([(vec![key.clone()], ty.clone())])
                .collect(),
            _ => vec![(vec![key.clone()], ty.clone())],
        })
        .collect();
    let entry = select(leaves).prop_flat_map(|(path, ty)| value_of(&ty).prop_map(move |value| (path.clone(), value)));
    prop::collection::vec(entry, 1..5)
        .prop_map(|entries| {
            let mut values = Map::new();
            for (path, value) in entries {
                match path.as_slice() {
                    [key] => drop(values.insert(key.clone(), value)),
                    [key, below] => {
                        if let Value::Object(map) = values.entry(key.clone()).or_insert_with(|| json!({})) {
                            map.insert(below.clone(), value);
                        }
                    }
                    _ => {}
                }
            }
            Value::Object(values)
        })
        .boxed()
}

struct Case<'a> {
    helm: &'a Path,
    folder: &'a Path,
    chart: &'static Chart,
    version: &'a ChartVersion,
}

impl Case<'_> {
    /// Sorted by kind and name; an object of another program keeps its dashboard, which is not compared.
    fn settle(mut objects: Vec<Value>) -> Vec<Value> {
        for object in objects.iter_mut().filter(|o| o["kind"] == "ConfigMap") {
            object["data"] = Value::Null;
        }
        objects
    }

    fn by_helm(&self, values: &Value, release: &Release) -> Option<Vec<Value>> {
        let file = self.folder.join("own-values.json");
        std::fs::write(&file, values.to_string()).expect("writable");
        let mut arguments: Vec<OsString> =
            vec!["template".into(), release.name.clone().into(), self.folder.into(), "-f".into(), file.into()];
        for (flag, value) in [("-n", release.namespace.clone()), ("--kube-version", release.kube_version.to_string())] {
            arguments.extend([flag.into(), value.into()]);
        }
        release.api_versions.iter().for_each(|api| arguments.extend(["--api-versions".into(), api.into()]));
        let output = Command::new(self.helm).args(&arguments).output().expect("Helm runs");
        if !output.status.success() {
            return None;
        }
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        let documents = yaml::parse_all(&Source::new("helm", text)).unwrap_or_else(|fault| panic!("{}: {values}", fault.message));
        Some(Self::settle(documents.iter().map(|document| helm_yaml::to_value(&document.root)).collect()))
    }

    fn here(&self, values: &Value, release: &Release) -> Result<Vec<Value>, String> {
        let file = user_values::read_file("own-values.json", values.to_string().as_bytes()).map_err(|fault| fault.message.clone())?;
        let objects = self.chart.render(self.version, &Value::Object(file.values), release).map_err(|error| error.to_string())?;
        Ok(Self::settle(objects.into_iter().map(|object| object.value).collect()))
    }
}

#[test]
fn random_values_give_the_objects_that_helm_gives() {
    let Some(helm) = common::program("GQLGEN_HELM", "helm") else { return };
    let chart = chart::find("scalardb-graphql").expect("embedded");
    let cases = std::env::var("GQLGEN_PARITY_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(CASES);
    for version in [chart.version(LOOSE).expect("known"), chart.newest().expect("known")] {
        let folder = tempfile::tempdir().expect("writable");
        write_chart(folder.path(), chart, version);
        let case = Case { helm: &helm, folder: folder.path(), chart, version };
        let config = Config { cases: cases / 2, max_shrink_iters: 60, failure_persistence: None, ..Config::default() };
        let mut runner = TestRunner::new_with_rng(config.clone(), TestRng::deterministic_rng(config.rng_algorithm));
        // Names are texts here; in a chart that prints them bare, `123` would become a number.
        let release = (
            select(vec!["r", "my-scalardb-graphql", "r-123", "a-very-long-release-name-of-many-characters-indeed"]),
            select(vec!["default", "shop", "n-55"]),
            select(vec![(1, 13), (1, 17), (1, 18), (1, 29)]),
            any::<bool>(),
        );
        let strategy = (values_of(chart.types(version)), release);
        let outcome = runner.run(&strategy, |(values, (name, namespace, (major, minor), monitored))| {
            let api_versions = if monitored { vec!["monitoring.coreos.com/v1".to_owned()] } else { Vec::new() };
            let release = Release {
                name: name.to_owned(),
                namespace: namespace.to_owned(),
                kube_version: KubeVersion::new(major, minor),
                api_versions,
            };
            let here = case.here(&values, &release);
            match case.by_helm(&values, &release) {
                Some(objects) => prop_assert_eq!(here, Ok(objects)),
                None => prop_assert!(here.is_err(), "Helm refuses {}", values),
            }
            Ok(())
        });
        if let Err(error) = outcome {
            panic!("chart {}: {error}", version.chart);
        }
    }
}

/// `--renderer helm` with the chart of the config's version gives what the native templates give, and says so where it is another one.
#[test]
fn the_users_own_helm_renders_the_same_objects() {
    let Some(helm) = common::program("GQLGEN_HELM", "helm") else { return };
    let path = std::env::join_paths([helm.parent().expect("a folder")]).expect("no colon");
    let chart = chart::find("scalardb-graphql").expect("embedded");
    let folder = tempfile::tempdir().expect("writable");
    for version in ["1.3.7", "1.8.6"] {
        write_chart(&folder.path().join(version), chart, chart.version(version).expect("known"));
    }
    let config = std::fs::read_to_string(common::crate_root().join("fixtures/bench/gqlgen.yaml")).expect("readable");
    std::fs::write(folder.path().join("gqlgen.yaml"), config.replace("\"3.8\"", "\"3.13.6\"")).expect("written");
    let run = |arguments: &[&str]| finish(command(folder.path()).args(arguments).env("PATH", &path));
    run(&["render", "-q", "-o", "native"]).ends(0);
    run(&["render", "-q", "-o", "helm", "--renderer", "helm", "--chart", "1.8.6"]).ends(0);
    let (native, helm) = (tree(&folder.path().join("native")), tree(&folder.path().join("helm")));
    assert!(native.len() > 15 && native.keys().eq(helm.keys()));
    for (name, bytes) in native {
        if name.ends_with("manifests.yaml") {
            let objects = |bytes: &[u8]| -> Vec<Value> {
                let text = String::from_utf8_lossy(bytes).into_owned();
                Case::settle(serde_saphyr::from_multiple(&text).expect("documents"))
            };
            assert_eq!(objects(&bytes), objects(&helm[&name]), "{name}");
        } else if name != ".gqlgen.json" {
            assert_eq!(bytes, helm[&name], "{name}");
        }
    }
    let other = run(&["validate", "--renderer", "helm", "--chart", "1.3.7"]).ends(0).out;
    assert_eq!(other.matches("warning[CHART007]").count(), 1, "{other}");
    run(&["validate", "--renderer", "helm", "--chart", "missing"]).ends(1);
}
