//! Reads `.properties` files as `java.util.Properties` does, with the place of each key and value.
//!
//! A text is taken as it is decoded; Java reads bytes as ISO-8859-1, so that a file with other characters than ASCII is reported
//! by whoever judges it. A key given twice is returned twice: the last one counts for Java.

use std::sync::Arc;

use crate::source::{Place, Pointer, Source, Span};

/// One line, unescaped.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    pub key: String,
    pub key_place: Place,
    pub value: String,
    pub value_place: Place,
    /// A `\u` without four hexadecimal digits behind it, which Java refuses.
    pub malformed: bool,
}

/// All lines, in the file's order.
pub fn read(source: &Arc<Source>) -> Vec<Line> {
    let text = source.text.as_str();
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let start = at + leading_blanks(&text[at..]);
        let end = logical_end(text, start);
        let raw = &text[start..end];
        if !raw.is_empty() && !raw.starts_with(['#', '!']) {
            found.push(line(source, start, raw));
        }
        // A comment ends with its own line, whatever stands at its end.
        let next = if raw.starts_with(['#', '!']) { start + line_length(&text[start..]) } else { end };
        at = next + line_break(&text[next..]);
        if at == next && next >= text.len() {
            break;
        }
    }
    found
}

fn leading_blanks(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\t', '\x0c']).len()
}

fn line_length(text: &str) -> usize {
    text.find(['\n', '\r']).unwrap_or(text.len())
}

fn line_break(text: &str) -> usize {
    if text.starts_with("\r\n") { 2 } else { usize::from(text.starts_with(['\n', '\r'])) }
}

/// Where the logical line that begins at `start` ends: before a line break that no backslash escapes.
fn logical_end(text: &str, start: usize) -> usize {
    let mut at = start;
    loop {
        let end = at + line_length(&text[at..]);
        let backslashes = text[at..end].bytes().rev().take_while(|b| *b == b'\\').count();
        let next = end + line_break(&text[end..]);
        if backslashes % 2 == 0 || next == end {
            return end;
        }
        at = next + leading_blanks(&text[next..]);
    }
}

fn line(source: &Arc<Source>, start: usize, raw: &str) -> Line {
    let mut escaped = false;
    let key_end = raw
        .char_indices()
        .find(|(_, c)| {
            let ends = !escaped && matches!(c, '=' | ':' | ' ' | '\t' | '\x0c');
            escaped = !escaped && *c == '\\';
            ends
        })
        .map_or(raw.len(), |(i, _)| i);
    let mut value_start = key_end + leading_blanks(&raw[key_end..]);
    if raw[value_start..].starts_with(['=', ':']) {
        value_start += 1;
        value_start += leading_blanks(&raw[value_start..]);
    }
    let ((key, bad_key), (value, bad_value)) = (unescape(&raw[..key_end]), unescape(&raw[value_start..]));
    let pointer = Pointer::root().join(&key);
    let place = |from: usize, to: usize| Place {
        source: source.clone(),
        span: Span { start: source.position(start + from), end: source.position(start + to) },
        pointer: pointer.clone(),
    };
    Line { key_place: place(0, key_end), value_place: place(value_start, raw.len()), key, value, malformed: bad_key || bad_value }
}

/// The text that Java reads, and whether a `\u` in it is malformed.
fn unescape(raw: &str) -> (String, bool) {
    let mut units: Vec<u16> = Vec::with_capacity(raw.len());
    let mut malformed = false;
    let mut chars = raw.chars().peekable();
    let mut buffer = [0; 2];
    while let Some(c) = chars.next() {
        if c != '\\' {
            units.extend_from_slice(c.encode_utf16(&mut buffer));
            continue;
        }
        match chars.next() {
            None => {}
            Some('t') => units.push(9),
            Some('n') => units.push(10),
            Some('r') => units.push(13),
            Some('f') => units.push(12),
            Some('u') => {
                let digits: String = chars.clone().take(4).collect();
                match u16::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == 4) {
                    Some(unit) => {
                        units.push(unit);
                        chars.nth(3);
                    }
                    None => malformed = true,
                }
            }
            // The line goes on: the break and the blanks behind it are not part of the text.
            Some('\r' | '\n') => while chars.next_if(|c| matches!(c, '\n' | ' ' | '\t' | '\x0c')).is_some() {},
            Some(other) => units.extend_from_slice(other.encode_utf16(&mut buffer)),
        }
    }
    (String::from_utf16_lossy(&units), malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Vec<(String, String)> {
        read(&Source::new("t.properties", text)).into_iter().map(|l| (l.key, l.value)).collect()
    }

    #[test]
    fn lines_are_read_as_java_reads_them() {
        for (text, key, value) in [
            ("a=b", "a", "b"),
            ("  a : b \n", "a", "b "),
            ("a b=c", "a", "b=c"),
            ("a\\ b=c", "a b", "c"),
            ("a=b\\\n   c\n", "a", "bc"),
            ("a=b\\\\\nc=d", "a", "b\\"),
            ("a=\\u00e9\\t\\q", "a", "é\tq"),
            ("a=\\ud83d\\ude00", "a", "😀"),
            ("a", "a", ""),
            ("# a=b\\\na=c\r\n!x\r\n", "a", "c"),
            ("a=#b", "a", "#b"),
        ] {
            assert_eq!(pairs(text).first(), Some(&(key.to_owned(), value.to_owned())), "{text:?}");
        }
        assert_eq!(pairs("\n\n  \n# only\n"), []);
        assert!(read(&Source::new("t", "a=\\u00g1"))[0].malformed);
    }

    #[test]
    fn places_are_those_of_the_file() {
        let source = Source::new("t.properties", "# x\n  a.b = c\n");
        let line = &read(&source)[0];
        assert_eq!((line.key_place.span.start.line, line.key_place.span.start.column, line.value_place.span.start.column), (2, 3, 9));
    }
}
