//! Containers: resources, security context, environment, ports and probes.

use std::collections::HashSet;

use serde_json::Value;

use super::super::walk::{Object, Walk, is_given};
use super::super::{names, quantity};
use super::{is_set, list, text};

/// Resource names of containers. One without a prefix is a standard one; others are extended resources.
pub fn resource_names<'v>(walk: &mut Walk<'v>, object: &'v Object) {
    for (key, value) in object {
        walk.at_key(key, |walk| {
            if let Err(reason) = names::label_key(key) {
                walk.bad(format!("the key {key:?} {reason}"));
            } else if !key.contains('/') && !is_standard(key) {
                let fault = walk.bad(format!("{key:?} is no resource of containers"));
                fault.expected = Some("cpu, memory, ephemeral-storage, hugepages-SIZE or DOMAIN/NAME".into());
                fault.suggestion = crate::config::decode::nearest(key, ["cpu", "memory", "ephemeral-storage"]).map(str::to_owned);
            }
            let Ok(amount) = quantity::of(value) else { return };
            if amount.is_negative() {
                walk.bad(format!("{value} is negative"));
            } else if is_extended(key) && !amount.is_integer() {
                walk.bad(format!("{value} must be a whole number"));
            }
        });
    }
}

fn is_standard(name: &str) -> bool {
    matches!(name, "cpu" | "memory" | "ephemeral-storage") || name.starts_with("hugepages-")
}

fn is_extended(name: &str) -> bool {
    name.contains('/') && !name.contains("kubernetes.io/")
}

/// What is requested may not exceed the limit; extended resources and huge pages cannot be overcommitted at all.
pub fn resources<'v>(walk: &mut Walk<'v>, object: &'v Object) {
    let Some(requests) = object.get("requests").and_then(Value::as_object) else { return };
    let limits = object.get("limits").and_then(Value::as_object);
    walk.at_key("requests", |walk| {
        for (name, value) in requests {
            let Ok(request) = quantity::of(value) else { continue };
            let whole = is_extended(name) || name.starts_with("hugepages-");
            let limit = limits.and_then(|limits| limits.get(name));
            walk.at_key(name, |walk| match limit.map(quantity::of) {
                Some(Ok(most)) if request > most => {
                    walk.bad(format!("{value} is more than the limit, {}", limit.unwrap_or(&Value::Null)));
                }
                Some(Ok(most)) if whole && request != most => {
                    walk.bad(format!("must equal the limit of {name}"));
                }
                None if whole => {
                    walk.bad(format!("needs a limit of {name} too"));
                }
                _ => {}
            });
        }
    });
}

pub fn security_context<'v>(walk: &mut Walk<'v>, object: &'v Object) {
    if object.get("allowPrivilegeEscalation") != Some(&Value::Bool(false)) {
        return;
    }
    let privileged = object.get("privileged") == Some(&Value::Bool(true));
    let added = object.get("capabilities").and_then(|capabilities| capabilities.get("add")).and_then(Value::as_array);
    let admin = added.is_some_and(|added| added.iter().any(|capability| capability == "CAP_SYS_ADMIN"));
    if privileged || admin {
        let cause = if privileged { "privileged: true" } else { "the capability CAP_SYS_ADMIN" };
        walk.at_key("allowPrivilegeEscalation", |walk| {
            walk.bad(format!("cannot be false beside {cause}"));
        });
    }
}

/// Seccomp and AppArmor profiles: a file goes with `Localhost`, and only with it.
pub fn profile<'v>(walk: &mut Walk<'v>, object: &'v Object) {
    let local = text(object, "type") == "Localhost";
    let file = text(object, "localhostProfile");
    if local && file.is_empty() {
        walk.missing("localhostProfile", "a profile of type Localhost");
    } else if !local && is_set(object, "localhostProfile") && !text(object, "type").is_empty() {
        walk.at_key("localhostProfile", |walk| {
            walk.bad("goes only with the type Localhost");
        });
    }
}

/// What an environment variable may read of its pod.
const FIELDS: [&str; 9] = [
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
];

fn field_reference<'v>(walk: &mut Walk<'v>, object: &'v Object) {
    let path =
        object.get("valueFrom").and_then(|from| from.get("fieldRef")).and_then(|field| field.get("fieldPath")).and_then(Value::as_str);
    let Some(path) = path.filter(|path| !path.is_empty()) else { return };
    let subscript = path.starts_with("metadata.labels[") || path.starts_with("metadata.annotations[");
    if !FIELDS.contains(&path) && !subscript {
        walk.at_key("valueFrom", |walk| {
            walk.at_key("fieldRef", |walk| {
                walk.at_key("fieldPath", |walk| {
                    walk.bad(format!("{path:?} is no field that a container can read")).suggestion =
                        crate::config::decode::nearest(path, FIELDS).map(str::to_owned);
                });
            });
        });
    }
}

pub fn env<'v>(walk: &mut Walk<'v>, object: &'v Object) {
    field_reference(walk, object);
    if is_set(object, "valueFrom") && !text(object, "value").is_empty() {
        walk.at_key("valueFrom", |walk| {
            walk.bad("cannot stand beside `value`");
        });
    }
}

pub fn container<'v>(walk: &mut Walk<'v>, object: &'v Object) {
    let mut seen = HashSet::new();
    walk.each(object, "ports", |walk, port| {
        let name = port.get("name").and_then(Value::as_str).unwrap_or_default();
        if !name.is_empty() && !seen.insert(name) {
            walk.at_key("name", |walk| {
                walk.bad(format!("another port of this container is named {name:?} too"));
            });
        }
    });
    let mut seen = HashSet::new();
    walk.each(object, "volumeMounts", |walk, mount| {
        let path = mount.get("mountPath").and_then(Value::as_str).unwrap_or_default();
        if !path.is_empty() && !seen.insert(path) {
            walk.at_key("mountPath", |walk| {
                walk.bad(format!("{path:?} is mounted twice"));
            });
        }
        if is_member(mount, "subPath") && is_member(mount, "subPathExpr") {
            walk.at_key("subPathExpr", |walk| {
                walk.bad("cannot stand beside `subPath`");
            });
        }
    });
    for key in ["livenessProbe", "startupProbe"] {
        let Some(threshold) = object.get(key).and_then(|probe| probe.get("successThreshold")) else { continue };
        if is_given(threshold) && threshold.as_i64() != Some(1) {
            walk.at_key(key, |walk| {
                walk.at_key("successThreshold", |walk| {
                    walk.bad(format!("must be 1 for a {key}"));
                });
            });
        }
    }
    if let Some(grace) = object.get("readinessProbe").and_then(Value::as_object)
        && is_set(grace, "terminationGracePeriodSeconds")
    {
        walk.at_key("readinessProbe", |walk| {
            walk.at_key("terminationGracePeriodSeconds", |walk| {
                walk.bad("is nothing for a readiness probe");
            });
        });
    }
    duplicates(walk, object);
}

fn is_member(of: &Value, key: &str) -> bool {
    of.get(key).is_some_and(is_given)
}

/// A name given twice in `env` is taken by the server, so it is no fault; the later one wins.
fn duplicates<'v>(walk: &mut Walk<'v>, object: &'v Object) {
    let names: Vec<&str> = list(object, "env").iter().filter_map(|env| env.get("name").and_then(Value::as_str)).collect();
    let mut seen = HashSet::new();
    let twice: Vec<&str> = names.into_iter().filter(|name| !seen.insert(*name)).collect();
    for name in twice {
        let fault = walk.bad(format!("the environment variable {name} is given twice: the later one wins"));
        fault.level = crate::diagnostic::Level::Warning;
    }
}
