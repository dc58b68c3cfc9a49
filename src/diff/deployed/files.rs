//! The deployed state from files: manifests, values, output of `helm get` and of `kubectl get`, an earlier `rendered/` folder.
//!
//! What a file holds is told by its content, never by its name.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::{Fault, Material, Objects, Values, saved};
use crate::config::layers::read_limited;
use crate::config::yaml;

const VALUES_FILE: &str = "scalardb-graphql-custom-values.yaml";
const MANIFESTS_FILE: &str = "manifests.yaml";
const LOADER_JOB: &str = "schema-loader/job.yaml";
const CLUSTER_FILE: &str = "eksctl/cluster.yaml";

/// Reads a file or a folder. `config` is the name of the wanted config's file: an earlier render of `X.gqlgen.yaml` lies under `X`.
///
/// # Errors
/// Where something cannot be read, cannot be parsed or holds nothing to compare with.
pub fn read(path: &Path, config: Option<&str>) -> Result<Vec<Material>, Fault> {
    let shown = path.display();
    let metadata = std::fs::metadata(path).map_err(|e| {
        Fault::new(format!("cannot read {shown}: {e}")).help("--against takes git:REV, a file, a folder, -, release or live")
    })?;
    if !metadata.is_dir() {
        return Ok(vec![parse_file(path)?]);
    }
    let stem = config.and_then(|name| name.strip_suffix(".gqlgen.yaml")).filter(|stem| !stem.is_empty());
    let own = stem.map(|stem| path.join(stem)).filter(|own| !rendered(own).is_empty());
    let found = rendered(own.as_deref().unwrap_or(path));
    if !found.is_empty() {
        return found.iter().map(|(environment, folder)| read_rendered(environment.clone(), folder)).collect();
    }
    let mut all = Objects::default();
    for file in yaml_files(path)? {
        match parse_file(&file)? {
            Material::Objects(found) => {
                all.live |= found.live;
                all.chart_only |= found.chart_only;
                all.objects.extend(found.objects);
            }
            other if all.objects.is_empty() => return Ok(vec![other]),
            _ => {}
        }
    }
    if all.objects.is_empty() {
        Err(Fault::new(format!("{shown} holds nothing to compare with")))
    } else {
        Ok(vec![Material::Objects(all)])
    }
}

/// From standard input.
///
/// # Errors
/// As [`read`].
pub fn parse_stdin(bytes: &[u8]) -> Result<Material, Fault> {
    parse("<stdin>", bytes)
}

fn parse_file(path: &Path) -> Result<Material, Fault> {
    let name = path.display().to_string();
    let bytes = read_limited(path).map_err(|e| Fault::new(format!("cannot read {name}: {e}")))?;
    match parse(&name, &bytes)? {
        Material::Config(_) => Ok(Material::Config(path.to_owned())),
        other => Ok(other),
    }
}

/// The environments of an earlier render below `path`, sorted; the folder itself where the config had none.
fn rendered(path: &Path) -> Vec<(Option<String>, PathBuf)> {
    let is_render = |folder: &Path| folder.join(MANIFESTS_FILE).is_file() && folder.join(VALUES_FILE).is_file();
    if is_render(path) {
        return vec![(None, path.to_owned())];
    }
    let Ok(entries) = std::fs::read_dir(path) else { return Vec::new() };
    let mut found: Vec<(Option<String>, PathBuf)> = entries
        .flatten()
        .filter(|entry| is_render(&entry.path()))
        .filter_map(|entry| Some((Some(entry.file_name().into_string().ok()?), entry.path())))
        .collect();
    found.sort();
    found
}

fn read_rendered(environment: Option<String>, folder: &Path) -> Result<Material, Fault> {
    let mut all = Objects { environment, rendered: true, ..Objects::default() };
    for name in [MANIFESTS_FILE, LOADER_JOB, CLUSTER_FILE] {
        let path = folder.join(name);
        if path.is_file()
            && let Material::Objects(found) = parse_file(&path)?
        {
            all.objects.extend(found.objects);
        }
    }
    if let Material::Values(found) = parse_file(&folder.join(VALUES_FILE))? {
        all.values = Some(found.values);
    }
    Ok(Material::Objects(all))
}

fn yaml_files(path: &Path) -> Result<Vec<PathBuf>, Fault> {
    let mut found = Vec::new();
    let visible = |entry: &walkdir::DirEntry| entry.depth() == 0 || !entry.file_name().to_string_lossy().starts_with('.');
    for entry in walkdir::WalkDir::new(path).sort_by_file_name().into_iter().filter_entry(visible) {
        let entry = entry.map_err(|e| Fault::new(format!("cannot read {}: {e}", path.display())))?;
        let is_yaml = entry.path().extension().is_some_and(|e| e == "yaml" || e == "yml" || e == "json");
        if entry.file_type().is_file() && is_yaml {
            found.push(entry.into_path());
        }
    }
    Ok(found)
}

pub(super) fn parse(name: &str, bytes: &[u8]) -> Result<Material, Fault> {
    let text = std::str::from_utf8(bytes).map_err(|_| Fault::new(format!("{name} is no UTF-8 text")))?;
    let chart_only = text.lines().any(|line| line.starts_with("# Source: "));
    let documents = documents(name, text)?;
    if let Some(found) = documents.iter().find(|d| d.get(saved::KEY).is_some()) {
        return Ok(Material::Saved(Box::new(saved::Saved::from_value(name, found)?)));
    }
    if documents.iter().any(|d| d.get("kind").is_none() && d.get("apiVersion").and_then(Value::as_str) == Some("gqlgen/v1")) {
        return Ok(Material::Config(PathBuf::new()));
    }
    let mut objects = Vec::new();
    let mut values = None;
    for document in documents {
        match document {
            Value::Null => {}
            Value::Object(map) if is_object(&map) => flatten(Value::Object(map), &mut objects),
            // A half object is no values file: of that each value would be shown.
            Value::Object(map) if values.is_none() && !map.contains_key("kind") => values = Some(without_banner(map)),
            _ => return Err(Fault::new(format!("{name} holds neither Kubernetes objects nor chart values"))),
        }
    }
    match (objects.is_empty(), values) {
        (true, Some(values)) => Ok(Material::Values(Values { environment: None, values: Value::Object(values) })),
        (false, None) => Ok(Material::Objects(Objects { live: objects.iter().any(is_live), objects, chart_only, ..Objects::default() })),
        (true, None) if chart_only || name == "<stdin>" => Err(Fault::new(format!("{name} is empty"))),
        (true, None) => Ok(Material::Objects(Objects { chart_only, ..Objects::default() })),
        (false, Some(_)) => Err(Fault::new(format!("{name} holds both Kubernetes objects and something else"))),
    }
}

fn documents(name: &str, text: &str) -> Result<Vec<Value>, Fault> {
    if text.trim_start().starts_with('{')
        && let Ok(value) = serde_json::from_str(text)
    {
        return Ok(vec![value]);
    }
    // The message of a parser may quote the text.
    let fault = |line: u32| Fault::new(format!("{name}:{line} is no YAML that can be read"));
    let source = yaml::decode(name, text.as_bytes()).map_err(|d| fault(d.place.span.start.line))?;
    let parsed = yaml::parse_all(&source).map_err(|d| fault(d.place.span.start.line))?;
    Ok(parsed.iter().map(|d| d.root.to_json()).collect())
}

fn is_object(map: &Map<String, Value>) -> bool {
    map.get("apiVersion").is_some_and(Value::is_string) && map.get("kind").is_some_and(Value::is_string)
}

/// The items of a `List`, as kubectl prints several objects.
fn flatten(object: Value, objects: &mut Vec<Value>) {
    let is_list = object.get("kind").and_then(Value::as_str).is_some_and(|kind| kind.ends_with("List"));
    match object.get("items").and_then(Value::as_array) {
        Some(items) if is_list => items.iter().for_each(|item| flatten(item.clone(), objects)),
        _ => objects.push(object),
    }
}

/// `helm get values` heads its output with a line that is a key to YAML.
fn without_banner(mut values: Map<String, Value>) -> Map<String, Value> {
    for banner in ["USER-SUPPLIED VALUES", "COMPUTED VALUES"] {
        if values.get(banner).is_some_and(Value::is_null) {
            values.shift_remove(banner);
        }
    }
    values
}

fn is_live(object: &Value) -> bool {
    object.get("metadata").is_some_and(|m| m.get("uid").is_some() || m.get("resourceVersion").is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Material {
        parse("x.yaml", text.as_bytes()).unwrap()
    }

    #[test]
    fn content_tells_what_a_file_is() {
        let Material::Values(values) = parsed("USER-SUPPLIED VALUES:\nreplicaCount: 3\n") else { panic!() };
        assert_eq!(values.values, serde_json::json!({"replicaCount": 3}));
        let Material::Objects(helm) = parsed("---\n# Source: c/templates/x.yaml\napiVersion: v1\nkind: Service\nmetadata: {name: a}\n")
        else {
            panic!()
        };
        assert!(helm.chart_only && !helm.live && helm.objects.len() == 1);
        let Material::Objects(list) =
            parsed(r#"{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"Service","metadata":{"name":"a","uid":"1"}}]}"#)
        else {
            panic!()
        };
        assert!(list.live && list.objects.len() == 1);
        assert!(matches!(parsed("apiVersion: gqlgen/v1\nscalardb: \"3.8\"\n"), Material::Config(_)));
        assert!(parse("x", b"[1]").is_err() && parse("x", b"kind: Secret\ndata: {}\n").is_err());
    }

    #[test]
    fn faults_quote_nothing() {
        let fault = parse("x.yaml", b"a: b\npassword: \"planted-osprey-58\n").unwrap_err();
        assert!(!fault.to_string().contains("planted"), "{fault}");
    }
}
