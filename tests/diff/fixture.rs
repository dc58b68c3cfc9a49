//! Reads `fixtures/diff`: a case is a base of objects with edits before and after.

use std::path::{Path, PathBuf};

use gqlgen::config::yaml;
use gqlgen::diff::{Diff, Ignore, Options, Origin, Snapshot, compare};
use gqlgen::source::Source;
use serde_json::Value;

pub struct Case {
    pub name: String,
    pub folder: PathBuf,
    data: Value,
}

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/diff")
}

impl Case {
    pub fn all() -> Vec<Case> {
        let mut folders: Vec<PathBuf> = std::fs::read_dir(root().join("cases")).unwrap().map(|e| e.unwrap().path()).collect();
        folders.sort();
        folders.into_iter().map(Case::read).collect()
    }

    fn read(folder: PathBuf) -> Case {
        let text = std::fs::read_to_string(folder.join("case.json")).unwrap();
        let data = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
        Case { name: folder.file_name().unwrap().to_string_lossy().into_owned(), folder, data }
    }

    pub fn options(&self) -> Options {
        let ignore = self.data["ignore"].as_array().into_iter().flatten().map(|i| Ignore::parse(i.as_str().unwrap()).unwrap());
        Options { ignore: ignore.collect(), show_secrets: false }
    }

    pub fn is_live(&self) -> bool {
        self.data["live"] == true
    }

    pub fn before(&self) -> Snapshot {
        let mut snapshot = self.side("before");
        if self.is_live() {
            snapshot.origin = Origin::Live;
        }
        snapshot
    }

    pub fn after(&self) -> Snapshot {
        self.side("after")
    }

    fn side(&self, side: &str) -> Snapshot {
        let mut objects = base(self.data["base"].as_str().unwrap());
        for edit in self.data[side].as_array().unwrap() {
            apply(&mut objects, edit);
        }
        let mut snapshot = Snapshot::new(None, "shop", "shop");
        snapshot.objects = objects;
        snapshot
    }

    pub fn diff(&self) -> Diff {
        compare(&[self.before()], &[self.after()], &self.options())
    }
}

pub fn base(name: &str) -> Vec<Value> {
    let path = root().join("base").join(format!("{name}.yaml"));
    let source = Source::new(name, std::fs::read_to_string(path).unwrap());
    let documents = yaml::parse_all(&source).unwrap_or_else(|_| panic!("{name} is no YAML"));
    documents.iter().map(|d| d.root.to_json()).collect()
}

fn apply(objects: &mut Vec<Value>, edit: &Value) {
    let (kind, name) = edit["object"].as_str().unwrap().split_once('/').unwrap();
    let at = objects.iter().position(|o| o["kind"] == kind && o["metadata"]["name"] == name).unwrap_or_else(|| panic!("no {kind}/{name}"));
    if edit["gone"] == true {
        objects.remove(at);
        return;
    }
    let path = edit["path"].as_str().unwrap();
    set(&mut objects[at], path, edit.get("value"), edit.get("insert"));
}

/// Puts, inserts (into a list) or, with neither, removes what stands at `path`.
pub fn set(object: &mut Value, path: &str, value: Option<&Value>, insert: Option<&Value>) {
    let (parent, last) = path.rsplit_once('/').unwrap();
    let last = last.replace("~1", "/").replace("~0", "~");
    if object.pointer(parent).is_none() {
        set(object, parent, Some(&serde_json::json!({})), None);
    }
    match (object.pointer_mut(parent).unwrap(), value, insert) {
        (Value::Object(map), Some(value), _) => {
            map.insert(last, value.clone());
        }
        (Value::Object(map), None, _) => {
            map.shift_remove(&last);
        }
        (Value::Array(items), _, Some(insert)) => items.insert(last.parse().unwrap(), insert.clone()),
        (Value::Array(items), Some(value), _) => items[last.parse::<usize>().unwrap()] = value.clone(),
        (Value::Array(items), None, None) => {
            items.remove(last.parse().unwrap());
        }
        (other, _, _) => panic!("{path}: {other}"),
    }
}
