//! The diff as a comment on a pull request, or a step's summary: consequences first, then the details.
//!
//! A comment holds at most 65,536 characters. What does not fit is left out from the mildest end, always at the same place for the same diff,
//! and the text says how much that is.

use std::fmt::Write as _;

use super::diff_view::{self as view, Line, Shown};
use crate::diff::{Change, Diff, Impact};

/// By this line the comment of an earlier run is found and replaced.
pub const MARKER: &str = "<!-- gqlgen-diff -->";

/// GitHub's limit of a comment, less room for the line that says what was left out.
const LIMIT: usize = 65_000;
/// The most lines of one value.
const LINES: usize = 60;

pub fn render(diff: &Diff) -> String {
    let mut out = format!("{MARKER}\n");
    let Some(gravest) = diff.summary.gravest else {
        out.push_str("### gqlgen: no difference\n\nWhat is deployed is what the config says.\n");
        notes(&mut out, diff);
        return out;
    };
    let _ = writeln!(out, "### gqlgen: {} {}\n", icon(gravest), headline(gravest));
    let _ = writeln!(out, "{}.\n", escape(&view::summary(diff)));
    consequences(&mut out, diff);
    notes(&mut out, diff);
    details(&mut out, diff);
    out
}

fn headline(impact: Impact) -> &'static str {
    match impact {
        Impact::Refused => "this change will be refused",
        Impact::Replace => "something outside is destroyed and made anew",
        Impact::Restart => "pods restart",
        Impact::Traffic => "traffic is handled otherwise",
        Impact::InPlace => "applied in place",
        Impact::None => "nothing that runs notices",
    }
}

fn icon(impact: Impact) -> &'static str {
    match impact {
        Impact::Refused => "\u{26d4}",
        Impact::Replace => "\u{1f4a5}",
        Impact::Restart => "\u{1f501}",
        Impact::Traffic => "\u{1f6a6}",
        Impact::InPlace => "\u{1f527}",
        Impact::None => "\u{26aa}",
    }
}

/// One row per sentence: the impact, what happens, and where.
fn consequences(out: &mut String, diff: &Diff) {
    out.push_str("| impact | what happens | where |\n| --- | --- | --- |\n");
    let mut left = 0_usize;
    let mut rows: Vec<(&Change, Vec<String>)> = Vec::new();
    for change in diff.changes.iter().filter(|c| c.impact > Impact::None) {
        let place = view::title(change);
        match rows.iter_mut().find(|(first, _)| first.impact == change.impact && first.consequence == change.consequence) {
            Some((_, places)) if places.contains(&place) => {}
            Some((_, places)) => places.push(place),
            None => rows.push((change, vec![place])),
        }
    }
    for (change, places) in &rows {
        let sentence = if change.consequence.is_empty() { "Applied to the running object." } else { change.consequence };
        let state = change.state.map_or(String::new(), |s| format!(" ({})", s.as_str()));
        let picked = if change.not_picked_up { " **Not picked up by running pods.**" } else { "" };
        let shown: Vec<String> = places.iter().take(5).map(|p| code(p)).collect();
        let more = if places.len() > 5 { format!(" and {} more", places.len() - 5) } else { String::new() };
        let row = format!(
            "| {} `{}`{state} | {}{picked} | {}{more} |\n",
            icon(change.impact),
            change.impact.as_str(),
            escape(sentence),
            shown.join(", ")
        );
        if out.chars().count() + row.chars().count() > LIMIT / 2 {
            left += 1;
        } else {
            out.push_str(&row);
        }
    }
    let silent = diff.summary.by_impact[Impact::None as usize];
    if silent > 0 {
        let _ = writeln!(
            out,
            "| {} `none` | Nothing that runs notices. | {silent} {} |",
            icon(Impact::None),
            if silent == 1 { "change" } else { "changes" }
        );
    }
    out.push('\n');
    if left > 0 {
        let _ = writeln!(out, "And {left} more, which did not fit here.\n");
    }
}

fn notes(out: &mut String, diff: &Diff) {
    for note in &diff.notes {
        let _ = writeln!(out, "> {}\n", escape(note));
    }
}

fn details(out: &mut String, diff: &Diff) {
    let blocks: Vec<(usize, String)> =
        view::by_impact(diff).flat_map(|(_, changes)| view::by_object(changes).map(|c| (c.len(), block(c)))).collect();
    let mut used = out.chars().count();
    for (i, (_, text)) in blocks.iter().enumerate() {
        used += text.chars().count();
        if used > LIMIT {
            let left: usize = blocks[i..].iter().map(|(count, _)| count).sum();
            let _ = writeln!(out, "{left} of {} changes did not fit; `gqlgen diff` shows them all.", diff.changes.len());
            return;
        }
        out.push_str(text);
    }
}

fn block(changes: &[Change]) -> String {
    let first = &changes[0];
    let count = if changes.len() == 1 { String::new() } else { format!(" ({} changes)", changes.len()) };
    let mut out = format!(
        "<details><summary>{} <code>{}</code> {}{count}</summary>\n\n",
        icon(first.impact),
        first.impact.as_str(),
        html(&view::title(first))
    );
    let mut body = String::new();
    for change in changes {
        lines(&mut body, change);
    }
    // A fence longer than any run of backticks inside cannot be closed from within.
    let longest = body.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let _ = write!(out, "{fence}diff\n{body}{fence}\n\n</details>\n\n");
    out
}

fn lines(body: &mut String, change: &Change) {
    let _ = writeln!(body, "# {}{}", view::path(change), view::cause(change).map_or(String::new(), |cause| format!("   from {cause}")));
    let mut say = |sign: char, text: &str| {
        let _ = writeln!(body, "{sign} {text}");
    };
    match view::shown(change) {
        Shown::Whole => {}
        Shown::Inline(before, after) => {
            before.into_iter().for_each(|text| say('-', &text));
            after.into_iter().for_each(|text| say('+', &text));
        }
        Shown::Lines(lines) => {
            for line in lines.iter().take(LINES) {
                match line {
                    Line::Same(text) => say(' ', text),
                    Line::Added(text) => say('+', text),
                    Line::Removed(text) => say('-', text),
                    Line::Gap => say(' ', "..."),
                }
            }
            if lines.len() > LINES {
                say(' ', &format!("... {} more lines", lines.len() - LINES));
            }
        }
    }
}

fn code(text: &str) -> String {
    // A pipe ends a table's cell even inside of code.
    format!("`{}`", text.replace('`', "'").replace('|', "\\|"))
}

/// Text that Markdown must not read: mentions, links, tables, HTML.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' => {
                out.push('\\');
                out.push(c);
            }
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // A zero-width joiner keeps GitHub from notifying people.
            '@' => out.push_str("@\u{200d}"),
            '\n' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

fn html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
