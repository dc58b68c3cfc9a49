//! The grammars of Kubernetes' names, as the API server has them (apimachinery's `validation` package). Pure functions over text.
//!
//! Where a grammar became wider in a newer Kubernetes, the function says so and its caller picks by version.

use std::borrow::Cow;
use std::fmt;

/// Why a text is refused: a clause that continues "NAME ...", such as `must be at most 63 characters`. It never repeats the text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reason(pub Cow<'static, str>);

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Reason {}

pub(crate) fn because<T>(reason: &'static str) -> Result<T, Reason> {
    Err(Reason(Cow::Borrowed(reason)))
}

fn is_lower(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

fn longest(text: &str, limit: usize) -> Result<(), Reason> {
    if text.len() > limit { Err(Reason(format!("must be at most {limit} characters, and has {}", text.len()).into())) } else { Ok(()) }
}

/// Lower-case letters, digits and inner hyphens.
fn is_hyphenated(text: &str) -> bool {
    let bytes = text.as_bytes();
    match (bytes.first(), bytes.last()) {
        (Some(first), Some(last)) => is_lower(*first) && is_lower(*last) && bytes.iter().all(|byte| is_lower(*byte) || *byte == b'-'),
        _ => false,
    }
}

/// A label of RFC 1123: names of namespaces, containers, volumes. At most 63 characters.
pub fn dns1123_label(text: &str) -> Result<(), Reason> {
    longest(text, 63)?;
    if is_hyphenated(text) {
        Ok(())
    } else {
        because("must be lower-case letters, digits and '-', and start and end with a letter or digit")
    }
}

/// A subdomain of RFC 1123: names of most objects. At most 253 characters.
pub fn dns1123_subdomain(text: &str) -> Result<(), Reason> {
    longest(text, 253)?;
    if text.split('.').all(is_hyphenated) {
        Ok(())
    } else {
        because("must be lower-case letters, digits, '-' and '.', and each part must start and end with a letter or digit")
    }
}

/// A label of RFC 1035: names of Services (before Kubernetes 1.35). At most 63 characters.
pub fn dns1035_label(text: &str) -> Result<(), Reason> {
    longest(text, 63)?;
    if is_hyphenated(text) && text.as_bytes()[0].is_ascii_lowercase() {
        Ok(())
    } else {
        because("must be lower-case letters, digits and '-', start with a letter and end with a letter or digit")
    }
}

/// The name part of a qualified name, and a label's value: letters, digits, `-`, `_`, `.`, at most 63 characters.
fn is_name_part(text: &str) -> bool {
    let bytes = text.as_bytes();
    match (bytes.first(), bytes.last()) {
        (Some(first), Some(last)) => {
            first.is_ascii_alphanumeric()
                && last.is_ascii_alphanumeric()
                && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
        }
        _ => false,
    }
}

/// A label's (or taint's) key: an optional DNS prefix and `/`, then a name of at most 63 characters.
pub fn label_key(text: &str) -> Result<(), Reason> {
    let name = match text.split_once('/') {
        Some((prefix, name)) => {
            if prefix.is_empty() {
                return because("must not start with '/'");
            }
            dns1123_subdomain(prefix).map_err(|reason| Reason(format!("has a prefix that {reason}").into()))?;
            name
        }
        None => text,
    };
    if name.contains('/') {
        return because("must have at most one '/'");
    }
    longest(name, 63).map_err(|reason| Reason(format!("has a name part that {reason}").into()))?;
    if is_name_part(name) {
        Ok(())
    } else {
        because("must be letters, digits, '-', '_' and '.', start and end with a letter or digit, with an optional DNS prefix and '/'")
    }
}

/// An annotation's key: as a label's, but upper case is allowed in the prefix too.
pub fn annotation_key(text: &str) -> Result<(), Reason> {
    label_key(&text.to_lowercase())
}

/// A label's value: empty, or at most 63 letters, digits, `-`, `_`, `.`.
pub fn label_value(text: &str) -> Result<(), Reason> {
    longest(text, 63)?;
    if text.is_empty() || is_name_part(text) {
        Ok(())
    } else {
        because("must be letters, digits, '-', '_' and '.', and start and end with a letter or digit")
    }
}

/// The name of a container's port, or a reference to it: an IANA service name, at most 15 characters.
pub fn port_name(text: &str) -> Result<(), Reason> {
    longest(text, 15)?;
    if !text.bytes().all(|byte| is_lower(byte) || byte == b'-') {
        return because("must be lower-case letters, digits and '-'");
    }
    if !text.bytes().any(|byte| byte.is_ascii_lowercase()) {
        return because("must have at least one letter");
    }
    if text.contains("--") {
        return because("must not have two hyphens in a row");
    }
    if text.starts_with('-') || text.ends_with('-') {
        return because("must start and end with a letter or digit");
    }
    Ok(())
}

/// The name of an environment variable, as every version takes it.
pub fn env_name(text: &str) -> Result<(), Reason> {
    let start = text.bytes().next().is_some_and(|byte| !byte.is_ascii_digit());
    if !start || !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')) {
        return because("must be letters, digits, '-', '_' and '.', and not start with a digit");
    }
    no_dots(text)
}

/// The name of an environment variable from Kubernetes 1.32 on: printable ASCII without `=`.
pub fn env_name_relaxed(text: &str) -> Result<(), Reason> {
    if !text.is_empty() && text.bytes().all(|byte| (b' '..=b'~').contains(&byte) && byte != b'=') {
        Ok(())
    } else {
        because("must be printable ASCII characters other than '='")
    }
}

/// A key of a ConfigMap or Secret: at most 253 letters, digits, `-`, `_`, `.`.
pub fn config_key(text: &str) -> Result<(), Reason> {
    longest(text, 253)?;
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')) {
        return because("must be letters, digits, '-', '_' and '.'");
    }
    no_dots(text)
}

fn no_dots(text: &str) -> Result<(), Reason> {
    if text == "." || text.starts_with("..") { because("must not be '.' or start with '..'") } else { Ok(()) }
}

/// A name that becomes one segment of a path (roles and their bindings).
pub fn path_segment(text: &str) -> Result<(), Reason> {
    match text {
        "" => because("must not be empty"),
        "." | ".." => because("must not be '.' or '..'"),
        _ if text.contains(['/', '%']) => because("must not have '/' or '%'"),
        _ => Ok(()),
    }
}

/// A host of an Ingress rule: a DNS name, its first label may be `*`. No address, no port, no scheme.
pub fn ingress_host(text: &str) -> Result<(), Reason> {
    if text.parse::<std::net::IpAddr>().is_ok() {
        return because("must be a DNS name, not an IP address");
    }
    match text.strip_prefix("*.") {
        Some(rest) => {
            longest(text, 253)?;
            dns1123_subdomain(rest)
        }
        None if text.contains('*') => because("may have '*' only as its whole first label, as in *.example.com"),
        None => dns1123_subdomain(text),
    }
}

/// `25%`: digits and a percent sign.
pub fn percentage(text: &str) -> Result<(), Reason> {
    match text.strip_suffix('%') {
        Some(digits) if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) => Ok(()),
        _ => because("must be a number, or a percentage such as \"25%\""),
    }
}

/// A port number, 1 to 65535.
pub fn port(number: i64) -> Result<(), Reason> {
    if (1..=65535).contains(&number) { Ok(()) } else { because("must be between 1 and 65535") }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Grammar = fn(&str) -> Result<(), Reason>;

    #[test]
    fn grammars_agree_with_the_tables() {
        let long = "a".repeat(64);
        let cases: [(&str, Grammar, &[&str], &[&str]); 10] = [
            ("label", dns1123_label, &["a", "0a", "a-b", &long[1..]], &["", "-a", "a-", "A", "a.b", "a_b", &long, "é"]),
            ("subdomain", dns1123_subdomain, &["a", "a.b-c.0", &long], &["", ".", "a..b", "a.", "A.b", "a.-b", "*.a"]),
            ("1035", dns1035_label, &["a", "a0-b"], &["", "0a", "a.b", "a-", &long]),
            ("key", label_key, &["app", "kubernetes.io/app", "A_b.c-D", "a.b/C"], &["", "/a", "a/", "a/b/c", "A.b/c", "-a", "a b", &long]),
            ("annotation", annotation_key, &["Example.com/X", "a"], &["", "a b", "a/b/c"]),
            ("value", label_value, &["", "a", "1.2_3-Z"], &["-a", "a.", "a/b", "a b", &long]),
            ("port", port_name, &["http", "graphql-8080", "a1"], &["", "80", "a--b", "-a", "HTTP", "sixteen-letters-"]),
            ("env", env_name, &["A", "_a.b-c", "A0"], &["", "0A", "A=B", "A B", ".", "..a"]),
            ("key", config_key, &["a.properties", "_", "0"], &["", ".", "..", "..a", "a/b", "a b"]),
            (
                "host",
                ingress_host,
                &["a.example.com", "*.example.com", "localhost"],
                &["", "1.2.3.4", "*", "a.*.b", "http://a", "a:80", "A.b"],
            ),
        ];
        for (name, grammar, good, bad) in cases {
            for text in good {
                assert_eq!(grammar(text), Ok(()), "{name} {text:?}");
            }
            for text in bad {
                assert!(grammar(text).is_err(), "{name} {text:?}");
            }
        }
        assert!(env_name_relaxed("0 A!").is_ok() && env_name_relaxed("A=B").is_err() && env_name_relaxed("").is_err());
        assert!(percentage("25%").is_ok() && percentage("25").is_err() && percentage("%").is_err() && percentage("-5%").is_err());
        assert!(port(1).is_ok() && port(0).is_err() && port(65536).is_err());
    }
}
