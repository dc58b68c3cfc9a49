//! GitHub's workflow commands: one annotation a line. Everything is escaped, so that no text of a config can end a command or begin one.
//! Limits: GitHub shows ten of each level a step; related places and columns over several lines cannot be said.

use super::{Finding, Report};
use crate::diagnostic::Level;

/// One line for each finding and for each thing that was not checked.
pub fn render(report: &Report) -> String {
    let shown = report.shown();
    let mut out = String::new();
    for finding in &shown.findings {
        out.push_str(&annotation(finding));
    }
    for not in &shown.not_checked {
        out.push_str(&format!("::notice title=not checked::{}\n", data(&format!("{} ({})", not.what, not.why))));
    }
    out
}

fn annotation(finding: &Finding) -> String {
    let command = match finding.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Advice => "notice",
    };
    let (start, end) = (finding.place.span.start, finding.place.span.end);
    let mut place = format!("file={},line={}", property(&finding.place.source.name), start.line);
    if end.line == start.line && end.column > start.column {
        // Their last column is included, ours is not.
        place.push_str(&format!(",col={},endColumn={}", start.column, end.column - 1));
    } else {
        place.push_str(&format!(",col={}", start.column));
    }
    let mut text = finding.message.clone();
    if !finding.environments.is_empty() {
        text.push_str(&format!(" (in {})", finding.environments.join(", ")));
    }
    for (at, message) in &finding.related {
        text.push_str(&format!("\n{message}: {}:{}", at.source.name, at.span.start.line));
    }
    if let Some(help) = &finding.help {
        text.push_str(&format!("\nhelp: {help}"));
    }
    match (finding.link(), &finding.url) {
        (Some(url), _) => text.push_str(&format!("\nsee: {url}")),
        (None, Some(_)) => text.push_str(&format!("\nsee: gqlgen explain {}", finding.rule)),
        (None, None) => {}
    }
    format!("::{command} {place},title={}::{}\n", property(finding.rule), data(&text))
}

/// What follows the `::`.
fn data(text: &str) -> String {
    super::visible(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
