//! Block YAML that readers of YAML 1.1 (Helm's and kubectl's go-yaml, PyYAML) and of YAML 1.2 read back to the same tree.
//!
//! Why not serde-saphyr's writer: it is read back by PyYAML and by itself, but Helm refuses a literal block of it whose text begins with a
//! tab, and its blocks keep trailing blanks that editors and hooks strip. Here a scalar stands bare only where no reader could see
//! anything but a string in it, which is decided by what it may hold, not by a list of what it may not.
//! Limits: comments, anchors and tags are not written; numbers are those of JSON.

use serde_json::{Map, Number, Value};
use std::fmt::Write as _;

/// One document, ended by a line break.
pub fn to_string(value: &Value) -> String {
    let mut out = String::new();
    root(&mut out, value);
    out
}

/// Several documents with `---` between them; nothing for none.
pub fn documents(values: &[Value]) -> String {
    let mut out = String::new();
    for (i, value) in values.iter().enumerate() {
        if i > 0 {
            out.push_str("---\n");
        }
        root(&mut out, value);
    }
    out
}

fn root(out: &mut String, value: &Value) {
    match value {
        Value::Object(map) if !map.is_empty() => mapping(out, map, 0),
        Value::Array(items) if !items.is_empty() => sequence(out, items, 0),
        // A literal block as a whole document would start in the first column for some readers.
        Value::String(text) => {
            scalar_text(out, text);
            out.push('\n');
        }
        other => inline(out, other, 0),
    }
}

/// The entries of a map at `indent`; the first one is written where the cursor stands (after `- ` for instance).
fn mapping(out: &mut String, map: &Map<String, Value>, indent: usize) {
    for (i, (key, value)) in map.iter().enumerate() {
        if i > 0 {
            pad(out, indent);
        }
        let start = out.len();
        scalar_text(out, key);
        let explicit = out.len() - start > IMPLICIT_KEY;
        if explicit {
            out.insert_str(start, "? ");
            out.push('\n');
            pad(out, indent);
        }
        out.push(':');
        match value {
            Value::Object(inner) if !inner.is_empty() => {
                out.push('\n');
                pad(out, indent + 2);
                mapping(out, inner, indent + 2);
            }
            Value::Array(items) if !items.is_empty() => {
                // After a plain key a list may stand at the key's own indent, as kubectl writes it.
                let indent = if explicit { indent + 2 } else { indent };
                out.push('\n');
                pad(out, indent);
                sequence(out, items, indent);
            }
            other => {
                out.push(' ');
                inline(out, other, indent + 2);
            }
        }
    }
}

fn sequence(out: &mut String, items: &[Value], indent: usize) {
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            pad(out, indent);
        }
        out.push_str("- ");
        match item {
            Value::Object(inner) if !inner.is_empty() => mapping(out, inner, indent + 2),
            Value::Array(inner) if !inner.is_empty() => sequence(out, inner, indent + 2),
            other => inline(out, other, indent + 2),
        }
    }
}

/// A scalar or an empty collection, with the line break after it. `indent` is where a literal block's lines go.
fn inline(out: &mut String, value: &Value, indent: usize) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(b) => out.push_str(if *b { "true" } else { "false" }),
        Value::Number(n) => number(out, n),
        Value::String(text) if is_literal(text) => return literal(out, text, indent),
        Value::String(text) => scalar_text(out, text),
        Value::Array(_) => out.push_str("[]"),
        Value::Object(_) => out.push_str("{}"),
    }
    out.push('\n');
}

fn pad(out: &mut String, indent: usize) {
    out.extend(std::iter::repeat_n(' ', indent));
}

/// YAML readers look no further than 1,024 characters for the `:` of a key that `?` does not announce.
const IMPLICIT_KEY: usize = 1000;

/// YAML 1.1 knows a float only by its point, and an exponent only by its sign.
fn number(out: &mut String, number: &Number) {
    let text = number.to_string();
    match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => {
            out.push_str(mantissa);
            if !mantissa.contains('.') {
                out.push_str(".0");
            }
            out.push('e');
            if !exponent.starts_with(['-', '+']) {
                out.push('+');
            }
            out.push_str(exponent);
        }
        None => out.push_str(&text),
    }
}

/// Text of several lines that a literal block gives back exactly, also after an editor stripped trailing blanks.
fn is_literal(text: &str) -> bool {
    let body = text.strip_suffix('\n').unwrap_or(text);
    body.contains('\n') // one line reads better in quotes
        && !body.ends_with('\n')
        && !body.starts_with([' ', '\n'])
        && body.chars().all(|c| c == '\n' || c == '\t' || is_printable(c))
        && body.split('\n').all(|line| !line.ends_with([' ', '\t']) && !line.starts_with('\t'))
}

fn literal(out: &mut String, text: &str, indent: usize) {
    let body = match text.strip_suffix('\n') {
        Some(body) => {
            out.push_str("|\n");
            body
        }
        None => {
            out.push_str("|-\n");
            text
        }
    };
    for line in body.split('\n') {
        if !line.is_empty() {
            pad(out, indent);
            out.push_str(line);
        }
        out.push('\n');
    }
}

/// A string on one line: bare, in single quotes or in double quotes.
fn scalar_text(out: &mut String, text: &str) {
    if is_plain(text) {
        out.push_str(text);
    } else if !text.contains('\'') && text.contains(['"', '\\']) && text.chars().all(is_printable) {
        out.push('\'');
        out.push_str(text);
        out.push('\'');
    } else {
        double_quoted(out, text);
    }
}

fn double_quoted(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\0' => out.push_str("\\0"),
            c if is_printable(c) => out.push(c),
            c => {
                let code = u32::from(c);
                let _ = match code {
                    0..=0xff => write!(out, "\\x{code:02x}"),
                    0x100..=0xffff => write!(out, "\\u{code:04x}"),
                    _ => write!(out, "\\U{code:08x}"),
                };
            }
        }
    }
    out.push('"');
}

/// A character that may stand for itself: no reader refuses it, breaks a line at it, or shows nothing (or something else) for it.
pub(crate) fn is_printable(c: char) -> bool {
    match c {
        ' '..='~' => true,
        // Soft hyphen, marks of direction, joiners, variation selectors, interlinear marks and tags are seen by nobody who reviews the file.
        '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' => {
            false
        }
        '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{e000}'..='\u{f8ff}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' => false,
        '\u{fff0}'..='\u{ffff}' | '\u{e0000}'..='\u{10ffff}' => false,
        // The last two of every plane are no characters.
        c if u32::from(c) & 0xfffe == 0xfffe => false,
        c => c > '~' && !c.is_control() && !c.is_whitespace(),
    }
}

/// What no reader takes for anything but this string, as a key and as a value in block context.
fn is_plain(text: &str) -> bool {
    let mut chars = text.chars();
    let Some(first) = chars.next() else { return false };
    let starts = match first {
        '-' => chars.next().is_some_and(|c| c == '-' || c.is_ascii_alphabetic()) && !text.contains(' '),
        c => c.is_alphanumeric() || matches!(c, '/' | '_' | '.' | '$' | '('),
    };
    starts
        && !text.ends_with([' ', ':'])
        && text.chars().all(is_printable)
        && !text.contains(": ")
        && !text.contains(" #")
        && (text.trim_start_matches('-').starts_with(|c: char| c.is_ascii_alphabetic()) || !text.chars().all(is_numeric))
        && !is_word(text)
}

/// Of these alone the numbers, dates and times of all readers are made, which never begin with a letter:
/// 0x1f, 1_000, 0o17, 12:30:45, 2024-01-01T00:00:00Z, 1e3, 0x1p-2.
fn is_numeric(c: char) -> bool {
    matches!(c, '0'..='9' | 'a'..='f' | 'A'..='F' | '+' | '-' | '.' | ',' | ':' | '_' | ' ' | 'x' | 'X' | 'o' | 'O' | 'p' | 'P' | 't' | 'T' | 'z' | 'Z')
}

/// Words that some reader takes for a boolean, null or a float.
fn is_word(text: &str) -> bool {
    const WORDS: [&str; 12] = ["y", "n", "t", "f", "yes", "no", "on", "off", "true", "false", "null", "nil"];
    const FLOATS: [&str; 6] = ["nan", ".nan", "inf", ".inf", "-inf", "infinity"];
    WORDS.iter().chain(&FLOATS).any(|w| w.eq_ignore_ascii_case(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn looks_as_people_write_it() {
        let tree = json!({
            "image": {"tag": "3.8.4", "pullSecrets": []},
            "resources": {"memory": "4Gi", "cpu": 2, "share": 1.5e30, "none": {}},
            "args": ["--coordinator", "-f", "/a b", ["x", {"y": "yes"}], {"data": "dev", "n": null}],
            "properties": "a=1\n\nb=${env:X}\n",
            "json": "{\n  \"a\": 1\n}",
            "line": "{\"a\": 1}",
            "trailing": "a \nb\n",
            "url": "jdbc:postgresql://h:5432/x?a=b",
            "é": "日本\u{feff}\u{1f600}",
        });
        let wanted = r#"image:
  tag: "3.8.4"
  pullSecrets: []
resources:
  memory: 4Gi
  cpu: 2
  share: 1.5e+30
  none: {}
args:
- --coordinator
- -f
- /a b
- - x
  - "y": "yes"
- data: dev
  "n": null
properties: |
  a=1

  b=${env:X}
json: |-
  {
    "a": 1
  }
line: '{"a": 1}'
trailing: "a \nb\n"
url: jdbc:postgresql://h:5432/x?a=b
é: "日本\ufeff😀"
"#;
        assert_eq!(to_string(&tree), wanted);
        assert_eq!(
            documents(&[json!({"a": 1}), json!([])]),
            "a: 1
---
[]
"
        );
        assert_eq!(documents(&[]), "");
    }
}
