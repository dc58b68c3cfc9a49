//! Walks a value beside its type: unknown and missing fields, wrong types, and the per-field rules of `rules.json`.
//! What concerns several fields at once is asked of [`super::rules`] when an object is complete.
//!
//! Written by hand rather than with a JSON Schema compiler: the needed part of JSON Schema is tiny, a large Deployment takes about a
//! tenth of a millisecond (the first one under one, tables included) where compiling its schema alone would take three, and a fault knows the type it stands in.

use serde_json::{Map, Value};

use super::quantity;
use super::schema::{Field, Rule, Schema, Shape};
use super::{Fault, FaultKind, KubeMinor, grammar, rules};
use crate::config::decode::nearest;
use crate::diagnostic::Level;

/// One step into a value.
#[derive(Clone, Copy)]
pub(super) enum Step<'v> {
    Key(&'v str),
    Index(usize),
}

pub(super) struct Walk<'v> {
    pub version: KubeMinor,
    pub faults: Vec<Fault>,
    path: Vec<Step<'v>>,
    /// Below `status`, which the server sets: nothing there is required.
    in_status: bool,
    /// Where the server does not check the keys and values of maps: a volume claim's resources, a metric's selector.
    pub loose: bool,
    /// The claim templates of the StatefulSet around, which its containers mount like volumes.
    pub claims: Vec<&'v str>,
}

pub(super) type Object = Map<String, Value>;

impl<'v> Walk<'v> {
    pub(super) fn new(version: KubeMinor) -> Walk<'v> {
        Walk { version, faults: Vec::new(), path: Vec::new(), in_status: false, loose: false, claims: Vec::new() }
    }

    /// The JSON pointer of where the walk stands.
    pub(super) fn pointer(&self) -> String {
        let mut pointer = String::new();
        for step in &self.path {
            pointer.push('/');
            match step {
                Step::Key(key) => pointer.push_str(&key.replace('~', "~0").replace('/', "~1")),
                Step::Index(index) => pointer.push_str(&index.to_string()),
            }
        }
        pointer
    }

    pub(super) fn fault(&mut self, kind: FaultKind, message: impl Into<String>) -> &mut Fault {
        let pointer = self.pointer();
        self.faults.push(Fault { pointer, level: Level::Error, kind, message: message.into(), expected: None, suggestion: None });
        self.faults.last_mut().expect("one was pushed just now")
    }

    /// A fault of a value that has the right type.
    pub(super) fn bad(&mut self, message: impl Into<String>) -> &mut Fault {
        self.fault(FaultKind::BadValue, message)
    }

    pub(super) fn missing(&mut self, key: &str, of: &str) {
        let message = format!("{} needs `{key}`", plain(of));
        self.fault(FaultKind::MissingField, message);
    }

    /// Does `then` one step deeper.
    pub(super) fn at(&mut self, step: Step<'v>, then: impl FnOnce(&mut Walk<'v>)) {
        self.path.push(step);
        then(self);
        self.path.pop();
    }

    pub(super) fn at_key(&mut self, key: &'v str, then: impl FnOnce(&mut Walk<'v>)) {
        self.at(Step::Key(key), then);
    }

    /// Does `then` for each item of the list under `key`.
    pub(super) fn each(&mut self, object: &'v Object, key: &'v str, mut then: impl FnMut(&mut Walk<'v>, &'v Value)) {
        let Some(items) = object.get(key).and_then(Value::as_array) else { return };
        self.at_key(key, |walk| {
            for (index, item) in items.iter().enumerate() {
                walk.at(Step::Index(index), |walk| then(walk, item));
            }
        });
    }

    /// Checks a value against a shape. Null is a value left out everywhere.
    pub(super) fn value(&mut self, shape: &Shape, rule: Option<&Rule>, value: &'v Value) {
        match (shape, value) {
            (Shape::Any, _) | (_, Value::Null) => {}
            (Shape::Object(index), Value::Object(object)) => self.object(*index, object),
            (Shape::List(item), Value::Array(items)) => {
                for (index, value) in items.iter().enumerate() {
                    self.at(Step::Index(index), |walk| walk.item(item, rule, value));
                }
            }
            (Shape::Map(item), Value::Object(object)) => {
                for (key, value) in object {
                    self.at_key(key, |walk| walk.value(item, None, value));
                }
                if let Some(format) = rule.and_then(|rule| rule.format.as_deref()) {
                    rules::map(self, format, object);
                }
            }
            _ => self.scalar(shape, rule, value),
        }
    }

    /// An item of a list. `filled` was said of the list; an item with a grammar of its own cannot be left out by being empty.
    fn item(&mut self, shape: &Shape, rule: Option<&Rule>, value: &'v Value) {
        match (shape, rule, value) {
            (Shape::String, Some(rule), Value::String(text)) if rule.format.is_some() || !rule.one_of.is_empty() => {
                self.given_text(rule, text)
            }
            (Shape::String, _, Value::String(_)) => {}
            _ => self.value(shape, rule, value),
        }
    }

    fn scalar(&mut self, shape: &Shape, rule: Option<&Rule>, value: &'v Value) {
        match (shape, value) {
            (Shape::String, Value::String(text)) => self.text(rule, text),
            (Shape::Int32 | Shape::Int64, Value::Number(_)) => self.integer(shape, rule, value),
            (Shape::Number, Value::Number(_)) | (Shape::Bool, Value::Bool(_)) => {}
            (Shape::Bytes, Value::String(text)) => {
                if !is_base64(text) {
                    self.bad("is no base64 text").expected = Some("base64; plain text belongs under stringData".into());
                }
            }
            (Shape::Time, Value::String(text)) => {
                if !is_time(text) {
                    self.bad("is no time of RFC 3339").expected = Some("a time such as 2024-01-31T09:30:00Z".into());
                }
            }
            (Shape::Quantity, Value::String(_) | Value::Number(_)) => {
                if let Err(reason) = quantity::of(value) {
                    self.bad(format!("{value} is no quantity: it {reason}"));
                }
            }
            (Shape::IntOrString, Value::Number(_)) => self.integer(&Shape::Int32, rule, value),
            (Shape::IntOrString, Value::String(text)) => self.text(rule, text),
            _ => self.wrong_type(shape, value),
        }
    }

    fn wrong_type(&mut self, shape: &Shape, value: &Value) {
        let wanted = match shape {
            Shape::String | Shape::Bytes | Shape::Time => "a string",
            Shape::Int32 | Shape::Int64 => "an integer",
            Shape::Number => "a number",
            Shape::Bool => "true or false",
            Shape::Quantity => "a quantity (a string or a number)",
            Shape::IntOrString => "an integer or a string",
            Shape::List(_) => "a list",
            Shape::Map(_) | Shape::Object(_) | Shape::Any => "an object",
        };
        let fault = self.fault(FaultKind::WrongType, format!("must be {wanted}, and is {}", type_of(value)));
        fault.expected = Some(wanted.into());
        if matches!(shape, Shape::String) && (value.is_number() || value.is_boolean()) {
            fault.expected = Some("a string: put it in quotes".into());
        }
    }

    fn integer(&mut self, shape: &Shape, rule: Option<&Rule>, value: &Value) {
        // YAML readers hand 3.0 on as 3.
        let whole = value
            .as_i64()
            .or_else(|| value.as_f64().filter(|number| number.fract() == 0.0 && number.abs() < 9e18).map(|number| number as i64));
        let Some(number) = whole else {
            self.fault(FaultKind::WrongType, format!("must be an integer, and is {value}")).expected = Some("an integer".into());
            return;
        };
        if *shape == Shape::Int32 && i32::try_from(number).is_err() {
            self.fault(FaultKind::WrongType, format!("{number} does not fit 32 bits")).expected = Some("an integer of 32 bits".into());
            return;
        }
        if let Some((least, most)) = rule.and_then(|rule| rule.range)
            && !(least..=most).contains(&number)
        {
            let range = if most >= i64::from(i32::MAX) { format!("at least {least}") } else { format!("between {least} and {most}") };
            let message = format!("{number} is out of range: it must be {range}");
            self.bad(message).expected = Some(range);
        }
    }

    /// An empty text stands for one left out, unless the rule says otherwise.
    fn text(&mut self, rule: Option<&Rule>, text: &str) {
        match rule {
            Some(rule) if !text.is_empty() => self.given_text(rule, text),
            Some(rule) if rule.filled || rule.nonempty => {
                self.bad("must not be empty");
            }
            _ => {}
        }
    }

    fn given_text(&mut self, rule: &Rule, text: &str) {
        if !rule.one_of.is_empty() && !rule.one_of.iter().any(|known| known == text) {
            self.no_such_value(rule, text);
        } else if let Some(check) = rule.format.as_deref().and_then(|format| grammar(format, self.version))
            && let Err(reason) = check(text)
        {
            self.bad(format!("{text:?} {reason}"));
        }
    }

    fn no_such_value(&mut self, rule: &Rule, text: &str) {
        let version = self.version;
        if rule.since.get(text).is_some_and(|since| version.0 >= *since) {
            return;
        }
        let known: Vec<&str> = rule.one_of.iter().map(String::as_str).collect();
        let list = known.join(", ");
        let fault = self.bad(format!("{text:?} is not one of {list}"));
        fault.suggestion = nearest(text, known.iter().copied()).map(str::to_owned);
        fault.expected = Some(format!("one of {list}"));
    }

    /// Checks an object against a type of the tables.
    pub(super) fn object(&mut self, index: usize, object: &'v Object) {
        let of = &Schema::get().types[index];
        let loose = self.loose;
        rules::enter(self, of.name, object);
        for (key, value) in object {
            match of.field(key, self.version) {
                Some(field) => {
                    let in_status = self.in_status;
                    self.in_status |= key == "status";
                    self.at_key(key, |walk| walk.value(&field.shape, field.rule, value));
                    self.in_status = in_status;
                }
                None => self.at_key(key, |walk| walk.unknown_field(index, key)),
            }
        }
        self.loose = loose;
        if self.in_status {
            return;
        }
        for field in of.fields_in(self.version).filter(|field| field.demanded) {
            self.presence(of.name, field, object.get(field.key));
        }
        if let Some(rule) = of.rule() {
            self.one_key(of.name, rule, object);
        }
        rules::object(self, of.name, object);
    }

    fn presence(&mut self, of: &str, field: &'static Field, value: Option<&Value>) {
        let filled = field.rule.is_some_and(|rule| rule.filled);
        let nonempty = filled || field.rule.is_some_and(|rule| rule.nonempty);
        let lenient = field.rule.is_some_and(|rule| rule.lenient);
        let absent = value.is_none_or(Value::is_null);
        if absent {
            if (field.required && !lenient) || filled {
                self.missing(field.key, of);
            }
            return;
        }
        let empty = match value {
            Some(Value::Array(items)) => items.is_empty(),
            Some(Value::Object(items)) => matches!(field.shape, Shape::Map(_)) && items.is_empty(),
            _ => false,
        };
        if nonempty && empty {
            self.at_key(field.key, |walk| {
                walk.bad("must not be empty");
            });
        }
    }

    fn one_key(&mut self, of: &str, rule: &Rule, object: &Object) {
        if rule.one_key_of.is_empty() {
            return;
        }
        let given: Vec<&str> = rule.one_key_of.iter().map(String::as_str).filter(|key| object.get(*key).is_some_and(is_given)).collect();
        let list = rule.one_key_of.join(", ");
        match given.len() {
            1 => {}
            // An unknown key was most likely meant, and was reported.
            0 if object
                .keys()
                .any(|key| !rule.one_key_of.contains(key) && nearest(key, rule.one_key_of.iter().map(String::as_str)).is_some()) => {}
            0 => {
                self.fault(FaultKind::MissingField, format!("{} needs one of {list}", plain(of))).expected = Some(format!("one of {list}"))
            }
            _ => {
                self.bad(format!("{} has {}, and may have only one of them", plain(of), given.join(" and "))).expected =
                    Some(format!("one of {list}"))
            }
        }
    }

    fn unknown_field(&mut self, index: usize, key: &str) {
        let of = &Schema::get().types[index];
        let version = self.version;
        let known: Vec<&str> = of.fields_in(version).map(|field| field.key).collect();
        let other = of.versions_of(key).map(|minors| match (minors.after(version), minors.before(version)) {
            (Some(from), _) => format!(" in Kubernetes 1.{}: it came with 1.{from}", version.0),
            (None, Some(to)) => format!(" in Kubernetes 1.{}: the last with it is 1.{to}", version.0),
            (None, None) => String::new(),
        });
        let suggestion = if other.is_none() { nearest(key, known.iter().copied()).map(str::to_owned) } else { None };
        let fault = self.fault(FaultKind::UnknownField, format!("`{key}` is no field of {}{}", plain(of.name), other.unwrap_or_default()));
        fault.suggestion = suggestion;
        fault.expected = (known.len() <= 12).then(|| format!("one of {}", known.join(", ")));
    }
}

/// Go cannot tell an empty text or a zero from a field left out.
pub(super) fn is_given(value: &Value) -> bool {
    !(value.is_null() || value.as_str() == Some("") || value.as_i64() == Some(0))
}

/// `core.v1.Toleration` is `Toleration` to the reader.
fn plain(type_name: &str) -> &str {
    type_name.rsplit('.').next().unwrap_or(type_name)
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(number) if number.is_f64() => "a number",
        Value::Number(_) => "an integer",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// As Go reads bytes: the standard alphabet with padding, line breaks ignored.
fn is_base64(text: &str) -> bool {
    use base64::Engine;
    let joined: String = text.chars().filter(|c| !matches!(c, '\n' | '\r')).collect();
    let engine = base64::engine::GeneralPurpose::new(
        &base64::alphabet::STANDARD,
        base64::engine::GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
    );
    engine.decode(joined).is_ok()
}

/// The outline of RFC 3339: digits where digits stand, `T`, a zone.
fn is_time(text: &str) -> bool {
    let bytes = text.as_bytes();
    let outline = b"0000-00-00T00:00:00";
    let fits = bytes.len() > outline.len()
        && outline.iter().zip(bytes).all(|(want, byte)| if *want == b'0' { byte.is_ascii_digit() } else { want == byte });
    fits && (text.ends_with('Z') || text[outline.len()..].contains(['+', '-']))
}
