//! Kubernetes objects, judged as the API server of a version judges them: fields, types, names, quantities, and what fields must hold together.
//!
//! [`check`] takes a whole object, [`check_fragment`] a part of one that a config carries (an affinity, a list of tolerations). Only what the API
//! server surely refuses is an error; a deprecated API is a warning. Limits: kinds of unknown groups (custom resources) are not checked, see
//! [`is_known`]; admission plugins, quotas and what needs other objects are the cluster's own.

mod apis;
pub mod names;
pub mod quantity;
mod rules;
mod schema;
mod walk;

use serde_json::Value;

pub use apis::{check, is_known};

use crate::diagnostic::Level;
use names::Reason;
use schema::Shape;
use walk::Walk;

/// A minor version of Kubernetes: 34 for 1.34.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct KubeMinor(pub u8);

impl KubeMinor {
    pub const OLDEST: KubeMinor = KubeMinor(21);
    pub const NEWEST: KubeMinor = KubeMinor(37);

    /// Reads `1.34`, `v1.34.2`, `1.34.2-eks-1`. None for anything else.
    pub fn parse(text: &str) -> Option<KubeMinor> {
        let rest = text.strip_prefix('v').unwrap_or(text).strip_prefix("1.")?;
        let digits = rest.find(|c: char| !c.is_ascii_digit()).map_or(rest, |end| &rest[..end]);
        let after = &rest[digits.len()..];
        if !after.is_empty() && !after.starts_with(['.', '+', '-']) {
            return None;
        }
        digits.parse().ok().map(KubeMinor)
    }

    /// The nearest version that the embedded tables hold.
    pub fn known(self) -> KubeMinor {
        self.clamp(KubeMinor::OLDEST, KubeMinor::NEWEST)
    }
}

/// What is wrong, for rules that treat faults differently.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum FaultKind {
    UnknownField,
    WrongType,
    MissingField,
    /// The type is right, the value is not: a name, a quantity, an enum, two fields that contradict each other.
    BadValue,
    /// No such kind in this API group and version, in any version of Kubernetes.
    UnknownKind,
    /// The API version is gone from this Kubernetes version.
    RemovedApi,
    /// The API version came with a later Kubernetes version.
    FutureApi,
    /// Served, and announced to go.
    DeprecatedApi,
}

/// One fault of an object. No text of it holds a value of a Secret or of an environment variable.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// JSON pointer into the checked value; that of the object where a field is missing.
    pub pointer: String,
    pub level: Level,
    pub kind: FaultKind,
    pub message: String,
    /// A few words: what was expected there.
    pub expected: Option<String>,
    /// The name or value that was most likely meant.
    pub suggestion: Option<String>,
}

/// Checks a part of an object against a type: `io.k8s.api.core.v1.Affinity`, `core.v1.Affinity`, or `[]core.v1.Toleration` for a list.
/// Null is taken as nothing. An unknown type name gives no faults (see [`has_type`]).
pub fn check_fragment(type_name: &str, value: &Value, version: KubeMinor) -> Vec<Fault> {
    let mut walk = Walk::new(version.known());
    walk.value(&schema::shape_of(type_name), None, value);
    walk.faults
}

/// Whether [`check_fragment`] knows this type.
pub fn has_type(type_name: &str) -> bool {
    !matches!(schema::shape_of(type_name), Shape::Any)
}

/// Whether a text is well-formed.
type Grammar = fn(&str) -> Result<(), Reason>;

/// A grammar of `rules.json` by its name, as this version has it.
fn grammar(name: &str, version: KubeMinor) -> Option<Grammar> {
    Some(match name {
        "dns-label" => names::dns1123_label,
        "dns-subdomain" => names::dns1123_subdomain,
        "service-name" if version.0 >= 35 => names::dns1123_label,
        "service-name" => names::dns1035_label,
        "label-key" => names::label_key,
        "label-value" => names::label_value,
        "port-name" => names::port_name,
        "env-name" if version.0 >= 32 => names::env_name_relaxed,
        "env-name" => names::env_name,
        "config-key" => names::config_key,
        "path-segment" => names::path_segment,
        "ingress-host" => names::ingress_host,
        "percentage" => names::percentage,
        "percentage-100" => rules::percentage_to_100,
        "absolute-path" => rules::absolute_path,
        "relative-path" => rules::relative_path,
        "path-without-steps" => rules::path_without_steps,
        "dns-search" => rules::dns_search,
        "ip" => rules::ip,
        "cidr" => rules::cidr,
        "header-name" => rules::header_name,
        "resource-field" => rules::resource_field,
        "schedule" => rules::schedule,
        "duration" => rules::prometheus_duration,
        // Of maps: see `rules::map`.
        "labels" | "annotations" | "config-keys" | "container-resources" => |_| Ok(()),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn at(type_name: &str, value: &Value, minor: u8) -> Vec<(String, Option<String>)> {
        check_fragment(type_name, value, KubeMinor(minor)).into_iter().map(|fault| (fault.pointer, fault.suggestion)).collect()
    }

    #[test]
    fn a_misspelt_field_of_a_fragment_names_the_nearest() {
        let some = |text: &str| Some(text.to_owned());
        let affinity = json!({"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [
            {"matchExpresions": [{"key": "agentpool", "operator": "In", "values": ["a"]}]}]}}});
        let pointer = "/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms/0/matchExpresions";
        assert_eq!(at("io.k8s.api.core.v1.Affinity", &affinity, 34), [(pointer.into(), some("matchExpressions"))]);
        let tolerations = json!([{"key": "a", "operator": "Equal", "value": "b", "efect": "NoSchedule"}]);
        assert_eq!(at("[]core.v1.Toleration", &tolerations, 34), [("/0/efect".into(), some("effect"))]);
        assert_eq!(at("core.v1.PodSecurityContext", &json!({"runAsNonroot": true}), 21), [("/runAsNonroot".into(), some("runAsNonRoot"))]);
        assert_eq!(at("core.v1.SecurityContext", &json!({"runAsUser": "1000"}), 21), [("/runAsUser".into(), None)]);
        let resources = json!({"requests": {"cpu": "3"}, "limits": {"cpu": 2, "memory": "4GiB"}});
        assert_eq!(at("core.v1.ResourceRequirements", &resources, 34), [("/limits/memory".into(), None), ("/requests/cpu".into(), None)]);
        let strategy = json!({"type": "recreate", "rollingUpdate": {"maxSurge": "25", "maxUnavailable": "101%"}});
        let pointers = [("/type", some("Recreate")), ("/rollingUpdate/maxSurge", None), ("/rollingUpdate/maxUnavailable", None)];
        assert_eq!(at("apps.v1.DeploymentStrategy", &strategy, 34), pointers.map(|(pointer, meant)| (pointer.to_owned(), meant)));
        assert!(has_type("core.v1.Affinity") && has_type("[]io.k8s.api.core.v1.Toleration") && !has_type("core.v1.Afinity"));
    }

    #[test]
    fn right_fragments_have_no_fault() {
        let affinity = json!({"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 50, "podAffinityTerm": {
            "topologyKey": "kubernetes.io/hostname", "labelSelector": {"matchExpressions": [{"key": "app", "operator": "Exists"}]}}}]}});
        for (name, value) in [
            ("core.v1.Affinity", affinity),
            ("core.v1.Affinity", Value::Null),
            (
                "[]core.v1.Toleration",
                json!([{"operator": "Exists"}, {"key": "a/b", "value": "c", "effect": "NoExecute", "tolerationSeconds": 3}]),
            ),
            (
                "core.v1.ResourceRequirements",
                json!({"requests": {"cpu": 0.5, "memory": "1024Mi"}, "limits": {"cpu": "500m", "memory": "1Gi"}}),
            ),
            ("core.v1.ResourceRequirements", json!({})),
            ("apps.v1.DeploymentStrategy", json!({"type": "Recreate", "rollingUpdate": null})),
            ("core.v1.SecurityContext", json!({"capabilities": {"drop": ["ALL"]}, "seccompProfile": {"type": "RuntimeDefault"}})),
        ] {
            for minor in KubeMinor::OLDEST.0..=KubeMinor::NEWEST.0 {
                assert_eq!(check_fragment(name, &value, KubeMinor(minor)), [], "{name} in 1.{minor}");
            }
        }
    }

    #[test]
    fn versions_are_read() {
        for (text, minor) in
            [("1.34", Some(34)), ("v1.34.2", Some(34)), ("1.21-eks", Some(21)), ("1.", None), ("2.3", None), ("1.3x", None)]
        {
            assert_eq!(KubeMinor::parse(text), minor.map(KubeMinor), "{text}");
        }
    }
}
