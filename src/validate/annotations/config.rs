//! The checks on a config: what they see is its compiled values, what they find is shown at the key that the user wrote.

use serde_json::Value;

use super::{At, Finding, Subject};
use crate::compile::ingress::attributes;
use crate::compile::ingress::{catalogue, user_pointer};
use crate::diagnostic::{Level, RuleId};
use crate::model::{Deployment, IngressClass};
use crate::source::Pointer;
use crate::validate::rule::Context;

/// The server's path where raw values give it.
const SERVER_PATH: &str = "/values/scalarDbGraphQlConfiguration/path";

/// Reports the findings of one rule.
pub fn report(context: &Context<'_>, rule: RuleId) {
    let Some(subject) = context.ingress() else { return };
    for finding in super::check_rule(subject, rule) {
        show(context, finding);
    }
}

/// Reports the empty texts of a list. The controller drops them, so that the annotations no longer show them.
pub fn empty_items(context: &Context<'_>, list: &str, what: &str) {
    if context.deployment.ingress.as_ref().is_none_or(|i| i.class != IngressClass::Alb) {
        return;
    }
    let items = context.node(list).and_then(|n| n.as_sequence()).into_iter().flatten();
    for item in items.filter(|item| item.as_scalar().is_some_and(|s| s.text.trim().is_empty())) {
        context
            .report_at(item.place.clone(), format!("an empty text is no {what}: the controller drops it as if it were not there"))
            .level(Level::Error)
            .help(format!("give the {what}, or take the item out"));
    }
}

/// Reports attributes that stand twice in an annotation of the config. Where it is merged with derived ones, the first is gone after that.
pub fn repeated_attributes(context: &Context<'_>) {
    let Some(ingress) = &context.deployment.ingress else { return };
    let class = catalogue::class(ingress.class);
    for (key, text) in &ingress.annotations {
        let Some(entry) = class.entry(key).filter(|entry| entry.merge) else { continue };
        let read = attributes::parse(text).unwrap_or_default();
        for (index, (name, _)) in read.iter().enumerate() {
            if read[..index].iter().any(|(earlier, _)| earlier == name) {
                context
                    .report(
                        &user_pointer(key),
                        format!("in {} the key `{}` is given twice; the last one counts", entry.what, crate::config::decode::shown(name)),
                    )
                    .level(Level::Warning)
                    .help("keep one of the two");
            }
        }
    }
}

/// The Ingress of an environment as its compiled values make it.
pub fn subject<'a>(deployment: &'a Deployment, merged_values: &'a Value) -> Option<Subject<'a>> {
    let region = deployment.cluster.as_ref().and_then(|c| c.region.as_deref());
    let mut subject = Subject::of_values(merged_values, deployment.fullname(), region)?;
    subject.account = deployment.cluster.as_ref().and_then(|c| c.account.as_deref());
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
            } else if key.ends_with("/healthcheck-path") && context.given(SERVER_PATH) && !context.given("/ingress/healthCheck/path") {
                SERVER_PATH.into()
            } else {
                derived(context, key, attribute.as_deref(), *item).filter(|p| context.given(p) || !context.given(&own)).unwrap_or(own)
            }
        }
        _ if context.given(&raw) => raw,
        At::Host(index) if context.given("/values/ingress/hosts") => format!("/values/ingress/hosts/{index}/host"),
        At::Host(index) => format!("/ingress/hosts/{index}"),
        At::Path if context.given("/values/ingress/hosts") => "/values/ingress/hosts".into(),
        At::Path if context.given(SERVER_PATH) => SERVER_PATH.into(),
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
