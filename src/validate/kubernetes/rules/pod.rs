//! Pods: names within a pod, volumes and the mounts that refer to them.

use std::collections::HashSet;

use serde_json::Value;

use super::super::FaultKind;
use super::super::walk::{Object, Walk};
use super::{is_set, list, text};
use crate::config::decode::nearest;
use crate::diagnostic::Level;

pub fn pod_spec<'v>(walk: &mut Walk<'v>, object: &'v Object) {
    unique_names(walk, object, &["volumes"]);
    unique_names(walk, object, &["initContainers", "containers"]);
    let named = list(object, "volumes").iter().filter_map(|volume| volume.get("name").and_then(Value::as_str));
    let volumes: Vec<&str> = named.chain(walk.claims.iter().copied()).collect();
    for key in ["initContainers", "containers"] {
        walk.each(object, key, |walk, container| mounts(walk, container, &volumes));
    }
    let servers = object.get("dnsConfig").and_then(|config| config.get("nameservers")).and_then(Value::as_array);
    if text(object, "dnsPolicy") == "None" && servers.is_none_or(Vec::is_empty) {
        walk.missing("dnsConfig.nameservers", "a pod with dnsPolicy None");
    }
    let mut seen = HashSet::new();
    walk.each(object, "topologySpreadConstraints", |walk, constraint| {
        let of = |key: &str| constraint.get(key).and_then(Value::as_str).unwrap_or_default();
        if !seen.insert((of("topologyKey"), of("whenUnsatisfiable"))) {
            walk.bad("another constraint has the same topologyKey and whenUnsatisfiable");
        }
        if constraint.get("minDomains").is_some_and(|least| !least.is_null()) && of("whenUnsatisfiable") == "ScheduleAnyway" {
            walk.at_key("minDomains", |walk| {
                walk.bad("goes only with whenUnsatisfiable: DoNotSchedule");
            });
        }
    });
}

fn unique_names<'v>(walk: &mut Walk<'v>, object: &'v Object, lists: &[&'v str]) {
    let mut seen = HashSet::new();
    for key in lists {
        walk.each(object, key, |walk, item| {
            let name = item.get("name").and_then(Value::as_str).unwrap_or_default();
            if !name.is_empty() && !seen.insert(name) {
                walk.at_key("name", |walk| {
                    walk.bad(format!("another of the {} is named {name:?} too", lists.join(" and ")));
                });
            }
        });
    }
}

fn mounts<'v>(walk: &mut Walk<'v>, container: &'v Value, volumes: &[&str]) {
    let Some(container) = container.as_object() else { return };
    walk.each(container, "volumeMounts", |walk, mount| {
        let Some(name) = mount.get("name").and_then(Value::as_str).filter(|name| !name.is_empty()) else { return };
        if !volumes.contains(&name) {
            walk.at_key("name", |walk| {
                let fault = walk.bad(format!("the pod has no volume {name:?}"));
                fault.suggestion = nearest(name, volumes.iter().copied()).map(str::to_owned);
            });
        }
    });
}

/// A volume has at most one source beside its name. One without any becomes an emptyDir, which is hardly meant.
pub fn volume<'v>(walk: &mut Walk<'v>, object: &'v Object) {
    let sources: Vec<&str> = object.keys().map(String::as_str).filter(|key| *key != "name" && is_set(object, key)).collect();
    match sources.len() {
        0 => {
            walk.fault(FaultKind::MissingField, "a volume without a source becomes an emptyDir").level = Level::Warning;
        }
        1 => {}
        _ => {
            walk.bad(format!("a volume has one source, and here are {}", sources.join(" and ")));
        }
    }
}

/// A claim asks for some storage.
pub fn claim<'v>(walk: &mut Walk<'v>, object: &'v Object) {
    let Some(resources) = object.get("resources").and_then(Value::as_object) else { return };
    let storage = resources.get("requests").and_then(|requests| requests.get("storage"));
    if storage.is_none_or(Value::is_null) {
        walk.at_key("resources", |walk| walk.missing("requests.storage", "a claim"));
    }
}
