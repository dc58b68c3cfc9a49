//! Attribute maps inside an annotation (`a=1,b=2`), read and written as the AWS Load Balancer Controller does.
//!
//! The controller splits at commas while the rest still holds a `=`, then each item at its first `=`, trims both sides, and since
//! 2.14.1 takes a backslash as an escape of the next character. So a comma at the very end belongs to the last value, which is a fault here.

use std::fmt;

/// Attributes in the text's order; a key may occur twice, then the last counts.
pub type Attributes = Vec<(String, String)>;

/// Why a text is no attribute map.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fault {
    /// Nothing between two commas, or before the first.
    Empty,
    /// An item without `=`.
    NoValue(String),
    /// Nothing before `=`.
    NoKey,
    /// A comma at the very end, which becomes part of the last value.
    Trailing,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Empty => f.write_str("there is nothing before a comma"),
            Fault::NoValue(item) => write!(f, "`{}` has no `=`", crate::config::decode::shown(item)),
            Fault::Trailing => f.write_str("the comma at the end becomes part of the last value"),
            Fault::NoKey => f.write_str("a `=` has no key before it"),
        }
    }
}

/// Reads an attribute map; the empty text is an empty map. What the controller reads in another way than it was meant is a fault too.
pub fn parse(text: &str) -> Result<Attributes, Fault> {
    let mut out = Attributes::new();
    let mut rest = text;
    while !rest.trim().is_empty() {
        let (item, tail) = split_item(rest);
        rest = tail;
        if item.trim().is_empty() {
            return Err(Fault::Empty);
        }
        let Some((key, value)) = split_at_unescaped(item, '=') else {
            return Err(Fault::NoValue(item.trim().to_owned()));
        };
        let key = unescape(key.trim());
        if key.is_empty() {
            return Err(Fault::NoKey);
        }
        if ends_in_comma(value) {
            return Err(Fault::Trailing);
        }
        out.push((key, unescape(value.trim())));
    }
    Ok(out)
}

fn ends_in_comma(value: &str) -> bool {
    value.trim_end().strip_suffix(',').is_some_and(|rest| rest.bytes().rev().take_while(|b| *b == b'\\').count() % 2 == 0)
}

/// The item up to the next comma, and the rest; a comma after which no `=` comes is part of the item.
fn split_item(text: &str) -> (&str, &str) {
    match split_at_unescaped(text, ',') {
        Some((item, rest)) if split_at_unescaped(rest, '=').is_some() || !rest.trim().is_empty() => (item, rest),
        _ => (text, ""),
    }
}

fn split_at_unescaped(text: &str, at: char) -> Option<(&str, &str)> {
    let mut escaped = false;
    for (i, c) in text.char_indices() {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if c == at {
            return Some((&text[..i], &text[i + c.len_utf8()..]));
        }
    }
    None
}

fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut escaped = false;
    for c in text.chars() {
        if c == '\\' && !escaped {
            escaped = true;
        } else {
            out.push(c);
            escaped = false;
        }
    }
    if escaped {
        out.push('\\');
    }
    out
}

/// Writes an attribute map; commas and backslashes of keys and values are escaped.
pub fn format<'a>(attributes: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut out = String::new();
    for (key, value) in attributes {
        if !out.is_empty() {
            out.push(',');
        }
        escape(key, &mut out);
        out.push('=');
        escape(value, &mut out);
    }
    out
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        if matches!(c, ',' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Result<Vec<String>, Fault> {
        parse(text).map(|a| a.into_iter().map(|(k, v)| format!("{k}>{v}")).collect())
    }

    #[test]
    fn reads_as_the_controller_does() {
        assert_eq!(pairs("a=1, b = 2 "), Ok(vec!["a>1".into(), "b>2".into()]));
        assert_eq!(pairs("Expression=a=b"), Ok(vec!["Expression>a=b".into()]));
        assert_eq!(pairs(r"a=x\,y,b="), Ok(vec!["a>x,y".into(), "b>".into()]));
        assert_eq!(pairs("a=true,"), Err(Fault::Trailing));
        assert_eq!(pairs(r"a=x\,"), Ok(vec!["a>x,".into()]));
        assert_eq!(pairs(""), Ok(vec![]));
        assert_eq!(pairs("a=1,,b=2"), Err(Fault::Empty));
        assert_eq!(pairs(",a=1"), Err(Fault::Empty));
        assert_eq!(pairs("Owner=a,b"), Err(Fault::NoValue("b".into())));
        assert_eq!(pairs("a: 1"), Err(Fault::NoValue("a: 1".into())));
        assert_eq!(pairs("=1"), Err(Fault::NoKey));
    }

    #[test]
    fn reads_back_what_it_writes() {
        for (key, value) in [("k", r"a,b\c"), ("a.b", "x=y"), ("é", "")] {
            assert_eq!(parse(&format([(key, value)])), Ok(vec![(key.to_owned(), value.to_owned())]));
        }
    }
}
