//! Markdown for a pull request's comment or a job's summary: a sum, a table, what was not checked.
//! Limits: GitHub takes 65,536 characters, so rows beyond [`LONGEST`] are only counted.

use super::{Finding, Report, one_line};
use crate::diagnostic::Level;
use std::fmt::Write as _;

/// In bytes, with room for what the caller puts around.
const LONGEST: usize = 60_000;

pub fn render(report: &Report) -> String {
    let shown = report.shown();
    let mut out = format!("**gqlgen: {}**\n", report.summary().words());
    if !shown.findings.is_empty() {
        out.push_str("\n| | Rule | Where | What |\n|---|---|---|---|\n");
    }
    let mut left = 0;
    // The gravest first: they are those that have to be read.
    for level in [Level::Error, Level::Warning, Level::Advice] {
        for finding in shown.findings.iter().filter(|f| f.level == level) {
            let row = row(finding);
            if out.len() + row.len() > LONGEST {
                left += 1;
            } else {
                out.push_str(&row);
            }
        }
    }
    if left > 0 {
        let _ = write!(out, "\n… and {left} more.\n");
    }
    // A place in the source tree is no link in a comment.
    if shown.findings.iter().any(|f| f.url.is_some() && f.link().is_none()) {
        out.push_str("\n`gqlgen explain RULE` says more.\n");
    }
    if !shown.not_checked.is_empty() {
        out.push_str("\nNot checked:\n");
        for not in shown.not_checked.iter().take(100) {
            let _ = writeln!(out, "- {} ({})", escape(&not.what), escape(&not.why));
        }
    }
    out
}

fn row(finding: &Finding) -> String {
    let rule = match finding.link() {
        Some(url) => format!("[{}]({})", finding.rule, link(url)),
        None => finding.rule.to_owned(),
    };
    let start = finding.place.span.start;
    let mut what = escape(&finding.message);
    if !finding.environments.is_empty() {
        let _ = write!(what, " (in {})", escape(&finding.environments.join(", ")));
    }
    for (place, message) in &finding.related {
        let _ = write!(what, "<br>{}: {}:{}", escape(message), escape(&place.source.name), place.span.start.line);
    }
    if let Some(help) = &finding.help {
        let _ = write!(what, "<br>**Help:** {}", escape(help));
    }
    let where_ = format!("{}:{}:{}", escape(&finding.place.source.name), start.line, start.column);
    format!("| {} | {rule} | {where_} | {what} |\n", finding.level.as_str())
}

/// A text that stays itself: no markup but `code`, no HTML, no mention of people or issues, no end of the table's cell.
fn escape(text: &str) -> String {
    let line = one_line(text);
    let parts: Vec<&str> = line.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return escape_words(&line);
    }
    let mut safe = String::new();
    for (i, part) in parts.iter().enumerate() {
        match i % 2 {
            0 => safe.push_str(&escape_words(part)),
            _ if part.trim().is_empty() => safe.push_str("\\`\\`"),
            // Even in code a bar would end the cell.
            _ => {
                let _ = write!(safe, "`{}`", part.replace('|', "\\|"));
            }
        }
    }
    safe
}

fn escape_words(text: &str) -> String {
    let mut safe = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            ':' if chars.peek().is_none_or(|c| c.is_whitespace()) => safe.push(':'),
            // A backslash does not stop a mention, a reference or a bare address.
            '@' | '#' | ':' => {
                let _ = write!(safe, "&#{};", u32::from(c));
            }
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' => {
                safe.push('\\');
                safe.push(c);
            }
            c => safe.push(c),
        }
    }
    safe
}

fn link(url: &str) -> String {
    let mut safe = String::new();
    for c in url.chars() {
        if c.is_ascii_alphanumeric() || "-._~/#:?&=%+".contains(c) {
            safe.push(c);
        } else {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                let _ = write!(safe, "%{byte:02X}");
            }
        }
    }
    safe
}
