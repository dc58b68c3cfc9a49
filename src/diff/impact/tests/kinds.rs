//! Tests about Services, autoscalers and budgets.

use serde_json::Value;

use super::super::lookup::alb;
use super::super::question::Question;
use super::Holds;
use super::ingress::{alb_ingress_of, uses_port_name};

pub const TESTS: &[(&str, Holds)] = &[
    ("alb-backend", |q, _| alb_ingress_of(q).is_some()),
    ("alb-instance-backend", |q, _| alb_ingress_of(q).is_some_and(|o| alb(o, "target-type").is_none_or(|t| t == "instance"))),
    ("both-lb", |q, _| q.old.is_some_and(is_lb) && q.new.is_some_and(is_lb)),
    ("external-name-missing", |q, _| {
        let empty = |o: &Value| o.pointer("/spec/externalName").and_then(Value::as_str).is_none_or(str::is_empty);
        q.new.is_some_and(|o| service_type(o) == "ExternalName" && empty(o))
    }),
    ("hpa-bounds-invalid", |q, _| {
        let bound = |field: &str| q.new.and_then(|o| o.pointer(field)).and_then(Value::as_i64);
        let min = bound("/spec/minReplicas").unwrap_or(1);
        min < 1 || bound("/spec/maxReplicas").is_none_or(|max| max < min)
    }),
    ("ingress-gives-attributes", |q, _| alb_ingress_of(q).is_some_and(|o| alb(o, "target-group-attributes").is_some())),
    ("local-policy", |q, _| q.both().any(|o| o.pointer("/spec/externalTrafficPolicy").is_some_and(|p| p == "Local"))),
    ("metrics-service", |q, _| q.id.name.ends_with("-metrics")),
    ("no-ports", |q, _| {
        let ports = |o: &Value| o.pointer("/spec/ports").and_then(Value::as_array).is_some_and(|p| !p.is_empty());
        let headless = |o: &Value| o.pointer("/spec/clusterIP").is_some_and(|ip| ip == "None");
        q.new.is_some_and(|o| !ports(o) && !headless(o) && service_type(o) != "ExternalName")
    }),
    ("node-port-range", |q, _| q.after.and_then(Value::as_i64).is_some_and(|port| port != 0 && !(30000..=32767).contains(&port))),
    ("pdb-both", |q, _| q.new.is_some_and(|o| o.pointer("/spec/minAvailable").is_some() && o.pointer("/spec/maxUnavailable").is_some())),
    ("port-name-used", |q, _| [q.before, q.after].into_iter().flatten().filter_map(Value::as_str).any(|name| uses_port_name(q, name))),
    ("to-cluster-ip", |q, _| q.before.is_some_and(|v| v == "NodePort") && q.after.is_none_or(|v| v == "ClusterIP")),
    ("type-cluster-ip", |q, _| q.after.is_some() && q.new.is_some_and(|o| service_type(o) == "ClusterIP")),
    ("type-lb", |q: &Question<'_>, _| q.new.or(q.old).is_some_and(is_lb)),
];

fn service_type(service: &Value) -> &str {
    service.pointer("/spec/type").and_then(Value::as_str).unwrap_or("ClusterIP")
}

fn is_lb(service: &Value) -> bool {
    service_type(service) == "LoadBalancer"
}
