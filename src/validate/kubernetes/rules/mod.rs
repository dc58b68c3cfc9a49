//! What fields must hold together, by the type of the object that holds them; and the keys of maps. Per-field rules are data (`rules.json`).
//!
//! Each function mirrors a check of the API server's validation; what the server lets pass, passes here.

mod access;
mod autoscaling;
mod container;
mod data;
mod ingress;
mod meta;
mod pod;
mod scheduling;
mod service;
mod workload;

use serde_json::Value;

pub(super) use meta::name_of_object;

use super::names::{Reason, because, dns1123_subdomain, percentage};
use super::walk::{Object, Walk};

/// Notes what the parts of an object must know of it, before they are walked.
pub(super) fn enter<'v>(walk: &mut Walk<'v>, type_name: &str, object: &'v Object) {
    match type_name {
        "core.v1.PersistentVolumeClaimSpec" => walk.loose = true,
        _ if type_name.starts_with("autoscaling.") && type_name.ends_with(".MetricIdentifier") => walk.loose = true,
        "apps.v1.StatefulSetSpec" => {
            let name = |claim: &'v Value| claim.get("metadata").and_then(|metadata| metadata.get("name")).and_then(Value::as_str);
            walk.claims = list(object, "volumeClaimTemplates").iter().filter_map(name).collect();
        }
        _ => {}
    }
}

/// Asks the rules of a type, once its fields have been walked.
pub(super) fn object<'v>(walk: &mut Walk<'v>, type_name: &str, object: &'v Object) {
    match type_name {
        "meta.v1.LabelSelectorRequirement" => meta::selector_requirement(walk, object),
        "core.v1.NodeSelector" => scheduling::node_selector(walk, object),
        "core.v1.NodeSelectorTerm" => scheduling::node_term(walk, object),
        "core.v1.NodeSelectorRequirement" => scheduling::node_requirement(walk, object),
        "core.v1.Toleration" => scheduling::toleration(walk, object),
        "core.v1.ResourceRequirements" => container::resources(walk, object),
        "core.v1.SecurityContext" => container::security_context(walk, object),
        "core.v1.SeccompProfile" | "core.v1.AppArmorProfile" => container::profile(walk, object),
        "core.v1.Container" => container::container(walk, object),
        "core.v1.EnvVar" => container::env(walk, object),
        "core.v1.PodSpec" => pod::pod_spec(walk, object),
        "core.v1.Volume" => pod::volume(walk, object),
        "core.v1.PersistentVolumeClaimSpec" => pod::claim(walk, object),
        "apps.v1.RollingUpdateDaemonSet" => workload::rolling(walk, object, true),
        "apps.v1.DeploymentStrategy" => workload::strategy(walk, object),
        "apps.v1.DeploymentSpec" => workload::deployment(walk, object),
        "apps.v1.ReplicaSetSpec" | "apps.v1.DaemonSetSpec" | "apps.v1.StatefulSetSpec" => workload::with_selector(walk, object),
        "batch.v1.JobSpec" => workload::job(walk, object),
        "core.v1.ServiceSpec" => service::service(walk, object),
        "networking.v1.IngressSpec" => ingress::spec(walk, object, "defaultBackend"),
        "networking.v1beta1.IngressSpec" | "extensions.v1beta1.IngressSpec" => ingress::spec(walk, object, "backend"),
        "networking.v1.HTTPIngressPath" | "networking.v1beta1.HTTPIngressPath" | "extensions.v1beta1.HTTPIngressPath" => {
            ingress::path(walk, object)
        }
        "networking.v1.Ingress" => ingress::ingress(walk, object),
        "core.v1.ConfigMap" => data::config_map(walk, object),
        "core.v1.Secret" => data::secret(walk, object),
        "rbac.v1.Subject" => access::subject(walk, object),
        "rbac.v1.PolicyRule" => access::policy_rule(walk, object),
        "policy.v1.PodDisruptionBudgetSpec" | "policy.v1beta1.PodDisruptionBudgetSpec" => autoscaling::budget(walk, object),
        "autoscaling.v2.MetricSpec" | "autoscaling.v2beta2.MetricSpec" => autoscaling::metric(walk, object),
        "autoscaling.v2.MetricTarget" | "autoscaling.v2beta2.MetricTarget" => autoscaling::target(walk, object),
        _ if type_name.starts_with("autoscaling.") && type_name.ends_with(".HorizontalPodAutoscalerSpec") => {
            autoscaling::autoscaler(walk, object)
        }
        _ => {}
    }
}

/// Checks the keys (and values) of a map by the name of its grammar.
pub(super) fn map<'v>(walk: &mut Walk<'v>, format: &str, object: &'v Object) {
    if walk.loose && format != "annotations" {
        return;
    }
    match format {
        "labels" => meta::labels(walk, object),
        "annotations" => meta::annotations(walk, object),
        "config-keys" => data::keys(walk, object),
        "container-resources" => container::resource_names(walk, object),
        _ => {}
    }
}

/// The text under a key; a key left out is empty, as it is for the API server.
fn text<'v>(object: &'v Object, key: &str) -> &'v str {
    object.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn list<'v>(object: &'v Object, key: &str) -> &'v [Value] {
    object.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn is_set(object: &Object, key: &str) -> bool {
    object.get(key).is_some_and(|value| !value.is_null())
}

pub(super) fn percentage_to_100(text: &str) -> Result<(), Reason> {
    percentage(text)?;
    match text.trim_end_matches('%').parse::<u64>() {
        Ok(0..=100) => Ok(()),
        _ => because("must not be greater than 100%"),
    }
}

pub(super) fn absolute_path(text: &str) -> Result<(), Reason> {
    if text.starts_with('/') { Ok(()) } else { because("must be an absolute path, starting with '/'") }
}

pub(super) fn relative_path(text: &str) -> Result<(), Reason> {
    if text.starts_with('/') {
        return because("must be a relative path");
    }
    path_without_steps(text)
}

pub(super) fn path_without_steps(text: &str) -> Result<(), Reason> {
    if text.split('/').any(|part| part == "..") { because("must not have '..'") } else { Ok(()) }
}

/// A search domain: a subdomain that may have underscores and end with a dot, or the root.
pub(super) fn dns_search(text: &str) -> Result<(), Reason> {
    if text == "." { Ok(()) } else { dns1123_subdomain(&text.strip_suffix('.').unwrap_or(text).replace('_', "a")) }
}

/// An IP address, without a length.
pub(super) fn ip(text: &str) -> Result<(), Reason> {
    if text.parse::<std::net::IpAddr>().is_ok() { Ok(()) } else { because("must be an IP address") }
}

/// An IP address and the length of its prefix.
pub(super) fn cidr(text: &str) -> Result<(), Reason> {
    let parts = text
        .trim()
        .split_once('/')
        .and_then(|(address, length)| Some((address.parse::<std::net::IpAddr>().ok()?, length.parse::<u8>().ok()?)));
    match parts {
        Some((address, length)) if length <= if address.is_ipv4() { 32 } else { 128 } => Ok(()),
        _ => because("must be a CIDR block such as 10.0.0.0/16"),
    }
}

pub(super) fn header_name(text: &str) -> Result<(), Reason> {
    if text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') { Ok(()) } else { because("must be letters, digits and '-'") }
}

/// What an environment variable may read of its container's resources.
pub(super) fn resource_field(text: &str) -> Result<(), Reason> {
    let name = text.strip_prefix("limits.").or_else(|| text.strip_prefix("requests."));
    match name {
        Some("cpu" | "memory" | "ephemeral-storage") => Ok(()),
        Some(name) if name.starts_with("hugepages-") => Ok(()),
        _ => because("must be limits. or requests. and one of cpu, memory, ephemeral-storage, hugepages-SIZE"),
    }
}

/// The outline of a cron schedule: five fields, or a word such as @daily.
pub(super) fn schedule(text: &str) -> Result<(), Reason> {
    if text.starts_with('@') || text.contains("TZ=") || text.split_whitespace().count() == 5 {
        Ok(())
    } else {
        because("must have five fields (minute, hour, day, month, weekday), or be a word such as @daily")
    }
}

/// A duration of Prometheus: units from years to milliseconds, each at most once, the larger first.
pub(super) fn prometheus_duration(text: &str) -> Result<(), Reason> {
    const UNITS: [&str; 7] = ["y", "w", "d", "h", "m", "s", "ms"];
    let fault = "must be a duration such as 30s, 1m30s or 500ms";
    let (mut rest, mut next) = (text, 0);
    if text == "0" {
        return Ok(());
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let after = &rest[digits..];
        let unit = &after[..after.find(|c: char| c.is_ascii_digit()).unwrap_or(after.len())];
        match UNITS[next..].iter().position(|known| *known == unit) {
            Some(at) if digits > 0 => next += at + 1,
            _ => return because(fault),
        }
        rest = &after[unit.len()..];
    }
    if text.is_empty() { because(fault) } else { Ok(()) }
}
