//! What gqlgen writes as YAML and `.properties` is read back to the same values by readers that are not its own: Helm, PyYAML,
//! serde-saphyr, `java.util.Properties`. The texts are hostile on purpose.

mod common;

use gqlgen::output::{properties, yaml};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value, json};

/// Texts that some reader takes for something else, or that break a writer.
const HOSTILE: &str = include_str!("hostile.txt");

/// The lines of `hostile.txt`, with Rust's escapes resolved.
fn hostile() -> Vec<String> {
    HOSTILE.lines().filter(|l| !l.starts_with("##")).map(|l| serde_json::from_str(&format!("\"{l}\"")).expect(l)).collect()
}

fn text() -> impl Strategy<Value = String> {
    let some = hostile();
    prop_oneof![
        4 => prop::sample::select(some.clone()),
        2 => (prop::sample::select(some.clone()), prop::sample::select(some.clone())).prop_map(|(a, b)| a + &b),
        2 => (prop::sample::select(some.clone()), prop::sample::select(some)).prop_map(|(a, b)| format!("{a}\n{b}\n")),
        2 => "[-+.0-9a-fxoTZ:_ eE]{0,8}",
        2 => "[ -~\n\t]{0,12}",
        1 => any::<String>(),
        1 => "[a-z{}: \n#\"'-]{0,400}",
    ]
}

fn tree() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        6 => text().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<u64>().prop_map(Value::from),
        1 => any::<f64>().prop_map(|f| json!(if f.is_finite() { f } else { 0.5 })),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(json!({})),
        1 => Just(json!([])),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((text(), inner), 0..5).prop_map(|pairs| Value::Object(pairs.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn samples<S: Strategy>(strategy: S, count: usize) -> Vec<S::Value> {
    let mut runner = TestRunner::deterministic();
    (0..count).map(|_| strategy.new_tree(&mut runner).expect("a sample").current()).collect()
}

/// Every hostile text as a value, a key, a list item and below both, then random trees.
fn trees() -> Vec<Value> {
    let mut all: Vec<Value> = hostile().into_iter().map(|t| json!({ "v": t, t.clone(): { t.clone(): [t, [t]] } })).collect();
    let long = "k".repeat(1500);
    all.push(json!({ long.clone(): { long.clone(): ["a", { long.clone(): 1 }] }, "x".repeat(1000): [long.clone()], "v": " ".to_owned() + &long }));
    all.extend(samples(tree(), 400).into_iter().map(|v| json!({ "v": v })));
    all
}

#[test]
fn yaml_is_the_same_for_yaml_1_1() {
    let trees = trees();
    let texts: Vec<String> = trees.iter().map(yaml::to_string).collect();
    let Some(read) = common::pyyaml(&texts) else { return };
    for ((tree, text), read) in trees.iter().zip(&texts).zip(read) {
        assert_eq!(common::as_helm_numbers(&json!([tree])), common::as_helm_numbers(&json!(read)), "{text}");
    }
}

#[test]
fn yaml_is_the_same_for_helm() {
    let trees = trees();
    let texts: Vec<String> = trees.iter().map(yaml::to_string).collect();
    let Some(read) = common::helm_values(&texts) else { return };
    for ((tree, text), read) in trees.iter().zip(&texts).zip(read) {
        assert_eq!(common::as_helm_numbers(tree), common::as_helm_numbers(&read), "{text}");
    }
}

#[test]
fn yaml_is_the_same_for_yaml_1_2() {
    for tree in trees() {
        let text = yaml::to_string(&tree);
        let options = serde_saphyr::options! { strict_booleans: true };
        let read: Value = serde_saphyr::from_str_with_options(&text, options).unwrap_or_else(|e| panic!("{e}\n{text}"));
        assert_eq!(common::as_helm_numbers(&tree), common::as_helm_numbers(&read), "{text}");
    }
}

#[test]
fn documents_and_roots_of_every_kind() {
    let roots: Vec<Value> =
        hostile().into_iter().map(Value::from).chain([json!([]), json!({}), json!(1), json!(null), json!([[["a\nb"]]])]).collect();
    let text = yaml::documents(&roots);
    let Some(read) = common::pyyaml(std::slice::from_ref(&text)) else { return };
    assert_eq!(read[0], roots, "{text}");
}

#[test]
fn properties_are_the_same_for_java() {
    let mut files: Vec<Vec<(String, String)>> = hostile().into_iter().map(|t| vec![("k".to_owned(), t.clone()), (t.clone(), t)]).collect();
    files.extend(samples(prop::collection::btree_map(text(), text(), 0..8), 400).into_iter().map(|m| m.into_iter().collect()));
    let texts: Vec<String> = files.iter().map(|f| properties::write(Some("# Generated from \\u00zz\n"), f)).collect();
    assert!(texts.iter().all(|t| t.is_ascii()));
    let Some(read) = common::java_properties(&texts) else { return };
    for ((file, text), read) in files.into_iter().zip(&texts).zip(read) {
        assert_eq!(file.into_iter().collect::<std::collections::BTreeMap<_, _>>(), read, "{text}");
    }
}
