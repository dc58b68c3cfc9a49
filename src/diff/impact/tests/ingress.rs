//! Tests about Ingresses and their annotations.

use std::net::IpAddr;

use serde_json::Value;

use super::super::lookup::{self, ALB, NGINX, PREFIXES, alb, annotation, class, is_true, nginx};
use super::super::question::Question;
use super::super::table;
use super::Holds;
use crate::diff::pattern::Pattern;
use crate::diff::text;

pub const TESTS: &[(&str, Holds)] = &[
    ("action-backend-changes", |q, _| action_backends(q.before) != action_backends(q.after)),
    ("agic-affinity", |q, _| q.both().any(|o| is_true(annotation(o, "appgw.ingress.kubernetes.io/cookie-based-affinity")))),
    ("alb-action-used", |q, _| suffix(q, "actions.").is_some_and(|action| q.both().any(|o| uses_action(o, action)))),
    ("alb-auth", |q, _| q.both().any(lookup::https_listener) && q.both().any(|o| alb(o, "auth-type").is_some_and(|t| t != "none"))),
    ("alb-certificates", |q, _| holder(q, |o| alb(o, "certificate-arn").is_some())),
    ("alb-group", |q, _| q.both().any(|o| alb(o, "group.name").is_some())),
    ("alb-ip-targets", |q, _| holder(q, |o| alb(o, "target-type") == Some("ip"))),
    ("alb-names-backend", |q, _| {
        let name = suffix(q, "conditions.").or_else(|| suffix(q, "transforms."));
        name.is_some_and(|name| q.both().any(|o| lookup::names_backend(o, name)))
    }),
    ("alb-own-groups", |q, _| holder(q, |o| alb(o, "security-groups").is_some())),
    ("canary", |q, _| {
        let canary = |o: &Value| is_true(nginx(o, "canary"));
        lookup::of_kind(&q.sides.new, "Ingress").any(canary) || lookup::of_kind(&q.sides.old, "Ingress").any(canary)
    }),
    ("class-contradiction", |q, _| {
        let field = |o: &Value| o.pointer("/spec/ingressClassName").and_then(Value::as_str).map(str::to_owned);
        q.new.is_some_and(|o| annotation(o, "kubernetes.io/ingress.class").zip(field(o)).is_some_and(|(a, f)| a != f))
    }),
    ("cookie-affinity", |q, _| q.both().any(|o| nginx(o, "affinity") == Some("cookie"))),
    ("foreign-key", |q, _| {
        let reader = q.annotation().and_then(|key| PREFIXES.iter().find(|(_, prefix)| key.starts_with(prefix)));
        reader.is_some_and(|(reader, _)| q.holder().and_then(class) != Some(reader))
    }),
    ("frontend-nlb", |q, _| q.both().any(|o| is_true(alb(o, "enable-frontend-nlb")))),
    ("has-tls", |q, _| q.both().any(|o| o.pointer("/spec/tls").and_then(Value::as_array).is_some_and(|tls| !tls.is_empty()))),
    ("host-invalid", |q, _| q.after.is_some_and(|host| !host.as_str().is_some_and(valid_host))),
    ("https-listener", |q, _| q.both().any(lookup::https_listener)),
    ("implementation-specific", |q, _| q.both().any(|o| lookup::paths(o).any(|p| path_type(p) == Some("ImplementationSpecific")))),
    ("known-key", |q, _| q.annotation().is_some_and(is_known)),
    ("nginx-balanced", |q, _| lookup::of_kind(&q.sides.new, "Ingress").any(balanced)),
    ("nginx-hash-by", |q, _| q.both().any(|o| nginx(o, "upstream-hash-by").is_some())),
    ("nginx-hashing", |q, _| {
        q.both().any(|o| nginx(o, "upstream-hash-by").is_some()) && !holder(q, |o| nginx(o, "affinity") == Some("cookie"))
    }),
    ("nothing-routed", |q, _| {
        let rules = |o: &Value| o.pointer("/spec/rules").and_then(Value::as_array).is_some_and(|r| !r.is_empty());
        q.new.is_some_and(|o| !rules(o) && o.pointer("/spec/defaultBackend").is_none())
    }),
    ("owner-changes", |q, _| {
        let owner = |o: Option<&Value>| o.and_then(lookup::class_name).map(str::to_owned);
        owner(q.old) != owner(q.new)
    }),
    ("path-relative", |q, _| {
        q.after.and_then(Value::as_str).is_some_and(|path| !path.starts_with('/'))
            && sibling(q, "pathType").as_deref() != Some("ImplementationSpecific")
    }),
    ("path-type-invalid", |q, _| !matches!(q.after.and_then(Value::as_str), Some("Exact" | "Prefix" | "ImplementationSpecific"))),
    ("protected", |q, _| {
        let attributes = q.old.and_then(|o| alb(o, "load-balancer-attributes")).and_then(text::attributes);
        attributes.is_some_and(|all| all.get("deletion_protection.enabled").is_some_and(|v| v == "true"))
    }),
];

fn holder(q: &Question<'_>, test: impl Fn(&Value) -> bool) -> bool {
    q.holder().is_some_and(test)
}

/// What follows `part` in the name of an ALB annotation.
fn suffix<'a>(q: &Question<'a>, part: &str) -> Option<&'a str> {
    q.annotation()?.strip_prefix(PREFIXES[0].1)?.strip_prefix(part)
}

fn uses_action(ingress: &Value, action: &str) -> bool {
    lookup::backends(ingress).iter().any(|backend| {
        backend.get("name").and_then(Value::as_str) == Some(action)
            && backend.pointer("/port/name").and_then(Value::as_str) == Some("use-annotation")
    })
}

/// The Services and ports that an action forwards to, in the two spellings that the controller reads.
fn action_backends(action: Option<&Value>) -> Vec<String> {
    let Some(action) = action.and_then(Value::as_str).and_then(|text| serde_json::from_str::<Value>(text).ok()) else { return Vec::new() };
    let mut found = Vec::new();
    collect_backends(&action, &mut found);
    found.sort();
    found.dedup();
    found
}

fn collect_backends(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            let field = |name: &str| {
                map.iter()
                    .find(|(key, _)| key.eq_ignore_ascii_case(name))
                    .map(|(_, v)| v.as_str().map_or_else(|| v.to_string(), str::to_owned))
            };
            if let Some(service) = field("serviceName") {
                found.push(format!("{service}:{}", field("servicePort").unwrap_or_default()));
            }
            map.values().for_each(|v| collect_backends(v, found));
        }
        Value::Array(items) => items.iter().for_each(|v| collect_backends(v, found)),
        _ => {}
    }
}

fn path_type(path: &Value) -> Option<&str> {
    path.get("pathType").and_then(Value::as_str)
}

/// Another field of the item that holds the changed one, in the new object.
fn sibling(q: &Question<'_>, field: &str) -> Option<String> {
    let parent = q.path[..q.path.len().saturating_sub(1)].iter().fold(crate::source::Pointer::root(), |p, s| p.join(s));
    q.new?.pointer(parent.as_str())?.get(field)?.as_str().map(str::to_owned)
}

/// Lower-case DNS name, one leading wildcard at most, no IP address; empty is any host.
fn valid_host(host: &str) -> bool {
    let name = host.strip_prefix("*.").unwrap_or(host);
    let label = |label: &str| {
        let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        !label.is_empty() && label.len() <= 63 && label.chars().all(inner) && !label.starts_with('-') && !label.ends_with('-')
    };
    host.is_empty() || host.len() <= 253 && host.parse::<IpAddr>().is_err() && name.split('.').all(label)
}

/// Whether the table has a row for this very annotation.
fn is_known(key: &str) -> bool {
    let catch_all = |pattern: &str| PREFIXES.iter().any(|(_, prefix)| pattern == format!("{prefix}*")) || pattern == "*";
    table::rows().iter().filter(|row| row.object == "Ingress").flat_map(|row| &row.patterns).any(|pattern| match pattern {
        Pattern::Annotation(name) => !catch_all(name) && crate::diff::pattern::glob(name, key),
        Pattern::Path { .. } => false,
    })
}

/// nginx moves clients with a cookie to new pods.
fn balanced(ingress: &Value) -> bool {
    class(ingress) == Some(NGINX)
        && nginx(ingress, "affinity") == Some("cookie")
        && nginx(ingress, "affinity-mode").is_none_or(|mode| mode == "balanced")
}

/// An Ingress of class alb of these objects that has the Service as a backend.
pub fn alb_ingress_of<'a>(q: &Question<'a>) -> Option<&'a Value> {
    let side = if q.new.is_some() { &q.sides.new } else { &q.sides.old };
    let found = |o: &&Value| class(o) == Some(ALB) && lookup::names_backend(o, &q.id.name);
    side.iter().filter(|(id, _)| id.kind == "Ingress" && id.namespace == q.id.namespace).map(|(_, o)| *o).find(found)
}

/// The names of ports by which Ingresses and ServiceMonitors refer to Services.
pub fn uses_port_name(q: &Question<'_>, name: &str) -> bool {
    let backend = |o: &Value| {
        lookup::backends(o).iter().any(|b| {
            b.get("name").and_then(Value::as_str) == Some(&q.id.name) && b.pointer("/port/name").and_then(Value::as_str) == Some(name)
        })
    };
    let monitor = |o: &Value| {
        o.pointer("/spec/endpoints")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .any(|e| e.get("port").and_then(Value::as_str) == Some(name))
    };
    [&q.sides.old, &q.sides.new].into_iter().flat_map(|side| side.iter()).any(|(id, o)| match id.kind.as_str() {
        "Ingress" => backend(o),
        "ServiceMonitor" => monitor(o),
        _ => false,
    })
}
