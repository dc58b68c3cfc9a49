//! Values against the catalogue: types, ranges, enums, grammars, and the syntax and keys of attribute maps.

use super::{At, Findings, Subject, grammar};
use crate::compile::ingress::attributes::{self, Attributes};
use crate::compile::ingress::catalogue::{Class, Entry, Kind};
use crate::config::decode::{nearest, one_of, shown};
use crate::diagnostic::Level;
use crate::validate::annotations::subject::items;

/// The values that the running rule judges.
pub fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let class = subject.catalogue();
    for (key, value) in &subject.annotations {
        let Some(entry) = class.entry(key) else { continue };
        let own = entry.rule() == findings.rule;
        match entry.kind {
            Kind::Map => map(subject, class, entry, key, value, findings),
            Kind::List if own => {
                for (index, item) in items(value).into_iter().enumerate() {
                    scalar(subject, class, entry, At::item(*key, index), item, findings);
                }
            }
            Kind::Json | Kind::List => {}
            _ if own => scalar(subject, class, entry, At::key(*key), value, findings),
            _ => {}
        }
    }
}

fn map(subject: &Subject<'_>, class: &Class, entry: &Entry, key: &str, value: &str, findings: &mut Findings) {
    for (name, value) in readable(value).unwrap_or_default() {
        if let Some(attribute) = entry.attribute(&name) {
            if attribute.rule() == findings.rule {
                scalar(subject, class, attribute, At::attribute(key, &name), &value, findings);
            }
        } else if let (Some(open), true) = (entry.open.as_deref(), entry.rule() == findings.rule)
            && let Err(clause) = grammar::check(open, &name)
        {
            findings.error(At::attribute(key, &name), format!("in {} the key `{}` must be {clause}", entry.what, shown(&name)));
        }
    }
}

/// The attributes of a map that has no fault of syntax.
fn readable(text: &str) -> Option<Attributes> {
    attributes::parse(text).ok().filter(|_| !is_quoted(text))
}

/// Quotes that stand inside the value, as a second `quote` in a template leaves them.
fn is_quoted(text: &str) -> bool {
    let text = text.trim();
    ['"', '\''].into_iter().any(|q| text.len() >= 2 && text.starts_with(q) && text.ends_with(q))
}

/// A number of a million or more that Helm wrote as `1.23e+06`.
fn has_exponent(text: &str) -> bool {
    text.match_indices("e+").any(|(i, _)| {
        let digit = |b: Option<&u8>| b.is_some_and(u8::is_ascii_digit);
        digit(text.as_bytes()[..i].last()) && digit(text.as_bytes().get(i + 2)) && digit(text.as_bytes().get(i + 3))
    })
}

fn scalar(subject: &Subject<'_>, class: &Class, entry: &Entry, at: At, text: &str, findings: &mut Findings) {
    if entry.also.iter().any(|also| also == text) {
        return;
    }
    let level = class.level(entry);
    let what = &entry.what;
    let mut fault = |message: String, help: Option<String>| {
        findings.add(level, at.clone(), message).help = help;
    };
    if text.trim() != text {
        let help = (text.trim_end() != text)
            .then(|| "a block scalar (`|` or `>`) leaves a line break at the end: write `|-`, or quote the value".to_owned());
        return fault(
            format!("{what} `{}` begins or ends in a blank or line break, which {} does not cut off", shown(text), class.controller),
            help,
        );
    }
    if is_quoted(text) {
        return fault(format!("{what} has quotes inside the value: `{}`", shown(text)), Some("quote it once".to_owned()));
    }
    if has_exponent(text) && entry.grammar.as_deref() != Some("certificateArn") {
        return fault(
            format!("{what} holds a number in exponent form, `{}`", shown(text)),
            Some("quote the number where it comes from".to_owned()),
        );
    }
    match entry.kind {
        Kind::Bool => boolean(entry, class, text, &mut fault),
        Kind::Int => integer(entry, class, text, &mut fault),
        Kind::Enum => word(entry, class, text, &mut fault),
        _ => free(subject, entry, text, &mut fault),
    }
}

type Fault<'a> = dyn FnMut(String, Option<String>) + 'a;

fn boolean(entry: &Entry, class: &Class, text: &str, fault: &mut Fault<'_>) {
    let ok = if entry.strict { matches!(text, "true" | "false") } else { grammar::is_bool(text) };
    if !ok {
        let meant = match text.to_ascii_lowercase().as_str() {
            "yes" | "on" | "enabled" | "true" | "1" | "t" => Some("true"),
            "no" | "off" | "disabled" | "false" | "0" | "f" => Some("false"),
            _ => None,
        };
        let taker = if entry.strict { "AWS" } else { &class.controller };
        fault(
            format!("{} is `{}`; {taker} takes true and false", entry.what, shown(text)),
            meant.map(|m| format!("did you mean \"{m}\"?")),
        );
    }
}

fn integer(entry: &Entry, class: &Class, text: &str, fault: &mut Fault<'_>) {
    let unit = entry.unit.as_deref().map_or(String::new(), |unit| format!(" of {unit}"));
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let number = (!digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse::<i64>().ok()).flatten();
    let Some(number) = number else {
        let help = matches!(text, "true" | "false").then(|| "this is not a switch in this class".to_owned());
        let also = if entry.also.is_empty() {
            String::new()
        } else {
            format!(", or {}", one_of(&entry.also.iter().map(String::as_str).collect::<Vec<_>>()))
        };
        return fault(
            format!("{} is `{}`; {} takes a whole number{unit} without a unit{also}", entry.what, shown(text), class.controller),
            help,
        );
    };
    let range = match (entry.min, entry.max) {
        (Some(min), Some(max)) => format!("{min} to {max}"),
        (Some(min), None) => format!("{min} and more"),
        _ => "32-bit numbers".to_owned(),
    };
    let fits = i32::try_from(number).is_ok() && entry.min.is_none_or(|min| number >= min) && entry.max.is_none_or(|max| number <= max);
    if !fits {
        let also = if entry.also.is_empty() { String::new() } else { format!(" and {}", entry.also.join(", ")) };
        let unit = entry.unit.as_deref().map_or(String::new(), |unit| format!(" {unit}"));
        fault(format!("{} is {number}{unit}; allowed is {range}{also}", entry.what), None);
    }
}

fn word(entry: &Entry, class: &Class, text: &str, fault: &mut Fault<'_>) {
    let known = |value: &&String| if entry.fold { value.eq_ignore_ascii_case(text) } else { value.as_str() == text };
    if entry.values.iter().find(known).is_none() {
        let words: Vec<&str> = entry.values.iter().map(String::as_str).collect();
        let help = nearest(text, words.iter().copied()).map(|near| format!("did you mean `{near}`? The case matters"));
        fault(format!("{} is `{}`; {} takes {}", entry.what, shown(text), class.controller, one_of(&words)), help);
    }
}

fn free(subject: &Subject<'_>, entry: &Entry, text: &str, fault: &mut Fault<'_>) {
    if let Some((least, most)) = entry.length {
        let length = text.chars().count();
        if length < least || length > most {
            return fault(format!("{} is {length} characters long; allowed is {least} to {most}", entry.what), None);
        }
    }
    let Some(mut name) = entry.grammar.as_deref() else { return };
    if name == "successCodes" && subject.get("backend-protocol-version") == Some("GRPC") {
        name = "grpcCodes";
    }
    if let Err(clause) = grammar::check(name, text) {
        fault(format!("{} `{}` must be {clause}", entry.what, shown(text)), None);
    }
}

/// Syntax of attribute maps.
pub fn maps(subject: &Subject<'_>, findings: &mut Findings) {
    let class = subject.catalogue();
    for (key, value) in &subject.annotations {
        let Some(entry) = class.entry(key).filter(|e| e.kind == Kind::Map) else { continue };
        if is_quoted(value) {
            findings
                .error(At::key(*key), format!("{} have quotes inside the value: `{}`", entry.what, shown(value)))
                .help("quote the value once");
            continue;
        }
        match attributes::parse(value) {
            Err(fault) => {
                findings.add(Level::Error, At::key(*key), format!("{} cannot be read: {fault}", entry.what)).help(
                    "write `key=value` pairs with one comma between them; a comma inside a value is `\\,` (from controller 2.14.1 on)",
                );
            }
            Ok(read) => twice(key, entry, &read, findings),
        }
    }
}

fn twice(key: &str, entry: &Entry, read: &Attributes, findings: &mut Findings) {
    for (index, (name, _)) in read.iter().enumerate() {
        if read[..index].iter().any(|(earlier, _)| earlier == name) {
            findings.warning(
                At::attribute(key, name),
                format!("in {} the key `{}` is given twice; the last one counts", entry.what, shown(name)),
            );
        }
    }
}

/// Keys of attribute maps.
pub fn attributes(subject: &Subject<'_>, findings: &mut Findings) {
    let class = subject.catalogue();
    for (key, value) in &subject.annotations {
        let Some(entry) = class.entry(key).filter(|e| e.kind == Kind::Map && e.open.is_none()) else { continue };
        for (name, _) in readable(value).unwrap_or_default() {
            if entry.attribute(&name).is_some() {
                continue;
            }
            let at = At::attribute(*key, &name);
            if entry.elsewhere.contains(&name) {
                findings.error(at, format!("`{}` is an attribute of other load balancers; AWS refuses it on an ALB", shown(&name)));
                continue;
            }
            let finding = findings
                .error(at, format!("{} know no attribute `{}`; AWS refuses it, and with it the whole update", entry.what, shown(&name)));
            if let Some(near) = nearest(&name, entry.attributes.iter().map(|a| a.key.as_str())) {
                finding.help(format!("did you mean `{near}`?"));
            }
        }
    }
}
