//! Whole objects: is their API version served, and what stands in them.
//!
//! Which version serves what is the generated table `kinds.txt`. A beta version is deprecated where the same kind is served as stable too, which is
//! the project's policy; the few other deprecations are in `apis.json`.

use std::sync::OnceLock;

use serde::Deserialize;
use serde_json::Value;

use super::schema::{Kind, Schema};
use super::walk::{Object, Step, Walk};
use super::{Fault, FaultKind, KubeMinor, names, rules};
use crate::config::decode::nearest;
use crate::diagnostic::Level;

/// Checks a whole object, or each item of a `List`, as the API server of `version` would on creation.
/// A version outside of the tables is judged as the nearest one in them.
pub fn check(object: &Value, version: KubeMinor) -> Vec<Fault> {
    let mut walk = Walk::new(version.known());
    match object {
        Value::Object(object) => whole(&mut walk, object),
        _ => {
            walk.fault(FaultKind::WrongType, "a Kubernetes object must be an object");
        }
    }
    walk.faults
}

/// Whether [`check`] knows the fields of this object's kind; a custom resource it passes over in silence.
pub fn is_known(object: &Value, version: KubeMinor) -> bool {
    let text = |key: &str| object.get(key).and_then(Value::as_str).unwrap_or_default();
    let found = find(text("apiVersion"), text("kind"));
    found.is_some_and(|kind| kind.minors.has(version.known()) && Schema::get().index(kind.type_name).is_some())
}

fn find(api: &str, kind: &str) -> Option<&'static Kind> {
    Schema::get().kinds.iter().find(|known| known.api == api && known.kind == kind)
}

fn whole<'v>(walk: &mut Walk<'v>, object: &'v Object) {
    let mut text = |key: &'v str| match object.get(key) {
        Some(Value::String(text)) if !text.is_empty() => Some(text.as_str()),
        Some(Value::Null) | None => {
            walk.missing(key, "an object");
            None
        }
        Some(_) => {
            walk.at_key(key, |walk| {
                walk.fault(FaultKind::WrongType, "must be a string, and not empty");
            });
            None
        }
    };
    let (Some(api), Some(kind)) = (text("apiVersion"), text("kind")) else { return };
    if let Some(items) = object.get("items").and_then(Value::as_array)
        && kind.ends_with("List")
    {
        return walk.at_key("items", |walk| {
            for (index, item) in items.iter().enumerate() {
                let Some(item) = item.as_object() else { continue };
                walk.at(Step::Index(index), |walk| whole(walk, item));
            }
        });
    }
    let Some(found) = find(api, kind) else { return unknown(walk, api, kind) };
    if !found.minors.has(walk.version) {
        return not_served(walk, found);
    }
    deprecated(walk, found);
    rules::name_of_object(walk, found, object);
    if let Some(index) = Schema::get().index(found.type_name) {
        walk.object(index, object);
    }
}

fn group_of(api: &str) -> &str {
    api.split_once('/').map_or("", |(group, _)| group)
}

/// A kind of a group of Kubernetes' own is wrong; other groups are custom resources, about which nothing is known.
fn unknown<'v>(walk: &mut Walk<'v>, api: &'v str, kind: &'v str) {
    let schema = Schema::get();
    let version = walk.version;
    let (group, name) = api.split_once('/').unwrap_or(("v1", api));
    if names::dns1123_subdomain(group).is_err() || names::dns1035_label(name).is_err() {
        return walk.at_key("apiVersion", |walk| {
            walk.bad(format!("{api:?} is no API version: it must be VERSION or GROUP/VERSION"));
        });
    }
    let elsewhere: Vec<&str> =
        schema.kinds.iter().filter(|known| known.kind == kind && known.minors.has(version)).map(|known| known.api).collect();
    // `ServiceMonitor` of another group may be somebody's own.
    let own_group = schema.kinds.iter().any(|known| known.group() == group_of(api) && !known.api.starts_with("monitoring."));
    if !own_group {
        return;
    }
    if let Some(stable) = preferred(&elsewhere) {
        walk.at_key("apiVersion", |walk| {
            let fault = walk.fault(FaultKind::UnknownKind, format!("{api} has no {kind}: it is served as {stable}"));
            fault.suggestion = Some(stable.to_owned());
        });
        return;
    }
    let names = schema.kinds.iter().filter(|known| known.api == api && known.minors.has(version)).map(|known| known.kind);
    let meant = nearest(kind, names);
    walk.at_key("kind", |walk| {
        let fault = walk.fault(FaultKind::UnknownKind, format!("{api} has no kind {kind}"));
        fault.suggestion = meant.map(str::to_owned);
    });
}

fn not_served<'v>(walk: &mut Walk<'v>, kind: &Kind) {
    let version = walk.version;
    let served: Vec<&str> =
        Schema::get().kinds.iter().filter(|other| other.kind == kind.kind && other.minors.has(version)).map(|other| other.api).collect();
    let instead = preferred(&served);
    let (what, when) = match (kind.minors.before(version), kind.minors.after(version)) {
        (Some(last), _) => (FaultKind::RemovedApi, format!("the last with it is 1.{last}")),
        (None, Some(first)) => (FaultKind::FutureApi, format!("it came with 1.{first}")),
        (None, None) => (FaultKind::UnknownKind, "no known version has it".to_owned()),
    };
    let use_instead = instead.map(|api| format!("; {api} is served")).unwrap_or_default();
    walk.at_key("apiVersion", |walk| {
        let fault =
            walk.fault(what, format!("Kubernetes 1.{} does not serve {} of {}: {when}{use_instead}", version.0, kind.kind, kind.api));
        fault.suggestion = instead.map(str::to_owned);
        fault.expected = instead.map(str::to_owned);
    });
}

/// The stable version among several, or else the last.
fn preferred<'a>(apis: &[&'a str]) -> Option<&'a str> {
    let stable = apis.iter().rev().find(|api| !api.contains("alpha") && !api.contains("beta"));
    stable.or(apis.last()).copied()
}

#[derive(Deserialize)]
struct Deprecation {
    api: String,
    kind: String,
    deprecated: u8,
    /// Empty where nothing takes its place.
    instead: String,
}

fn deprecations() -> &'static [Deprecation] {
    static TABLE: OnceLock<Vec<Deprecation>> = OnceLock::new();
    let read = || {
        serde_json::from_str(include_str!("../../../schemas/kubernetes/apis.json")).expect("apis.json is well-formed, which a test holds")
    };
    TABLE.get_or_init(read)
}

fn deprecated(walk: &mut Walk<'_>, kind: &Kind) {
    let version = walk.version;
    let instead = if kind.api.contains("beta") {
        let same = |other: &&Kind| {
            other.kind == kind.kind && other.minors.has(version) && !other.api.contains("beta") && !other.api.contains("alpha")
        };
        let related = |other: &&Kind| other.group() == kind.group() || kind.group() == "extensions";
        Schema::get().kinds.iter().find(|other| same(other) && related(other)).map(|other| other.api)
    } else {
        None
    };
    let listed = deprecations().iter().find(|entry| entry.api == kind.api && entry.kind == kind.kind && entry.deprecated <= version.0);
    let instead = instead.or(listed.map(|entry| entry.instead.as_str()));
    let Some(instead) = instead else { return };
    let removed = kind.minors.until(version).map(|last| format!(", and the last version with it is 1.{last}")).unwrap_or_default();
    walk.at_key("apiVersion", |walk| {
        let fault = walk.fault(FaultKind::DeprecatedApi, format!("{} of {} is deprecated{removed}", kind.kind, kind.api));
        fault.level = Level::Warning;
        fault.suggestion = (!instead.is_empty()).then(|| instead.to_owned());
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn ingress(api: &str, minor: u8) -> Vec<(FaultKind, Option<String>)> {
        let spec = if api == "networking.k8s.io/v1" {
            json!({"defaultBackend": {"service": {"name": "a", "port": {"number": 80}}}})
        } else {
            json!({"backend": {"serviceName": "a", "servicePort": 80}})
        };
        let object = json!({"apiVersion": api, "kind": "Ingress", "metadata": {"name": "a"}, "spec": spec});
        check(&object, KubeMinor(minor)).into_iter().map(|fault| (fault.kind, fault.suggestion)).collect()
    }

    #[test]
    fn an_api_version_comes_and_goes() {
        let v1 = || Some("networking.k8s.io/v1".to_owned());
        for api in ["extensions/v1beta1", "networking.k8s.io/v1beta1"] {
            assert_eq!(ingress(api, 21), [(FaultKind::DeprecatedApi, v1())], "{api}");
            assert_eq!(ingress(api, 22), [(FaultKind::RemovedApi, v1())], "{api}");
        }
        assert_eq!(ingress("networking.k8s.io/v1", 21), []);
        assert_eq!(ingress("networking.k8s.io/v1", 99), []);
        assert_eq!(ingress("extensions/v1", 30), [(FaultKind::UnknownKind, v1())]);
        let kinds = |api: &str, kind: &str, minor| -> Vec<FaultKind> {
            let object = json!({"apiVersion": api, "kind": kind, "metadata": {"name": "a"}});
            let faults = check(&object, KubeMinor(minor)).into_iter().map(|fault| fault.kind);
            faults.filter(|kind| !matches!(kind, FaultKind::MissingField)).collect()
        };
        assert_eq!(kinds("autoscaling/v2", "HorizontalPodAutoscaler", 22), [FaultKind::FutureApi]);
        assert_eq!(kinds("autoscaling/v2", "HorizontalPodAutoscaler", 23), []);
        assert_eq!(kinds("autoscaling/v2beta2", "HorizontalPodAutoscaler", 25), [FaultKind::DeprecatedApi]);
        assert_eq!(kinds("autoscaling/v2beta2", "HorizontalPodAutoscaler", 26), [FaultKind::RemovedApi]);
        assert_eq!(kinds("policy/v1beta1", "PodDisruptionBudget", 24), [FaultKind::DeprecatedApi]);
        assert_eq!(kinds("policy/v1beta1", "PodDisruptionBudget", 25), [FaultKind::RemovedApi]);
        assert_eq!(kinds("v1", "Endpoints", 33), [FaultKind::DeprecatedApi]);
        assert_eq!(kinds("apps/v1", "Deploymnt", 33), [FaultKind::UnknownKind]);
        assert_eq!(kinds("example.com/v1", "Anything", 33), []);
        assert!(!is_known(&json!({"apiVersion": "example.com/v1", "kind": "Anything"}), KubeMinor(34)));
        assert!(is_known(&json!({"apiVersion": "v1", "kind": "Service"}), KubeMinor(34)));
    }

    #[test]
    fn lists_are_looked_into() {
        let list =
            json!({"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "A"}}]});
        assert_eq!(check(&list, KubeMinor(34))[0].pointer, "/items/0/metadata/name");
    }
}
