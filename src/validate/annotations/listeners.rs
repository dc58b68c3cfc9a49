//! Listeners and TLS.

use super::{At, Findings, Subject, grammar, keys};
use crate::config::decode::shown;
use crate::model::IngressClass;
use crate::validate::kubernetes::names;

/// A listener of an ALB.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listener {
    pub protocol: String,
    pub port: u64,
}

/// Policies that still take TLS 1.0 or 1.1 begin with these.
const OLD_POLICIES: [&str; 8] = [
    "ELBSecurityPolicy-2015-",
    "ELBSecurityPolicy-2016-",
    "ELBSecurityPolicy-TLS-1-0-",
    "ELBSecurityPolicy-TLS-1-1-",
    "ELBSecurityPolicy-FS-2018-",
    "ELBSecurityPolicy-FS-1-1-",
    "ELBSecurityPolicy-TLS13-1-0-",
    "ELBSecurityPolicy-TLS13-1-1-",
];

/// One default certificate and the usual quota besides it.
const CERTIFICATES: usize = 26;

/// The listeners that the controller opens; none where `listen-ports` cannot be read.
pub fn of(subject: &Subject<'_>) -> Vec<Listener> {
    let Some(text) = subject.get("listen-ports") else {
        let (protocol, port) = if has_certificate(subject) { ("HTTPS", 443) } else { ("HTTP", 80) };
        return vec![Listener { protocol: protocol.into(), port }];
    };
    let read: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    let pairs = read.as_array().into_iter().flatten().flat_map(|item| item.as_object().into_iter().flatten());
    pairs.filter_map(|(protocol, port)| Some(Listener { protocol: protocol.clone(), port: port.as_u64()? })).collect()
}

fn has_certificate(subject: &Subject<'_>) -> bool {
    !subject.list("certificate-arn").is_empty() || subject.get("create-acm-cert").is_some_and(grammar::is_true)
}

fn has_host(subject: &Subject<'_>) -> bool {
    subject.hosts.iter().chain(subject.tls.iter().flat_map(|t| &t.hosts)).any(|host| !host.is_empty())
}

pub fn certificates(subject: &Subject<'_>, findings: &mut Findings) {
    let arns = subject.list("certificate-arn");
    let key = subject.key("certificate-arn");
    let region_of = |arn: &str| grammar::Arn::parse(arn).filter(|a| a.service == "acm").map(|a| a.region.to_owned());
    let first = arns.iter().find_map(|arn| region_of(arn));
    for (index, arn) in arns.iter().enumerate() {
        if arns[..index].contains(arn) {
            findings.warning(At::item(&key, index), "this certificate is given twice");
        }
        whose(subject, At::item(&key, index), arn, findings);
        let Some(region) = region_of(arn) else { continue };
        match (subject.region, &first) {
            (Some(wanted), _) if wanted != region => {
                findings
                    .error(
                        At::item(&key, index),
                        format!(
                            "the certificate is in {} and the cluster in {wanted}: an ALB takes certificates of its own region only",
                            shown(&region)
                        ),
                    )
                    .help("request or import the certificate in the cluster's region");
            }
            (None, Some(first)) if *first != region => {
                findings.error(
                    At::item(&key, index),
                    format!("certificates of two regions ({first} and {}): an ALB takes those of its own region only", shown(&region)),
                );
            }
            _ => {}
        }
    }
    if arns.len() > CERTIFICATES {
        findings
            .warning(
                subject.at("certificate-arn"),
                format!("{} certificates; the usual quota is {CERTIFICATES}, the default one included", arns.len()),
            )
            .help("ask AWS for a higher quota, or use certificates with several names");
    }
    if !arns.is_empty() && subject.get("create-acm-cert").is_some_and(grammar::is_true) {
        findings.warning(subject.at("create-acm-cert"), "with certificates given, the controller makes none");
    }
}

/// A certificate serves load balancers of its own account, and is named in the partition of its region.
fn whose(subject: &Subject<'_>, at: At, arn: &str, findings: &mut Findings) {
    let Some(arn) = grammar::Arn::parse(arn).filter(|a| matches!(a.service, "acm" | "iam") && a.has_account()) else { return };
    if !arn.is_in_partition() {
        findings
            .error(at, format!("no certificate of {} has the partition `{}` in its ARN", shown(arn.region), shown(arn.partition)))
            .help("copy the ARN as ACM shows it");
    } else if let Some(account) = subject.account.filter(|own| *own != arn.account) {
        findings
            .error(
                at,
                format!(
                    "the certificate is of the account {} and the cluster of {}: an ALB takes certificates of its own account only",
                    shown(arn.account),
                    shown(account)
                ),
            )
            .help("request or import the certificate in the cluster's account");
    }
}

pub fn https(subject: &Subject<'_>, findings: &mut Findings) {
    match subject.class {
        IngressClass::Alb => {}
        IngressClass::Agic => return gateway_redirect(subject, findings),
        IngressClass::Nginx => return,
    }
    let listeners = of(subject);
    let secure = listeners.iter().any(|l| l.protocol == "HTTPS");
    if subject.get("listen-ports").is_some() && listeners.is_empty() {
        return;
    }
    if secure && !has_certificate(subject) {
        if has_host(subject) {
            findings
                .advice(subject.at("listen-ports"), "without `certificateArns` the controller looks for an ACM certificate of each host: one has to be issued in the region")
                .help("give the certificate by `ingress.tls.certificateArns` to be sure which one is used");
        } else {
            findings
                .error(
                    subject.at("listen-ports"),
                    "an HTTPS listener without a certificate, and without a host to find one for: the controller refuses it",
                )
                .help("give `ingress.tls.certificateArns`, or a host");
        }
    }
    if !secure && !subject.list("certificate-arn").is_empty() {
        findings
            .warning(subject.at("certificate-arn"), "there is no HTTPS listener, so the certificate is not used and port 443 is closed")
            .see(subject.at("listen-ports"), "the listeners");
    }
    if subject.get("create-acm-cert").is_some_and(grammar::is_true) && !has_host(subject) {
        findings.error(subject.at("create-acm-cert"), "a certificate can only be made for hosts, and none is given");
    }
    redirect(subject, &listeners, findings);
}

fn redirect(subject: &Subject<'_>, listeners: &[Listener], findings: &mut Findings) {
    let Some(port) = subject.get("ssl-redirect").and_then(|p| p.parse::<u64>().ok()) else { return };
    let at = subject.at("ssl-redirect");
    if !listeners.iter().any(|l| l.protocol == "HTTPS" && l.port == port) {
        let message = format!("the redirect goes to port {port}, where there is no HTTPS listener");
        // Another member of the group may bring the listener.
        if subject.get("group.name").is_some() {
            findings
                .warning(at, format!("{message} of this Ingress; the controller refuses the whole group unless another member has one"));
        } else {
            findings
                .error(at, format!("{message}: the controller refuses the whole group"))
                .see(subject.at("listen-ports"), "the listeners")
                .help("redirect to the port of the HTTPS listener, usually 443");
        }
    } else if !listeners.iter().any(|l| l.protocol == "HTTP") {
        findings
            .warning(at, "there is no HTTP listener to redirect from: port 80 is closed")
            .see(subject.at("listen-ports"), "the listeners");
    }
}

fn gateway_redirect(subject: &Subject<'_>, findings: &mut Findings) {
    let has_tls = subject.tls.iter().any(|t| t.secret.is_some()) || subject.get("appgw-ssl-certificate").is_some();
    if subject.get("ssl-redirect").is_some_and(grammar::is_true) && !has_tls {
        findings
            .error(subject.at("ssl-redirect"), "a redirect to HTTPS without TLS: the controller ignores the whole Ingress")
            .help("give `ingress.tls.secretName`, or take the redirect away");
    }
}

pub fn policy(subject: &Subject<'_>, findings: &mut Findings) {
    if !subject.is_alb() {
        return;
    }
    let secure = of(subject).iter().any(|l| l.protocol == "HTTPS");
    match subject.get("ssl-policy") {
        Some(_) if !secure => {
            findings.warning(subject.at("ssl-policy"), "there is no HTTPS listener, so the TLS policy is not used");
        }
        Some(policy) if OLD_POLICIES.iter().any(|old| policy.starts_with(old)) => {
            findings
                .advice(subject.at("ssl-policy"), format!("`{policy}` still takes TLS 1.0 or 1.1"))
                .help("use ELBSecurityPolicy-TLS13-1-2-2021-06 or a newer one");
        }
        None if secure => {
            findings
                .advice(
                    subject.at("ssl-policy"),
                    "without a TLS policy the controller takes ELBSecurityPolicy-2016-08, which still takes TLS 1.0 and 1.1",
                )
                .help("set `ingress.tls.policy: ELBSecurityPolicy-TLS13-1-2-2021-06`");
        }
        _ => {}
    }
}

pub fn secret(subject: &Subject<'_>, findings: &mut Findings) {
    let Some(entry) = subject.tls.first() else { return };
    for (index, host) in entry.hosts.iter().enumerate() {
        keys::host_name(host, At::TlsHost(index), "the TLS host", subject.class, findings);
    }
    if let Some(Err(reason)) = entry.secret.map(names::dns1123_subdomain) {
        findings.error(At::TlsSecret, format!("the name of the TLS Secret {reason}"));
    }
    if subject.is_alb() {
        if entry.secret.is_some() {
            findings
                .warning(At::TlsSecret, "an ALB never reads a TLS Secret: only the host names count, to find an ACM certificate")
                .help("give the certificate by `certificateArns`");
        }
        return;
    }
    if entry.secret.is_none() && subject.get("appgw-ssl-certificate").is_none() {
        findings
            .warning(
                At::TlsSecret,
                format!("TLS without a Secret: {} serves its own self-signed certificate, or none", subject.catalogue().controller),
            )
            .help("give `ingress.tls.secretName`");
    }
    let hosts = || subject.tls.iter().flat_map(|t| t.hosts.iter());
    let covers = |pattern: &str, host: &str| {
        pattern == host || pattern.strip_prefix("*.").is_some_and(|tail| host.split_once('.').is_some_and(|(_, rest)| rest == tail))
    };
    for (index, host) in subject.hosts.iter().enumerate() {
        if !host.is_empty() && hosts().next().is_some() && !hosts().any(|pattern| covers(pattern, host)) {
            findings
                .warning(
                    At::Host(index),
                    format!("the host `{}` is not among the TLS hosts, so it is served without this certificate", shown(host)),
                )
                .help("add it to `ingress.tls.hosts`, or leave `tls.hosts` out: they are then the Ingress's hosts");
        }
    }
}

pub fn authentication(subject: &Subject<'_>, findings: &mut Findings) {
    if !subject.is_alb() {
        return;
    }
    let login = subject.get("auth-type").filter(|kind| matches!(*kind, "oidc" | "cognito")).map(|_| "auth-type");
    let token = subject.get("jwt-validation").map(|_| "jwt-validation");
    let Some(name) = login.or(token) else { return };
    let open = of(subject).iter().any(|l| l.protocol == "HTTP") && subject.get("ssl-redirect").is_none();
    if open {
        findings
            .error(subject.at(name), "authentication happens on HTTPS listeners only: over the HTTP listener everyone gets in without it")
            .help("use `ingress.tls` with its redirect");
    }
    if login.is_some() && token.is_some() {
        findings.error(subject.at("jwt-validation"), "the controller refuses `jwt-validation` beside `auth-type`");
    }
    let provider = match subject.get("auth-type") {
        Some("oidc") => "auth-idp-oidc",
        Some("cognito") => "auth-idp-cognito",
        _ => return,
    };
    if subject.get(provider).is_none() {
        findings.error(subject.at("auth-type"), format!("this authentication needs the annotation `{}`", subject.key(provider)));
    }
}

pub fn public_without_tls(subject: &Subject<'_>, findings: &mut Findings) {
    if !subject.is_public() {
        return;
    }
    let listeners = of(subject);
    let secure = listeners.iter().any(|l| l.protocol == "HTTPS");
    let plain = listeners.iter().any(|l| l.protocol == "HTTP");
    if !secure && plain {
        findings
            .warning(
                subject.at("scheme"),
                "an internet-facing load balancer without TLS: queries, data and the session cookie cross the internet in clear text",
            )
            .help("give `ingress.tls`, or make the scheme internal");
    } else if plain && subject.get("ssl-redirect").is_none() {
        findings
            .warning(
                subject.at("scheme"),
                "the internet-facing load balancer serves the same over plain HTTP: there is no redirect to HTTPS",
            )
            .help("set `ingress.tls.redirect: true`");
    }
}
