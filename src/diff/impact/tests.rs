//! The tests that rows of the table name under `when`. Each looks at one difference and the objects around it.

mod ingress;
mod kinds;
mod pods;

use serde_json::Value;

use super::lookup;
use super::question::Question;
use crate::diff::defaults;
use crate::diff::quantity;

type Holds = fn(&Question<'_>, &str) -> bool;

/// One test of a row: what must hold, its argument, and whether it is turned round.
pub struct Test {
    holds: Holds,
    argument: String,
    negated: bool,
}

impl Test {
    /// `name`, `name=argument`, either with a leading `!`. `None` for an unknown name.
    pub fn parse(text: &str) -> Option<Test> {
        let (negated, text) = text.strip_prefix('!').map_or((false, text), |rest| (true, rest));
        let (name, argument) = text.split_once('=').unwrap_or((text, ""));
        let all = GENERAL.iter().chain(ingress::TESTS).chain(pods::TESTS).chain(kinds::TESTS);
        let (_, holds) = all.into_iter().find(|(known, _)| *known == name)?;
        Some(Test { holds: *holds, argument: argument.to_owned(), negated })
    }

    pub fn holds(&self, question: &Question<'_>) -> bool {
        (self.holds)(question, &self.argument) != self.negated
    }
}

/// Tests that look at the values of the difference alone.
const GENERAL: &[(&str, Holds)] = &[
    ("after-empty", |q, _| q.after.is_none_or(is_empty)),
    ("after-is", |q, word| q.after.and_then(Value::as_str) == Some(word)),
    ("after-true", |q, _| q.after.is_some_and(is_true)),
    ("before-absent", |q, _| q.before.is_none()),
    ("before-above-one", |q, _| number(q.before).is_none_or(|n| n > 1.0)),
    ("before-is", |q, word| q.before.and_then(Value::as_str) == Some(word)),
    ("before-true", |q, _| q.before.is_some_and(is_true)),
    ("below", |q, bound| number(q.after).zip(bound.parse().ok()).is_some_and(|(n, bound): (f64, f64)| n < bound)),
    ("effective", effective),
    ("empty-or-absent", |q, _| match (q.before, q.after) {
        (None, Some(value)) | (Some(value), None) => is_empty(value),
        _ => false,
    }),
    ("fewer", |q, _| number(q.before).zip(number(q.after)).is_some_and(|(a, b)| b < a)),
    ("first-differs", |q, _| {
        let first = |value: Option<&Value>| value.and_then(|v| v.get(0)).cloned();
        first(q.before) != first(q.after)
    }),
    ("key-in", |q, keys| keys.split(',').any(|key| key == q.last())),
    ("more", |q, _| number(q.before).zip(number(q.after)).is_some_and(|(a, b)| b > a)),
    ("new-empty", |q, pointer| q.new.is_some_and(|o| o.pointer(pointer).is_none_or(is_empty))),
    ("not-text", |q, _| q.path.len() > 1 && q.after.is_some_and(|v| !(v.is_string() || q.path.len() == 2 && v.is_object()))),
    ("same-keys", |q, _| q.before.is_some() && q.after.is_some()),
    ("same-quantity", |q, _| q.before.zip(q.after).is_some_and(|(a, b)| quantity::parse(a).is_some_and(|a| Some(a) == quantity::parse(b)))),
    ("server-default", |q, _| match (q.before, q.after, q.old, q.new) {
        (None, Some(value), _, Some(object)) | (Some(value), None, Some(object), _) => {
            defaults::is_default(&q.id.kind, q.path, value, object)
        }
        _ => false,
    }),
];

/// Whether what a controller makes of the text differs; left out it reads the default.
fn effective(q: &Question<'_>, default: &str) -> bool {
    let read = |value: Option<&Value>| {
        let text = value.map_or(default.to_owned(), |v| v.as_str().map_or_else(|| v.to_string(), str::to_owned));
        let text = text.trim().to_ascii_lowercase();
        // The old spellings of Go's booleans.
        match text.as_str() {
            "t" | "1" if matches!(default, "true" | "false") => "true".to_owned(),
            "f" | "0" if matches!(default, "true" | "false") => "false".to_owned(),
            _ => text,
        }
    };
    read(q.before) != read(q.after)
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Object(map) => map.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::String(text) => text.is_empty(),
        _ => false,
    }
}

fn is_true(value: &Value) -> bool {
    match value {
        Value::Bool(yes) => *yes,
        Value::String(text) => lookup::is_true(Some(text)),
        _ => false,
    }
}

fn number(value: Option<&Value>) -> Option<f64> {
    value.and_then(Value::as_f64)
}

#[cfg(test)]
mod catalogue {
    use super::super::rows;

    #[test]
    fn rows_have_ids_sentences_and_sources() {
        let mut ids: Vec<&str> = rows().iter().map(|r| r.id.as_str()).collect();
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count, "an id stands twice");
        assert!(rows().iter().all(|r| r.consequence.ends_with('.') && r.source.len() > 10 && !r.patterns.is_empty()));
    }
}
