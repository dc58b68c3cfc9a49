//! Finds credentials in a text by its form alone: block and flow YAML, JSON, `.properties`, addresses, also where they are broken or nested.
//!
//! One pass over the lines. A key is a word before `:` or `=`; what follows it is its value, as far as YAML or the properties format would take
//! it, or further. Limits: no grammar is known whole, so a key in the middle of prose hides what follows it.

use super::keys::{Kind, kind};
use super::{Secrets, sort_values};
use std::collections::BTreeSet;
use std::ops::Range;

pub(super) fn secrets(text: &str) -> Secrets {
    let mut scan = Scan::new(text);
    scan.lines();
    scan.anchors();
    scan.finish()
}

/// Only the forms that no sentence has by chance: parameters and addresses.
pub(super) fn in_message(text: &str) -> Vec<Range<usize>> {
    let mut scan = Scan::new(text);
    scan.addresses(0..text.len());
    for at in text.match_indices('=').map(|(i, _)| i) {
        if let Some(key) = scan.key_before(0, at)
            && kind(&text[key.clone()]).is_some()
        {
            scan.parameter(at + 1..text.len(), true);
        }
    }
    scan.finish().ranges
}

struct Scan<'a> {
    text: &'a str,
    found: Vec<Range<usize>>,
    values: Vec<String>,
    /// Everything before it is dealt with.
    done: usize,
    /// Column of the key under which all deeper lines are hidden, and whether they go to `values`.
    below: Option<(usize, Kind)>,
    /// Column of a `name` that names a secret environment variable.
    variable: Option<usize>,
    /// The next list item is the argument of a `--password`.
    argument: bool,
    aliases: BTreeSet<&'a str>,
    /// Of the line at hand: whether it has flow style, how deep it is in brackets at `counted`.
    flow: bool,
    depth: i32,
    counted: usize,
}

impl<'a> Scan<'a> {
    fn new(text: &'a str) -> Scan<'a> {
        Scan {
            text,
            found: Vec::new(),
            values: Vec::new(),
            done: 0,
            below: None,
            variable: None,
            argument: false,
            aliases: BTreeSet::new(),
            flow: false,
            depth: 0,
            counted: 0,
        }
    }

    fn finish(mut self) -> Secrets {
        self.found.sort_by_key(|r| (r.start, r.end));
        let mut ranges: Vec<Range<usize>> = Vec::with_capacity(self.found.len());
        for range in self.found {
            match ranges.last_mut() {
                Some(last) if range.start < last.end => last.end = last.end.max(range.end),
                _ => ranges.push(range),
            }
        }
        sort_values(&mut self.values);
        Secrets { ranges, values: self.values }
    }

    fn lines(&mut self) {
        let mut secret_document = is_secret_document(self.text);
        let mut start = 0;
        for line in self.text.split_inclusive('\n') {
            let range = start..start + line.trim_end_matches(['\n', '\r']).len();
            start += line.len();
            if line.starts_with("---") {
                secret_document = is_secret_document(&self.text[range.end..]);
            }
            self.line(range, start, secret_document);
        }
    }

    fn line(&mut self, line: Range<usize>, next: usize, secret_document: bool) {
        let text = self.text;
        let indent = text[line.clone()].len() - text[line.clone()].trim_start().len();
        let content = &text[line.start + indent..line.end];
        if content.is_empty() {
            return;
        }
        if let Some((column, kind)) = self.below {
            if indent > column || indent == column && content.starts_with("- ") {
                self.hide(line.start + indent..line.end, kind);
                return;
            }
            self.below = None;
        }
        if self.variable.is_some_and(|column| indent < column) {
            self.variable = None;
        }
        if std::mem::take(&mut self.argument) && content.starts_with("- ") {
            self.hide(line.start + indent + 2..line.end, Kind::Whole);
        }
        (self.flow, self.depth, self.counted) = (content.contains('{'), 0, line.start);
        self.addresses(line.clone());
        self.options(line.clone());
        // A property whose key and value only a blank parts.
        if let Some((key, value)) = content.split_once([' ', '\t'])
            && key.contains('.')
            && !key.ends_with([':', '='])
            && !value.trim_start().starts_with([':', '='])
            && kind(key).is_some()
        {
            self.hide(line.start + indent + key.len() + 1..line.end, Kind::Whole);
        }
        for (at, separator) in text[line.clone()].match_indices([':', '=']) {
            let at = line.start + at;
            if at >= self.done
                && let Some(key) = self.key_before(line.start, at)
            {
                self.key(&line, next, key, at, separator == ":", secret_document);
            }
        }
    }

    /// The word, or quoted word, right before a separator.
    fn key_before(&self, start: usize, at: usize) -> Option<Range<usize>> {
        let before = self.text[start..at].trim_end_matches([' ', '\t']);
        let before = before.strip_suffix(['"', '\'']).unwrap_or(before);
        let before = before.strip_suffix('\\').unwrap_or(before);
        let end = start + before.len();
        let word = before
            .rfind(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '/')))
            .map_or(0, |i| i + before[i..].chars().next().map_or(1, char::len_utf8));
        (start + word < end).then_some(start + word..end)
    }

    fn key(&mut self, line: &Range<usize>, next: usize, key: Range<usize>, at: usize, colon: bool, secret_document: bool) {
        let text = self.text;
        let name = &text[key.clone()];
        let quoted = text[..key.start].ends_with(['"', '\'']);
        // Where the keys of this line's map stand; deeper lines belong to them.
        let column = key_column(&text[line.clone()]);
        let first =
            key.start - usize::from(quoted) <= line.start + column || text[line.start + column..key.start].bytes().all(|b| b == b'-');
        let after = text[at + 1..line.end].chars().next();
        if colon && !quoted && !first && !after.is_none_or(char::is_whitespace) {
            return;
        }
        if colon && name == "name" && kind(self.scalar(at + 1, line.end)).is_some() {
            self.variable = Some(column);
        }
        let of_variable = self.variable.is_some_and(|c| c == column || self.flow);
        let is_value = colon && name == "value" && (of_variable || first && self.name_follows(next, column));
        let data = secret_document && colon && matches!(name, "data" | "stringData");
        let Some(kind) = (if is_value || data { Some(Kind::Whole) } else { kind(name) }) else { return };
        if !colon {
            self.parameter(at + 1..line.end, !first);
        } else {
            for bracket in text[self.counted.min(key.start)..key.start].matches(['{', '[', '}', ']']) {
                self.depth += if matches!(bracket, "{" | "[") { 1 } else { -1 };
            }
            self.counted = key.start;
            self.value(at + 1, line.end, column, self.depth > 0, kind);
        }
    }

    /// Whether the next line is the `name` of a secret variable.
    fn name_follows(&self, next: usize, column: usize) -> bool {
        let line = self.text[next..].lines().next().unwrap_or_default();
        let trimmed = line.trim_start();
        line.len() - trimmed.len() == column
            && trimmed.strip_prefix("name:").is_some_and(|v| kind(v.trim().trim_matches(['"', '\''])).is_some())
    }

    /// The plain or quoted scalar at `from`, unquoted, without what follows it in flow style.
    fn scalar(&self, from: usize, end: usize) -> &'a str {
        let value = self.text[from..end].trim();
        let value = value.split([',', '}', ' ']).next().unwrap_or_default();
        value.trim_matches(['"', '\''])
    }

    /// Hides the YAML or JSON value that begins at or after `from`.
    fn value(&mut self, from: usize, end: usize, column: usize, in_flow: bool, kind: Kind) {
        let text = self.text;
        let start = end - text[from..end].trim_start().len();
        let rest = &text[start..end];
        let bare = properties_of_node(rest);
        let start = start + (rest.len() - bare.len());
        match bare.chars().next() {
            None | Some('#') => {
                if kind != Kind::Scalar && !in_flow {
                    self.below = Some((column, kind));
                }
            }
            Some('|' | '>') if !in_flow => self.below = Some((column, kind)),
            Some('*') => {
                self.aliases.insert(bare[1..].split([',', '}', ']', ' ']).next().unwrap_or_default());
            }
            Some('"') => self.hide_to(start, quoted_end(text, start, '"'), kind),
            Some('\'') => self.hide_to(start, quoted_end(text, start, '\''), kind),
            Some('\\') if bare.starts_with("\\\"") => {
                let close = text[start + 2..end].find("\\\"").map_or(end, |i| start + 2 + i + 2);
                self.hide_to(start, close, kind);
            }
            Some('{' | '[') if kind == Kind::Scalar => {}
            Some('{' | '[') => self.hide_to(start, bracket_end(text, start), kind),
            Some(_) if in_flow => {
                let close = bare.find([',', '}', ']']).map_or(end, |i| start + i);
                self.hide_to(start, close, kind);
            }
            Some(_) => {
                self.hide_to(start, end, kind);
                // A plain scalar goes on in deeper lines.
                self.below = Some((column, kind));
            }
        }
    }

    /// Hides what follows a `=`: to the end of the line with its continuations, or `within` an address to the next parameter.
    fn parameter(&mut self, rest: Range<usize>, within: bool) {
        let text = self.text;
        let Range { start: from, mut end } = rest;
        if let Some(quote) = text[from..end].chars().next().filter(|c| within && matches!(c, '"' | '\'')) {
            return self.hide_to(from, quoted_end(text, from, quote), Kind::Whole);
        }
        let from = end - text[from..end].trim_start_matches([' ', '\t']).len();
        if within {
            let close = text[from..end].find(['&', ';', ' ', '\t', '"', '\'', '`']).map_or(end, |i| from + i);
            return self.hide_to(from, close, Kind::Whole);
        }
        while end < text.len() && (text[from..end].bytes().rev().skip_while(|b| *b == b'\r').take_while(|b| *b == b'\\').count() % 2) == 1 {
            end = end + 1 + text[end + 1..].find('\n').unwrap_or(text.len() - end - 1);
        }
        self.hide_to(from, end, Kind::Whole);
    }

    /// `--password VALUE`, in one line, in a flow list, or with the value as the next item of a block list.
    fn options(&mut self, line: Range<usize>) {
        let text = self.text;
        for (at, _) in text[line.clone()].match_indices("--") {
            let at = line.start + at + 2;
            if at - 2 > line.start && !text[..at - 2].ends_with([' ', '\t', '"', '\'', '[', ',', '=']) {
                continue;
            }
            let word =
                text[at..line.end].split(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))).next().unwrap_or_default();
            if kind(word).is_none() {
                continue;
            }
            let rest = &text[at + word.len()..line.end];
            if rest.trim_start().starts_with(['=', ':']) {
                continue;
            }
            let value = rest.trim_start_matches(['"', '\'', ',', ' ']);
            self.argument = value.is_empty();
            let from = line.end - value.len();
            let close = value.find(['"', '\'', ' ', ',', ']']).map_or(line.end, |i| from + i);
            self.hide(from..close, Kind::Whole);
        }
    }

    /// `scheme://user:password@host`, and Oracle's `thin:user/password@`.
    fn addresses(&mut self, line: Range<usize>) {
        let text = self.text;
        for (mark, inner) in [("://", ':'), (":thin:", '/')] {
            let mut done = line.start;
            for (at, _) in text[line.clone()].match_indices(mark) {
                let from = line.start + at + mark.len();
                if from < done {
                    continue;
                }
                let rest = &text[from..line.end];
                let rest = &rest[..rest.find([' ', '\t', '"', '\'', '`', '<', '>']).unwrap_or(rest.len())];
                // A password may hold what should have been escaped: the last `@` before the parameters counts.
                let authority = &rest[..rest.find('?').unwrap_or(rest.len())];
                let end = authority.rfind('@').or_else(|| rest.rfind('@'));
                done = from + end.unwrap_or(rest.len());
                if let Some(end) = end
                    && let Some(parted) = rest[..end].find(inner)
                {
                    self.hide(from..from + end, Kind::User);
                    self.keep(&rest[parted + 1..end]);
                }
            }
        }
    }

    /// The values that aliases under secret keys stand for.
    fn anchors(&mut self) {
        let text = self.text;
        let aliases = std::mem::take(&mut self.aliases);
        if !aliases.is_empty() {
            for (at, _) in text.match_indices('&') {
                let name = text[at + 1..].split(char::is_whitespace).next().unwrap_or_default();
                if !aliases.contains(name) {
                    continue;
                }
                let from = at + 1 + name.len();
                let start = text[..at].rfind('\n').map_or(0, |i| i + 1);
                let end = from + text[from..].find('\n').unwrap_or(text.len() - from);
                let indent = text[start..end].len() - text[start..end].trim_start_matches([' ', '-']).len();
                self.below = None;
                self.value(from, end, indent, text[start..at].contains(['{', '[']), Kind::Whole);
                if let Some((column, kind)) = self.below.take() {
                    self.deeper(end, column, kind);
                }
            }
        }
    }

    /// Hides the lines after `end` that are deeper than `column`.
    fn deeper(&mut self, end: usize, column: usize, kind: Kind) {
        let mut start = end + 1;
        while start < self.text.len() {
            let line = self.text[start..].split('\n').next().unwrap_or_default();
            let indent = line.len() - line.trim_start().len();
            if !line.trim().is_empty() {
                if indent <= column {
                    break;
                }
                self.hide(start + indent..start + line.trim_end_matches('\r').len(), kind);
            }
            start += line.len() + 1;
        }
    }

    fn hide_to(&mut self, start: usize, end: usize, kind: Kind) {
        self.done = self.done.max(end);
        // A value of several lines is hidden line by line, so that each keeps its place.
        let mut from = start;
        for line in self.text[start..end].split_inclusive('\n') {
            let indent = line.len() - line.trim_start().len();
            self.hide(from + indent.min(line.trim_end().len())..from + line.trim_end().len(), kind);
            from += line.len();
        }
    }

    fn hide(&mut self, range: Range<usize>, kind: Kind) {
        if range.is_empty() || matches!(&self.text[range.clone()], "\"\"" | "''" | "null" | "~") {
            return;
        }
        if kind != Kind::User {
            self.keep(&self.text[range.clone()]);
        }
        self.found.push(range);
    }

    /// Remembers a value as it is written and as it is meant.
    fn keep(&mut self, written: &str) {
        let written = written.trim().trim_start_matches("- ");
        let mut forms = vec![
            written.to_owned(),
            written.trim_matches(['"', '\'']).to_owned(),
            written.replace("''", "'").trim_matches('\'').to_owned(),
        ];
        forms.extend(serde_json::from_str::<String>(written));
        if written.starts_with(['{', '[']) || written.contains(": ") {
            forms.extend(written.split(|c: char| c.is_whitespace() || "{}[],:\"'".contains(c)).map(str::to_owned));
        }
        // What follows in a comment is hidden in excerpts, but the value ends before it.
        forms.extend(written.split(" #").next().map(|v| v.trim().to_owned()));
        self.values.extend(forms.into_iter().filter(|v| v.chars().count() >= 3));
    }
}

/// Whether the document that `text` begins with is a Kubernetes Secret.
fn is_secret_document(text: &str) -> bool {
    let mut lines = text.lines().skip_while(|l| l.is_empty()).take_while(|l| !l.starts_with("---"));
    lines.any(|line| {
        let line: String = line.trim_start_matches([' ', '-', '{']).chars().filter(|c| !matches!(c, '"' | '\'' | ' ' | ',')).collect();
        line == "kind:Secret"
    })
}

/// Column of the first key of a line of block YAML, after the marks of list items.
fn key_column(line: &str) -> usize {
    let mut rest = line.trim_start();
    while let Some(inner) = rest.strip_prefix("- ").or_else(|| rest.strip_prefix("? ")) {
        rest = inner.trim_start();
    }
    line.len() - rest.len()
}

/// What follows the anchor and the tag of a node.
fn properties_of_node(mut value: &str) -> &str {
    while value.starts_with(['&', '!']) {
        value = value.find([' ', '\t']).map_or("", |i| value[i..].trim_start());
    }
    value
}

/// End of a quoted text, which may go over lines; the end of all where it is never closed.
fn quoted_end(text: &str, start: usize, quote: char) -> usize {
    let bytes = text.as_bytes();
    let mut i = start + 1;
    while i < bytes.len() {
        match bytes[i] {
            b'\\' if quote == '"' => i += 1,
            b'\'' if quote == '\'' && bytes.get(i + 1) == Some(&b'\'') => i += 1,
            b if b == quote as u8 => return i + 1,
            _ => {}
        }
        i += 1;
    }
    text.len()
}

fn bracket_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let (mut depth, mut i) = (0_usize, start);
    while i < bytes.len() {
        match bytes[i] {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return i + 1;
                }
            }
            b'"' | b'\'' => i = quoted_end(text, i, bytes[i] as char) - 1,
            _ => {}
        }
        i += 1;
    }
    text.len()
}
