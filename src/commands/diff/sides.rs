//! Built environments as sides of a comparison.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::cause;
use crate::chart::{KubeVersion, Release};
use crate::commands::pipeline::Environment;
use crate::compile;
use crate::diff::Snapshot;
use crate::diff::deployed::Objects;
use crate::resolve;
use crate::source::Pointer;

/// The API of the chart's monitoring objects.
const MONITORING: &str = "monitoring.coreos.com/v1";

/// An environment with all its objects.
pub fn snapshot(environment: &Environment) -> Snapshot {
    let mut snapshot = chart_snapshot(environment);
    snapshot.objects.extend(environment.compiled.objects.iter().cloned());
    snapshot.objects.extend(compile::file_objects(&environment.deployment));
    snapshot
}

/// An environment with the chart's objects only: what Helm knows of.
pub fn chart_snapshot(environment: &Environment) -> Snapshot {
    let release = &environment.release;
    let mut snapshot = Snapshot::new(environment.layered.name.clone(), &release.name, &release.namespace);
    snapshot.objects = environment.chart_objects.iter().map(|o| o.value.clone()).collect();
    snapshot.values = Some(written(&environment.compiled.values, &environment.deployment.chart_version));
    snapshot
}

/// The wanted side: it also says where its fields come from.
pub fn with_causes(mut snapshot: Snapshot, environment: &Environment) -> Snapshot {
    snapshot.causes = Some(cause::finder(environment));
    let (mut release, version) = (environment.release.clone(), environment.deployment.chart_version.clone());
    // Monitoring that is switched off or on brings its API with it.
    if !release.api_versions.iter().any(|api| api == MONITORING) {
        release.api_versions.push(MONITORING.to_owned());
    }
    snapshot.value_matters = Some(Arc::new(move |values, pointer, other| matters(values, &release, &version, pointer, other)));
    snapshot
}

/// Whether the chart's objects would be others with another value in the place of one.
fn matters(values: &Value, release: &Release, version: &str, pointer: &Pointer, other: Option<&Value>) -> bool {
    let chart = resolve::chart();
    let Some(version) = chart.version(version) else { return true };
    let mut changed = values.clone();
    put(&mut changed, pointer, other);
    let render =
        |values: &Value| chart.render(version, values, release).ok().map(|all| all.into_iter().map(|o| o.value).collect::<Vec<_>>());
    render(values) != render(&changed)
}

fn put(values: &mut Value, pointer: &Pointer, value: Option<&Value>) {
    let Some((parent, last)) = pointer.parent().zip(pointer.last()) else { return };
    if values.pointer(parent.as_str()).is_none() {
        put(values, &parent, Some(&Value::Object(Map::new())));
    }
    match (values.pointer_mut(parent.as_str()), value) {
        (Some(Value::Object(map)), Some(value)) => {
            map.insert(last, value.clone());
        }
        (Some(Value::Object(map)), None) => {
            map.shift_remove(&last);
        }
        (Some(Value::Array(items)), Some(value)) => match last.parse::<usize>() {
            Ok(index) if index < items.len() => items[index] = value.clone(),
            _ => items.push(value.clone()),
        },
        (Some(Value::Array(items)), None) => {
            if let Some(index) = last.parse::<usize>().ok().filter(|index| *index < items.len()) {
                items.remove(index);
            }
        }
        _ => {}
    }
}

/// Custom values without those that say what the chart says anyway.
pub fn written(values: &Value, version: &str) -> Value {
    let chart = resolve::chart();
    match chart.version(version) {
        Some(version) => without(values, chart.defaults(version)),
        None => values.clone(),
    }
}

fn without(values: &Value, defaults: &Value) -> Value {
    let (Value::Object(values), Value::Object(defaults)) = (values, defaults) else { return values.clone() };
    let mut kept = Map::new();
    for (key, value) in values {
        match defaults.get(key) {
            Some(default) if default == value => {}
            Some(default @ Value::Object(_)) if value.is_object() => {
                let below = without(value, default);
                if below.as_object().is_some_and(|b| !b.is_empty()) {
                    kept.insert(key.clone(), below);
                }
            }
            _ => {
                kept.insert(key.clone(), value.clone());
            }
        }
    }
    Value::Object(kept)
}

/// The chart's own Secret of an earlier render, which its manifests leave out: its values tell it.
pub fn own_secrets(found: &Objects, namespace: &str) -> Vec<Value> {
    let label = |name: &str| {
        let of = |o: &Value| o.pointer(&format!("/metadata/labels/{}", name.replace('/', "~1"))).and_then(Value::as_str).map(str::to_owned);
        found.objects.iter().find_map(of)
    };
    let (Some(values), Some(chart_label), Some(name)) = (&found.values, label("helm.sh/chart"), label("app.kubernetes.io/instance")) else {
        return Vec::new();
    };
    let chart = resolve::chart();
    let Some(version) = chart_label.rsplit('-').next().and_then(|v| chart.version(v)) else { return Vec::new() };
    let release = Release { name, namespace: namespace.to_owned(), kube_version: KubeVersion::NEWEST, api_versions: Vec::new() };
    let rendered = chart.render(version, values, &release).unwrap_or_default();
    rendered.into_iter().map(|o| o.value).filter(|o| o["kind"] == "Secret").collect()
}

/// The objects that a values file gives, with all else as the wanted environment has it.
pub fn render_values(values: &Value, environment: &Environment) -> Result<Vec<Value>, String> {
    let chart = resolve::chart();
    let version = &environment.deployment.chart_version;
    let version = chart.version(version).ok_or_else(|| format!("chart version {version} is not known"))?;
    let rendered =
        chart.render(version, values, &environment.release).map_err(|_| "the chart refuses the values that are deployed".to_owned())?;
    Ok(rendered.into_iter().map(|o| o.value).collect())
}
