//! The diff as workflow commands of GitHub Actions: one annotation per change, at the config's line where one is known.
//!
//! GitHub shows ten annotations of a level per step, so the gravest come first and equal ones of several environments are one.

use std::fmt::Write as _;

use super::diff_view::{self as view, Shown};
use crate::diff::{Change, Diff, Impact};

pub fn render(diff: &Diff) -> String {
    let mut out = String::new();
    for change in &diff.changes {
        let level = match change.impact {
            Impact::Refused | Impact::Replace => "error",
            Impact::Restart | Impact::Traffic => "warning",
            Impact::InPlace | Impact::None => "notice",
        };
        let mut properties = String::new();
        if let Some(cause) = &change.cause {
            let _ = write!(properties, "file={},line={},", property(&cause.file), cause.line);
        }
        let title = format!("{}: {}", change.impact.as_str(), view::title(change));
        let _ = writeln!(out, "::{level} {properties}title={}::{}", property(&title), data(&message(change)));
    }
    for note in &diff.notes {
        let _ = writeln!(out, "::notice::{}", data(note));
    }
    if !diff.changes.is_empty() {
        // A plain line, which must not be taken for a command.
        let _ = writeln!(out, "{}", view::summary(diff));
    }
    out
}

fn message(change: &Change) -> String {
    let mut message = view::path(change);
    match view::shown(change) {
        Shown::Inline(Some(before), Some(after)) => {
            let _ = write!(message, ": {before} -> {after}");
        }
        Shown::Inline(Some(before), None) => {
            let _ = write!(message, ": {before} is removed");
        }
        Shown::Inline(None, Some(after)) => {
            let _ = write!(message, ": {after} is added");
        }
        Shown::Inline(None, None) | Shown::Whole | Shown::Lines(_) => {}
    }
    if !change.consequence.is_empty() {
        let _ = write!(message, "\n{}", change.consequence);
    }
    if let Some(state) = change.state {
        let _ = write!(message, "\n{}: {}", state.as_str(), state.meaning());
    }
    message
}

/// Escapes the message of a workflow command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes a property of a workflow command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
