//! What objects say of themselves and of each other: classes, annotations, backends, who reads a Secret.

use serde_json::Value;

use crate::diff::compare::Objects;
use crate::diff::text;

pub const ALB: &str = "alb";
pub const NGINX: &str = "nginx";
pub const AGIC: &str = "azure-application-gateway";

/// The annotations that each of the controllers reads.
pub const PREFIXES: [(&str, &str); 3] =
    [(ALB, "alb.ingress.kubernetes.io/"), (NGINX, "nginx.ingress.kubernetes.io/"), (AGIC, "appgw.ingress.kubernetes.io/")];

pub fn annotation<'a>(object: &'a Value, key: &str) -> Option<&'a str> {
    object.get("metadata")?.get("annotations")?.get(key)?.as_str()
}

pub fn alb<'a>(object: &'a Value, key: &str) -> Option<&'a str> {
    object.get("metadata")?.get("annotations")?.get(format!("{}{key}", PREFIXES[0].1))?.as_str()
}

pub fn nginx<'a>(object: &'a Value, key: &str) -> Option<&'a str> {
    object.get("metadata")?.get("annotations")?.get(format!("{}{key}", PREFIXES[1].1))?.as_str()
}

pub fn is_true(text: Option<&str>) -> bool {
    text.and_then(text::boolean) == Some(true)
}

/// The class as the Ingress names it; the old annotation wins with all three controllers.
pub fn class_name(ingress: &Value) -> Option<&str> {
    annotation(ingress, "kubernetes.io/ingress.class").or_else(|| ingress.pointer("/spec/ingressClassName")?.as_str())
}

/// The controller behind the class. A class of another name is known by the annotations that stand beside it.
pub fn class(ingress: &Value) -> Option<&'static str> {
    let name = class_name(ingress);
    if let Some((known, _)) = PREFIXES.iter().find(|(known, _)| Some(*known) == name) {
        return Some(known);
    }
    let annotations = ingress.pointer("/metadata/annotations")?.as_object()?;
    PREFIXES.iter().find(|(_, prefix)| annotations.keys().any(|key| key.starts_with(prefix))).map(|(known, _)| *known)
}

pub fn of_kind<'a>(objects: &'a Objects<'a>, kind: &'a str) -> impl Iterator<Item = &'a Value> {
    objects.iter().filter(move |(id, _)| id.kind == kind).map(|(_, object)| *object)
}

/// The backends (`service` of a path or of the default backend) of an Ingress.
pub fn backends(ingress: &Value) -> Vec<&Value> {
    let mut found = Vec::new();
    let rules = ingress.pointer("/spec/rules").and_then(Value::as_array);
    for rule in rules.into_iter().flatten() {
        let paths = rule.pointer("/http/paths").and_then(Value::as_array);
        found.extend(paths.into_iter().flatten().filter_map(|path| path.pointer("/backend/service")));
    }
    found.extend(ingress.pointer("/spec/defaultBackend/service"));
    found
}

pub fn names_backend(ingress: &Value, service: &str) -> bool {
    backends(ingress).iter().any(|b| b.get("name").and_then(Value::as_str) == Some(service))
}

/// The paths of all rules.
pub fn paths(ingress: &Value) -> impl Iterator<Item = &Value> {
    let rules = ingress.pointer("/spec/rules").and_then(Value::as_array).into_iter().flatten();
    rules.flat_map(|rule| rule.pointer("/http/paths").and_then(Value::as_array).into_iter().flatten())
}

/// Whether an ALB has an HTTPS listener for this Ingress, as far as the Ingress alone says.
pub fn https_listener(ingress: &Value) -> bool {
    match alb(ingress, "listen-ports") {
        Some(ports) => ports.contains("HTTPS"),
        None => {
            alb(ingress, "certificate-arn").is_some()
                || ingress.pointer("/spec/tls").and_then(Value::as_array).is_some_and(|t| !t.is_empty())
        }
    }
}

/// How a workload reads a Secret or ConfigMap.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reads {
    Env,
    Volume,
    SubPath,
}

/// All ways in which the pods of these objects read the Secret or ConfigMap of that name.
pub fn readers(objects: &Objects<'_>, kind: &str, name: &str) -> Vec<Reads> {
    let mut found = Vec::new();
    for object in objects.values() {
        let pod = object.pointer("/spec/template/spec").or_else(|| object.pointer("/spec/jobTemplate/spec/template/spec"));
        if let Some(pod) = pod {
            pod_reads(pod, kind, name, &mut found);
        }
    }
    found
}

fn pod_reads(pod: &Value, kind: &str, name: &str, found: &mut Vec<Reads>) {
    let (key_ref, all_ref, volume, volume_name) = match kind {
        "Secret" => ("secretKeyRef", "secretRef", "secret", "secretName"),
        _ => ("configMapKeyRef", "configMapRef", "configMap", "name"),
    };
    let named = |value: Option<&Value>, field: &str| value.and_then(|v| v.get(field)).and_then(Value::as_str) == Some(name);
    let list = |value: &'_ Value, field: &str| value.get(field).and_then(Value::as_array).cloned().unwrap_or_default();
    let mut mounted = Vec::new();
    for item in list(pod, "volumes") {
        let projected = item.pointer("/projected/sources").and_then(Value::as_array).into_iter().flatten();
        let holds = named(item.get(volume), volume_name) || projected.into_iter().any(|source| named(source.get(volume), "name"));
        if let (true, Some(volume)) = (holds, item.get("name").and_then(Value::as_str)) {
            mounted.push(volume.to_owned());
        }
    }
    for container in list(pod, "containers").into_iter().chain(list(pod, "initContainers")) {
        let env = list(&container, "env").iter().any(|e| named(e.pointer(&format!("/valueFrom/{key_ref}")), "name"));
        let env_from = list(&container, "envFrom").iter().any(|e| named(e.get(all_ref), "name"));
        if env || env_from {
            found.push(Reads::Env);
        }
        for mount in list(&container, "volumeMounts") {
            if mount.get("name").and_then(Value::as_str).is_some_and(|volume| mounted.iter().any(|m| m == volume)) {
                found.push(if mount.get("subPath").is_some() { Reads::SubPath } else { Reads::Volume });
            }
        }
    }
}
