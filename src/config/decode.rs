//! From the spanned tree to typed values, collecting every fault instead of stopping at the first.
//!
//! [`record!`] and [`choice!`] define a type once: its keys, its decoder and its JSON Schema. A value that is wrong is left out
//! (`None`), so that the rest of the file is still read. Messages never quote what may be a credential.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use indexmap::IndexMap;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::tree::{Core, Entry, Mapping, Node, Style};
use crate::diagnostic::Diagnostic;
use crate::source::Place;

pub const UNKNOWN_KEY: &str = "CFG002";
pub const WRONG_TYPE: &str = "CFG003";
pub const NOT_A_WORD: &str = "CFG004";
pub const QUOTE_IT: &str = "CFG005";
pub const BAD_FORM: &str = "CFG011";

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Located<T> {
    pub value: T,
    /// Of the value.
    pub place: Place,
}

impl<T> Deref for Located<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: JsonSchema> JsonSchema for Located<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }
    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }
    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

/// Collects faults.
pub type Faults = Vec<Diagnostic>;

pub trait Decode: Sized {
    /// What is expected, as a phrase: `an integer`.
    fn expected() -> String;
    /// `None` where a fault was added.
    fn decode(node: &Node, faults: &mut Faults) -> Option<Self>;
}

/// Decodes with its place.
pub fn located<T: Decode>(node: &Node, faults: &mut Faults) -> Option<Located<T>> {
    T::decode(node, faults).map(|value| Located { value, place: node.place.clone() })
}

/// Decodes the entry of a key; null is as if the key had not been written.
pub fn optional<T: Decode>(entry: &Entry, faults: &mut Faults) -> Option<Located<T>> {
    if entry.value.is_null() { None } else { located(&entry.value, faults) }
}

pub fn wrong_type(node: &Node, expected: &str) -> Diagnostic {
    let key = node.place.pointer.last().map_or_else(|| "the file".to_owned(), |k| format!("`{}`", shown(&k)));
    // The right type in another of its forms (`False`, `0x3`): its own text says more, and no secret is of these types.
    let form =
        node.as_scalar().filter(|_| expected.starts_with(node.noun()) || (expected == "true or false" && node.noun() == "a boolean"));
    let stands = form.map_or_else(|| node.noun().to_owned(), |scalar| format!("`{}`", shown(&scalar.text)));
    Diagnostic::error(WRONG_TYPE, node.place.clone(), format!("{key} takes {expected}, here stands {stands}"))
        .label(format!("expected {expected}"))
}

/// The nearest of `known`, where one is near enough to be meant.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    if lower.chars().count() > 80 {
        return None;
    }
    let mut best: Option<(f64, &str)> = None;
    for candidate in known {
        let folded = candidate.to_lowercase();
        let distance = strsim::damerau_levenshtein(&lower, &folded);
        let length = lower.chars().count().max(folded.chars().count());
        let prefix = folded.len() > 3 && lower.len() > 3 && (lower.starts_with(&folded) || folded.starts_with(&lower));
        if distance * 5 <= length * 2 || prefix {
            let score = strsim::jaro_winkler(&lower, &folded) - distance as f64 * 0.05;
            if best.is_none_or(|(s, _)| score > s) {
                best = Some((score, candidate));
            }
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// A text of a file as it may stand in a message: short, without control characters or invisible blanks.
pub fn shown(text: &str) -> String {
    let mut out = String::new();
    for (i, c) in text.chars().enumerate() {
        if i == 60 {
            out.push('…');
            break;
        }
        if c.is_control()
            || (c.is_whitespace() && c != ' ')
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
        {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// A fault for a key that a record does not have.
pub fn unknown_key(entry: &Entry, known: &[&'static str]) -> Diagnostic {
    let pointer = &entry.key.pointer;
    let key = pointer.last().unwrap_or_default();
    let parent = pointer.parent().and_then(|p| p.last());
    let place = match &parent {
        Some(parent) => format!("`{}` has no key `{}`", shown(parent), shown(&key)),
        None => format!("there is no key `{}`", shown(&key)),
    };
    let mut fault = Diagnostic::error(UNKNOWN_KEY, entry.key.clone(), place).label("unknown key");
    let trimmed: String = key.chars().filter(|c| !c.is_whitespace()).collect();
    fault.help = Some(if super::raw::TOP_KEYS.contains(&key.as_str()) {
        format!("`{key}` stands at the top of a file only: an overlay holds any other key")
    } else if trimmed.len() < key.len() && known.contains(&trimmed.as_str()) {
        format!("the key holds invisible blanks (copied from a web page?): write `{trimmed}` with ordinary blanks before it")
    } else if let Some(near) = nearest(&key, known.iter().copied()) {
        format!("did you mean `{near}`?")
    } else if let Some(home) = super::schema::home_of(&key) {
        format!("`{key}` belongs under `{home}`: check the indentation")
    } else {
        format!("known here: {}", known.join(", "))
    });
    fault
}

/// Adds faults for an unquoted scalar that would not stay the same text; else its text.
fn text_of<'n>(node: &'n Node, expected: &str, faults: &mut Faults) -> Option<&'n str> {
    let Some(scalar) = node.as_scalar() else {
        faults.push(wrong_type(node, expected));
        return None;
    };
    if let Some(text) = scalar.as_string() {
        return Some(text);
    }
    if scalar.is_null() {
        faults.push(wrong_type(node, expected));
        return None;
    }
    let read = match scalar.to_json() {
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    };
    let key = node.place.pointer.last().unwrap_or_default();
    faults.push(
        Diagnostic::error(
            QUOTE_IT,
            node.place.clone(),
            format!("`{}` is a text, but unquoted this is read as {} and its text is lost", shown(&key), shown(&read)),
        )
        .label(format!("a YAML reader gives {} back", shown(&read)))
        .help(format!("quote it: \"{}\"", shown(&scalar.text))),
    );
    None
}

/// A string; an unquoted scalar serves where its text is what a YAML 1.2 reader gives back.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Text(pub String);

impl Deref for Text {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Decode for Text {
    fn expected() -> String {
        "a text".into()
    }
    fn decode(node: &Node, faults: &mut Faults) -> Option<Text> {
        text_of(node, "a text", faults).map(|t| Text(t.to_owned()))
    }
}

impl JsonSchema for Text {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Text".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        // An editor reads `443` and `true` as other types; they serve as texts here.
        json_schema!({ "type": ["string", "number", "boolean"] })
    }
}

/// A credential: a text that is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretText(pub String);

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Decode for SecretText {
    fn expected() -> String {
        "a text".into()
    }
    fn decode(node: &Node, faults: &mut Faults) -> Option<SecretText> {
        if let Some(text) = node.as_scalar().and_then(|s| s.as_string()) {
            return Some(SecretText(text.to_owned()));
        }
        let quoted = node.as_scalar().is_some_and(|s| !s.is_null());
        let fault = wrong_type(node, "a text");
        faults.push(if quoted {
            Diagnostic { rule: QUOTE_IT, ..fault }.help("quote it: unquoted, a YAML reader changes it")
        } else {
            fault
        });
        None
    }
}

impl JsonSchema for SecretText {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "SecretText".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Text::json_schema(generator)
    }
}

impl Decode for bool {
    fn expected() -> String {
        "true or false".into()
    }
    fn decode(node: &Node, faults: &mut Faults) -> Option<bool> {
        let scalar = node.as_scalar();
        match scalar.map(|s| (s.style, s.text.as_str())) {
            Some((Style::Plain, "true")) => return Some(true),
            Some((Style::Plain, "false")) => return Some(false),
            _ => {}
        }
        let mut fault = wrong_type(node, &Self::expected());
        if let Some(scalar) = scalar {
            fault.help = match scalar.text.to_lowercase().as_str() {
                "true" | "yes" | "on" | "y" => Some("write `true`, without quotes".into()),
                "false" | "no" | "off" | "n" => Some("write `false`, without quotes".into()),
                _ => None,
            };
        }
        faults.push(fault);
        None
    }
}

/// An integer from `MIN` to `MAX`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Int<const MIN: i64, const MAX: i64>(pub i64);

/// A TCP port.
pub type Port = Int<1, 65535>;

impl<const MIN: i64, const MAX: i64> Deref for Int<MIN, MAX> {
    type Target = i64;
    fn deref(&self) -> &i64 {
        &self.0
    }
}

impl<const MIN: i64, const MAX: i64> Decode for Int<MIN, MAX> {
    fn expected() -> String {
        if MAX == i64::from(i32::MAX) { format!("an integer from {MIN} on") } else { format!("an integer from {MIN} to {MAX}") }
    }
    fn decode(node: &Node, faults: &mut Faults) -> Option<Self> {
        let scalar = node.as_scalar();
        let integer = scalar.filter(|s| matches!(s.core(), Core::Integer));
        match integer.and_then(|s| s.as_string()).map(str::parse::<i64>) {
            Some(Ok(value)) if (MIN..=MAX).contains(&value) => return Some(Int(value)),
            Some(_) => {
                let key = node.place.pointer.last().unwrap_or_default();
                faults.push(
                    Diagnostic::error(
                        WRONG_TYPE,
                        node.place.clone(),
                        format!("`{}` takes {}, {} is outside", shown(&key), Self::expected(), shown(scalar.map_or("", |s| &s.text))),
                    )
                    .label(format!("expected {}", Self::expected())),
                );
            }
            None => {
                let mut fault = wrong_type(node, &Self::expected());
                if let Some(scalar) = scalar {
                    fault.help = match scalar.core() {
                        Core::Text if scalar.text.parse::<i64>().is_ok() => Some("write it without quotes".into()),
                        Core::Float(_) => Some("integers are written as integers, without a fraction or exponent".into()),
                        Core::Integer => Some("write it in decimal digits, without leading zeros or a sign".into()),
                        _ => None,
                    };
                }
                faults.push(fault);
            }
        }
        None
    }
}

impl<const MIN: i64, const MAX: i64> JsonSchema for Int<MIN, MAX> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        format!("Int{MIN}To{MAX}").into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": MIN, "maximum": MAX })
    }
}

/// A time in whole seconds: one number and one unit (`90s`, `5m`, `1h`), or an integer of seconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Duration(pub u64);

impl Duration {
    /// Of a text with its unit; `None` for anything else.
    pub fn parse(text: &str) -> Option<Duration> {
        let factor = match text.as_bytes().last()? {
            b's' => 1,
            b'm' => 60,
            b'h' => 3600,
            _ => return None,
        };
        let digits = &text[..text.len() - 1];
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        digits.parse::<u64>().ok()?.checked_mul(factor).filter(|s| *s <= i32::MAX as u64).map(Duration)
    }
}

impl Decode for Duration {
    fn expected() -> String {
        "a duration such as 90s, 5m or 1h".into()
    }
    fn decode(node: &Node, faults: &mut Faults) -> Option<Duration> {
        if let Some(scalar) = node.as_scalar() {
            let read = match scalar.core() {
                Core::Integer => scalar.as_string().and_then(|t| t.parse::<u64>().ok()).filter(|s| *s <= i32::MAX as u64).map(Duration),
                Core::Text => Duration::parse(&scalar.text),
                _ => None,
            };
            if read.is_some() {
                return read;
            }
            let key = node.place.pointer.last().unwrap_or_default();
            let text = shown(&scalar.text);
            let help = match scalar.core() {
                Core::Text if scalar.text.bytes().all(|b| b.is_ascii_digit()) => {
                    "an integer of seconds is written without quotes".to_owned()
                }
                _ => "one number and one unit: s, m or h; one and a half hours are 90m, two days 48h".to_owned(),
            };
            faults.push(
                Diagnostic::error(BAD_FORM, node.place.clone(), format!("`{}` takes a duration, `{text}` is none", shown(&key)))
                    .label(format!("expected {}", Self::expected()))
                    .help(help),
            );
            return None;
        }
        faults.push(wrong_type(node, &Self::expected()));
        None
    }
}

impl JsonSchema for Duration {
    fn schema_name() -> Cow<'static, str> {
        "Duration".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "One number and one unit (90s, 5m, 1h), or an integer of seconds.",
            "anyOf": [{ "type": "integer", "minimum": 0 }, { "type": "string", "pattern": "^[0-9]+[smh]$" }],
            "examples": ["60s", "5m", "1h"]
        })
    }
}

/// A Kubernetes quantity as written; a number may stand unquoted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct QuantityText(pub String);

impl Deref for QuantityText {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl Decode for QuantityText {
    fn expected() -> String {
        "a quantity such as 2, 500m or 4Gi".into()
    }
    fn decode(node: &Node, faults: &mut Faults) -> Option<QuantityText> {
        match node.as_scalar() {
            Some(scalar) if matches!(scalar.core(), Core::Text | Core::Integer | Core::Float(_)) => Some(QuantityText(scalar.text.clone())),
            _ => {
                faults.push(wrong_type(node, &Self::expected()));
                None
            }
        }
    }
}

impl JsonSchema for QuantityText {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Quantity".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "number"] })
    }
}

impl<T: Decode> Decode for Vec<Located<T>> {
    fn expected() -> String {
        "a list".into()
    }
    fn decode(node: &Node, faults: &mut Faults) -> Option<Self> {
        let Some(items) = node.as_sequence() else {
            let fault = wrong_type(node, "a list");
            faults.push(if node.as_scalar().is_some() { fault.help("write one entry as `[entry]`") } else { fault });
            return None;
        };
        Some(items.iter().filter_map(|item| located(item, faults)).collect())
    }
}

/// A map with free keys; null takes an entry back.
#[derive(Clone, Debug, PartialEq)]
pub struct Map<T>(pub IndexMap<String, (Place, Located<T>)>);

impl<T> Default for Map<T> {
    fn default() -> Self {
        Map(IndexMap::new())
    }
}

impl<T> Deref for Map<T> {
    type Target = IndexMap<String, (Place, Located<T>)>;
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<T: Decode> Decode for Map<T> {
    fn expected() -> String {
        "a map".into()
    }
    fn decode(node: &Node, faults: &mut Faults) -> Option<Self> {
        let Some(mapping) = node.as_mapping() else {
            faults.push(wrong_type(node, "a map"));
            return None;
        };
        let decoded = mapping.iter().filter_map(|(key, entry)| Some((key.clone(), (entry.key.clone(), optional(entry, faults)?))));
        Some(Map(decoded.collect()))
    }
}

impl<T: JsonSchema> JsonSchema for Map<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        format!("MapOf{}", T::schema_name()).into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let value = generator.subschema_for::<Option<T>>();
        json_schema!({ "type": "object", "additionalProperties": value })
    }
}

/// A list, or one value that stands for a list of one.
#[derive(Clone, Debug, PartialEq)]
pub enum OneOrMany {
    One(Located<Text>),
    Many(Vec<Located<Text>>),
}

impl OneOrMany {
    pub fn items(&self) -> &[Located<Text>] {
        match self {
            OneOrMany::One(one) => std::slice::from_ref(one),
            OneOrMany::Many(many) => many,
        }
    }
}

impl Decode for OneOrMany {
    fn expected() -> String {
        "a text or a list of texts".into()
    }
    fn decode(node: &Node, faults: &mut Faults) -> Option<Self> {
        match node.as_sequence() {
            Some(_) => Vec::decode(node, faults).map(OneOrMany::Many),
            None if node.as_mapping().is_some() => {
                faults.push(wrong_type(node, &Self::expected()));
                None
            }
            None => located(node, faults).map(OneOrMany::One),
        }
    }
}

impl JsonSchema for OneOrMany {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "OneOrMany".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let text = generator.subschema_for::<Text>();
        json_schema!({ "anyOf": [text, { "type": "array", "items": text }] })
    }
}

/// A map whose keys are not the config language's own (Kubernetes types, chart values): kept as the tree it is.
#[derive(Clone, Debug, PartialEq)]
pub struct FreeMap(pub Node);

impl Decode for FreeMap {
    fn expected() -> String {
        "a map".into()
    }
    fn decode(node: &Node, faults: &mut Faults) -> Option<Self> {
        if node.as_mapping().is_none() {
            faults.push(wrong_type(node, "a map"));
            return None;
        }
        Some(FreeMap(node.clone()))
    }
}

impl JsonSchema for FreeMap {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "FreeMap".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "object" })
    }
}

/// A list of maps whose keys are not the config language's own.
#[derive(Clone, Debug, PartialEq)]
pub struct FreeList(pub Node);

impl Decode for FreeList {
    fn expected() -> String {
        "a list of maps".into()
    }
    fn decode(node: &Node, faults: &mut Faults) -> Option<Self> {
        let Some(items) = node.as_sequence() else {
            faults.push(wrong_type(node, "a list"));
            return None;
        };
        let wrong: Vec<_> = items.iter().filter(|i| i.as_mapping().is_none()).map(|i| wrong_type(i, "a map")).collect();
        let fine = wrong.is_empty();
        faults.extend(wrong);
        fine.then(|| FreeList(node.clone()))
    }
}

impl JsonSchema for FreeList {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "FreeList".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "array", "items": { "type": "object" } })
    }
}

/// The mapping of a record, or a fault.
pub fn record_of<'n>(node: &'n Node, expected: &str, faults: &mut Faults) -> Option<&'n Mapping> {
    let mapping = node.as_mapping();
    if mapping.is_none() {
        faults.push(wrong_type(node, expected));
    }
    mapping
}

/// Defines a record: a struct of optional located fields with their keys, its decoder and its schema.
macro_rules! record {
    ($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident $key:literal : $type:ty,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, schemars::JsonSchema)]
        #[schemars(deny_unknown_fields)]
        pub struct $name {
            $($(#[$field_meta])* #[schemars(rename = $key)] pub $field: Option<$crate::config::decode::Located<$type>>,)*
        }

        impl $name {
            /// Keys of this record, in the order of the documentation.
            pub const KEYS: &'static [&'static str] = &[$($key),*];
        }

        impl $crate::config::decode::Decode for $name {
            fn expected() -> String {
                "a map".into()
            }
            fn decode(node: &$crate::config::tree::Node, faults: &mut $crate::config::decode::Faults) -> Option<Self> {
                let mapping = $crate::config::decode::record_of(node, "a map", faults)?;
                let mut record = $name::default();
                for (key, entry) in mapping {
                    match key.as_str() {
                        $($key => record.$field = $crate::config::decode::optional(entry, faults),)*
                        _ => faults.push($crate::config::decode::unknown_key(entry, Self::KEYS)),
                    }
                }
                Some(record)
            }
        }
    };
}
pub(crate) use record;

/// Defines an enum whose words are case-sensitive.
macro_rules! choice {
    ($(#[$meta:meta])* $name:ident { $($(#[$word_meta:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, schemars::JsonSchema)]
        pub enum $name {
            $($(#[$word_meta])* #[schemars(rename = $word)] $variant,)*
        }

        impl $name {
            pub const WORDS: &'static [&'static str] = &[$($word),*];
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word),* }
            }
            pub fn of(word: &str) -> Option<Self> {
                match word { $($word => Some($name::$variant),)* _ => None }
            }
        }

        impl $crate::config::decode::Decode for $name {
            fn expected() -> String {
                $crate::config::decode::one_of(Self::WORDS)
            }
            fn decode(node: &$crate::config::tree::Node, faults: &mut $crate::config::decode::Faults) -> Option<Self> {
                $crate::config::decode::word(node, Self::WORDS, faults).and_then(|w| Self::of(&w))
            }
        }
    };
}
pub(crate) use choice;

/// `a`, `a or b`, `a, b or c`.
pub fn one_of(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => format!("`{one}`"),
        [head @ .., last] => format!("{} or `{last}`", head.iter().map(|w| format!("`{w}`")).collect::<Vec<_>>().join(", ")),
    }
}

/// A scalar that is one of `words`, or a fault that names the nearest.
pub fn word(node: &Node, words: &[&str], faults: &mut Faults) -> Option<String> {
    let expected = one_of(words);
    let Some(text) = node.as_scalar().filter(|s| !s.is_null()).map(|s| s.text.as_str()) else {
        faults.push(wrong_type(node, &expected));
        return None;
    };
    if words.contains(&text) {
        return Some(text.to_owned());
    }
    let key = node.place.pointer.last().unwrap_or_default();
    let mut fault = Diagnostic::error(NOT_A_WORD, node.place.clone(), format!("`{}` takes {expected}, not `{}`", shown(&key), shown(text)))
        .label(format!("expected {expected}"));
    fault.help = match words.iter().find(|w| w.eq_ignore_ascii_case(text)) {
        Some(same) => Some(format!("upper and lower case matter: write `{same}`")),
        None => nearest(text, words.iter().copied()).map(|near| format!("did you mean `{near}`?")),
    };
    faults.push(fault);
    None
}
