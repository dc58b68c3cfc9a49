//! What the rules about `database` share: contact points with their places, and what a line of `database.properties` is.

use crate::compile::contact_points;
use crate::model::{Storage, Version};
use crate::scalardb::{self, Property, PropertyKind, Reader};
use crate::source::Place;
use crate::validate::rule::Context;

/// The storage, where the config names one that is known. Elsewhere the model holds a stand-in that says nothing.
pub fn storage(context: &Context<'_>) -> Option<Storage> {
    Some(context.settings.database.as_ref()?.storage.as_ref()?.value.0)
}

/// One contact point.
pub struct Point {
    pub text: String,
    pub place: Place,
    /// The last one of a text: nothing comes after it.
    pub last: bool,
}

impl Point {
    /// Whether a placeholder or a variable stands in it, so that its text says nothing yet.
    pub fn is_open(&self) -> bool {
        self.text.contains("${") || self.text.contains("$(")
    }
}

/// All contact points, empty ones too.
pub fn points(context: &Context<'_>) -> Vec<Point> {
    let (Some(storage), Some(node)) = (storage(context), context.node("/database/contactPoints")) else { return Vec::new() };
    let texts = node.as_sequence().map_or_else(|| vec![node], |items| items.iter().collect());
    texts
        .into_iter()
        .filter_map(|node| Some((node.as_scalar()?.text.clone(), node.place.clone())))
        .flat_map(|(text, place)| {
            let elements = contact_points::elements(storage, &[text]);
            let count = elements.len();
            elements.into_iter().enumerate().map(move |(i, text)| Point { text, place: place.clone(), last: i + 1 == count && count > 1 })
        })
        .collect()
}

/// The contact points that are judged: not the empty ones, and where the storage uses only the first, that one.
pub fn used_points(context: &Context<'_>) -> Vec<Point> {
    let mut points: Vec<Point> = points(context).into_iter().filter(|p| !p.text.is_empty()).collect();
    if storage(context).is_some_and(uses_first_only) {
        points.truncate(1);
    }
    points
}

/// Whether the adapter takes one contact point and ignores others.
pub fn uses_first_only(storage: Storage) -> bool {
    storage != Storage::Cassandra
}

/// What a line of `database.properties` is.
#[derive(Debug)]
pub enum Line {
    /// A user name or password.
    Credential,
    /// Another config key derives it.
    Derived(&'static str),
    /// No key of ScalarDB at all.
    Foreign,
    /// Begins as ScalarDB's keys do, but none is known.
    Unknown,
    /// Comes later or is gone in this version.
    OtherVersion(&'static Property),
    /// Read by the adapter of another storage.
    OtherStorage(String),
    /// Its value is refused when the loader reads it.
    Refused(&'static Property, String),
    /// Servers must have it too, and cannot.
    Shared(&'static Property),
    /// Read by the servers, which do not get it.
    ServersOnly(&'static Property),
    Good,
}

/// The lines that the config adds: name, value, place of the value, and what it is.
pub fn property_lines<'a>(context: &Context<'a>) -> Vec<(&'a str, &'a str, Place, Line)> {
    let Some(storage) = storage(context) else { return Vec::new() };
    let node = context.node("/database/properties").and_then(|n| n.as_mapping());
    node.into_iter()
        .flatten()
        .filter_map(|(name, entry)| {
            let value = entry.value.as_scalar()?.text.trim();
            let line = classify(name, value, context.deployment.version, storage);
            let place = if matches!(line, Line::Refused(..)) { entry.value.place.clone() } else { entry.key.clone() };
            Some((name.as_str(), value, place, line))
        })
        .collect()
}

/// Judges one line.
pub fn classify(name: &str, value: &str, version: Version, storage: Storage) -> Line {
    let last = name.rsplit('.').next().unwrap_or_default();
    if name.starts_with("scalar.db.") && matches!(last, "username" | "password") {
        return Line::Credential;
    }
    if !name.starts_with("scalar.db.") {
        return Line::Foreign;
    }
    if name.starts_with("scalar.db.multi_storage.") {
        return Line::OtherStorage("multi-storage".into());
    }
    let Some(property) = scalardb::facts().properties.iter().find(|p| p.name == name) else { return Line::Unknown };
    if let Some(key) = &property.key {
        return Line::Derived(key);
    }
    if !property.range.contains(version) {
        return Line::OtherVersion(property);
    }
    if let Some(own) = property.storage.as_deref().filter(|own| *own != storage.as_str()) {
        return Line::OtherStorage(own.to_owned());
    }
    let read = property.reader != Some(Reader::ScalardbServer) && !name.starts_with("scalar.db.graphql.");
    if let Some(reason) = refused(property, value, version).filter(|_| read) {
        return Line::Refused(property, reason);
    }
    if property.shared.is_some() {
        return Line::Shared(property);
    }
    match property.reader {
        Some(Reader::Servers | Reader::ScalardbServer) => Line::ServersOnly(property),
        _ => Line::Good,
    }
}

/// Why ScalarDB refuses the value; an empty one counts as not set.
fn refused(property: &Property, value: &str, version: Version) -> Option<String> {
    if value.is_empty() {
        return None;
    }
    let digits = value.strip_prefix(['+', '-']).unwrap_or(value);
    let is_integer = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    match property.kind {
        PropertyKind::Text => None,
        PropertyKind::Integer | PropertyKind::Long => {
            let limit = if property.kind == PropertyKind::Integer { i64::from(i32::MAX) } else { i64::MAX };
            match value.parse::<i64>() {
                Ok(number) if number > limit || number < -limit => Some(format!("it takes an integer of at most {limit}")),
                Ok(number) if property.min.is_some_and(|min| number < min) => {
                    property.min.map(|min| format!("it takes an integer from {min} on"))
                }
                Ok(_) if is_integer => None,
                _ => Some("it takes an integer: a sign and digits only".into()),
            }
        }
        PropertyKind::Boolean => {
            let folds = crate::scalardb::trims(version);
            let known = |word: &str| if folds { value.eq_ignore_ascii_case(word) } else { value == word };
            if known("true") || known("false") {
                None
            } else if folds {
                Some("it takes true or false".into())
            } else {
                Some(format!("it takes true or false, which {version} reads in lower case only"))
            }
        }
        PropertyKind::Word => {
            let known = property.words.iter().any(|word| word.eq_ignore_ascii_case(value));
            (!known).then(|| format!("it takes {}", property.words.join(", ")))
        }
    }
}
