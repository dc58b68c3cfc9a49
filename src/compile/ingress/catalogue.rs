//! The catalogue of annotation keys per Ingress class (`schemas/annotations.json`): what each key takes, what it needs, and which
//! setting of the config derives it. Read once, when first asked for.

use std::sync::OnceLock;

use serde::Deserialize;

use crate::diagnostic::Level;
use crate::model::IngressClass;

/// The keys of one controller.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Class {
    class: String,
    /// What its keys begin with, with the `/`.
    pub prefix: String,
    /// The controller's name, as it stands in a sentence.
    pub controller: String,
    level: Severity,
    /// Other controllers' words for a key, and the key.
    pub lookalikes: std::collections::BTreeMap<String, String>,
    /// In the order in which derived annotations are written.
    pub annotations: Vec<Entry>,
}

/// An annotation key, or an attribute in an annotation that holds a map.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Without the prefix.
    pub key: String,
    #[serde(rename = "type")]
    pub kind: Kind,
    /// A noun for messages.
    pub what: String,
    #[serde(default)]
    pub values: Vec<String>,
    pub min: Option<i64>,
    pub max: Option<i64>,
    /// Values beside the range.
    #[serde(default)]
    pub also: Vec<String>,
    /// Shortest and longest, in characters.
    pub length: Option<(usize, usize)>,
    pub unit: Option<String>,
    pub default: Option<String>,
    pub grammar: Option<String>,
    /// The form of a JSON value.
    pub shape: Option<String>,
    #[serde(default)]
    pub fold: bool,
    #[serde(default)]
    pub strict: bool,
    #[serde(default)]
    pub family: bool,
    #[serde(default)]
    pub merge: bool,
    level: Option<Severity>,
    rule: Option<String>,
    #[serde(default)]
    pub needs: Vec<Need>,
    #[serde(default)]
    pub attributes: Vec<Entry>,
    /// Grammar of attribute keys that are the user's own.
    pub open: Option<String>,
    #[serde(default)]
    pub elsewhere: Vec<String>,
    pub deprecated: Option<String>,
    pub since: Option<String>,
    /// Pointer of the config key that derives it.
    pub from: Option<String>,
    /// Name of the derived value in [`super::settings`].
    pub value: Option<String>,
}

/// Another annotation of the same class without which a key has no effect.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Need {
    pub key: String,
    /// One of these; any where empty.
    #[serde(default)]
    pub is: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Bool,
    Int,
    Enum,
    Text,
    List,
    Map,
    Json,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Severity {
    Error,
    Warning,
}

#[derive(Debug, Deserialize)]
struct Catalogue {
    classes: Vec<Class>,
}

impl Class {
    /// How grave a wrong value of an entry is: whether the controller or the cloud refuses it, or ignores it.
    pub fn level(&self, entry: &Entry) -> Level {
        match entry.level.unwrap_or(self.level) {
            Severity::Error => Level::Error,
            Severity::Warning => Level::Warning,
        }
    }

    /// The entry of a whole key, with the prefix. A key of a family matches by its beginning.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        let name = key.strip_prefix(&self.prefix)?;
        self.annotations.iter().find(|e| if e.family { name.len() > e.key.len() && name.starts_with(&e.key) } else { e.key == name })
    }

    pub fn key(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    pub fn word(&self) -> &str {
        &self.class
    }
}

impl Entry {
    /// The rule that judges its value.
    pub fn rule(&self) -> &str {
        self.rule.as_deref().unwrap_or("ING004")
    }

    pub fn attribute(&self, name: &str) -> Option<&Entry> {
        self.attributes.iter().find(|a| a.key == name)
    }
}

/// All classes.
pub fn classes() -> &'static [Class] {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    let read =
        || serde_json::from_str(include_str!("../../../schemas/annotations.json")).expect("the committed catalogue is read by a test");
    &CATALOGUE.get_or_init(read).classes
}

/// The keys of a class.
pub fn class(class: IngressClass) -> &'static Class {
    let word = class.as_str();
    classes().iter().find(|c| c.class == word).expect("the catalogue has every class, by a test")
}

/// The class whose keys begin as this one does.
pub fn class_of_key(key: &str) -> Option<&'static Class> {
    classes().iter().find(|c| key.starts_with(&c.prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_every_class_and_consistent_entries() {
        for word in [IngressClass::Alb, IngressClass::Nginx, IngressClass::Agic] {
            let class = class(word);
            let mut seen = std::collections::BTreeSet::new();
            for entry in &class.annotations {
                assert!(seen.insert(&entry.key), "{} twice", entry.key);
                assert_eq!(entry.kind == Kind::Enum, !entry.values.is_empty(), "{}", entry.key);
                assert_eq!(entry.kind == Kind::Map, !entry.attributes.is_empty() || entry.open.is_some(), "{}", entry.key);
                assert_eq!(entry.kind == Kind::Json, entry.shape.is_some(), "{}", entry.key);
                assert!(entry.min.is_none_or(|min| entry.max.is_none_or(|max| min <= max)), "{}", entry.key);
                for need in &entry.needs {
                    assert!(class.entry(&class.key(&need.key)).is_some(), "{} needs unknown {}", entry.key, need.key);
                }
            }
            for target in class.lookalikes.values() {
                assert!(class.entry(&class.key(target)).is_some(), "look-alike of unknown {target}");
            }
        }
    }

    #[test]
    fn finds_families_by_their_beginning() {
        let alb = class(IngressClass::Alb);
        assert_eq!(alb.entry("alb.ingress.kubernetes.io/listener-attributes.HTTPS-443").expect("known").key, "listener-attributes.");
        assert!(alb.entry("alb.ingress.kubernetes.io/actions.").is_none());
        assert!(alb.entry("nginx.ingress.kubernetes.io/affinity").is_none());
    }
}
