//! K8S004: image, tag and registry make a reference that a node can pull.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "K8S004",
    summary: "image, tag and registry make a reference that a node can pull",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("k8s004.md"),
    check: Check::Environment(check),
};

use crate::config::decode::shown;

fn check(context: &Context<'_>) {
    raw_values(context);
    let raw = context.settings.image.as_ref().map(|i| &i.value);
    if let Some(repository) = raw.and_then(|i| i.repository.as_ref())
        && let Err(reason) = repository_fault(&repository.value)
    {
        context
            .report("/image/repository", format!("`{}` is no image repository: {reason}", shown(&repository.value)))
            .label("expected [HOST[:PORT]/]PATH, without a tag");
    }
    if let Some(tag) = raw.and_then(|i| i.tag.as_ref())
        && let Err(reason) = tag_fault(&tag.value)
    {
        context
            .report("/image/tag", format!("`{}` is no image tag: {reason}", shown(&tag.value)))
            .label("expected letters, digits, `_`, `.` and `-`");
    }
    if let Some(registry) = raw.and_then(|i| i.registry.as_ref())
        && let Err(reason) = registry_fault(&registry.value)
    {
        context
            .report("/image/registry", format!("`{}` is no registry: {reason}", shown(&registry.value)))
            .label("expected HOST[:PORT][/PATH]");
    }
    for (index, secret) in raw.and_then(|i| i.pull_secrets.as_ref()).into_iter().flat_map(|s| s.value.iter()).enumerate() {
        if let Err(reason) = crate::validate::kubernetes::names::dns1123_subdomain(&secret.value) {
            context.report(&format!("/image/pullSecrets/{index}"), format!("`{}` is no name of a Secret: {reason}", shown(&secret.value)));
        }
    }
}

/// Says why a text is none of its kind.
type Fault = fn(&str) -> Result<(), String>;

/// The same where raw values give them.
fn raw_values(context: &Context<'_>) {
    let values = context.merged_values();
    let checks: [(&str, &str, Fault); 2] = [
        ("repository", "no image repository", |text| repository_fault(text).map_err(|r| r.to_string())),
        ("tag", "no image tag", |text| tag_fault(text).map_err(|r| r.to_string())),
    ];
    for (key, what, check) in checks {
        let pointer = format!("/values/image/{key}");
        let text = values["image"][key].as_str().filter(|text| context.given(&pointer) && !text.is_empty());
        if let Some((text, Err(reason))) = text.map(|text| (text, check(text))) {
            context.report(&pointer, format!("`{}` is {what}: {reason}", shown(text)));
        }
    }
    let secrets = values["imagePullSecrets"].as_array().filter(|_| context.given("/values/imagePullSecrets"));
    for (index, name) in secrets.into_iter().flatten().enumerate().filter_map(|(i, s)| Some((i, s["name"].as_str()?))) {
        if let Err(reason) = crate::validate::kubernetes::names::dns1123_subdomain(name) {
            context
                .report(&format!("/values/imagePullSecrets/{index}/name"), format!("`{}` is no name of a Secret: {reason}", shown(name)));
        }
    }
}

/// Grammar of the distribution specification: path components of lower-case letters and digits with `.`, `_`, `__` or `-` between.
fn path_fault(path: &str) -> Result<(), &'static str> {
    let good = |component: &str| {
        let alphanumeric = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        !component.is_empty()
            && component.chars().all(|c| alphanumeric(c) || matches!(c, '.' | '_' | '-'))
            && component.starts_with(alphanumeric)
            && component.ends_with(alphanumeric)
    };
    if path.chars().any(|c| c.is_ascii_uppercase()) {
        return Err("the path of an image has no upper-case letters");
    }
    if path.split('/').all(good) { Ok(()) } else { Err("a part of its path is empty or holds a character that an image name cannot have") }
}

fn host_fault(host: &str) -> Result<(), &'static str> {
    let (name, port) = host.rsplit_once(':').map_or((host, None), |(name, port)| (name, Some(port)));
    if port.is_some_and(|p| p.parse::<u16>().is_err()) {
        return Err("its port is no number from 0 to 65535");
    }
    let label =
        |l: &str| !l.is_empty() && l.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') && !l.starts_with('-') && !l.ends_with('-');
    if name.split('.').all(label) { Ok(()) } else { Err("its host is no host name") }
}

fn without_scheme(text: &str) -> Result<(), &'static str> {
    if text.contains("://") { Err("it is a URL: leave the scheme out") } else { Ok(()) }
}

fn repository_fault(repository: &str) -> Result<(), &'static str> {
    without_scheme(repository)?;
    if repository.contains('@') {
        return Err("the chart puts `:TAG` behind it: give a digest as `image.tag: VERSION@sha256:...`");
    }
    let (host, path) = match repository.split_once('/') {
        Some((first, rest)) if first.contains(['.', ':']) || first == "localhost" => (Some(first), rest),
        _ => (None, repository),
    };
    if path.contains(':') {
        return Err("the chart puts `:TAG` behind it: give the tag as `image.tag`");
    }
    host.map_or(Ok(()), host_fault)?;
    path_fault(path)
}

fn registry_fault(registry: &str) -> Result<(), &'static str> {
    without_scheme(registry)?;
    let trimmed = registry.strip_suffix('/').unwrap_or(registry);
    let (host, path) = trimmed.split_once('/').map_or((trimmed, None), |(host, path)| (host, Some(path)));
    host_fault(host)?;
    path.map_or(Ok(()), path_fault)
}

fn tag_fault(tag: &str) -> Result<(), &'static str> {
    let (name, digest) = tag.split_once('@').map_or((tag, None), |(name, digest)| (name, Some(digest)));
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if name.is_empty() || name.len() > 128 || !name.starts_with(word) || !name.chars().all(|c| word(c) || matches!(c, '.' | '-')) {
        return Err("it has 1 to 128 letters, digits, `_`, `.` and `-`, and begins with none of the last two");
    }
    match digest.map(|d| d.strip_prefix("sha256:")) {
        None => Ok(()),
        Some(Some(hex)) if hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) => Ok(()),
        Some(_) => Err("a digest is `sha256:` and 64 hexadecimal digits"),
    }
}
