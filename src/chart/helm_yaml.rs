//! YAML as Helm reads it (go-yaml v2 by way of sigs.k8s.io/yaml): the types of unquoted scalars by YAML 1.1, and text that a template
//! prints without escaping. Structure comes from the one reader of YAML.
//!
//! Limits: text that breaks out of its quotes, or out of its line, and then goes on with YAML that fits is refused, where Helm would take
//! what it says as further keys.

use std::fmt::Write as _;

use serde_json::{Number, Value};

use crate::config::tree::{Kind, Node, Style};
use crate::config::yaml;
use crate::source::Source;

/// The value of an unquoted scalar. Base-60 numbers, timestamps, infinities and NaN stay text.
pub fn resolve_plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => return Value::Bool(true),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => return Value::Bool(false),
        _ => {}
    }
    let number = match text.as_bytes()[0] {
        b'.' => float(text),
        b'0'..=b'9' | b'+' | b'-' => {
            let bare = text.replace('_', "");
            integer(&bare).or_else(|| float(&bare))
        }
        _ => None,
    };
    number.map_or_else(|| Value::String(text.to_owned()), Value::Number)
}

/// Numbers of YAML that JSON has not, so that Helm refuses them.
pub fn is_infinite(plain: &str) -> bool {
    matches!(plain, ".nan" | ".NaN" | ".NAN") || matches!(plain.strip_prefix(['+', '-']).unwrap_or(plain), ".inf" | ".Inf" | ".INF")
}

/// Go's `ParseInt` with base 0, within 64 bits: `0x1f`, `0b11`, `0o17`, `017`.
fn integer(text: &str) -> Option<Number> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', b'b' | b'B', ..] => (2, &digits[2..]),
        [b'0', b'o' | b'O', ..] => (8, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let magnitude = i128::from_str_radix(digits, radix).ok()?;
    let value = if negative { -magnitude } else { magnitude };
    // An unsigned integer has no sign, not even `+`.
    let unsigned = || u64::try_from(value).ok().filter(|_| !text.starts_with('+')).map(Number::from);
    i64::try_from(value).ok().map(Number::from).or_else(unsigned)
}

/// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`, finite.
fn float(text: &str) -> Option<Number> {
    let rest = text.strip_prefix(['+', '-']).unwrap_or(text);
    let mantissa = rest.split(['e', 'E']).next().unwrap_or_default();
    if !mantissa.bytes().all(|b| b.is_ascii_digit() || b == b'.') || !mantissa.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok().filter(|number: &f64| number.is_finite()).and_then(Number::from_f64)
}

/// A whole document as Helm passes it on: integral floats become integers, as in the JSON that it makes of them.
pub fn to_value(node: &Node) -> Value {
    match &node.kind {
        Kind::Scalar(scalar) if scalar.style == Style::Plain => plain(&scalar.text),
        Kind::Scalar(scalar) => Value::String(scalar.text.clone()),
        Kind::Sequence(items) => items.iter().map(to_value).collect(),
        Kind::Mapping(mapping) => mapping.iter().map(|(key, entry)| (key.clone(), to_value(&entry.value))).collect(),
    }
}

/// An unquoted scalar as Helm passes it on.
pub fn plain(text: &str) -> Value {
    integral(resolve_plain(text))
}

fn integral(value: Value) -> Value {
    match value.as_f64() {
        Some(number) if value.is_f64() && number.fract() == 0.0 && number.abs() < 9.2e18 => Value::from(number as i64),
        _ => value,
    }
}

/// Whether `text` can stand in a block as the whole unquoted value of a key, and means itself there.
pub fn is_bare(text: &str) -> bool {
    let bytes = text.as_bytes();
    let starts_well = !is_infinite(text)
        && match bytes {
            [] => true,
            [b'-' | b'?' | b':', next, ..] => *next != b' ' && !text.starts_with("---"),
            [first, ..] => !b" -?:,[]{}#&*!|>'\"%@`".contains(first),
        };
    starts_well
        && !matches!(bytes.last(), Some(b' ' | b':'))
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.chars().any(|c| c < ' ' || is_break(c) || !is_printable(c))
}

/// `text` as the unquoted value of a key. The error never holds the text.
pub fn unquoted(text: &str) -> Result<Value, String> {
    let refused = || "YAML cannot read it without quotes".to_owned();
    let is_odd_break = |c: char| is_break(c) && c != '\n' && c != '\r';
    if !text.chars().all(is_printable) || text.contains("\n---") || text.contains(is_odd_break) {
        return Err(refused());
    }
    // A line break before the text would leave it in the first column.
    let trimmed = text.trim_end_matches([' ', '\t', '\n', '\r']).trim_start_matches([' ', '\t']);
    if is_infinite(trimmed) {
        return Err("JSON knows no such number".to_owned());
    }
    if is_bare(trimmed) {
        return Ok(plain(trimmed));
    }
    let document = yaml::parse(&Source::new("", format!("a:\n  b: {text}\nc:\n"))).map_err(|_| refused())?;
    let root = document.root.as_mapping().filter(|root| root.len() == 2).ok_or_else(refused)?;
    let inner = root.get("a").and_then(|entry| entry.value.as_mapping()).filter(|inner| inner.len() == 1).ok_or_else(refused)?;
    inner.get("b").map(|entry| to_value(&entry.value)).ok_or_else(refused)
}

/// `text` put between double quotes as it stands. The error never holds the text.
pub fn between_quotes(text: &str) -> Result<String, String> {
    if !text.contains(['"', '\\']) && text.chars().all(|c| c >= ' ' && !is_break(c) && is_printable(c)) {
        return Ok(text.to_owned());
    }
    let mut scanner = Quoted { rest: text.chars().collect(), at: 0, out: String::new() };
    scanner.scan().map(|()| scanner.out)
}

/// What go-yaml's reader lets through at all.
fn is_printable(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
        && c != '\u{feff}'
}

/// The same YAML with what no YAML holds as it is escaped; JSON, and so a rendered template, has such characters in quotes only.
pub fn escape_unprintable(text: String) -> String {
    // Bytes first: nearly every text is of these alone.
    if text.bytes().all(|b| matches!(b, b' '..=b'~' | b'\n' | b'\r' | b'\t')) || text.chars().all(is_printable) {
        return text;
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_printable(c) {
            escaped.push(c);
        } else {
            let _ = write!(escaped, "\\u{:04x}", u32::from(c));
        }
    }
    escaped
}

/// YAML 1.1 has more line breaks than 1.2.
fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// A double-quoted scalar whose opening quote is read, and whose closing one follows the last character.
struct Quoted {
    rest: Vec<char>,
    at: usize,
    out: String,
}

impl Quoted {
    fn scan(&mut self) -> Result<(), String> {
        if !self.rest.iter().copied().all(is_printable) {
            return Err("it holds a control character, which YAML takes only escaped".to_owned());
        }
        loop {
            if self.at_document_marker() {
                return Err("a line of it begins with a document marker".to_owned());
            }
            let mut folded = false;
            while let Some(&c) = self.rest.get(self.at) {
                match c {
                    '"' => {
                        self.at += 1;
                        return self.nothing_follows();
                    }
                    ' ' | '\t' => break,
                    c if is_break(c) => break,
                    '\\' if self.rest.get(self.at + 1).copied().is_some_and(is_break) => {
                        self.at += 1;
                        self.line_break();
                        folded = true;
                        break;
                    }
                    '\\' => self.escape()?,
                    c => {
                        self.out.push(c);
                        self.at += 1;
                    }
                }
            }
            if self.at >= self.rest.len() {
                return Ok(());
            }
            self.blanks(folded);
        }
    }

    /// Blanks and line breaks: a single break becomes a blank, further ones stay. `folded`: an escaped break came before.
    fn blanks(&mut self, folded: bool) {
        let mut leading = folded;
        let (mut blanks, mut first, mut further) = (String::new(), None, String::new());
        while let Some(&c) = self.rest.get(self.at) {
            if is_break(c) {
                let line_break = self.line_break();
                if leading {
                    further.push(line_break);
                } else {
                    first = Some(line_break);
                    leading = true;
                }
            } else if c == ' ' || c == '\t' {
                if !leading {
                    blanks.push(c);
                }
                self.at += 1;
            } else {
                break;
            }
        }
        match first {
            _ if !leading => self.out.push_str(&blanks),
            Some('\n') if further.is_empty() => self.out.push(' '),
            Some('\n') | None => self.out.push_str(&further),
            Some(other) => {
                self.out.push(other);
                self.out.push_str(&further);
            }
        }
    }

    /// Reads one line break; those of YAML 1.1 that are no ASCII stay what they are, but for NEL.
    fn line_break(&mut self) -> char {
        let c = self.rest[self.at];
        self.at += if c == '\r' && self.rest.get(self.at + 1) == Some(&'\n') { 2 } else { 1 };
        if matches!(c, '\u{2028}' | '\u{2029}') { c } else { '\n' }
    }

    fn at_document_marker(&self) -> bool {
        let begins_line = self.at > 0 && is_break(self.rest[self.at - 1]);
        let next = |n: usize| self.rest.get(self.at + n).copied();
        let marker = |c: char| (0..3).all(|n| next(n) == Some(c));
        // Helm cuts documents at `---` whatever follows; the quote that closes the text is no blank.
        begins_line && (marker('-') || marker('.') && next(3).is_some_and(|c| c == ' ' || c == '\t' || is_break(c)))
    }

    fn escape(&mut self) -> Result<(), String> {
        let unknown = || "it holds a backslash that begins no escape of YAML".to_owned();
        // A backslash at the end escapes the closing quote.
        let code = self.rest.get(self.at + 1).copied().ok_or_else(unknown)?;
        let length = match code {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        let c = if length > 0 {
            let digits: String = self.rest.iter().skip(self.at + 2).take(length).collect();
            let valid = digits.len() == length && digits.bytes().all(|b| b.is_ascii_hexdigit());
            u32::from_str_radix(&digits, 16).ok().filter(|_| valid).and_then(char::from_u32).ok_or_else(unknown)?
        } else {
            simple_escape(code).ok_or_else(unknown)?
        };
        self.out.push(c);
        self.at += 2 + length;
        Ok(())
    }

    /// The text has closed its quotes itself: only blanks and a comment can stand between that and the quote of the template.
    fn nothing_follows(&self) -> Result<(), String> {
        let rest: String = self.rest[self.at..].iter().chain(['"'].iter()).collect();
        let in_comment = rest.split(is_break).all(|line| {
            let line = line.trim_start_matches([' ', '\t']);
            line.is_empty() || line.starts_with('#')
        });
        if in_comment { Ok(()) } else { Err("it holds a double quote, which ends the text in YAML".to_owned()) }
    }
}

fn simple_escape(code: char) -> Option<char> {
    Some(match code {
        '0' => '\0',
        'a' => '\u{7}',
        'b' => '\u{8}',
        't' | '\t' => '\t',
        'n' => '\n',
        'v' => '\u{b}',
        'f' => '\u{c}',
        'r' => '\r',
        'e' => '\u{1b}',
        ' ' | '"' | '\'' | '\\' => code,
        'N' => '\u{85}',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn unquoted_scalars_have_the_types_of_yaml_1_1() {
        for (text, value) in [
            ("yes", json!(true)),
            ("y", json!(true)),
            ("Off", json!(false)),
            ("~", json!(null)),
            ("", json!(null)),
            ("0123", json!(83)),
            ("089", json!(89.0)),
            ("0o17", json!(15)),
            ("0b11", json!(3)),
            ("-0x1F", json!(-31)),
            ("1_000", json!(1000)),
            ("1e3", json!(1000.0)),
            ("1e+06", json!(1_000_000.0)),
            (".5", json!(0.5)),
            ("5.", json!(5.0)),
            ("1e999", json!("1e999")),
            ("12:30:45", json!("12:30:45")),
            ("2024-01-17", json!("2024-01-17")),
            (".inf", json!(".inf")),
            ("+", json!("+")),
            ("-", json!("-")),
            ("0x", json!("0x")),
            ("1.2.3", json!("1.2.3")),
            ("yEs", json!("yEs")),
            ("18446744073709551615", json!(u64::MAX)),
            ("1e", json!("1e")),
        ] {
            assert_eq!(resolve_plain(text), value, "{text}");
        }
    }

    #[test]
    fn text_between_quotes_is_read_again() {
        for (text, value) in [
            ("a b", Some("a b")),
            (r"a\nb", Some("a\nb")),
            (r"\x41\u00e9\\", Some("Aé\\")),
            (r"a\ib", None),
            (r"a\/b", None),
            (r"a\", None),
            ("a\"b", None),
            ("a\" # b", Some("a")),
            ("a\"#b", Some("a")),
            ("a\"", None),
            ("a\nb", Some("a b")),
            ("a  \n\n  b", Some("a\nb")),
            ("a\\\n  b", Some("ab")),
            ("a\n", Some("a ")),
            ("a\n---\nb", None),
            ("a\u{1}b", None),
            ("tab\there", Some("tab\there")),
        ] {
            assert_eq!(between_quotes(text).ok().as_deref(), value, "{text:?}");
        }
    }

    #[test]
    fn text_without_quotes_is_read_again() {
        for (text, value) in [
            ("123", Some(json!(123))),
            ("1e+06", Some(json!(1_000_000))),
            (" a ", Some(json!("a"))),
            ("a: b", None),
            ("a #b", Some(json!("a"))),
            ("#a", Some(json!(null))),
            ("[a b]", Some(json!(["a b"]))),
            ("map[a:b]", Some(json!("map[a:b]"))),
            ("'1'", Some(json!("1"))),
            ("*x", None),
            ("@x", None),
            ("- a", None),
            ("a\n", Some(json!("a"))),
            ("a\nb", None),
            ("\na", None),
            ("-.inf", None),
            ("x:", None),
        ] {
            assert_eq!(unquoted(text).ok(), value, "{text:?}");
        }
    }
}
