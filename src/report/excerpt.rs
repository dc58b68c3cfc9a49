//! The line of a place as it may be shown: credentials masked, nothing that acts on a terminal, cut to the part around the place.
//! Limits: of a place over several lines the first one.

use crate::output::yaml::is_printable;
use crate::redact::{MASK, Secrets};
use crate::source::Place;
use std::ops::Range;

/// One line, and the bytes of it that are meant (at least one column, which may be that behind the last character).
#[derive(PartialEq, Eq, Debug)]
pub(super) struct Excerpt {
    pub line: String,
    pub span: Range<usize>,
}

/// Widest excerpt, in characters.
const WIDTH: usize = 120;
/// What is kept before the place where a line is cut.
const BEFORE: usize = 40;

/// A piece of the line: where it stands, and how it is shown.
struct Cell {
    at: Range<usize>,
    shown: String,
}

pub(super) fn of(place: &Place, secrets: &Secrets) -> Excerpt {
    let text = place.source.text.as_str();
    let start = floor(text, place.span.start.offset as usize);
    let line_start = text[..start].rfind('\n').map_or(0, |i| i + 1);
    let line_end = start + text[start..].find('\n').unwrap_or(text.len() - start);
    let line_end = line_start + text[line_start..line_end].trim_end_matches('\r').len();
    let end = (place.span.end.offset as usize).clamp(start, line_end.max(start));
    // Far more than is shown, so that a line of a million characters is not walked.
    let from = floor(text, start.saturating_sub(8 * BEFORE)).max(line_start);
    let to = floor(text, start.saturating_add(8 * WIDTH)).min(line_end).max(from);
    let cells = cells(text, from..to, secrets);
    cut(&cells, start..end, from > line_start, to < line_end)
}

/// The nearest start of a character at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0)
}

fn cells(text: &str, part: Range<usize>, secrets: &Secrets) -> Vec<Cell> {
    let mut cells = Vec::new();
    let ranges = secrets.ranges_in(text, part.clone());
    let mut masked = ranges.iter().peekable();
    let mut at = part.start;
    while at < part.end {
        while masked.next_if(|r| r.end <= at).is_some() {}
        if let Some(range) = masked.peek().filter(|r| r.start <= at) {
            let end = range.end.min(part.end);
            cells.push(Cell { at: at..end, shown: MASK.to_owned() });
            at = end;
            continue;
        }
        let Some(c) = text[at..].chars().next() else { break };
        let shown = match c {
            '\t' => "    ".to_owned(),
            // A byte order mark is no part of what the user sees.
            '\u{feff}' if at == 0 => String::new(),
            c if is_printable(c) => c.to_string(),
            c => c.escape_unicode().to_string(),
        };
        cells.push(Cell { at: at..at + c.len_utf8(), shown });
        at += c.len_utf8();
    }
    cells
}

fn cut(cells: &[Cell], span: Range<usize>, cut_before: bool, cut_after: bool) -> Excerpt {
    let caret = cells.partition_point(|c| c.at.end <= span.start);
    let width = |cells: &[Cell]| cells.iter().map(|c| c.shown.chars().count()).sum::<usize>();
    let mut first = 0;
    let (mut before, mut all) = (width(&cells[..caret]), width(cells));
    while all > WIDTH && before > BEFORE {
        let gone = cells[first].shown.chars().count();
        (before, all, first) = (before - gone, all - gone, first + 1);
    }
    let mut last = cells.len();
    while all > WIDTH && last > caret + 1 {
        last -= 1;
        all -= cells[last].shown.chars().count();
    }
    let mut line = String::new();
    if cut_before || first > 0 {
        line.push('…');
    }
    let mut shown = None;
    let mut shown_end = None;
    for cell in &cells[first..last] {
        if cell.at.end > span.start && shown.is_none() {
            shown = Some(line.len());
        }
        line.push_str(&cell.shown);
        if cell.at.start < span.end {
            shown_end = Some(line.len());
        }
    }
    let start = shown.unwrap_or(line.len());
    let end = shown_end.unwrap_or(start).max(start);
    if cut_after || last < cells.len() {
        line.push('…');
    }
    Excerpt { line, span: start..end }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Pointer, Source, Span};

    /// The excerpt of the first `needle` in `text`, and what its span covers.
    fn excerpt(text: &str, needle: &str) -> (String, String) {
        let source = Source::new("a.yaml", text);
        let at = text.find(needle).expect("it is there");
        let span = Span { start: source.position(at), end: source.position(at + needle.len()) };
        let found = of(&Place { source: source.clone(), span, pointer: Pointer::root() }, &Secrets::of(text));
        (found.line.clone(), found.line[found.span].to_owned())
    }

    #[test]
    fn the_caret_stays_on_its_text() {
        for (text, needle, line, covered) in [
            ("a: 1\nbb: 22\n", "22", "bb: 22", "22"),
            ("\ta: 1", "1", "    a: 1", "1"),
            ("a: \u{1b}[31mred", "red", "a: \\u{1b}[31mred", "red"),
            ("\u{feff}a: 1\r\n", "1", "a: 1", "1"),
            ("c: { password: hunter22, b: é }", "é", "c: { password: ***, b: é }", "é"),
            ("c: { password: hunter22, b: é }", "hunter22", "c: { password: ***, b: é }", "***"),
            ("c: { password: hunter22, b: é }", "ter", "c: { password: ***, b: é }", "***"),
            ("c: { password: hunter22, b: é }", "r22, b", "c: { password: ***, b: é }", "***, b"),
            ("password: Hunter22\nb: [Hunter22", "[", "b: [***", "["),
            ("password: hunter\nb: [hunter", "[", "b: [hunter", "["),
            ("password: |\n  hunter22\n", "hunter22", "  ***", "***"),
            ("a: b\nc", "b\nc", "a: b", "b"),
            ("", "", "", ""),
            ("a:", "", "a:", ""),
        ] {
            assert_eq!(excerpt(text, needle), (line.to_owned(), covered.to_owned()), "{text:?}");
        }
    }

    #[test]
    fn long_lines_are_cut_around_the_place() {
        let text = format!("a: {}needle{}", "x".repeat(1_000_000), "y".repeat(1_000_000));
        let (line, covered) = excerpt(&text, "needle");
        assert_eq!(covered, "needle");
        assert_eq!(line, format!("…{}needle{}…", "x".repeat(40), "y".repeat(74)));
        let (line, covered) = excerpt(&text, &text);
        assert_eq!((line.chars().count(), covered.chars().count()), (121, 120));
    }
}
