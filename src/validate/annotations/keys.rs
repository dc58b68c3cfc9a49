//! Keys of annotations, and what an Ingress is before any annotation: class, hosts, paths.

use super::{At, Findings, Subject};
use crate::compile::ingress::catalogue::{self, Class};
use crate::config::decode::{nearest, shown};
use crate::model::IngressClass;
use crate::validate::kubernetes::names;

/// Kubernetes refuses an object whose annotations together are longer.
const TOTAL: usize = 256 * 1024;

pub fn grammar(subject: &Subject<'_>, findings: &mut Findings) {
    for (key, _) in &subject.annotations {
        if let Err(reason) = names::annotation_key(key) {
            let finding =
                findings.error(At::key(*key), format!("the annotation key `{}` {reason}: the API server refuses the Ingress", shown(key)));
            if let Some(known) = suggestion(subject.catalogue(), key.trim()) {
                finding.help(format!("did you mean `{known}`?"));
            }
        }
    }
    let total: usize = subject.annotations.iter().map(|(key, value)| key.len() + value.len()).sum();
    if total > TOTAL
        && let Some((longest, _)) = subject.annotations.iter().max_by_key(|(_, value)| value.len())
    {
        findings.error(At::key(*longest), format!("the annotations are {total} bytes long together; Kubernetes takes {TOTAL}"));
    }
}

pub fn unknown(subject: &Subject<'_>, findings: &mut Findings) {
    let class = subject.catalogue();
    for (key, _) in &subject.annotations {
        if names::annotation_key(key).is_err() || catalogue::classes().iter().any(|c| c.entry(key).is_some()) {
            continue;
        }
        let consequence = format!("{} never reports a key that it does not know, and ignores it", class.controller);
        if let Some(name) = key.strip_prefix(&class.prefix) {
            let meant = class.lookalikes.get(name).map(|to| class.key(to)).or_else(|| near(class, name));
            match meant {
                Some(meant) => findings
                    .error(At::key(*key), format!("there is no annotation `{}`: {consequence}", shown(key)))
                    .help(format!("did you mean `{meant}`?")),
                None => findings
                    .warning(
                        At::key(*key),
                        format!(
                            "`{}` is no annotation of {}, as far as is known here; it ignores what it does not know",
                            shown(key),
                            class.controller
                        ),
                    )
                    .help(suggestion(class, key).map_or_else(
                        || "see `gqlgen explain ING002` for where the list comes from".to_owned(),
                        |s| format!("did you mean `{s}`?"),
                    )),
            };
        } else if let Some(meant) = other_prefix(class, key) {
            findings
                .warning(
                    At::key(*key),
                    format!("`{}` does not begin with `{}`, so {} does not read it", shown(key), class.prefix, class.controller),
                )
                .help(format!("did you mean `{meant}`?"));
        }
    }
}

/// A key of the class whose prefix was misspelt or left out.
fn other_prefix(class: &Class, key: &str) -> Option<String> {
    let (prefix, name) = key.rsplit_once('/').unwrap_or(("", key));
    let own = class.prefix.trim_end_matches('/');
    let close = prefix.is_empty()
        || strsim::damerau_levenshtein(prefix, own) <= 4
        || prefix == format!("{}.kubernetes.io", class.word())
        || begins_alike(prefix, own);
    let meant = class.key(name);
    // Common words such as `tags` or `scheme` may well be somebody's own annotation without a prefix; two words are none.
    let telling = !prefix.is_empty() || name.contains('-');
    (close && telling && !catalogue::classes().iter().any(|c| c.prefix.trim_end_matches('/') == prefix) && class.entry(&meant).is_some())
        .then_some(meant)
}

/// Whether a prefix begins with the same `alb.ingress.` as the class's own.
fn begins_alike(prefix: &str, own: &str) -> bool {
    own.split_once(".ingress.").is_some_and(|(word, _)| prefix.starts_with(&format!("{word}.ingress.")))
}

/// A key that differs by a slip only: case, hyphens, plural, a letter or two.
fn near(class: &Class, name: &str) -> Option<String> {
    let fold = |text: &str| text.chars().filter(|c| c.is_ascii_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let (head, tail) = name.split_once('.').map_or((name, None), |(head, tail)| (head, Some(tail)));
    let mut best: Option<(usize, String)> = None;
    for entry in &class.annotations {
        let (word, known, whole) = match (entry.family, tail) {
            (true, Some(tail)) => (fold(head), fold(&entry.key), format!("{}{tail}", entry.key)),
            (true, None) => continue,
            (false, _) => (fold(name), fold(&entry.key), entry.key.clone()),
        };
        let distance = strsim::damerau_levenshtein(&word, &known);
        let allowed = (known.len() / 6).clamp(1, 3);
        if distance <= allowed && best.as_ref().is_none_or(|(d, _)| distance < *d) {
            best = Some((distance, class.key(&whole)));
        }
    }
    best.map(|(_, key)| key)
}

fn suggestion(class: &Class, key: &str) -> Option<String> {
    let name = key.strip_prefix(&class.prefix)?;
    near(class, name)
        .or_else(|| nearest(name, class.annotations.iter().filter(|e| !e.family).map(|e| e.key.as_str())).map(|n| class.key(n)))
}

pub fn foreign(subject: &Subject<'_>, findings: &mut Findings) {
    let class = subject.catalogue();
    let is_other = |key: &&&str| catalogue::class_of_key(key).is_some_and(|other| other.word() != class.word());
    let inherited: Vec<&&str> = subject.inherited.iter().filter(is_other).collect();
    if let Some(first) = inherited.first() {
        let message = format!(
            "{} annotations of other classes come from the chart's defaults, such as `{first}`; {} does not read them",
            inherited.len(),
            class.controller
        );
        findings.advice(At::key(**first), message).help("set them to null to leave them out");
    }
    for (key, _) in &subject.annotations {
        let other = match catalogue::class_of_key(key) {
            Some(other) if other.word() != class.word() => other.controller.as_str(),
            None if key.starts_with("service.beta.kubernetes.io/aws-load-balancer") => "a Service of type LoadBalancer",
            _ => continue,
        };
        if subject.inherited.contains(key) {
            continue;
        }
        let message =
            format!("`{}` is for {other}; the class is `{}`, and {} does not read it", shown(key), class.word(), class.controller);
        let finding = findings.warning(At::key(*key), message);
        if let Some(own) = counterpart(class, key) {
            finding.help(format!("here the same is said by {own}"));
        } else {
            finding.help("remove it, or choose the class that it belongs to");
        }
    }
}

/// What says the same in this class.
fn counterpart(class: &Class, key: &str) -> Option<String> {
    let name = key.split_once('/')?.1.trim_start_matches("aws-load-balancer-");
    let entry = class.lookalikes.get(name).map_or_else(|| class.entry(&class.key(name)), |to| class.entry(&class.key(to)))?;
    Some(match entry.from.as_deref().filter(|f| *f != "/ingress/class") {
        Some(from) => format!("the config key `{}`", from.trim_start_matches('/').replace('/', ".")),
        None => format!("`{}`", class.key(&entry.key)),
    })
}

pub fn legacy_class(subject: &Subject<'_>, findings: &mut Findings) {
    const KEY: &str = "kubernetes.io/ingress.class";
    let Some((_, value)) = subject.annotations.iter().find(|(key, _)| *key == KEY) else { return };
    match subject.class_name {
        Some(class) if class == *value => {
            findings
                .warning(
                    At::key(KEY),
                    format!("the annotation `{KEY}` stands beside `ingressClassName`: older API servers refuse an Ingress with both"),
                )
                .help("remove the annotation; the class is set already");
        }
        Some(class) => {
            findings
                .error(
                    At::key(KEY),
                    format!(
                        "the annotation `{KEY}` says `{}` and `ingressClassName` says `{class}`: the API server refuses the Ingress",
                        shown(value)
                    ),
                )
                .help("remove the annotation, and choose the class by `ingress.class`");
        }
        None => {
            findings.advice(At::key(KEY), format!("`{KEY}` is deprecated since Kubernetes 1.18")).help("use `spec.ingressClassName`");
        }
    }
}

pub fn hosts(subject: &Subject<'_>, findings: &mut Findings) {
    // Of an object it is said where the object is judged, which may have a default backend.
    if subject.hosts.is_empty() && subject.server_path.is_some() {
        findings
            .error(At::Host(0), "the Ingress has no host and so no rule: the API server refuses it")
            .help("any host is written as the empty text: `host: \"\"`");
    }
    for (index, host) in subject.hosts.iter().enumerate() {
        if subject.hosts[..index].contains(host) {
            let name = if host.is_empty() { "any host".to_owned() } else { format!("the host `{}`", shown(host)) };
            findings.error(At::Host(index), format!("{name} is given twice")).help("remove one of them");
        } else {
            host_name(host, At::Host(index), "the host", subject.class, findings);
        }
    }
}

/// A host of a rule or of a `tls` entry.
pub fn host_name(host: &str, at: At, what: &str, class: IngressClass, findings: &mut Findings) {
    if host.is_empty() {
        return;
    }
    if let Err(reason) = names::ingress_host(host) {
        let finding = findings.error(at, format!("{what} `{}` {reason}: the API server refuses the Ingress", shown(host)));
        let bare = host.split_once("://").map_or(host, |(_, rest)| rest);
        let bare = bare.split(['/', ':']).next().unwrap_or_default().trim().trim_end_matches('.').to_lowercase();
        if host == "*" {
            finding.help("any host is written as the empty text: `hosts: [\"\"]`");
        } else if bare != host && names::ingress_host(&bare).is_ok() {
            finding.help(format!("did you mean `{bare}`?"));
        }
    } else if host.split('.').any(|label| label.len() > 63) {
        findings.error(
            at,
            format!("{what} `{}` has a part of more than 63 characters: no DNS name has one, so no request names it", shown(host)),
        );
    } else if class == IngressClass::Alb && host.len() > 128 {
        findings.error(at, format!("{what} is {} characters long; a rule of an ALB takes 128", host.len()));
    }
}

pub fn paths(subject: &Subject<'_>, findings: &mut Findings) {
    let Some((path, kind)) = subject.paths.first() else { return };
    let literal = *kind != "ImplementationSpecific";
    let shown_path = shown(path);
    if !path.starts_with('/') {
        findings.error(At::Path, format!("the path `{shown_path}` does not start with `/`: the API server refuses the Ingress"));
        return;
    }
    let odd = ["//", "/./", "/../", "%2f", "%2F"]
        .into_iter()
        .find(|part| path.contains(part))
        .or_else(|| ["/..", "/."].into_iter().find(|end| path.ends_with(end)));
    if let (true, Some(odd)) = (literal, odd) {
        findings.error(At::Path, format!("the path `{shown_path}` has `{odd}`: the API server refuses it with the path type {kind}"));
    }
    if path.contains(char::is_whitespace) {
        findings.error(At::Path, format!("the path `{shown_path}` has a blank, which no request has"));
    }
    if subject.is_alb() && literal && path.contains(['*', '?']) {
        findings
            .error(
                At::Path,
                format!("the path `{shown_path}` has a wildcard, and with the path type {kind} the controller refuses the whole group"),
            )
            .help("the server answers one path only: write it without `*` and `?`");
    }
    if subject.is_alb() && path.len() > 128 {
        findings.error(At::Path, format!("the path is {} characters long; a rule of an ALB takes 128", path.len()));
    }
    if path.contains(',') {
        findings
            .warning(At::Path, format!("`{shown_path}` is one path with a comma in it, not several"))
            .help("the server answers one path: choose one");
    }
}
