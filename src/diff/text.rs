//! How texts inside objects are read, so that only a difference of meaning counts. The grammars are in `schemas/diff/texts.json`.
//!
//! Texts of pod templates stay as they are (but for quantities): there any other byte rolls the pods.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;

use super::pattern::{Pattern, glob};
use super::quantity;

#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reading {
    /// Comma-separated `key=value`.
    Map,
    /// Comma-separated, in any order.
    Set,
    /// A set whose first entry counts.
    First,
    Json,
    /// A JSON list in any order.
    JsonSet,
    Bool,
    Properties,
    Quantity,
}

#[derive(Deserialize)]
struct Table {
    rows: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    object: String,
    path: String,
    #[serde(rename = "as")]
    reading: Reading,
}

struct Rule {
    object: String,
    pattern: Pattern,
    reading: Reading,
}

fn rules() -> &'static [Rule] {
    static RULES: OnceLock<Vec<Rule>> = OnceLock::new();
    RULES.get_or_init(|| {
        let table: Table = serde_json::from_str(include_str!("../../schemas/diff/texts.json")).expect("the table is well-formed");
        table.rows.into_iter().map(|r| Rule { pattern: Pattern::parse(&r.path), object: r.object, reading: r.reading }).collect()
    })
}

/// How the text at `path` of an object of `kind` is read; `None`: as it is.
pub fn reading(kind: &str, path: &[String]) -> Option<Reading> {
    // An annotation's own path has three segments; what is below it is an attribute, which is read as it is.
    let fits = |rule: &Rule| match &rule.pattern {
        Pattern::Annotation(_) if path.len() > 3 => false,
        pattern => pattern.fits(path),
    };
    rules().iter().find(|r| glob(&r.object, kind) && fits(r)).map(|r| r.reading)
}

/// Whether two values say the same in that grammar. What does not follow the grammar is compared as it is.
pub fn same(reading: Reading, a: &Value, b: &Value) -> bool {
    if reading == Reading::Quantity {
        return quantity::parse(a).is_some_and(|a| Some(a) == quantity::parse(b));
    }
    let (Value::String(a), Value::String(b)) = (a, b) else { return a == b };
    let json = |text: &str| serde_json::from_str::<Value>(text).ok();
    match reading {
        Reading::Map => attributes(a).is_some_and(|a| attributes(b).is_some_and(|b| a == b)),
        Reading::Set => entries(a) == entries(b),
        Reading::First => a.split(',').next().map(str::trim) == b.split(',').next().map(str::trim) && entries(a) == entries(b),
        Reading::Json => json(a).is_some_and(|a| json(b) == Some(a)),
        Reading::JsonSet => json_set(a).is_some_and(|a| json_set(b) == Some(a)),
        Reading::Bool => boolean(a).is_some_and(|a| boolean(b) == Some(a)),
        Reading::Properties => properties(a).is_some_and(|a| properties(b) == Some(a)),
        Reading::Quantity => false,
    }
}

fn entries(text: &str) -> Vec<&str> {
    let mut all: Vec<&str> = text.split(',').map(str::trim).filter(|e| !e.is_empty()).collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn json_set(text: &str) -> Option<Vec<String>> {
    let Value::Array(items) = serde_json::from_str(text).ok()? else { return None };
    let mut all: Vec<String> = items.iter().map(canonical).collect();
    all.sort();
    Some(all)
}

/// JSON text with the keys of maps sorted.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let sorted: BTreeMap<&String, String> = map.iter().map(|(k, v)| (k, canonical(v))).collect();
            let inner: Vec<String> = sorted.iter().map(|(k, v)| format!("{}:{v}", Value::String((*k).clone()))).collect();
            format!("{{{}}}", inner.join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        other => other.to_string(),
    }
}

/// As Go's `strconv.ParseBool` reads it.
pub fn boolean(text: &str) -> Option<bool> {
    match text.trim() {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

/// The attributes of a comma-separated map; `None` where it is no such map.
pub fn attributes(text: &str) -> Option<IndexMap<String, String>> {
    let mut all = IndexMap::new();
    for entry in text.split(',').map(str::trim).filter(|e| !e.is_empty()) {
        let (key, value) = entry.split_once('=')?;
        all.insert(key.trim().to_owned(), value.trim().to_owned());
    }
    Some(all)
}

/// A Java properties file: the last of equal keys counts, order and comments do not. `None` for a broken escape.
pub fn properties(text: &str) -> Option<BTreeMap<String, String>> {
    let mut all = BTreeMap::new();
    let mut lines = text.lines().map(|l| l.trim_start_matches([' ', '\t', '\x0c']));
    while let Some(line) = lines.next() {
        if line.is_empty() || line.starts_with(['#', '!']) {
            continue;
        }
        let mut logical = line.to_owned();
        while logical.bytes().rev().take_while(|b| *b == b'\\').count() % 2 == 1 {
            logical.pop();
            match lines.next() {
                Some(next) => logical.push_str(next),
                None => break,
            }
        }
        let (key, value) = property(&logical)?;
        all.insert(key, value);
    }
    Some(all)
}

fn property(line: &str) -> Option<(String, String)> {
    let blank = |c: char| matches!(c, ' ' | '\t' | '\x0c');
    let mut escaped = false;
    let end = line.find(|c: char| {
        let ends = !escaped && (blank(c) || c == '=' || c == ':');
        escaped = !escaped && c == '\\';
        ends
    });
    let (key, rest) = line.split_at(end.unwrap_or(line.len()));
    let rest = rest.trim_start_matches(blank);
    let rest = rest.strip_prefix(['=', ':']).unwrap_or(rest).trim_start_matches(blank);
    Some((unescape(key)?, unescape(rest)?))
}

fn unescape(text: &str) -> Option<String> {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            plain.push(c);
            continue;
        }
        match chars.next() {
            Some('t') => plain.push('\t'),
            Some('n') => plain.push('\n'),
            Some('r') => plain.push('\r'),
            Some('f') => plain.push('\x0c'),
            Some('u') => {
                let digits: String = chars.by_ref().take(4).collect();
                let code = u32::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == 4)?;
                // Half of a pair stays recognisable; nobody writes one on purpose.
                plain.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            Some(other) => plain.push(other),
            None => {}
        }
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn texts_are_read_by_meaning() {
        let same = |reading, a: &str, b: &str| same(reading, &json!(a), &json!(b));
        assert!(same(Reading::Map, "a=1,b=2", " b=2 , a=1"));
        assert!(!same(Reading::Map, "a=1", "a=2"));
        assert!(same(Reading::Set, "b,a", "a, b") && !same(Reading::First, "b,a", "a,b"));
        assert!(same(Reading::JsonSet, r#"[{"HTTP":80},{"HTTPS":443}]"#, r#"[{"HTTPS": 443}, {"HTTP": 80}]"#));
        assert!(same(Reading::Json, r#"{"a":1,"b":2}"#, r#"{ "b": 2, "a": 1 }"#));
        assert!(same(Reading::Properties, "# x\na=1\nb : 2\n", "b=2\na = 1"));
        assert!(same(Reading::Properties, "a=1\\\n  2", "a=12") && !same(Reading::Properties, "a=1", "a=1 "));
        assert!(same(Reading::Bool, "True", "true"));
        assert!(!same(Reading::Json, "{", "[") && !same(Reading::Map, "x", "y"));
    }

    #[test]
    fn annotations_are_read_as_a_whole_only() {
        let path = |p: &str| crate::source::Pointer::parse(p).segments().collect::<Vec<_>>();
        let tags = "/metadata/annotations/alb.ingress.kubernetes.io~1tags";
        assert_eq!(reading("Ingress", &path(tags)), Some(Reading::Map));
        assert_eq!(reading("Ingress", &path(&format!("{tags}/Team"))), None);
        assert_eq!(reading("ConfigMap", &path("/data/database.properties")), Some(Reading::Properties));
        assert_eq!(reading("Deployment", &path("/spec/template/spec/containers/0/resources/limits/cpu")), Some(Reading::Quantity));
    }
}
