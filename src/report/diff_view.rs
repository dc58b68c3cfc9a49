//! What all reports of a diff share: groups of changes, values as text, the lines of a changed text. Colours and escapes are theirs.

use std::fmt::Write as _;

use serde_json::Value;
use similar::{ChangeTag, TextDiff};

use crate::diff::{Change, Diff, Impact, Op};
use crate::output::yaml;

/// The widest value that is shown in one line.
const INLINE: usize = 72;
/// Unchanged lines around a changed one.
const CONTEXT: usize = 3;

/// A line of a value or of a changed text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Line {
    Same(String),
    Added(String),
    Removed(String),
    /// Unchanged lines are left out here.
    Gap,
}

/// What a change shows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Shown {
    /// The whole object comes or goes: its content is not shown.
    Whole,
    /// Both sides fit in a line; a side that is not there is `None`.
    Inline(Option<String>, Option<String>),
    Lines(Vec<Line>),
}

pub fn shown(change: &Change) -> Shown {
    if change.path.as_str().is_empty() {
        return Shown::Whole;
    }
    let (before, after) = (change.before.as_ref(), change.after.as_ref());
    let inline = |value: Option<&Value>| value.map(one_line).map_or(Some(None), |line| line.map(Some));
    match (inline(before), inline(after)) {
        (Some(before), Some(after)) => Shown::Inline(before, after),
        _ => Shown::Lines(lines(&block(before), &block(after))),
    }
}

/// A value in one line, in YAML's words; `None` where it needs several.
fn one_line(value: &Value) -> Option<String> {
    let text = match value {
        Value::Object(_) | Value::Array(_) => value.to_string(),
        // Masks stand as they are; texts with lines of their own, and JSON of any length, are compared line by line.
        Value::String(text) if text.starts_with("*** (") => text.clone(),
        Value::String(text) if text.trim_end().contains('\n') || text.chars().count() > INLINE && pretty_json(text).is_some() => {
            return None;
        }
        scalar => yaml::to_string(scalar).trim_end().to_owned(),
    };
    let short = text.chars().count() <= INLINE || !value.is_object() && !value.is_array();
    (short && !text.contains('\n')).then(|| visible(&text))
}

/// A value as lines.
fn block(value: Option<&Value>) -> String {
    match value {
        None => String::new(),
        Some(Value::String(text)) => pretty_json(text).unwrap_or_else(|| text.clone()),
        Some(other) => yaml::to_string(other),
    }
}

/// A JSON text on one line is told apart better with line breaks.
fn pretty_json(text: &str) -> Option<String> {
    if !text.starts_with(['{', '[']) {
        return None;
    }
    serde_json::to_string_pretty(&serde_json::from_str::<Value>(text).ok()?).ok()
}

/// The changed lines with some of what stands around them.
pub fn lines(before: &str, after: &str) -> Vec<Line> {
    let diff = TextDiff::from_lines(before, after);
    let mut found = Vec::new();
    for group in diff.grouped_ops(CONTEXT) {
        if !found.is_empty() {
            found.push(Line::Gap);
        }
        for op in &group {
            for change in diff.iter_changes(op) {
                let text = visible(change.value().trim_end_matches(['\n', '\r']));
                found.push(match change.tag() {
                    ChangeTag::Equal => Line::Same(text),
                    ChangeTag::Insert => Line::Added(text),
                    ChangeTag::Delete => Line::Removed(text),
                });
            }
        }
    }
    found
}

/// Control characters and those that turn the direction of text would let a value write over the report: they are spelled out.
pub fn visible(text: &str) -> String {
    let hidden = |c: char| {
        c.is_control() && c != '\t' || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    if !text.contains(hidden) {
        return text.to_owned();
    }
    text.chars().map(|c| if hidden(c) { format!("\\u{{{:x}}}", c as u32) } else { c.to_string() }).collect()
}

/// The changes of one impact, in the order of the diff.
pub fn by_impact(diff: &Diff) -> impl Iterator<Item = (Impact, &[Change])> {
    diff.changes.chunk_by(|a, b| a.impact == b.impact).map(|chunk| (chunk[0].impact, chunk))
}

/// The changes of one object in one environment.
pub fn by_object(changes: &[Change]) -> impl Iterator<Item = &[Change]> {
    changes.chunk_by(|a, b| {
        a.object == b.object
            && a.environment == b.environment
            && a.path.as_str().is_empty() == b.path.as_str().is_empty()
            && (a.op == b.op || !a.path.as_str().is_empty())
    })
}

/// `Deployment shop/web`, with the environment where there is one.
pub fn title(change: &Change) -> String {
    let mut title = visible(&change.object.to_string());
    if let Some(environment) = &change.environment {
        let _ = write!(title, " [{}]", visible(environment));
    }
    title
}

/// `gqlgen.yaml:5 /replicas`
pub fn cause(change: &Change) -> Option<String> {
    let cause = change.cause.as_ref()?;
    Some(visible(&format!("{}:{} {}", cause.file, cause.line, cause.path)))
}

/// `3 changes: 1 restart, 2 traffic; 1 not picked up until pods restart`
pub fn summary(diff: &Diff) -> String {
    let count = diff.changes.len();
    let mut text = format!("{count} {}: ", if count == 1 { "change" } else { "changes" });
    let parts: Vec<String> = Impact::ALL
        .iter()
        .map(|impact| (diff.summary.by_impact[*impact as usize], impact))
        .filter(|(count, _)| *count > 0)
        .map(|(count, impact)| format!("{count} {}", impact.as_str()))
        .collect();
    text.push_str(&parts.join(", "));
    if diff.summary.not_picked_up > 0 {
        let _ = write!(text, "; {} not picked up until pods restart", diff.summary.not_picked_up);
    }
    text
}

/// `+`, `-` or `~`.
pub fn sign(op: Op) -> char {
    match op {
        Op::Add => '+',
        Op::Remove => '-',
        Op::Replace => '~',
    }
}

/// The path as people read it: that of the whole object is named.
pub fn path(change: &Change) -> String {
    match (change.path.as_str(), change.op) {
        ("", Op::Remove) => "the whole object is removed".to_owned(),
        ("", _) => "the whole object is added".to_owned(),
        (path, _) => visible(&change.item.as_ref().map_or_else(|| path.to_owned(), |item| format!("{path} ({item})"))),
    }
}
