//! `.properties` files as `java.util.Properties` reads them: ISO-8859-1 with `\uXXXX`, written here in ASCII alone.
//!
//! Limits: no layout is kept, and a key given twice is written twice (Java takes the last one).

use std::fmt::Write as _;

/// One line per pair, in the given order, after the optional comment `header` (with its line break, see [`super::header`]).
pub fn write(header: Option<&str>, lines: &[(String, String)]) -> String {
    let mut out = header.unwrap_or_default().to_owned();
    for (key, value) in lines {
        escape_key_into(&mut out, key);
        out.push('=');
        escape_value_into(&mut out, value);
        out.push('\n');
    }
    out
}

pub fn escape_key(key: &str) -> String {
    let mut out = String::new();
    escape_key_into(&mut out, key);
    out
}

pub fn escape_value(value: &str) -> String {
    let mut out = String::new();
    escape_value_into(&mut out, value);
    out
}

fn escape_key_into(out: &mut String, key: &str) {
    for (i, c) in key.chars().enumerate() {
        match c {
            ' ' | '=' | ':' => {
                out.push('\\');
                out.push(c);
            }
            '#' | '!' if i == 0 => {
                out.push('\\');
                out.push(c);
            }
            c => escape(out, c),
        }
    }
}

fn escape_value_into(out: &mut String, value: &str) {
    let last = value.chars().count().saturating_sub(1);
    for (i, c) in value.chars().enumerate() {
        match c {
            // Java drops blanks after the `=`, up to the first that is escaped.
            ' ' if i == 0 && i != last => out.push_str("\\ "),
            // Java keeps blanks at the end, but editors strip them.
            ' ' if i == last => out.push_str("\\u0020"),
            c => escape(out, c),
        }
    }
}

fn escape(out: &mut String, c: char) {
    match c {
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\u{c}' => out.push_str("\\f"),
        ' '..='~' => out.push(c),
        c => {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_what_java_would_misread() {
        for (key, wanted) in
            [("scalar.db.x", "scalar.db.x"), ("a b=c:d", "a\\ b\\=c\\:d"), ("#a#", "\\#a#"), ("!", "\\!"), ("\\u0041", "\\\\u0041")]
        {
            assert_eq!(escape_key(key), wanted);
        }
        for (value, wanted) in [
            ("jdbc:mysql://h:3306/?a=b#c", "jdbc:mysql://h:3306/?a=b#c"),
            ("  a  ", "\\  a \\u0020"),
            (" ", "\\u0020"),
            ("\t\n\r\u{c}\0", "\\t\\n\\r\\f\\u0000"),
            ("é𝄞", "\\u00e9\\ud834\\udd1e"),
            ("a\\", "a\\\\"),
            ("", ""),
        ] {
            assert_eq!(escape_value(value), wanted);
        }
        assert_eq!(write(Some("# x\n"), &[("a".into(), "1".into()), ("".into(), "".into())]), "# x\na=1\n=\n");
    }
}
