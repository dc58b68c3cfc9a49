//! Kubernetes types that the user writes, from the tree to JSON, checked against the types of the cluster's version.

use serde_json::Value;

use crate::config::tree::Node;
use crate::diagnostic::Diagnostic;
use crate::model::KubernetesVersion;
use crate::source::{Place, Pointer};
use crate::validate::kubernetes::{Fault, FaultKind, KubeMinor, check_fragment};

pub const AFFINITY: &str = "core.v1.Affinity";
pub const TOLERATIONS: &str = "[]core.v1.Toleration";
pub const STRATEGY: &str = "apps.v1.DeploymentStrategy";
pub const POD_SECURITY: &str = "core.v1.PodSecurityContext";
pub const CONTAINER_SECURITY: &str = "core.v1.SecurityContext";

/// A field that Kubernetes does not have, or that has another type or value there.
pub const RULE: &str = "K8S001";

/// The version whose types count: the cluster's, or the newest known.
pub fn minor(version: Option<KubernetesVersion>) -> KubeMinor {
    version.and_then(|v| u8::try_from(v.minor).ok()).map_or(KubeMinor::NEWEST, |m| KubeMinor(m).known())
}

/// The tree as JSON of a type, with what is wrong in it.
pub fn typed(node: &Node, kind: &str, version: Option<KubernetesVersion>) -> (Value, Vec<Diagnostic>) {
    let minor = minor(version);
    let mut value = node.to_json();
    let mut faults = check_fragment(kind, &value, minor);
    let retyped = faults.iter().filter(|f| f.kind == FaultKind::WrongType).filter(|f| as_text(&mut value, node, &f.pointer)).count();
    if retyped > 0 {
        faults = check_fragment(kind, &value, minor);
    }
    (value, faults.iter().map(|fault| diagnostic(node, fault)).collect())
}

/// An unquoted scalar where a text is wanted serves as one, if a reader would give its text back.
fn as_text(value: &mut Value, node: &Node, pointer: &str) -> bool {
    let text = node.at(&Pointer::parse(pointer)).and_then(|n| n.as_scalar()).and_then(|s| s.as_string());
    let Some(target) = value.pointer_mut(pointer).filter(|v| v.is_number() || v.is_boolean()) else { return false };
    let Some(text) = text else { return false };
    *target = Value::String(text.to_owned());
    true
}

fn diagnostic(node: &Node, fault: &Fault) -> Diagnostic {
    let pointer = Pointer::parse(&fault.pointer);
    let place = match fault.kind {
        FaultKind::UnknownField => key_place(node, &pointer),
        _ => node.nearest(&pointer).0.place.clone(),
    };
    let mut diagnostic = Diagnostic::new(RULE, fault.level, place, fault.message.clone());
    diagnostic.label = fault.expected.as_ref().map(|e| format!("expected {e}"));
    diagnostic.help = fault.suggestion.as_ref().map(|s| format!("did you mean `{s}`?"));
    diagnostic
}

fn key_place(node: &Node, pointer: &Pointer) -> Place {
    let entry = pointer.parent().and_then(|p| node.at(&p)).and_then(|n| n.as_mapping()).and_then(|m| m.get(&pointer.last()?));
    entry.map_or_else(|| node.nearest(pointer).0.place.clone(), |e| e.key.clone())
}
