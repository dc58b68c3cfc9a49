//! Random configs with hostile texts at every place that takes one: what Helm and Java read from the rendered files is what was meant.
//!
//! Both laws are shown twice: the compiled tree holds the texts of the config, and the real program reads the compiled tree.

mod common;

use std::collections::BTreeMap;
use std::path::Path;

use gqlgen::commands::pipeline::{self, Environment, Options, VALUES};
use gqlgen::compile::loader;
use gqlgen::output::yaml;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value, json};

const CONFIGS: usize = 360;
const PROPERTIES: &str = "schema-loader/database.properties";

fn hostile() -> Vec<String> {
    let lines = include_str!("hostile.txt").lines().filter(|l| !l.starts_with("##"));
    lines.map(|l| serde_json::from_str(&format!("\"{l}\"")).expect(l)).filter(|t: &String| !t.contains('\0')).collect()
}

fn text() -> BoxedStrategy<String> {
    let some = hostile();
    prop_oneof![
        5 => prop::sample::select(some.clone()),
        2 => (prop::sample::select(some.clone()), prop::sample::select(some.clone())).prop_map(|(a, b)| a + &b),
        2 => (prop::sample::select(some.clone()), prop::sample::select(some)).prop_map(|(a, b)| format!("{a}\n{b}\n")),
        2 => "[-+.0-9a-fxoTZ:_ eE]{0,8}",
        1 => "[ -~\n\t]{0,16}",
        1 => "\\PC{0,8}",
    ]
    .boxed()
}

/// Texts that are label values, names or hosts, and yet look like something else.
fn word() -> BoxedStrategy<String> {
    const WORDS: [&str; 22] = [
        "yes",
        "no",
        "on",
        "off",
        "y",
        "n",
        "true",
        "false",
        "null",
        "0123",
        "0o17",
        "1e3",
        "1-000",
        "123",
        "0x1f",
        "nan",
        "inf",
        "2024-01-01",
        "1.0",
        "12e03",
        "0",
        "00",
    ];
    prop::sample::select(WORDS.to_vec()).prop_map(str::to_owned).boxed()
}

/// A label value may have `_` and upper case too.
fn label_value() -> BoxedStrategy<String> {
    prop_oneof![word(), prop::sample::select(vec!["1_000", "Yes", "ON", "NULL", "1E3", "NaN", ""]).prop_map(str::to_owned)].boxed()
}

fn map(value: impl Strategy<Value = String> + 'static) -> BoxedStrategy<Value> {
    prop::collection::vec(value, 0..5)
        .prop_map(|texts| {
            Value::Object(texts.into_iter().enumerate().map(|(i, t)| (format!("example.com/k{i}"), Value::from(t))).collect())
        })
        .boxed()
}

/// A tree whose keys are hostile too.
fn tree() -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        6 => text().prop_map(Value::from),
        1 => any::<i32>().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(json!(0.5)),
    ];
    let key = text().prop_filter("a key of its own", |k| k != "<<");
    leaf.prop_recursive(3, 12, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((key.clone(), inner), 0..4).prop_map(|p| Value::Object(p.into_iter().collect::<Map<_, _>>())),
        ]
    })
    .boxed()
}

fn database() -> impl Strategy<Value = Value> {
    let points = prop_oneof![
        3 => Just(json!("jdbc:postgresql://db.example.com:5432/shop")),
        2 => text().prop_map(|t| json!(format!("jdbc:postgresql://db/shop?a={t}"))),
        1 => text().prop_map(|t| json!([format!("jdbc:mysql://db/{t}"), "jdbc:mysql://db/b"])),
    ];
    let properties = prop::collection::vec(text(), 0..4).prop_map(|texts| {
        let lines = texts.into_iter().enumerate();
        Value::Object(lines.map(|(i, t)| (format!("scalar.db.cross_partition_scan.k{i}"), Value::from(t))).collect())
    });
    let login = prop_oneof![
        3 => word().prop_map(|name| json!({ "existingSecret": name })),
        2 => (text(), text()).prop_map(|(u, p)| json!({ "username": u, "password": p })),
    ];
    (points, properties, login).prop_map(
        |(points, properties, login)| json!({ "storage": "jdbc", "contactPoints": points, "properties": properties, "credentials": login }),
    )
}

fn ingress() -> impl Strategy<Value = Value> {
    let class = prop::sample::select(vec!["alb", "nginx", "azure-application-gateway"]);
    let hosts = prop::collection::vec(word().prop_map(|w| format!("{w}.example.com")), 1..3);
    (class, map(text()), map(text()), hosts).prop_map(|(class, annotations, tags, mut hosts)| {
        hosts.dedup();
        json!({ "class": class, "annotations": annotations, "tags": tags, "hosts": hosts })
    })
}

fn config() -> impl Strategy<Value = Value> {
    let version = prop::sample::select(vec!["3.5", "3.6.1", "3.7", "3.8", "3.9", "3.10", "3.12", "3.13"]);
    let tolerations = prop::collection::vec(label_value(), 0..3)
        .prop_map(|v| Value::Array(v.into_iter().map(|v| json!({ "key": "example.com/a", "operator": "Equal", "value": v })).collect()));
    let nodes = (map(label_value()), tolerations, word()).prop_map(
        |(selector, tolerations, pool)| json!({ "selector": selector, "tolerations": tolerations, "pool": pool, "dedicated": true }),
    );
    let image = (word(), word()).prop_map(|(tag, secret)| json!({ "tag": tag, "pullSecrets": [secret] }));
    let graphql = prop::collection::vec(text(), 1..4).prop_map(|n| json!({ "namespaces": n }));
    let raw = (tree(), map(text())).prop_map(|(tree, annotations)| json!({ "podAnnotations": annotations, "extra": tree }));
    ((version, word(), database(), ingress()), (nodes, image, graphql, map(text()), raw)).prop_map(
        |((version, namespace, database, ingress), (nodes, image, graphql, annotations, raw))| {
            json!({
                "apiVersion": "gqlgen/v1",
                "scalardb": version,
                "namespace": namespace,
                "database": database,
                "ingress": ingress,
                "nodes": nodes,
                "image": image,
                "graphql": graphql,
                "service": { "annotations": annotations },
                "values": raw,
                "lint": { "allowPlainCredentials": true },
            })
        },
    )
}

struct Case {
    config: Value,
    text: String,
    built: Environment,
}

/// JSON that is YAML as well, which does not have every character unescaped.
fn as_json(config: &Value) -> String {
    let bare =
        |c: char| !(c.is_control() || matches!(c, '\u{7f}'..='\u{a0}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'));
    config.to_string().chars().map(|c| if bare(c) { c.to_string() } else { format!("\\u{:04x}", u32::from(c)) }).collect()
}

/// The same configs in every run: half of them written as YAML, half as JSON, which quotes and escapes otherwise.
fn cases() -> Vec<Case> {
    let mut runner = TestRunner::deterministic();
    let strategy = config();
    (0..CONFIGS)
        .map(|i| {
            let config = strategy.new_tree(&mut runner).expect("a sample").current();
            let text = if i % 2 == 0 { yaml::to_string(&config) } else { as_json(&config) };
            let mut built = pipeline::build(Path::new("-"), Some(text.as_bytes()), &Options::default());
            assert!(!built.unreadable, "{text}\n{:?}", built.diagnostics);
            Case { built: built.environments.pop().expect("one environment"), config, text }
        })
        .collect()
}

fn file(case: &Case, name: &str) -> Option<String> {
    case.built.files("gqlgen.yaml").remove(name).map(|f| f.text)
}

#[test]
fn the_compiled_values_hold_the_texts_of_the_config() {
    for Case { config, text, built } in cases() {
        let merged = &built.compiled.merged_values;
        let same = |at: &str, value: &Value| {
            // What the user says under `values` comes last.
            let of_map = value.as_object().into_iter().flatten();
            for (key, value) in of_map {
                assert_eq!(merged.pointer(at).and_then(|m| m.get(key)), Some(value), "{at} {key}\n{text}");
            }
        };
        same("/ingress/annotations", &config["ingress"]["annotations"]);
        same("/service/annotations", &config["service"]["annotations"]);
        same("/nodeSelector", &config["nodes"]["selector"]);
        same("/podAnnotations", &config["values"]["podAnnotations"]);
        assert_eq!(merged["extra"], config["values"]["extra"], "{text}");
        assert_eq!(merged["image"]["tag"], config["image"]["tag"], "{text}");
        let tolerations = merged["tolerations"].as_array().cloned().unwrap_or_default();
        for toleration in config["nodes"]["tolerations"].as_array().into_iter().flatten() {
            assert!(tolerations.contains(toleration), "{text}");
        }
        assert_eq!(merged["imagePullSecrets"][0]["name"], config["image"]["pullSecrets"][0], "{text}");
    }
}

#[test]
fn helm_reads_what_was_meant() {
    let cases = cases();
    let texts: Vec<String> = cases.iter().map(|c| file(c, VALUES).expect("the values file")).collect();
    let Some(read) = common::helm_values(&texts) else { return };
    for (case, read) in cases.iter().zip(read) {
        assert_eq!(common::as_helm_numbers(&case.built.compiled.values), common::as_helm_numbers(&read), "{}", case.text);
    }
}

/// What ScalarDB makes of a value that `java.util.Properties` gave it, where it looks up no variable.
fn unescaped(value: &str, minor: u16) -> String {
    if minor >= 8 { value.replace("$${", "${") } else { value.to_owned() }
}

#[test]
fn java_reads_what_was_meant() {
    let cases: Vec<(Case, String)> = cases().into_iter().filter_map(|c| file(&c, PROPERTIES).map(|text| (c, text))).collect();
    assert!(cases.len() >= 300, "{} configs have properties", cases.len());
    let texts: Vec<String> = cases.iter().map(|(_, t)| t.clone()).collect();
    let Some(read) = common::java_properties(&texts) else { return };
    for ((case, text), read) in cases.iter().zip(read) {
        let deployment = &case.built.deployment;
        let lines: BTreeMap<String, String> = loader::lines(deployment).into_iter().collect();
        assert_eq!(read, lines, "{text}");
        assert_eq!(read["scalar.db.storage"], "jdbc");
        let minor = deployment.version.minor;
        for (key, value) in &deployment.database.properties {
            assert_eq!(unescaped(&read[key], minor), value.trim(), "{key}\n{text}");
        }
        let point = &deployment.database.contact_points[0];
        if deployment.database.contact_points.len() == 1 && !point.contains(['$', ',', '\\']) {
            assert_eq!(read["scalar.db.contact_points"], point.trim(), "{text}");
        }
        let given = case.config["database"]["properties"].as_object().map_or(0, Map::len);
        assert_eq!(deployment.database.properties.len(), given, "{}", case.text);
    }
}
