//! For people at a terminal: excerpt with a caret, related places, help, environments, where to read on.
//! Limits: colours are the sixteen of any terminal; whether to use them is the caller's choice, see [`use_color`].

use super::{Finding, Report, Shown, address, excerpt, one_line, visible};
use crate::diagnostic::Level as Grade;
use crate::redact::Secrets;
use crate::source::Place;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

/// Whether a report may be coloured: `--color always` and `never` decide; `auto` does so on a terminal, unless `NO_COLOR` is set to anything.
pub fn use_color(choice: &str, no_color: Option<&str>, terminal: bool) -> bool {
    match choice {
        "always" => true,
        "never" => false,
        _ => terminal && no_color.is_none_or(str::is_empty),
    }
}

/// Ends with a line of the sum; with a blank line after each finding.
pub fn render(report: &Report, color: bool) -> String {
    // The width is kept by the excerpts themselves.
    let renderer = if color { Renderer::styled() } else { Renderer::plain() }.term_width(1000);
    let shown = report.shown();
    let mut out = String::new();
    for finding in &shown.findings {
        let text = renderer.render(&[group(finding, &shown)]);
        for line in text.lines().filter(|l| !is_empty_origin(l)) {
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out.push('\n');
    }
    for not in &shown.not_checked {
        out.push_str(&format!("not checked: {} ({})\n", one_line(&not.what), one_line(&not.why)));
    }
    match report.files {
        Some(1) => out.push_str("1 file: "),
        Some(files) => out.push_str(&format!("{files} files: ")),
        None => {}
    }
    out.push_str(&report.summary().words());
    out.push('\n');
    out
}

fn group<'a>(finding: &Finding<'a>, shown: &Shown<'a>) -> Group<'a> {
    let level = match finding.level {
        Grade::Error => Level::ERROR,
        Grade::Warning => Level::WARNING,
        Grade::Advice => Level::NOTE.with_name("advice"),
    };
    let none = Secrets::default();
    let secrets = |place: &Place| shown.secrets.get(&address(&place.source)).unwrap_or(&none);
    let mut group = Group::with_title(level.primary_title(visible(&finding.message)).id(finding.rule));
    group = with_place(group, finding.place, secrets(finding.place), AnnotationKind::Primary, finding.label.as_deref());
    for (place, message) in &finding.related {
        group = with_place(group, place, secrets(place), AnnotationKind::Context, Some(message));
    }
    if !finding.environments.is_empty() {
        group = group.element(Level::NOTE.with_name("in").message(visible(&finding.environments.join(", "))));
    }
    if let Some(help) = &finding.help {
        group = group.element(Level::HELP.message(visible(help)));
    }
    if finding.url.is_some() {
        let page = finding.link().map_or_else(|| format!("gqlgen explain {}", finding.rule), visible);
        group = group.element(Level::NOTE.with_name("see").message(page));
    }
    group
}

/// The origin is given apart from the excerpt, since the excerpt's own columns are those after masking and cutting.
fn with_place<'a>(group: Group<'a>, place: &Place, secrets: &Secrets, kind: AnnotationKind, label: Option<&str>) -> Group<'a> {
    let start = place.span.start;
    let excerpt = excerpt::of(place, secrets);
    let annotation = kind.span(excerpt.span).label(label.map(one_line));
    group
        .element(Origin::path(one_line(&place.source.name)).line(start.line as usize).char_column(start.column as usize))
        .element(Snippet::source(excerpt.line).line_start(start.line as usize).annotation(annotation))
}

/// What the renderer puts before an excerpt that has no path of its own: `:::` alone.
fn is_empty_origin(line: &str) -> bool {
    let mut rest = String::new();
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' {
            chars.by_ref().find(|c| *c == 'm');
        } else {
            rest.push(c);
        }
    }
    rest.trim() == ":::"
}

#[cfg(test)]
mod tests {
    use super::use_color;

    #[test]
    fn color_is_chosen() {
        assert!(use_color("always", Some("1"), false));
        assert!(!use_color("never", None, true));
        assert!(use_color("auto", None, true) && use_color("auto", Some(""), true));
        assert!(!use_color("auto", Some("1"), true) && !use_color("auto", None, false));
    }
}
