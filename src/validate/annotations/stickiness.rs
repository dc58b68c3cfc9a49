//! Sessions: a transaction lives in the memory of one pod, so its client has to stay there.

use super::{At, Findings, Subject, grammar};
use crate::compile::ingress::attributes;
use crate::model::IngressClass;

/// Seconds for which a server keeps a transaction between two requests; no setting changes it.
const TRANSACTION: i64 = 60;

const GROUP: &str = "target-group-attributes";

fn has_several_pods(subject: &Subject<'_>) -> bool {
    subject.replicas.is_none_or(|pods| pods > 1)
}

pub fn missing(subject: &Subject<'_>, findings: &mut Findings) {
    let unreadable = subject.get(GROUP).is_some_and(|text| attributes::parse(text).is_err());
    let Some(pods) = subject.replicas.filter(|pods| *pods > 1) else { return };
    if !subject.is_sticky() && !unreadable {
        findings
            .warning(
                subject.at_stickiness(),
                format!("{pods} pods without stickiness: the next request of a transaction reaches a pod that does not know it"),
            )
            .help("leave stickiness on, or run one replica");
    }
}

pub fn duration(subject: &Subject<'_>, findings: &mut Findings) {
    if !has_several_pods(subject) || !subject.is_sticky() {
        return;
    }
    let kind = subject.attribute(GROUP, "stickiness.type");
    let (at, value) = match subject.class {
        IngressClass::Alb => {
            let name = if kind.as_deref() == Some("app_cookie") {
                "stickiness.app_cookie.duration_seconds"
            } else {
                "stickiness.lb_cookie.duration_seconds"
            };
            (subject.at_attribute(GROUP, name), subject.attribute(GROUP, name))
        }
        IngressClass::Nginx => (subject.at("session-cookie-max-age"), subject.get("session-cookie-max-age").map(str::to_owned)),
        IngressClass::Agic => return,
    };
    if let Some(seconds) = value.and_then(|v| v.parse::<i64>().ok()).filter(|s| (1..TRANSACTION).contains(s)) {
        findings
            .warning(at, format!("stickiness of {seconds} s is shorter than a transaction may pause ({TRANSACTION} s): a slow client loses its pod, and with it the transaction"))
            .help(format!("make it {TRANSACTION}s or longer"));
    }
}

fn target_type<'a>(subject: &Subject<'a>) -> &'a str {
    // Instance is the controller's default unless a flag of it says otherwise.
    subject.get("target-type").unwrap_or("instance")
}

pub fn instance_targets(subject: &Subject<'_>, findings: &mut Findings) {
    if subject.is_alb() && target_type(subject) == "instance" && subject.is_sticky() && has_several_pods(subject) {
        findings
            .warning(subject.at("target-type"), "with instance targets the cookie binds a client to a node, and from there kube-proxy picks any pod: stickiness does not hold")
            .help("use `target-type: ip`");
    }
}

pub fn instance_service(subject: &Subject<'_>, findings: &mut Findings) {
    if subject.is_alb() && target_type(subject) == "instance" && subject.service_type == Some("ClusterIP") {
        findings
            .error(subject.at("target-type"), "instance targets need a Service of type NodePort or LoadBalancer; this one is ClusterIP, and the controller refuses the whole group")
            .see(At::ServiceType, "the Service's type")
            .help("use `target-type: ip`");
    }
}

pub fn cookie(subject: &Subject<'_>, findings: &mut Findings) {
    if !subject.is_alb() || subject.attribute(GROUP, "stickiness.type").as_deref() != Some("app_cookie") {
        return;
    }
    match subject.attribute(GROUP, "stickiness.app_cookie.cookie_name") {
        None => {
            findings
                .error(
                    subject.at_attribute(GROUP, "stickiness.type"),
                    "stickiness by an application cookie needs `stickiness.app_cookie.cookie_name`; AWS refuses it without",
                )
                .help("give the name by `ingress.stickiness.cookie`");
        }
        Some(name) if grammar::check("awsCookie", &name).is_ok() => {
            findings
                .advice(
                    subject.at_attribute(GROUP, "stickiness.app_cookie.cookie_name"),
                    format!("the load balancer only follows a cookie `{name}` that the application sets: until an answer carries it, requests go to any pod"),
                )
                .help("without `cookie` the load balancer sets a cookie of its own");
        }
        Some(_) => {}
    }
}

pub fn exclusive(subject: &Subject<'_>, findings: &mut Findings) {
    if !subject.is_alb() {
        return;
    }
    let read = subject.map(GROUP);
    let value = |name: &str| read.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let at = |name: &str| subject.at_attribute(GROUP, name);
    let algorithm = value("load_balancing.algorithm.type").unwrap_or("round_robin");
    let sticky = value("stickiness.enabled") == Some("true");
    if value("slow_start.duration_seconds").is_some_and(|s| s != "0") && algorithm != "round_robin" {
        findings
            .error(
                at("load_balancing.algorithm.type"),
                format!("slow start works with round_robin only; AWS refuses it together with {algorithm}"),
            )
            .see(at("slow_start.duration_seconds"), "slow start is set here");
    }
    if sticky && algorithm == "weighted_random" {
        findings.error(at("load_balancing.algorithm.type"), "AWS refuses stickiness together with weighted_random");
    }
    if value("load_balancing.algorithm.anomaly_mitigation") == Some("on") && algorithm != "weighted_random" {
        findings.error(
            at("load_balancing.algorithm.anomaly_mitigation"),
            format!("anomaly mitigation needs the algorithm weighted_random, not {algorithm}"),
        );
    }
    if sticky && value("load_balancing.cross_zone.enabled") == Some("false") {
        findings.error(at("load_balancing.cross_zone.enabled"), "AWS refuses a sticky target group without cross-zone balancing");
    }
    if value("stickiness.enabled").is_none() && read.iter().any(|(key, _)| key.starts_with("stickiness.")) {
        findings
            .warning(subject.at(GROUP), "stickiness has parameters but is not switched on; the default is off")
            .help("add `stickiness.enabled=true`");
    }
    let idle = if value("stickiness.type") == Some("app_cookie") { "stickiness.lb_cookie." } else { "stickiness.app_cookie." };
    if sticky && let Some((name, _)) = read.iter().find(|(key, _)| key.starts_with(idle)) {
        findings.warning(at(name), format!("`{name}` belongs to the other kind of stickiness and does nothing"));
    }
}
