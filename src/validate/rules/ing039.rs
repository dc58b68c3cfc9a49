//! ING039: the Service goes with the Ingress.

use crate::compile::ingress::catalogue;
use crate::diagnostic::Level;
use crate::model::{IngressClass, ServiceType};
use crate::source::Pointer;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "ING039",
    summary: "the Service goes with the Ingress",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("ing039.md"),
    check: Check::Environment(check),
};

/// What the AWS Load Balancer Controller reads from a Service too; the Service's value then replaces the Ingress's as a whole.
const SHARED: &[&str] = &[
    "target-group-attributes",
    "target-type",
    "backend-protocol",
    "healthcheck-",
    "healthy-",
    "unhealthy-",
    "success-codes",
    "tags",
    "auth-",
];

fn check(context: &Context<'_>) {
    let Some(ingress) = &context.deployment.ingress else { return };
    let service = &context.deployment.service;
    const RAW: &str = "/values/service/type";
    let raw = context.given(RAW);
    let balanced =
        if raw { context.merged_values()["service"]["type"] == "LoadBalancer" } else { service.kind == Some(ServiceType::LoadBalancer) };
    if balanced {
        context
            .report(
                if raw { RAW } else { "/service/type" },
                "a Service of type LoadBalancer beside an Ingress: a second load balancer, without stickiness, goes around the Ingress",
            )
            .help("leave the type out, or switch the Ingress off by `ingress: false`");
    }
    let Some(subject) = context.ingress() else { return };
    let class = catalogue::class(ingress.class);
    let alone = service.annotations.iter().filter(|(key, _)| !balanced && key.starts_with("service.beta.kubernetes.io/aws-load-balancer"));
    for (key, _) in alone {
        context
            .report(
                Pointer::parse("/service/annotations").join(key).as_str(),
                format!("`{key}` is for a Service of type LoadBalancer, and this one is none: it has no effect"),
            )
            .help("the load balancer of the Ingress has its own keys under `ingress`");
    }
    for (key, _) in &service.annotations {
        let Some(name) = key.strip_prefix(&class.prefix) else { continue };
        let pointer = Pointer::parse("/service/annotations").join(key);
        let read = ingress.class == IngressClass::Alb && SHARED.iter().any(|shared| name.starts_with(shared));
        if !read {
            context
                .report(
                    pointer.as_str(),
                    format!("{} reads `{key}` from the Ingress only; on a Service it has no effect", class.controller),
                )
                .help("give it under `ingress.annotations`");
        } else if subject.get(name).is_some() {
            context
                .report(pointer.as_str(), format!("the controller takes `{key}` from the Service as a whole: what the Ingress says there, stickiness included, is not applied"))
                .help("give it under `ingress`, where it is merged with what gqlgen derives");
        }
    }
}
