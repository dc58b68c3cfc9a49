//! Services: ports, types and the addresses that go with them.

use std::collections::HashSet;

use serde_json::Value;

use super::super::walk::{Object, Walk, is_given};
use super::{is_set, list, text};

pub fn service<'v>(walk: &mut Walk<'v>, object: &'v Object) {
    let kind = text(object, "type");
    let headless = text(object, "clusterIP") == "None";
    if list(object, "ports").is_empty() && !headless && kind != "ExternalName" {
        walk.missing("ports", "a Service");
    }
    if kind == "ExternalName" && text(object, "externalName").is_empty() {
        walk.missing("externalName", "a Service of type ExternalName");
    }
    if headless && matches!(kind, "NodePort" | "LoadBalancer") {
        walk.at_key("clusterIP", |walk| {
            walk.bad(format!("cannot be None for a Service of type {kind}"));
        });
    }
    ports(walk, object, kind);
    types(walk, object, kind);
}

fn ports<'v>(walk: &mut Walk<'v>, object: &'v Object, kind: &str) {
    let several = list(object, "ports").len() > 1;
    let (mut names, mut pairs) = (HashSet::new(), HashSet::new());
    walk.each(object, "ports", |walk, port| {
        let Some(port) = port.as_object() else { return };
        let name = text(port, "name");
        if name.is_empty() && several {
            walk.missing("name", "each of several ports");
        } else if !name.is_empty() && !names.insert(name) {
            walk.at_key("name", |walk| {
                walk.bad(format!("another port of this Service is named {name:?} too"));
            });
        }
        let protocol = if text(port, "protocol").is_empty() { "TCP" } else { text(port, "protocol") };
        if let Some(number) = port.get("port").and_then(Value::as_i64)
            && !pairs.insert((protocol, number))
        {
            walk.at_key("port", |walk| {
                walk.bad(format!("port {number} ({protocol}) is given twice"));
            });
        }
        if port.get("nodePort").is_some_and(is_given) && matches!(kind, "" | "ClusterIP" | "ExternalName") {
            walk.at_key("nodePort", |walk| {
                walk.bad("goes only with the types NodePort and LoadBalancer");
            });
        }
    });
}

/// Fields that go with some types only.
fn types<'v>(walk: &mut Walk<'v>, object: &'v Object, kind: &str) {
    let balancer = kind == "LoadBalancer";
    for key in ["loadBalancerClass", "allocateLoadBalancerNodePorts"] {
        if is_set(object, key) && !balancer {
            walk.at_key(key, |walk| {
                walk.bad("goes only with the type LoadBalancer");
            });
        }
    }
    if !list(object, "loadBalancerSourceRanges").is_empty() && !balancer {
        walk.at_key("loadBalancerSourceRanges", |walk| {
            walk.bad("goes only with the type LoadBalancer");
        });
    }
    let outside = balancer || kind == "NodePort" || !list(object, "externalIPs").is_empty();
    if !text(object, "externalTrafficPolicy").is_empty() && !outside {
        walk.at_key("externalTrafficPolicy", |walk| {
            walk.bad("goes only with the types NodePort and LoadBalancer");
        });
    }
}
