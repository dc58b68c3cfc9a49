//! The checks on a config: what they see is its compiled values, what they find is shown at the key that the user wrote.

use serde_json::Value;

use super::{At, Finding, Subject};
use crate::compile::ingress::attributes;
use crate::compile::ingress::{catalogue, user_pointer};
use crate::diagnostic::RuleId;
use crate::model::Deployment;
use crate::source::Pointer;
use crate::validate::rule::Context;

/// Reports the findings of one rule.
pub fn report(context: &Context<'_>, rule: RuleId) {
    let Some(subject) = context.ingress() else { return };
    for finding in super::check_rule(subject, rule) {
        show(context, finding);
    }
}

/// The Ingress of an environment as its compiled values make it.
pub fn subject<'a>(deployment: &'a Deployment, merged_values: &'a Value) -> Option<Subject<'a>> {
    let region = deployment.cluster.as_ref().and_then(|c| c.region.as_deref());
    let mut subject = Subject::of_values(merged_values, deployment.fullname(), region)?;
    let most = deployment.autoscaling.as_ref().and_then(|a| a.max).map(u64::from);
    subject.replicas = subject.replicas.max(most);
    // A null that the user passes on is no annotation.
    Some(subject)
}

fn show(context: &Context<'_>, finding: Finding) {
    let pointer = pointer(context, &finding.at);
    let mut report = context.report(&pointer, finding.message).level(finding.level);
    if let Some(help) = finding.help {
        report = report.help(help);
    }
    if let Some((at, words)) = finding.see {
        let also = self::pointer(context, &at);
        if also != pointer && context.given(&also) {
            report = report.see(&also, words);
        }
    }
    drop(report);
}

/// Where a user wrote what a finding is about: raw values win, then an annotation, then the key that derives it.
pub fn pointer(context: &Context<'_>, at: &At) -> String {
    let raw = format!("/values{}", at.in_values());
    match at {
        At::Annotation { key, attribute, item } => {
            let own = user_pointer(key);
            if context.given(&raw) {
                raw
            } else if context.given(&own) && says(context, key, attribute.as_deref()) {
                own
            } else {
                derived(context, key, attribute.as_deref(), *item).filter(|p| context.given(p) || !context.given(&own)).unwrap_or(own)
            }
        }
        _ if context.given(&raw) => raw,
        At::Host(index) if context.given("/values/ingress/hosts") => format!("/values/ingress/hosts/{index}/host"),
        At::Host(index) => format!("/ingress/hosts/{index}"),
        At::Path if context.given("/values/ingress/hosts") => "/values/ingress/hosts".into(),
        At::Path => "/graphql/path".into(),
        At::TlsHost(index) if context.given("/ingress/tls/hosts") => format!("/ingress/tls/hosts/{index}"),
        At::TlsHost(index) => format!("/ingress/hosts/{index}"),
        At::TlsSecret => "/ingress/tls/secretName".into(),
        At::Replicas => "/replicas".into(),
        At::ServiceType => "/service/type".into(),
        At::Graphiql => "/graphql/graphiql".into(),
    }
}

/// Whether the user's annotation is what gives this attribute.
fn says(context: &Context<'_>, key: &str, attribute: Option<&str>) -> bool {
    let Some(name) = attribute else { return true };
    let own = context.deployment.ingress.iter().flat_map(|i| &i.annotations).find(|(k, _)| k == key);
    // One that cannot be read stands as given, with nothing derived beside it.
    own.is_some_and(|(_, text)| attributes::parse(text).map_or(true, |read| read.iter().any(|(k, _)| k == name)))
}

/// The config key that derives an annotation or an attribute of it.
fn derived(context: &Context<'_>, key: &str, attribute: Option<&str>, item: Option<usize>) -> Option<String> {
    let class = catalogue::class(context.deployment.ingress.as_ref()?.class);
    let entry = class.entry(key)?;
    let from = match attribute {
        Some(name) => match entry.attribute(name) {
            Some(known) => known.from.clone(),
            None => entry.from.as_ref().map(|from| Pointer::parse(from).join(name).as_str().to_owned()),
        },
        None => entry.from.clone(),
    }?;
    // A duration that stands alone is the value of `stickiness` itself, one beside a cookie has its own key.
    let duration = format!("{from}/duration");
    let from = if from == "/ingress/stickiness" && context.given(&duration) && attribute.is_none_or(|a| a.ends_with("seconds")) {
        duration
    } else {
        from
    };
    Some(item.map_or_else(|| from.clone(), |index| format!("{from}/{index}")))
}
