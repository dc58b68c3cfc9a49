//! What makes two objects the same one: API group, kind, namespace and name. The version is not part of it.

use std::fmt;

use serde_json::Value;

/// Kinds that stand in no namespace, of those that occur beside this chart.
const CLUSTER_SCOPED: [&str; 12] = [
    "ClusterConfig",
    "ClusterRole",
    "ClusterRoleBinding",
    "CustomResourceDefinition",
    "IngressClass",
    "IngressClassParams",
    "Namespace",
    "Node",
    "PersistentVolume",
    "PriorityClass",
    "StorageClass",
    "ValidatingWebhookConfiguration",
];

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ObjectId {
    pub kind: String,
    /// Empty for the core group.
    pub group: String,
    /// `None` for kinds that stand in none.
    pub namespace: Option<String>,
    pub name: String,
}

impl ObjectId {
    /// Of a Kubernetes object; `namespace` is the release's, for objects that leave theirs out.
    /// `None` for a value that is no object (no kind or no name).
    pub fn of(object: &Value, namespace: &str) -> Option<ObjectId> {
        let kind = object.get("kind")?.as_str()?;
        let metadata = object.get("metadata")?;
        let name = metadata.get("name")?.as_str()?;
        let own = metadata.get("namespace").and_then(Value::as_str).filter(|n| !n.is_empty());
        let scoped = !CLUSTER_SCOPED.contains(&kind);
        Some(ObjectId {
            kind: kind.to_owned(),
            group: group(api_version(object), kind),
            namespace: scoped.then(|| own.unwrap_or(namespace).to_owned()),
            name: name.to_owned(),
        })
    }
}

/// `apps/v1`; empty where the object has none.
pub fn api_version(object: &Value) -> &str {
    object.get("apiVersion").and_then(Value::as_str).unwrap_or("")
}

/// The API group, with the old home of moved kinds taken for the new one: the API server stores one object for both.
fn group(api_version: &str, kind: &str) -> String {
    let group = api_version.split_once('/').map_or("", |(group, _)| group);
    match (group, kind) {
        ("extensions", "Ingress") => "networking.k8s.io",
        ("extensions", "Deployment" | "DaemonSet" | "ReplicaSet") => "apps",
        _ => group,
    }
    .to_owned()
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.namespace {
            Some(namespace) => write!(f, "{} {namespace}/{}", self.kind, self.name),
            None => write!(f, "{} {}", self.kind, self.name),
        }
    }
}
