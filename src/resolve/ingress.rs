//! `ingress` to the model.

use super::{pairs, text, texts};
use crate::config::decode::{Duration, Located};
use crate::config::raw::{self, IngressInput, StickinessInput};
use crate::model::{AccessLogs, HealthCheck, Ingress, IngressClass, PathType, Scheme, Stickiness, Tls};

/// Seconds of stickiness where nothing is said.
const STICKINESS: u64 = 60;

/// The Ingress, none where it was switched off.
pub fn ingress(settings: &raw::Settings) -> Option<Ingress> {
    let raw = match settings.ingress.as_ref().map(|i| &i.value) {
        Some(IngressInput::Switch(false)) => return None,
        Some(IngressInput::Switch(true)) | None => raw::Ingress::default(),
        Some(IngressInput::Object(object)) => (**object).clone(),
    };
    Some(Ingress {
        class: raw.class.as_ref().map_or(IngressClass::Alb, |c| c.value),
        scheme: raw.scheme.as_ref().map_or(Scheme::Internal, |s| s.value),
        hosts: if raw.hosts.is_some() { texts(&raw.hosts) } else { vec![String::new()] },
        path_type: raw.path_type.as_ref().map_or(PathType::Exact, |p| p.value),
        stickiness: stickiness(&raw),
        tls: raw.tls.as_ref().map(|t| Tls {
            certificate_arns: texts(&t.certificate_arns),
            policy: text(&t.policy),
            redirect: t.redirect.as_ref().map(|r| r.value),
            secret_name: text(&t.secret_name),
            hosts: texts(&t.hosts),
        }),
        health_check: raw.health_check.as_ref().map_or_else(HealthCheck::default, |h| health_check(&h.value)),
        deregistration_delay: seconds(&raw.deregistration_delay),
        slow_start: seconds(&raw.slow_start),
        idle_timeout: seconds(&raw.idle_timeout),
        subnets: texts(&raw.subnets),
        security_groups: texts(&raw.security_groups),
        inbound_cidrs: texts(&raw.inbound_cidrs),
        tags: pairs(&raw.tags),
        group_name: raw.group.as_ref().and_then(|g| text(&g.name)),
        group_order: raw.group.as_ref().and_then(|g| g.order.as_ref()).map(|o| o.value.0),
        load_balancer_name: text(&raw.load_balancer_name),
        deletion_protection: raw.deletion_protection.as_ref().map(|d| d.value),
        waf: text(&raw.waf),
        access_logs: raw.access_logs.as_ref().map(|a| AccessLogs { bucket: text(&a.bucket), prefix: text(&a.prefix) }),
        annotations: pairs(&raw.annotations),
    })
}

fn seconds(value: &Option<Located<Duration>>) -> Option<u64> {
    value.as_ref().map(|d| d.value.0)
}

fn stickiness(raw: &raw::Ingress) -> Option<Stickiness> {
    match raw.stickiness.as_ref().map(|s| &s.value) {
        None => Some(Stickiness { duration: STICKINESS, cookie: None }),
        Some(StickinessInput::Off) => None,
        Some(StickinessInput::For(duration)) => Some(Stickiness { duration: duration.0, cookie: None }),
        Some(StickinessInput::Object(object)) => {
            Some(Stickiness { duration: seconds(&object.duration).unwrap_or(STICKINESS), cookie: text(&object.cookie) })
        }
    }
}

fn health_check(raw: &raw::HealthCheck) -> HealthCheck {
    HealthCheck {
        interval: seconds(&raw.interval),
        timeout: seconds(&raw.timeout),
        healthy_threshold: super::count(&raw.healthy_threshold),
        unhealthy_threshold: super::count(&raw.unhealthy_threshold),
        success_codes: text(&raw.success_codes),
        path: text(&raw.path),
    }
}
