//! ING033: a key of `ingress` has an effect on its class.

use crate::diagnostic::Level;
use crate::model::IngressClass;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "ING033",
    summary: "a key of `ingress` has an effect on its class",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("ing033.md"),
    check: Check::Environment(check),
};

/// Keys and the classes that use them.
const KEYS: &[(&str, &[IngressClass], &str)] = {
    const ALB: &[IngressClass] = &[IngressClass::Alb];
    const GATEWAY: &[IngressClass] = &[IngressClass::Alb, IngressClass::Agic];
    const SECRET: &[IngressClass] = &[IngressClass::Nginx, IngressClass::Agic];
    &[
        ("/ingress/scheme", ALB, ""),
        ("/ingress/tls/certificateArns", ALB, "give the certificate as a Secret by `tls.secretName`"),
        ("/ingress/tls/policy", ALB, ""),
        ("/ingress/tls/secretName", SECRET, "an ALB takes certificates of ACM: `tls.certificateArns`; of a Secret it reads nothing"),
        ("/ingress/healthCheck/interval", GATEWAY, ""),
        ("/ingress/healthCheck/timeout", GATEWAY, ""),
        ("/ingress/healthCheck/healthyThreshold", ALB, ""),
        ("/ingress/healthCheck/unhealthyThreshold", GATEWAY, ""),
        ("/ingress/healthCheck/successCodes", GATEWAY, ""),
        ("/ingress/healthCheck/path", GATEWAY, ""),
        (
            "/ingress/deregistrationDelay",
            ALB,
            "on Application Gateway the annotations `connection-draining` and `connection-draining-timeout` say it",
        ),
        ("/ingress/slowStart", ALB, ""),
        ("/ingress/idleTimeout", ALB, "on nginx the annotation `proxy-read-timeout` says it, on Application Gateway `request-timeout`"),
        ("/ingress/subnets", ALB, ""),
        ("/ingress/securityGroups", ALB, ""),
        ("/ingress/inboundCidrs", ALB, "nobody is kept out by it; on nginx the annotation `allowlist-source-range` does that"),
        ("/ingress/tags", ALB, ""),
        ("/ingress/group", ALB, ""),
        ("/ingress/loadBalancerName", ALB, ""),
        ("/ingress/deletionProtection", ALB, ""),
        ("/ingress/waf", ALB, "on Application Gateway the annotation `waf-policy-for-path` names a policy"),
        ("/ingress/accessLogs", ALB, ""),
    ]
};

fn check(context: &Context<'_>) {
    let Some(class) = context.deployment.ingress.as_ref().map(|i| i.class) else { return };
    for (pointer, classes, help) in KEYS {
        if context.given(pointer) && !classes.contains(&class) {
            useless(context, pointer, class, help);
        }
    }
    if class == IngressClass::Agic && context.given("/ingress/stickiness") {
        stickiness(context);
    }
}

/// Application Gateway has one cookie of its own, and no duration for it.
fn stickiness(context: &Context<'_>) {
    let scalar = context.node("/ingress/stickiness").and_then(|node| node.as_scalar()).is_some_and(|s| s.text != "false");
    let pointers = ["/ingress/stickiness/duration", "/ingress/stickiness/cookie"].into_iter().filter(|p| context.given(p));
    for pointer in scalar.then_some("/ingress/stickiness").into_iter().chain(pointers) {
        let what = if pointer.ends_with("cookie") { "name" } else { "duration" };
        context
            .report(pointer, format!("the cookie of an Application Gateway has no {what} to set: this has no effect"))
            .see("/ingress/class", "the class")
            .help("leave it out: affinity is on by default");
    }
}

fn useless(context: &Context<'_>, pointer: &str, class: IngressClass, help: &str) {
    let key = pointer.trim_start_matches('/').replace('/', ".");
    let report =
        context.report(pointer, format!("`{key}` has no effect on the class `{}`", class.as_str())).see("/ingress/class", "the class");
    if !help.is_empty() {
        drop(report.help(help));
    }
}
