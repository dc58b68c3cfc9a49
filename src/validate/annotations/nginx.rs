//! What undoes cookie affinity on ingress-nginx, and retries that repeat a mutation.

use super::{Findings, Subject, grammar};
use crate::config::decode::shown;
use crate::model::IngressClass;

pub fn affinity(subject: &Subject<'_>, findings: &mut Findings) {
    if subject.class != IngressClass::Nginx {
        return;
    }
    let on = |name: &str| subject.get(name).is_some_and(grammar::is_true);
    if subject.get("proxy-next-upstream").is_some_and(|words| words.split_ascii_whitespace().any(|word| word == "non_idempotent")) {
        findings
            .warning(subject.at("proxy-next-upstream"), "`non_idempotent` lets nginx send a mutation a second time, to another pod")
            .help("leave `non_idempotent` out");
    }
    if !subject.is_sticky() {
        return;
    }
    if on("service-upstream") {
        findings
            .warning(subject.at("service-upstream"), "with `service-upstream` nginx sends to the Service's address, and from there kube-proxy picks any pod: affinity does not hold")
            .help("remove it");
    }
    if on("ssl-passthrough") {
        findings
            .warning(
                subject.at("ssl-passthrough"),
                "with `ssl-passthrough` nginx sees no HTTP: affinity and every other annotation do nothing, and the pods speak no TLS",
            )
            .help("remove it");
    }
    if on("use-regex") && subject.get("session-cookie-path").is_none() {
        findings.warning(subject.at("use-regex"), "affinity on paths with regular expressions needs `session-cookie-path`");
    }
    for name in ["upstream-hash-by", "load-balance"] {
        if subject.get(name).is_some() {
            findings.advice(subject.at(name), format!("cookie affinity wins over `{name}`, which does nothing here"));
        }
    }
    if let Some(domain) = subject.get("session-cookie-domain").map(|domain| domain.trim_start_matches('.')).filter(|d| !d.is_empty()) {
        let within = |host: &&str| host.is_empty() || *host == domain || host.ends_with(&format!(".{domain}"));
        if !subject.hosts.is_empty() && !subject.hosts.iter().any(within) {
            findings
                .warning(
                    subject.at("session-cookie-domain"),
                    format!("no host of this Ingress is in `{}`: browsers drop the cookie, and affinity does not hold", shown(domain)),
                )
                .help("leave it out: the cookie then belongs to the host that was asked");
        }
    }
    if subject.get("session-cookie-samesite") == Some("None") && !on("session-cookie-secure") && subject.tls.is_empty() {
        findings
            .warning(subject.at("session-cookie-samesite"), "browsers drop a cookie with SameSite=None that is not Secure")
            .help("add `session-cookie-secure: \"true\"`");
    }
}
