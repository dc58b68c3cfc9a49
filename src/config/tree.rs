//! The spanned tree that the one YAML reader gives: every node knows its source, span and pointer.
//!
//! Scalars keep their source text and style; what an unquoted one means is decided where a type is expected, so that `3.10` can be
//! told apart from `"3.10"`. The tree knows nothing of the config language.

use indexmap::IndexMap;
use serde_json::Value;

use crate::source::{Place, Pointer};

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Node {
    pub place: Place,
    pub kind: Kind,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Kind {
    Scalar(Scalar),
    Sequence(Vec<Node>),
    Mapping(Mapping),
}

/// Keys in the file's order; keys brought by a merge key come last.
pub type Mapping = IndexMap<String, Entry>;

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Where the key itself stands; its pointer is that of the value.
    pub key: Place,
    pub value: Node,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Style {
    /// Without quotes: its type follows from its text.
    Plain,
    /// Quoted or a block scalar: always a string.
    Text,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scalar {
    pub text: String,
    pub style: Style,
}

/// What a plain scalar is by the core schema of YAML 1.2 (with `true` and `false` as the only booleans that the config language takes).
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Core {
    Null,
    Bool(bool),
    Integer,
    Float(f64),
    Text,
}

impl Scalar {
    pub fn core(&self) -> Core {
        if self.style == Style::Text { Core::Text } else { core_of(&self.text) }
    }

    pub fn is_null(&self) -> bool {
        matches!(self.core(), Core::Null)
    }

    /// The string that this scalar stands for, or `None` where a YAML 1.2 reader would give its text back changed (`3.10`, `0123`, `~`).
    pub fn as_string(&self) -> Option<&str> {
        let same = match self.core() {
            Core::Text => true,
            Core::Null => false,
            Core::Bool(value) => self.text == if value { "true" } else { "false" },
            Core::Integer => is_canonical_integer(&self.text),
            Core::Float(value) => self.text.contains('.') && value.to_string() == self.text,
        };
        same.then_some(self.text.as_str())
    }

    /// The scalar as JSON, by the core schema. Integers beyond 64 bits become floats, infinite floats strings.
    pub fn to_json(&self) -> Value {
        match self.core() {
            Core::Null => Value::Null,
            Core::Bool(value) => Value::Bool(value),
            Core::Integer => integer_of(&self.text).map_or_else(
                || {
                    self.text
                        .parse::<f64>()
                        .ok()
                        .and_then(serde_json::Number::from_f64)
                        .map_or_else(|| Value::String(self.text.clone()), Value::Number)
                },
                |i| i64::try_from(i).map(Value::from).unwrap_or_else(|_| u64::try_from(i).map_or(Value::from(i as f64), Value::from)),
            ),
            Core::Float(value) => serde_json::Number::from_f64(value).map_or_else(|| Value::String(self.text.clone()), Value::Number),
            Core::Text => Value::String(self.text.clone()),
        }
    }
}

/// Core schema of YAML 1.2, section 10.3.2.
pub fn core_of(text: &str) -> Core {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Core::Null,
        "true" | "True" | "TRUE" => return Core::Bool(true),
        "false" | "False" | "FALSE" => return Core::Bool(false),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => return Core::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => return Core::Float(f64::NEG_INFINITY),
        ".nan" | ".NaN" | ".NAN" => return Core::Float(f64::NAN),
        _ => {}
    }
    let first = text.as_bytes()[0];
    if !(first.is_ascii_digit() || matches!(first, b'+' | b'-' | b'.')) {
        return Core::Text;
    }
    if integer_of(text).is_some() || is_decimal(text) {
        return Core::Integer;
    }
    if is_float(text) { text.parse().map_or(Core::Text, Core::Float) } else { Core::Text }
}

fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

fn is_canonical_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    is_decimal(digits) && !digits.starts_with('+') && (digits == "0" && text == "0" || !digits.starts_with('0'))
}

/// Value of a core integer (`12`, `-3`, `0o17`, `0x1f`) that fits 128 bits.
pub fn integer_of(text: &str) -> Option<i128> {
    if let Some(octal) = text.strip_prefix("0o") {
        return octal.bytes().all(|b| matches!(b, b'0'..=b'7')).then(|| i128::from_str_radix(octal, 8).ok()).flatten();
    }
    if let Some(hex) = text.strip_prefix("0x") {
        return hex.bytes().all(|b| b.is_ascii_hexdigit()).then(|| i128::from_str_radix(hex, 16).ok()).flatten();
    }
    is_decimal(text).then(|| text.parse().ok()).flatten()
}

/// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
fn is_float(text: &str) -> bool {
    let rest = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = rest.find(['e', 'E']).map_or((rest, None), |i| (&rest[..i], Some(&rest[i + 1..])));
    let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let exponent_ok = exponent.is_none_or(|e| {
        let digits = e.strip_prefix(['+', '-']).unwrap_or(e);
        !digits.is_empty() && all_digits(digits)
    });
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    exponent_ok && all_digits(whole) && all_digits(fraction) && !(whole.is_empty() && fraction.is_empty())
}

impl Node {
    pub fn as_mapping(&self) -> Option<&Mapping> {
        if let Kind::Mapping(mapping) = &self.kind { Some(mapping) } else { None }
    }

    pub fn as_sequence(&self) -> Option<&[Node]> {
        if let Kind::Sequence(items) = &self.kind { Some(items) } else { None }
    }

    pub fn as_scalar(&self) -> Option<&Scalar> {
        if let Kind::Scalar(scalar) = &self.kind { Some(scalar) } else { None }
    }

    pub fn is_null(&self) -> bool {
        self.as_scalar().is_some_and(Scalar::is_null)
    }

    /// The value of a key of a mapping.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.as_mapping()?.get(key).map(|entry| &entry.value)
    }

    /// The node at a pointer relative to this one.
    pub fn at(&self, pointer: &Pointer) -> Option<&Node> {
        pointer.segments().try_fold(self, |node, segment| node.child(&segment))
    }

    /// The deepest node on the way to `pointer`, and whether it is the node itself.
    pub fn nearest(&self, pointer: &Pointer) -> (&Node, bool) {
        let mut node = self;
        for segment in pointer.segments() {
            match node.child(&segment) {
                Some(child) => node = child,
                None => return (node, false),
            }
        }
        (node, true)
    }

    fn child(&self, segment: &str) -> Option<&Node> {
        match &self.kind {
            Kind::Mapping(mapping) => mapping.get(segment).map(|entry| &entry.value),
            Kind::Sequence(items) => items.get(segment.parse::<usize>().ok()?),
            Kind::Scalar(_) => None,
        }
    }

    /// As JSON, by the core schema.
    pub fn to_json(&self) -> Value {
        match &self.kind {
            Kind::Scalar(scalar) => scalar.to_json(),
            Kind::Sequence(items) => Value::Array(items.iter().map(Node::to_json).collect()),
            Kind::Mapping(mapping) => Value::Object(mapping.iter().map(|(k, e)| (k.clone(), e.value.to_json())).collect()),
        }
    }

    /// A word for what the node is, for messages: `the text`, `a list`. Never its content.
    pub fn noun(&self) -> &'static str {
        match &self.kind {
            Kind::Mapping(_) => "a map",
            Kind::Sequence(_) => "a list",
            Kind::Scalar(scalar) => match scalar.core() {
                Core::Null => "nothing",
                Core::Bool(_) => "a boolean",
                Core::Integer => "an integer",
                Core::Float(_) => "a number",
                Core::Text => "a text",
            },
        }
    }

    /// The same nodes under another pointer: spans stay where the text is, which is how an alias shows its definition.
    pub fn rebased(&self, pointer: &Pointer) -> Node {
        let place = Place { pointer: pointer.clone(), ..self.place.clone() };
        let kind = match &self.kind {
            Kind::Scalar(scalar) => Kind::Scalar(scalar.clone()),
            Kind::Sequence(items) => Kind::Sequence(items.iter().enumerate().map(|(i, n)| n.rebased(&pointer.index(i))).collect()),
            Kind::Mapping(mapping) => Kind::Mapping(
                mapping
                    .iter()
                    .map(|(k, e)| {
                        let below = pointer.join(k);
                        (k.clone(), Entry { key: Place { pointer: below.clone(), ..e.key.clone() }, value: e.value.rebased(&below) })
                    })
                    .collect(),
            ),
        };
        Node { place, kind }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Scalar {
        Scalar { text: text.into(), style: Style::Plain }
    }

    #[test]
    fn an_unquoted_scalar_is_a_string_only_where_yaml_gives_its_text_back() {
        for same in [
            "3.8",
            "2024",
            "443",
            "true",
            "no",
            "yes",
            "1_000",
            "12:30:45",
            "a",
            "-1",
            "0",
            "0.5",
            "-1.5",
            "123456789012",
            "2024-01-01",
            "0b11",
            "1.2.3",
            "=",
            ".",
        ] {
            assert_eq!(plain(same).as_string(), Some(same), "{same}");
        }
        for changed in
            ["3.10", "1.30", "0123", "1e3", "~", "", "null", "0x1f", "0o17", "+5", ".5", "5.", "1.0", "-0", "True", ".inf", ".nan"]
        {
            assert_eq!(plain(changed).as_string(), None, "{changed}");
        }
    }

    #[test]
    fn json_follows_the_core_schema() {
        use serde_json::json;
        for (text, value) in [
            ("0x1f", json!(31)),
            ("0o17", json!(15)),
            ("0123", json!(123)),
            ("1e3", json!(1000.0)),
            ("yes", json!("yes")),
            ("", json!(null)),
            ("18446744073709551615", json!(u64::MAX)),
        ] {
            assert_eq!(plain(text).to_json(), value, "{text}");
        }
    }
}
