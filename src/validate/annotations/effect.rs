//! Annotations that a controller reads but that do nothing, because what they belong to is not there.

use super::{At, Findings, Subject, grammar, listeners};
use crate::compile::ingress::catalogue::{Entry, Kind, Need};
use crate::config::decode::shown;

pub fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let class = subject.catalogue();
    for (key, value) in &subject.annotations {
        let Some(entry) = class.entry(key) else { continue };
        if subject.inherited.contains(key) {
            continue;
        }
        if let Some(why) = &entry.deprecated {
            let message = format!("`{}` is out of use: {why}", shown(key));
            if subject.is_alb() {
                findings.advice(At::key(*key), message)
            } else {
                findings.warning(At::key(*key), message)
            };
        }
        if let Some(need) = entry.needs.iter().find(|need| !is_met(subject, need)) {
            findings.warning(At::key(*key), format!("`{}` has no effect without {}", shown(key), named(subject, need)));
        }
        if entry.family {
            family(subject, entry, key, findings);
        }
        if entry.shape.as_deref() == Some("mutualAuthentication") {
            mutual(subject, key, value, findings);
        }
    }
}

fn is_met(subject: &Subject<'_>, need: &Need) -> bool {
    let entry = subject.catalogue().entry(&subject.key(&need.key));
    let default = entry.and_then(|e| e.default.as_deref());
    let Some(value) = subject.get(&need.key).or(default) else { return false };
    let is_switch = entry.is_some_and(|e| e.kind == Kind::Bool);
    need.is.is_empty()
        || need.is.iter().any(|is| {
            is == value
                || (is_switch && is == "true" && grammar::is_true(value))
                || is.eq_ignore_ascii_case(value) && entry.is_some_and(|e| e.fold)
        })
}

fn named(subject: &Subject<'_>, need: &Need) -> String {
    let key = subject.key(&need.key);
    if need.is.is_empty() { format!("`{key}`") } else { format!("`{key}: {}`", need.is.join("` or `")) }
}

/// Keys that name something: a backend, a listener.
fn family(subject: &Subject<'_>, entry: &Entry, key: &str, findings: &mut Findings) {
    let Some(name) = key.strip_prefix(subject.key(&entry.key).as_str()) else { return };
    let at = At::key(key);
    let any = |names: &[String], name: &str| names.iter().any(|n| n == name);
    match entry.key.as_str() {
        "actions." if !any(&subject.actions, name) => {
            let finding = findings.warning(at, format!("no backend of this Ingress names the action `{}`, so it is ignored", shown(name)));
            if name == "ssl-redirect" {
                finding.help("a redirect to HTTPS is `ingress.tls.redirect`, which writes the annotation `ssl-redirect`");
            } else {
                finding.help("the chart's backend is always the release's own Service: an action cannot be used here");
            }
        }
        "conditions." | "transforms." if !any(&subject.backends, name) => {
            let names = subject.backends.first().map_or(String::new(), |own| format!(" (it is `{own}`)"));
            findings.warning(at, format!("no backend of this Ingress is called `{}`{names}, so this is ignored", shown(name)));
        }
        "target-control-port."
            if !subject.backends.iter().any(|b| name.strip_prefix(b.as_str()).is_some_and(|rest| rest.starts_with('.'))) =>
        {
            findings.warning(at, format!("`{}` is not SERVICE.PORT of a backend of this Ingress, so this is ignored", shown(name)));
        }
        "listener-attributes." => {
            let wanted = listeners::of(subject);
            let exists = name.split_once('-').and_then(|(protocol, port)| Some((protocol, port.parse::<u64>().ok()?)));
            let exists = exists.is_some_and(|(protocol, port)| wanted.iter().any(|l| l.protocol == protocol && l.port == port));
            if !exists {
                let names: Vec<String> = wanted.iter().map(|l| format!("{}-{}", l.protocol, l.port)).collect();
                findings.warning(
                    at,
                    format!("there is no listener `{}`, so these attributes are ignored; there is {}", shown(name), names.join(", ")),
                );
            }
        }
        _ => {}
    }
}

fn mutual(subject: &Subject<'_>, key: &str, value: &str, findings: &mut Findings) {
    let read: serde_json::Value = serde_json::from_str(value).unwrap_or_default();
    let wanted = listeners::of(subject);
    for port in read.as_array().into_iter().flatten().filter_map(|item| item["port"].as_u64()) {
        if !wanted.iter().any(|l| l.protocol == "HTTPS" && l.port == port) {
            findings.warning(At::key(key), format!("there is no HTTPS listener on port {port}, so mutual TLS is not used there"));
        }
    }
}
