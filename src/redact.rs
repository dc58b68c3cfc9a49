//! Credentials leave the program through no report: pure functions that return a masked copy.
//!
//! What counts as one is told by the name of its key ([`keys`]), by its form (the user part and the parameters of an address), and by where
//! it stands (the data of a Secret, the value of an environment variable). Texts are scanned as they are ([`scan`]), also where they
//! cannot be parsed, since that is when an excerpt is shown. Limits: in doubt more is hidden than need be; a secret
//! under an innocent name is not known.

mod keys;
mod scan;

pub use keys::is_secret_key;

use serde_json::{Map, Value};
use std::borrow::Cow;
use std::ops::Range;

/// What stands in the place of a credential, whatever its length.
pub const MASK: &str = "***";

/// The credentials of one text.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Secrets {
    /// Byte ranges, sorted and apart.
    pub ranges: Vec<Range<usize>>,
    /// What stands there, unquoted; without user names, which are words of other things too. Sorted, the longest first.
    values: Vec<String>,
}

impl Secrets {
    pub fn of(text: &str) -> Secrets {
        scan::secrets(text)
    }

    /// The values of several texts together, for [`Secrets::mask_message`].
    pub fn union<'a>(all: impl IntoIterator<Item = &'a Secrets>) -> Secrets {
        let mut values: Vec<String> = all.into_iter().flat_map(|s| s.values.iter().cloned()).collect();
        sort_values(&mut values);
        Secrets { ranges: Vec::new(), values }
    }

    /// What is to be hidden in a part of the text that these are of: the places themselves, and the same words wherever else they stand.
    pub fn ranges_in(&self, text: &str, part: Range<usize>) -> Vec<Range<usize>> {
        let first = self.ranges.partition_point(|r| r.end <= part.start);
        let mut found: Vec<Range<usize>> = self.ranges[first..].iter().take_while(|r| r.start < part.end).cloned().collect();
        for value in self.values.iter().filter(|value| !is_word(value)) {
            let places = text[part.clone()].match_indices(value.as_str());
            found.extend(places.map(|(at, _)| part.start + at..part.start + at + value.len()));
        }
        found.sort_by_key(|r| (r.start, r.end));
        let mut apart: Vec<Range<usize>> = Vec::new();
        for range in found {
            match apart.last_mut() {
                Some(last) if range.start < last.end => last.end = last.end.max(range.end),
                _ => apart.push(range),
            }
        }
        apart
    }

    /// A message without these values, and without those that its own form betrays (`password=..`, an address with a password).
    pub fn mask_message(&self, message: &str) -> String {
        let mut masked = cut(message, &scan::in_message(message));
        for value in &self.values {
            if !masked.contains(value.as_str()) {
            } else if is_word(value) {
                for quote in ["`", "'", "\""] {
                    masked = masked.replace(&format!("{quote}{value}{quote}"), &format!("{quote}{MASK}{quote}"));
                }
            } else {
                masked = masked.replace(value.as_str(), MASK);
            }
        }
        masked
    }
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Secrets({:?})", self.ranges)
    }
}

/// A password that is an everyday word is hidden only where it stands and where it is quoted: any sentence may hold the word.
fn is_word(value: &str) -> bool {
    value.bytes().all(|b| b.is_ascii_lowercase()) || value.chars().count() < 4
}

fn sort_values(values: &mut Vec<String>) {
    values.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    values.dedup();
}

fn cut(text: &str, ranges: &[Range<usize>]) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut from = 0;
    for range in ranges {
        masked.push_str(&text[from..range.start]);
        masked.push_str(MASK);
        from = range.end;
    }
    masked + &text[from..]
}

/// A whole text (YAML, JSON, `.properties`) with its credentials masked.
pub fn mask_text(text: &str) -> String {
    cut(text, &Secrets::of(text).ranges)
}

/// The value of a key as it may be shown.
pub fn mask_value<'a>(key: &str, value: &'a str) -> Cow<'a, str> {
    if is_secret_key(key) {
        return if value.is_empty() { Cow::Borrowed(value) } else { Cow::Borrowed(MASK) };
    }
    let ranges = Secrets::of(value).ranges;
    if ranges.is_empty() { Cow::Borrowed(value) } else { Cow::Owned(cut(value, &ranges)) }
}

/// A tree as it may be shown: values of secret keys, of environment variables with secret names, and the data of Kubernetes Secrets are masked,
/// texts as by [`mask_text`].
pub fn mask_tree(value: &Value) -> Value {
    tree(value, false)
}

fn tree(value: &Value, hidden: bool) -> Value {
    match value {
        Value::Null => Value::Null,
        Value::String(text) if text.is_empty() => value.clone(),
        Value::Object(map) => Value::Object(object(map, hidden)),
        Value::Array(items) => items.iter().map(|v| tree(v, hidden)).collect(),
        _ if hidden => Value::from(MASK),
        Value::String(text) => Value::from(mask_text(text)),
        other => other.clone(),
    }
}

fn object(map: &Map<String, Value>, hidden: bool) -> Map<String, Value> {
    let is_secret = map.get("kind").and_then(Value::as_str) == Some("Secret");
    let names_secret = map.get("name").and_then(Value::as_str).is_some_and(is_secret_key);
    let mut masked = Map::new();
    for (key, value) in map {
        let data = is_secret && matches!(key.as_str(), "data" | "stringData");
        // Such a key over a map is a group of keys, each judged by its own name: `secret: { secretName: x }`.
        let named = match value {
            Value::Object(_) => keys::kind(key) == Some(keys::Kind::Whole),
            _ => is_secret_key(key),
        };
        masked.insert(key.clone(), tree(value, hidden || data || named || (names_secret && key == "value")));
    }
    masked
}

#[cfg(test)]
mod tests;
