//! Kubernetes objects: valid ones pass in every version they are meant for, each with one mutation is refused.
//!
//! `fixtures/kubernetes/valid/` holds the objects with the minor versions that take them, `mutations.yaml` beside it what cannot be generated.
//! `tests/cluster/kubernetes-mutations` asks a real API server about the same mutations; it gets them from `export`.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use gqlgen::diagnostic::Level;
use gqlgen::validate::kubernetes::{Fault, FaultKind, KubeMinor, check, is_known};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// The version of the real API server.
const REAL: KubeMinor = KubeMinor(34);

/// Maps whose keys are the user's own.
const FREE: [&str; 11] = [
    "labels",
    "annotations",
    "matchLabels",
    "data",
    "stringData",
    "binaryData",
    "nodeSelector",
    "limits",
    "requests",
    "params",
    "selector",
];

#[derive(Deserialize)]
struct Valid {
    minors: (u8, u8),
    object: Value,
}

/// What is set (pointer and value) or left out of one object: refused at or around the pointer, or still fine.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Written {
    bad: Vec<(String, Value)>,
    contradicts: Vec<(String, Value)>,
    fine: Vec<(String, Value)>,
    needed: Vec<String>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/kubernetes")
}

fn valid() -> BTreeMap<String, Valid> {
    let entries = std::fs::read_dir(folder().join("valid")).expect("the folder of valid objects");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).expect("readable");
        let valid = serde_saphyr::from_str(&text).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
        (path.file_stem().expect("a name").to_string_lossy().into_owned(), valid)
    };
    paths.map(read).collect()
}

fn written() -> BTreeMap<String, Written> {
    let text = std::fs::read_to_string(folder().join("mutations.yaml")).expect("readable");
    serde_saphyr::from_str(&text).expect("mutations.yaml is well-formed")
}

fn errors(object: &Value, version: KubeMinor) -> Vec<Fault> {
    check(object, version).into_iter().filter(|fault| fault.level == Level::Error).collect()
}

/// Sets what the pointer names, making the last key; an index behind the last item appends.
fn set(object: &Value, pointer: &str, value: Value) -> Value {
    let mut changed = object.clone();
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer below the object");
    let key = key.replace("~1", "/").replace("~0", "~");
    match changed.pointer_mut(parent).unwrap_or_else(|| panic!("no {parent}")) {
        Value::Object(parent) => {
            parent.insert(key, value);
        }
        Value::Array(items) => {
            let index: usize = key.parse().expect("an index");
            if index == items.len() { items.push(value) } else { items[index] = value }
        }
        other => panic!("{parent} is {other}"),
    }
    changed
}

fn without(object: &Value, pointer: &str) -> Value {
    let mut changed = object.clone();
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer below the object");
    let key = key.replace("~1", "/").replace("~0", "~");
    match changed.pointer_mut(parent).unwrap_or_else(|| panic!("no {parent}")) {
        Value::Object(parent) => {
            parent.shift_remove(&key).unwrap_or_else(|| panic!("no {pointer}"));
        }
        Value::Array(items) => {
            items.remove(key.parse().expect("an index"));
        }
        other => panic!("{parent} is {other}"),
    }
    changed
}

/// Every value below the object: its pointer, whether its key is the user's own, the value.
fn places(value: &Value, pointer: &str, free: bool, found: &mut Vec<(String, bool, Value)>) {
    if !pointer.is_empty() {
        found.push((pointer.to_owned(), free, value.clone()));
    }
    match value {
        Value::Object(map) => {
            let last = pointer.rsplit('/').next().unwrap_or_default();
            // A Service's selector is free, a Deployment's is a type.
            let typed = map.contains_key("matchLabels") || map.contains_key("matchExpressions");
            let inside = FREE.contains(&last) && !typed && !is_resource_owner(map);
            for (key, value) in map {
                places(value, &format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1")), inside, found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                places(item, &format!("{pointer}/{index}"), false, found);
            }
        }
        _ => {}
    }
}

/// `data` is also a volume's name and the like; only maps of scalars are free.
fn is_resource_owner(map: &Map<String, Value>) -> bool {
    map.values().any(Value::is_object)
}

fn wrong(value: &Value) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::Bool(_) => Some(json!("yes")),
        Value::Number(_) => Some(json!([1])),
        Value::String(_) => Some(json!({"zz": 1})),
        Value::Array(_) | Value::Object(_) => Some(json!("zz")),
    }
}

struct Mutation {
    name: String,
    object: Value,
    pointer: String,
    kind: FaultKind,
    suggestion: Option<String>,
}

/// Unknown fields, misspelt fields, wrong types: one for each place of the object.
fn generated(name: &str, object: &Value) -> Vec<Mutation> {
    let mut found = Vec::new();
    places(object, "", false, &mut found);
    let mut mutations = Vec::new();
    for (pointer, free, value) in found {
        let top = matches!(pointer.as_str(), "/apiVersion" | "/kind");
        if let Some(wrong) = wrong(&value) {
            let mutation = Mutation {
                name: format!("{name}: type of {pointer}"),
                object: set(object, &pointer, wrong),
                pointer: pointer.clone(),
                kind: FaultKind::WrongType,
                suggestion: None,
            };
            mutations.push(mutation);
        }
        let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
        if free || top || key.parse::<usize>().is_ok() {
            continue;
        }
        if key.len() >= 6 {
            let misspelt = format!("{}{}{}", &key[..2], &key[3..4], &key[2..3]) + &key[4..];
            if misspelt != key {
                let mutation = Mutation {
                    name: format!("{name}: {key} misspelt at {pointer}"),
                    object: set(&without(object, &pointer), &format!("{parent}/{misspelt}"), value),
                    pointer: format!("{parent}/{misspelt}"),
                    kind: FaultKind::UnknownField,
                    suggestion: Some(key.to_owned()),
                };
                mutations.push(mutation);
            }
        }
        let mutation = Mutation {
            name: format!("{name}: unknown field beside {pointer}"),
            object: set(object, &format!("{parent}/zebra"), json!(1)),
            pointer: format!("{parent}/zebra"),
            kind: FaultKind::UnknownField,
            suggestion: None,
        };
        if !mutations.iter().any(|known| known.pointer == mutation.pointer) {
            mutations.push(mutation);
        }
    }
    mutations
}

#[test]
fn valid_objects_pass_in_their_versions_and_no_others() {
    for (name, valid) in valid() {
        for minor in KubeMinor::OLDEST.0..=KubeMinor::NEWEST.0 {
            let faults = errors(&valid.object, KubeMinor(minor));
            if (valid.minors.0..=valid.minors.1).contains(&minor) {
                assert_eq!(faults, [], "{name} in 1.{minor}");
                assert!(is_known(&valid.object, KubeMinor(minor)), "{name} in 1.{minor}");
            } else {
                let expected = if minor > valid.minors.1 { FaultKind::RemovedApi } else { FaultKind::FutureApi };
                assert_eq!(faults.iter().map(|fault| fault.kind).collect::<Vec<_>>(), [expected], "{name} in 1.{minor}");
                assert!(faults[0].suggestion.is_some(), "{name} in 1.{minor}");
            }
        }
    }
}

#[test]
fn each_generated_mutation_is_refused_where_it_stands() {
    let mut count = 0;
    for (name, valid) in valid() {
        for mutation in generated(&name, &valid.object) {
            for minor in valid.minors.0..=valid.minors.1 {
                count += 1;
                let faults = errors(&mutation.object, KubeMinor(minor));
                let hit = faults.iter().find(|fault| fault.pointer == mutation.pointer && fault.kind == mutation.kind);
                let hit = hit.unwrap_or_else(|| panic!("{} in 1.{minor}: {faults:#?}", mutation.name));
                if mutation.suggestion.is_some() {
                    assert_eq!(hit.suggestion, mutation.suggestion, "{} in 1.{minor}", mutation.name);
                }
            }
        }
    }
    assert!(count > 10_000, "only {count} mutations");
}

#[test]
fn each_written_mutation_has_its_verdict() {
    let objects = valid();
    let mut missed = Vec::new();
    for (name, written) in written() {
        let object = &objects.get(&name).unwrap_or_else(|| panic!("no object {name}")).object;
        // A contradiction of two neighbours may be told at either.
        let parent = |pointer: &str| pointer.rsplit_once('/').map(|(parent, _)| parent.to_owned());
        let related = |fault: &Fault, pointer: &str| {
            fault.pointer.starts_with(pointer) || pointer.starts_with(&fault.pointer) || parent(&fault.pointer) == parent(pointer)
        };
        for (pointer, value) in &written.bad {
            let faults = errors(&set(object, pointer, value.clone()), REAL);
            if !faults.iter().any(|fault| related(fault, pointer)) {
                missed.push(format!("{name}: {pointer} = {value}: {faults:?}"));
            }
        }
        for (pointer, value) in &written.contradicts {
            assert_ne!(errors(&set(object, pointer, value.clone()), REAL), [], "{name}: {pointer} = {value}");
        }
        for (pointer, value) in &written.fine {
            assert_eq!(errors(&set(object, pointer, value.clone()), REAL), [], "{name}: {pointer} = {value}");
        }
        for pointer in &written.needed {
            let faults = errors(&without(object, pointer), REAL);
            let (parent, _) = pointer.rsplit_once('/').expect("a pointer");
            assert!(faults.iter().any(|fault| related(fault, parent)), "{name} without {pointer}: {faults:#?}");
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn no_fault_holds_a_secret() {
    for (name, valid) in valid().into_iter().filter(|(name, _)| name.starts_with("secret")) {
        let text = valid.object.to_string();
        let mut value = valid.object.clone();
        for map in ["data", "stringData"] {
            if let Some(map) = value.get_mut(map).and_then(Value::as_object_mut) {
                map.values_mut().for_each(|value| *value = json!("hunter2!"));
                map.insert("number".into(), json!(4_815_162_342_i64));
            }
        }
        let faults = format!("{:?}", check(&value, REAL));
        assert!(faults.contains("WrongType") && !faults.contains("hunter2") && !faults.contains("4815162342"), "{name}: {text}: {faults}");
    }
}

/// Writes every mutation with the verdict on it, a JSON line each, to the file that the environment names.
#[test]
#[ignore = "tests/cluster/kubernetes-mutations asks for it"]
fn export() {
    let Some(path) = std::env::var_os("GQLGEN_KUBERNETES_MUTATIONS") else { return };
    let mut file = std::io::BufWriter::new(std::fs::File::create(path).expect("a file to write"));
    let mut line = |name: String, object: Value| {
        let faults = errors(&object, REAL);
        let told: Vec<String> = faults.iter().map(|fault| format!("{}: {}", fault.pointer, fault.message)).collect();
        writeln!(file, "{}", json!({"name": name, "object": object, "faults": told})).expect("written");
    };
    let written = written();
    for (name, valid) in valid() {
        if !is_known(&valid.object, REAL) || name.starts_with("servicemonitor") || name.starts_with("prometheusrule") {
            continue;
        }
        line(format!("{name}: as it is"), valid.object.clone());
        for mutation in generated(&name, &valid.object) {
            line(mutation.name, mutation.object);
        }
        let mut found = Vec::new();
        places(&valid.object, "", false, &mut found);
        for (pointer, _, value) in found {
            line(format!("{name}: without {pointer}"), without(&valid.object, &pointer));
            if value.is_string() {
                line(format!("{name}: {pointer} empty"), set(&valid.object, &pointer, json!("")));
                line(format!("{name}: {pointer} odd"), set(&valid.object, &pointer, json!("Odd Text/..")));
            } else if value.is_number() {
                for number in [-1, 0, 70_000, i64::from(i32::MAX) + 1] {
                    line(format!("{name}: {pointer} is {number}"), set(&valid.object, &pointer, json!(number)));
                }
            } else if value.is_array() {
                line(format!("{name}: {pointer} empty"), set(&valid.object, &pointer, json!([])));
            }
        }
        if let Some(written) = written.get(&name) {
            for (pointer, value) in written.bad.iter().chain(&written.contradicts).chain(&written.fine) {
                line(format!("{name}: {pointer} = {value}"), set(&valid.object, pointer, value.clone()));
            }
        }
    }
}

/// What real Helm made of the published charts passes, but for what those values files get wrong.
#[test]
fn objects_of_real_helm_pass() {
    let shared = std::env::var_os("GQLGEN_SHARED").map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let Ok(entries) = std::fs::read_dir(shared.join("goldens/objects")) else {
        return eprintln!("skipped: no goldens in {}", shared.display());
    };
    let mut count = 0;
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for entry in entries {
        let path = entry.expect("an entry").path();
        let runs: Value = serde_json::from_str(&std::fs::read_to_string(&path).expect("readable")).expect("JSON");
        for (run, of_run) in runs.as_object().expect("runs") {
            let flags = of_run["flags"].to_string();
            let version = flags.split(['"', '=']).find_map(KubeMinor::parse).unwrap_or(REAL);
            for object in of_run["versions"].as_object().into_iter().flat_map(Map::values).filter_map(Value::as_array).flatten() {
                count += 1;
                // The chart cuts its full name, but not what it appends to it.
                for fault in errors(object, version).into_iter().filter(|fault| fault.pointer != "/metadata/name") {
                    let told = format!(
                        "{} {run} 1.{} {} {}",
                        path.file_stem().expect("a name").display(),
                        version.0,
                        fault.pointer,
                        fault.message
                    );
                    *found.entry(told).or_default() += 1;
                }
            }
        }
    }
    assert!(count > 1000 && found.is_empty(), "{count} objects: {found:#?}");
}
