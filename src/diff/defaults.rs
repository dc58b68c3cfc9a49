//! What the API server fills in where a manifest says nothing (`schemas/diff/defaults.json`).

use std::sync::OnceLock;

use serde::Deserialize;
use serde_json::Value;

use super::pattern::{Pattern, glob};
use crate::source::Pointer;

#[derive(Deserialize)]
struct Table {
    rows: Vec<Row>,
    pods: Vec<String>,
    containers: Vec<String>,
    probes: Vec<String>,
}

#[derive(Deserialize)]
struct Row {
    object: String,
    path: String,
    value: Value,
    unless: Option<Unless>,
}

#[derive(Clone, Deserialize)]
struct Unless {
    path: String,
    value: Value,
}

struct Rule {
    object: String,
    pattern: Pattern,
    value: Value,
    unless: Option<Unless>,
}

fn rules() -> &'static [Rule] {
    static RULES: OnceLock<Vec<Rule>> = OnceLock::new();
    RULES.get_or_init(|| {
        let table: Table = serde_json::from_str(include_str!("../../schemas/diff/defaults.json")).expect("the table is well-formed");
        let below = |bases: &[String], tails: &[String]| -> Vec<String> {
            bases.iter().flat_map(|base| tails.iter().map(move |tail| format!("{base}/{tail}"))).collect()
        };
        let containers = below(&table.pods, &table.containers);
        let probes = below(&containers, &table.probes);
        let mut rules = Vec::new();
        for row in &table.rows {
            let (bases, rest): (&[String], &str) = match row.path.split_once('}') {
                Some(("{pod", rest)) => (&table.pods, rest),
                Some(("{container", rest)) => (&containers, rest),
                Some(("{probe", rest)) => (&probes, rest),
                _ => (&[], &row.path),
            };
            let paths: Vec<String> =
                if bases.is_empty() { vec![rest.to_owned()] } else { bases.iter().map(|b| format!("{b}{rest}")).collect() };
            for path in paths {
                rules.push(Rule {
                    object: row.object.clone(),
                    pattern: Pattern::parse(&path),
                    value: row.value.clone(),
                    unless: row.unless.clone(),
                });
            }
        }
        rules
    })
}

/// Whether the API server would have put `value` at `path` of `object` by itself. `object` is the one that holds the value.
pub fn is_default(kind: &str, path: &[String], value: &Value, object: &Value) -> bool {
    if path.last().is_some_and(|last| last == "imagePullPolicy") {
        return value.as_str() == pull_policy(path, object);
    }
    let unless = |rule: &Rule| rule.unless.as_ref().is_some_and(|u| object.pointer(&u.path) == Some(&u.value));
    rules().iter().any(|r| r.value == *value && glob(&r.object, kind) && r.pattern.fits(path) && !unless(r))
}

/// `Always` for images without a tag or with `latest`, else `IfNotPresent`.
fn pull_policy(path: &[String], object: &Value) -> Option<&'static str> {
    let container = path[..path.len() - 1].iter().fold(Pointer::root(), |pointer, segment| pointer.join(segment));
    let image = object.pointer(container.as_str())?.get("image")?.as_str()?;
    if image.contains('@') {
        return Some("IfNotPresent");
    }
    let tag = image.rsplit('/').next().unwrap_or(image).split_once(':').map_or("latest", |(_, tag)| tag);
    Some(if tag == "latest" { "Always" } else { "IfNotPresent" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn path(text: &str) -> Vec<String> {
        Pointer::parse(text).segments().collect()
    }

    #[test]
    fn defaults_depend_on_the_object() {
        let pod = json!({"spec": {"template": {"spec": {"containers": [{"image": "a/b:5000", "imagePullPolicy": "IfNotPresent"}, {"image": "r:5000/x"}]}}}});
        let at = |i: usize| path(&format!("/spec/template/spec/containers/{i}/imagePullPolicy"));
        assert!(is_default("Deployment", &at(0), &json!("IfNotPresent"), &pod));
        assert!(is_default("Deployment", &at(1), &json!("Always"), &pod));
        assert!(!is_default("Deployment", &at(0), &json!("Always"), &pod));
        let probe = path("/spec/template/spec/containers/0/livenessProbe/periodSeconds");
        assert!(is_default("Deployment", &probe, &json!(10), &pod) && !is_default("Deployment", &probe, &json!(5), &pod));
        assert!(is_default("Service", &path("/spec/type"), &json!("ClusterIP"), &json!({})));
    }
}
