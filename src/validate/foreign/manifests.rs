//! Rendered manifests: the output of `helm template`, `helm get manifest` or `kubectl get -o yaml`, or `manifests.yaml`.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Judged, place};
use crate::chart::helm_yaml;
use crate::config::tree::Node;
use crate::config::yaml;
use crate::diagnostic::Diagnostic;
use crate::source::{Place, Pointer};
use crate::validate::annotations;
use crate::validate::kubernetes::{self, KubeMinor};

/// An object and where it stands.
struct Object<'n> {
    node: &'n Node,
    value: Value,
}

/// Judges the objects of a stream for a Kubernetes version.
pub fn judge(name: &str, bytes: &[u8], version: Option<KubeMinor>) -> Judged {
    let documents = match yaml::decode(name, bytes).and_then(|source| yaml::parse_all(&source)) {
        Ok(documents) => documents,
        Err(fault) => return Judged::failed(*fault),
    };
    let mut judged = Judged::default();
    if version.is_none() {
        judged.not_checked("what an older Kubernetes than 1.37 would refuse", "`--kube-version` is not given");
    }
    let minor = version.unwrap_or(KubeMinor::NEWEST).known();
    let mut objects = Vec::new();
    for document in &documents {
        collect(&document.root, &mut objects, &mut judged);
    }
    let mut seen: BTreeMap<String, Place> = BTreeMap::new();
    for object in &objects {
        twice(object, &mut seen, &mut judged);
        fields(object, minor, &mut judged);
    }
    backends(&objects, &mut judged);
    ingresses(&objects, &mut judged);
    judged
}

/// What the controllers make of the Ingresses' annotations.
fn ingresses(objects: &[Object<'_>], judged: &mut Judged) {
    let values: Vec<&Value> = objects.iter().map(|o| &o.value).collect();
    for ingress in objects.iter().filter(|o| o.value["kind"] == "Ingress") {
        for (pointer, found) in annotations::files::of_object(&ingress.value, &values) {
            let mut diagnostic = Diagnostic::new(found.rule, found.level, place(ingress.node, &Pointer::parse(&pointer)), found.message);
            diagnostic.help = found.help;
            judged.diagnostics.push(diagnostic);
        }
    }
}

/// Objects of a document; a List gives its items.
fn collect<'n>(node: &'n Node, objects: &mut Vec<Object<'n>>, judged: &mut Judged) {
    let value = helm_yaml::to_value(node);
    let kind = value["kind"].as_str().unwrap_or_default();
    if kind.ends_with("List")
        && let Some(items) = node.get("items").and_then(Node::as_sequence)
    {
        items.iter().for_each(|item| collect(item, objects, judged));
        return;
    }
    if kind.is_empty() || value["apiVersion"].as_str().is_none() {
        judged.diagnostics.push(Diagnostic::error(
            "K8S002",
            node.place.clone(),
            "this document is no Kubernetes object: it has no `apiVersion` and `kind`",
        ));
        return;
    }
    objects.push(Object { node, value });
}

fn twice(object: &Object<'_>, seen: &mut BTreeMap<String, Place>, judged: &mut Judged) {
    let text = |pointer: &str| object.value.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let group = text("/apiVersion").rsplit_once('/').map_or("", |(group, _)| group);
    let identity = format!("{group}|{}|{}|{}", text("/kind"), text("/metadata/namespace"), text("/metadata/name"));
    let here = place(object.node, &Pointer::parse("/metadata/name"));
    if let Some(first) = seen.get(&identity) {
        let message = format!("{} {} stands here a second time: the later one wins", text("/kind"), text("/metadata/name"));
        judged.diagnostics.push(Diagnostic::error("K8S002", here, message).related(first.clone(), "first here"));
        return;
    }
    seen.insert(identity, here);
}

fn fields(object: &Object<'_>, minor: KubeMinor, judged: &mut Judged) {
    let kind = object.value["kind"].as_str().unwrap_or_default();
    if !kubernetes::is_known(&object.value, minor) {
        let api = object.value["apiVersion"].as_str().unwrap_or_default();
        judged.not_checked(&format!("the fields of {kind} ({api})"), "its types are not known here");
        return;
    }
    for fault in kubernetes::check(&object.value, minor) {
        let at = place(object.node, &Pointer::parse(&fault.pointer));
        let mut diagnostic = Diagnostic::new("K8S002", fault.level, at, format!("{kind}: {}", fault.message));
        diagnostic.label = fault.expected.map(|e| format!("expected {e}"));
        diagnostic.help = fault.suggestion.map(|s| format!("did you mean `{s}`?"));
        judged.diagnostics.push(diagnostic);
    }
}

/// An Ingress sends to a Service of the stream that does not have the port, or to none although the stream has Services.
fn backends(objects: &[Object<'_>], judged: &mut Judged) {
    let services: Vec<&Value> = objects.iter().filter(|o| o.value["kind"] == "Service").map(|o| &o.value).collect();
    if services.is_empty() {
        return;
    }
    for ingress in objects.iter().filter(|o| o.value["kind"] == "Ingress") {
        let rules = ingress.value["spec"]["rules"].as_array().cloned().unwrap_or_default();
        for (r, rule) in rules.iter().enumerate() {
            for (p, path) in rule["http"]["paths"].as_array().into_iter().flatten().enumerate() {
                let backend = &path["backend"]["service"];
                let Some(name) = backend["name"].as_str() else { continue };
                // The controller's own actions have this port in place of a Service's.
                if backend["port"]["name"] == "use-annotation" {
                    continue;
                }
                let at = place(ingress.node, &Pointer::parse(&format!("/spec/rules/{r}/http/paths/{p}/backend")));
                let same_namespace =
                    |s: &&&Value| s["metadata"]["name"] == name && s["metadata"]["namespace"] == ingress.value["metadata"]["namespace"];
                let Some(service) = services.iter().find(same_namespace) else {
                    judged.diagnostics.push(Diagnostic::warning("K8S006", at, format!("the Service `{name}` is not among these objects")));
                    continue;
                };
                let wanted = &backend["port"];
                let has = |port: &Value| {
                    (!wanted["number"].is_null() && port["port"] == wanted["number"])
                        || (!wanted["name"].is_null() && port["name"] == wanted["name"])
                };
                if !service["spec"]["ports"].as_array().into_iter().flatten().any(has) {
                    judged.diagnostics.push(
                        Diagnostic::error("K8S006", at, format!("the Service `{name}` has no such port"))
                            .help("the port of the backend is one of the Service's ports, not of the container's"),
                    );
                }
            }
        }
    }
}
