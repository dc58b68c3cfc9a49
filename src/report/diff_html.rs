//! The diff as one HTML file: side by side, to be filtered by impact and text. Nothing is loaded from anywhere.

use std::fmt::Write as _;

use super::diff_view::{self as view, Line, Shown};
use crate::diff::{Change, Diff, Impact, Op};

const STYLE: &str = include_str!("diff.css");
const SCRIPT: &str = include_str!("diff.js");

pub fn render(diff: &Diff) -> String {
    let mut out = String::from("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    out.push_str(
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n",
    );
    // No request can leave the page, even if an escape were missing.
    out.push_str("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n");
    let _ = write!(out, "<title>gqlgen diff</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n");
    header(&mut out, diff);
    out.push_str("<main id=\"changes\">\n");
    for (i, change) in diff.changes.iter().enumerate() {
        card(&mut out, i, change);
    }
    out.push_str("<p id=\"empty\" hidden>No change fits the filter.</p>\n</main>\n");
    let _ = write!(out, "<script>\n{SCRIPT}</script>\n</body>\n</html>\n");
    out
}

fn header(out: &mut String, diff: &Diff) {
    let title = match diff.summary.gravest {
        None => "No difference".to_owned(),
        Some(_) => escape(&view::summary(diff)),
    };
    let _ = write!(out, "<header>\n<h1>gqlgen diff</h1>\n<p id=\"summary\">{title}</p>\n");
    for note in &diff.notes {
        let _ = writeln!(out, "<p class=\"note\">{}</p>", escape(note));
    }
    if diff.changes.is_empty() {
        out.push_str("</header>\n");
        return;
    }
    out.push_str("<form id=\"filter\" role=\"search\" aria-label=\"Filter changes\">\n<fieldset><legend>Impact</legend>\n");
    for impact in Impact::ALL {
        let count = diff.summary.by_impact[impact as usize];
        if count > 0 {
            let word = impact.as_str();
            let _ = writeln!(
                out,
                "<label class=\"{word}\" title=\"{}\"><input type=\"checkbox\" name=\"impact\" value=\"{word}\" checked> {word} <b>{count}</b></label>",
                escape(impact.meaning())
            );
        }
    }
    out.push_str("</fieldset>\n<label>Text <input type=\"search\" id=\"text\" placeholder=\"/ to search\" autocomplete=\"off\"></label>\n");
    out.push_str("<p class=\"keys\"><kbd>j</kbd> <kbd>k</kbd> next and previous change, <kbd>/</kbd> search, <kbd>1</kbd> to <kbd>6</kbd> impacts, <kbd>0</kbd> all</p>\n</form>\n");
    out.push_str("</header>\n");
}

fn card(out: &mut String, index: usize, change: &Change) {
    let word = change.impact.as_str();
    let _ = write!(
        out,
        "<article id=\"c{index}\" class=\"{word}\" data-impact=\"{word}\" tabindex=\"0\">\n<h2><span class=\"impact\">{word}</span> {} <code>{}</code></h2>\n",
        escape(&view::title(change)),
        escape(&view::path(change))
    );
    if !change.consequence.is_empty() {
        let _ = writeln!(out, "<p>{}</p>", escape(change.consequence));
    }
    if change.not_picked_up {
        out.push_str("<p class=\"late\">Not picked up by running pods until they restart.</p>\n");
    }
    if let Some(state) = change.state {
        let _ = writeln!(out, "<p class=\"state\"><b>{}</b>: {}</p>", state.as_str(), escape(state.meaning()));
    }
    sides(out, change);
    let cause = view::cause(change).map(|c| format!("from <code>{}</code>", escape(&c)));
    let source = (!change.source.is_empty()).then(|| format!("source: {}", escape(change.source)));
    let remarks: Vec<String> = cause.into_iter().chain(source).collect();
    if !remarks.is_empty() {
        let _ = writeln!(out, "<footer>{}</footer>", remarks.join(" &middot; "));
    }
    out.push_str("</article>\n");
}

/// Before and after beside each other.
fn sides(out: &mut String, change: &Change) {
    let rows = match view::shown(change) {
        Shown::Whole => return,
        Shown::Inline(before, after) => vec![Row { before, after }],
        Shown::Lines(lines) => rows(lines),
    };
    let (left, right) = match change.op {
        Op::Add => ("", "added"),
        Op::Remove => ("removed", ""),
        Op::Replace => ("before", "after"),
    };
    let _ = writeln!(out, "<table><thead><tr><th scope=\"col\">{left}</th><th scope=\"col\">{right}</th></tr></thead><tbody>");
    for row in rows {
        let same = row.before.is_some() && row.before == row.after;
        let cell = |text: &Option<String>, class: &str| match text {
            Some(text) if same => format!("<td><pre>{}</pre></td>", escape(text)),
            Some(text) => format!("<td class=\"{class}\"><pre>{}</pre></td>", escape(text)),
            None => "<td class=\"void\"></td>".to_owned(),
        };
        let _ = writeln!(out, "<tr>{}{}</tr>", cell(&row.before, "old"), cell(&row.after, "new"));
    }
    out.push_str("</tbody></table>\n");
}

struct Row {
    before: Option<String>,
    after: Option<String>,
}

/// Runs of removed and added lines stand beside each other.
fn rows(lines: Vec<Line>) -> Vec<Row> {
    let mut rows = Vec::new();
    let (mut removed, mut added): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    let flush = |removed: &mut Vec<String>, added: &mut Vec<String>, rows: &mut Vec<Row>| {
        let count = removed.len().max(added.len());
        let (mut before, mut after) = (std::mem::take(removed).into_iter(), std::mem::take(added).into_iter());
        rows.extend((0..count).map(|_| Row { before: before.next(), after: after.next() }));
    };
    for line in lines {
        match line {
            Line::Removed(text) => removed.push(text),
            Line::Added(text) => added.push(text),
            Line::Same(text) => {
                flush(&mut removed, &mut added, &mut rows);
                rows.push(Row { before: Some(text.clone()), after: Some(text) });
            }
            Line::Gap => {
                flush(&mut removed, &mut added, &mut rows);
                rows.push(Row { before: Some("...".to_owned()), after: Some("...".to_owned()) });
            }
        }
    }
    flush(&mut removed, &mut added, &mut rows);
    rows
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
