//! The values that annotations are derived from, by the names that the catalogue uses for them. All are texts.

use serde_json::json;

use super::{attributes, health_check_path};
use crate::model::{Deployment, Ingress};

/// A derived value, none where the setting is not given and nothing has to be pinned. An unknown name is a fault of the catalogue,
/// which a test finds.
pub fn value(name: &str, deployment: &Deployment, ingress: &Ingress) -> Option<String> {
    let seconds = |duration: Option<u64>| duration.map(|s| s.to_string());
    let list = |items: &[String]| (!items.is_empty()).then(|| items.join(","));
    let check = &ingress.health_check;
    match name {
        "scheme" => Some(ingress.scheme.as_str().to_owned()),
        "loadBalancerName" => ingress.load_balancer_name.clone(),
        "groupName" => ingress.group_name.clone(),
        "groupOrder" => ingress.group_order.map(|order| order.to_string()),
        "subnets" => list(&ingress.subnets),
        "securityGroups" => list(&ingress.security_groups),
        // Without it the node's groups would have to admit the load balancer by hand.
        "manageBackendRules" => (!ingress.security_groups.is_empty()).then(|| "true".to_owned()),
        "inboundCidrs" => list(&ingress.inbound_cidrs),
        "tags" => (!ingress.tags.is_empty()).then(|| attributes::format(ingress.tags.iter().map(|(k, v)| (k.as_str(), v.as_str())))),
        // The pods hold sessions, and only with ip targets does a cookie reach a pod.
        "targetType" => Some("ip".to_owned()),
        "deregistrationDelay" => seconds(ingress.deregistration_delay),
        "slowStart" => seconds(ingress.slow_start),
        "idleTimeout" => seconds(ingress.idle_timeout),
        "deletionProtection" => ingress.deletion_protection.map(|on| on.to_string()),
        "accessLogs" => ingress.access_logs.as_ref().map(|_| "true".to_owned()),
        "accessLogsBucket" => ingress.access_logs.as_ref()?.bucket.clone(),
        "accessLogsPrefix" => ingress.access_logs.as_ref()?.prefix.clone(),
        "waf" => ingress.waf.clone(),
        "healthCheckPath" => Some(health_check_path(deployment)),
        "healthCheckInterval" => seconds(check.interval),
        "healthCheckTimeout" => seconds(check.timeout),
        "healthyThreshold" => check.healthy_threshold.map(|count| count.to_string()),
        "unhealthyThreshold" => check.unhealthy_threshold.map(|count| count.to_string()),
        "successCodes" => check.success_codes.clone(),
        _ => tls(name, ingress).or_else(|| stickiness(name, ingress)),
    }
}

fn tls(name: &str, ingress: &Ingress) -> Option<String> {
    let tls = ingress.tls.as_ref()?;
    let redirect = tls.redirect.unwrap_or(true);
    match name {
        "listenPorts" if redirect => Some(json!([{ "HTTP": 80 }, { "HTTPS": 443 }]).to_string()),
        "listenPorts" => Some(json!([{ "HTTPS": 443 }]).to_string()),
        "redirectPort" => redirect.then(|| "443".to_owned()),
        "certificateArns" => (!tls.certificate_arns.is_empty()).then(|| tls.certificate_arns.join(",")),
        "tlsPolicy" => tls.policy.clone(),
        // ingress-nginx redirects by itself where the Ingress has TLS; Application Gateway does not.
        "nginxRedirect" => tls.redirect.map(|redirect| redirect.to_string()),
        "agicRedirect" => (tls.redirect.is_some() || tls.secret_name.is_some()).then(|| redirect.to_string()),
        _ => None,
    }
}

fn stickiness(name: &str, ingress: &Ingress) -> Option<String> {
    // Leaving the attribute out would not reset a load balancer that has it, so an explicit false is written.
    if matches!(name, "stickiness" | "agicAffinity") {
        return Some(ingress.stickiness.is_some().to_string());
    }
    let sticky = ingress.stickiness.as_ref()?;
    let seconds = || sticky.duration.to_string();
    match (name, &sticky.cookie) {
        ("cookieKind", Some(_)) => Some("app_cookie".to_owned()),
        ("balancerCookieSeconds", None) => Some(seconds()),
        ("applicationCookie", Some(cookie)) => Some(cookie.clone()),
        ("applicationCookieSeconds", Some(_)) => Some(seconds()),
        ("nginxAffinity", _) => Some("cookie".to_owned()),
        // Name and path are the chart's own defaults.
        ("nginxCookie", cookie) => Some(cookie.clone().unwrap_or_else(|| "INGRESSCOOKIE".to_owned())),
        ("nginxCookiePath", _) => Some("/".to_owned()),
        ("nginxMaxAge", _) => Some(seconds()),
        _ => None,
    }
}

/// All names.
#[cfg(test)]
pub const NAMES: &[&str] = &[
    "scheme",
    "loadBalancerName",
    "groupName",
    "groupOrder",
    "subnets",
    "securityGroups",
    "manageBackendRules",
    "inboundCidrs",
    "tags",
    "targetType",
    "deregistrationDelay",
    "slowStart",
    "idleTimeout",
    "deletionProtection",
    "accessLogs",
    "accessLogsBucket",
    "accessLogsPrefix",
    "waf",
    "healthCheckPath",
    "healthCheckInterval",
    "healthCheckTimeout",
    "healthyThreshold",
    "unhealthyThreshold",
    "successCodes",
    "listenPorts",
    "redirectPort",
    "certificateArns",
    "tlsPolicy",
    "nginxRedirect",
    "agicRedirect",
    "stickiness",
    "agicAffinity",
    "cookieKind",
    "balancerCookieSeconds",
    "applicationCookie",
    "applicationCookieSeconds",
    "nginxAffinity",
    "nginxCookie",
    "nginxCookiePath",
    "nginxMaxAge",
];
