//! The embedded tables: Kubernetes' types by version (`schemas/kubernetes/types.txt`), the kinds that each version serves (`kinds.txt`),
//! monitoring's custom resources (`monitoring.txt`), and what the API server checks beside the types (`rules.json`).
//!
//! The tables are plain text rather than JSON Schema: 83 KB for seventeen versions, every field once, readable in a review. Read lazily: the first
//! use finds where each type starts, a type's fields are parsed when an object first holds it. Limits: no descriptions.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::KubeMinor;

static TYPES: &str = include_str!("../../../schemas/kubernetes/types.txt");
static MONITORING: &str = include_str!("../../../schemas/kubernetes/monitoring.txt");
static KINDS: &str = include_str!("../../../schemas/kubernetes/kinds.txt");
static RULES: &str = include_str!("../../../schemas/kubernetes/rules.json");

/// The shape of a value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Shape {
    String,
    Int32,
    Int64,
    Number,
    Bool,
    Bytes,
    Time,
    Quantity,
    IntOrString,
    Any,
    List(Box<Shape>),
    Map(Box<Shape>),
    /// Index into [`Schema::types`].
    Object(usize),
}

/// A set of minor versions, a bit for each.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Minors(u128);

impl Minors {
    const ALL: Minors = Minors(u128::MAX);

    /// Reads `23-`, `-25`, `23-25`, with commas between several.
    fn parse(text: &str) -> Minors {
        let bits = text.split(',').fold(0, |bits, range| {
            let (from, to) = range.split_once('-').unwrap_or((range, range));
            let (from, to) = (from.parse().unwrap_or(0), to.parse().unwrap_or(127));
            (from..=to).fold(bits, |bits, minor: u8| bits | 1 << minor.min(127))
        });
        Minors(bits)
    }

    pub(super) fn has(self, version: KubeMinor) -> bool {
        self.0 >> version.0.min(127) & 1 == 1
    }

    /// The first version after `version` that is in the set.
    pub(super) fn after(self, version: KubeMinor) -> Option<u8> {
        (version.0.saturating_add(1)..=KubeMinor::NEWEST.0).find(|minor| self.has(KubeMinor(*minor)))
    }

    /// The last version of the set at or after `version`, where newer ones are known that lack it.
    pub(super) fn until(self, version: KubeMinor) -> Option<u8> {
        let last = (version.0..=KubeMinor::NEWEST.0).rev().find(|minor| self.has(KubeMinor(*minor)))?;
        (last < KubeMinor::NEWEST.0).then_some(last)
    }

    /// The last version before `version` that is in the set.
    pub(super) fn before(self, version: KubeMinor) -> Option<u8> {
        (KubeMinor::OLDEST.0..version.0).rev().find(|minor| self.has(KubeMinor(*minor)))
    }
}

/// What the API server checks of a field beside its type.
#[derive(Default, Deserialize, Debug)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Rule {
    /// The values that are taken; `""` stands for one left out.
    #[serde(rename = "enum")]
    pub one_of: Vec<String>,
    /// Values taken from a version on: `{"Lt": 35}`.
    pub since: HashMap<String, u8>,
    /// The least and the largest number.
    pub range: Option<(i64, i64)>,
    /// A grammar, see [`super::grammar`].
    pub format: Option<String>,
    /// Neither left out nor empty.
    pub filled: bool,
    /// Not empty where it is given.
    pub nonempty: bool,
    /// The table requires it, the API server does not.
    pub lenient: bool,
    /// Exactly one of these keys must be given (of an object).
    pub one_key_of: Vec<String>,
}

pub(super) struct Field {
    pub key: &'static str,
    pub shape: Shape,
    pub required: bool,
    minors: Minors,
    pub rule: Option<&'static Rule>,
    /// Whether leaving it out, or empty, can be a fault.
    pub demanded: bool,
}

pub(super) struct Type {
    pub name: &'static str,
    body: &'static str,
    fields: OnceLock<Vec<Field>>,
    rule: OnceLock<Option<&'static Rule>>,
}

impl Type {
    /// All fields of all versions, sorted by key.
    pub(super) fn fields(&self) -> &[Field] {
        self.fields.get_or_init(|| {
            let mut fields: Vec<Field> = self.body.lines().filter_map(|line| field(self.name, line)).collect();
            fields.sort_by_key(|field| field.key);
            fields
        })
    }

    /// What is checked of an object of this type as a whole: the rule under the key `*`.
    pub(super) fn rule(&self) -> Option<&'static Rule> {
        *self.rule.get_or_init(|| rules().get(self.name)?.get("*"))
    }

    pub(super) fn field(&self, key: &str, version: KubeMinor) -> Option<&Field> {
        let fields = self.fields();
        let start = fields.partition_point(|field| field.key < key);
        fields[start..].iter().take_while(|field| field.key == key).find(|field| field.minors.has(version))
    }

    /// The versions that have the field at all.
    pub(super) fn versions_of(&self, key: &str) -> Option<Minors> {
        let of_key = self.fields().iter().filter(|field| field.key == key);
        of_key.map(|field| field.minors).reduce(|one, other| Minors(one.0 | other.0))
    }

    pub(super) fn fields_in(&self, version: KubeMinor) -> impl Iterator<Item = &Field> {
        self.fields().iter().filter(move |field| field.minors.has(version))
    }
}

/// A kind in one API version.
pub(super) struct Kind {
    pub api: &'static str,
    pub kind: &'static str,
    pub type_name: &'static str,
    pub namespaced: bool,
    pub minors: Minors,
}

impl Kind {
    pub(super) fn group(&self) -> &'static str {
        self.api.split_once('/').map_or("", |(group, _)| group)
    }
}

pub(super) struct Schema {
    pub types: Vec<Type>,
    by_name: HashMap<&'static str, usize>,
    pub kinds: Vec<Kind>,
}

impl Schema {
    pub(super) fn get() -> &'static Schema {
        static SCHEMA: OnceLock<Schema> = OnceLock::new();
        SCHEMA.get_or_init(Schema::read)
    }

    /// By short name (`core.v1.Pod`) or by the name in the OpenAPI document (`io.k8s.api.core.v1.Pod`).
    pub(super) fn index(&self, name: &str) -> Option<usize> {
        let short = name.strip_prefix("io.k8s.api.").or_else(|| name.strip_prefix("io.k8s.apimachinery.pkg.apis.")).unwrap_or(name);
        self.by_name.get(short).copied()
    }

    fn read() -> Schema {
        let mut types = Vec::with_capacity(512);
        for table in [TYPES, MONITORING] {
            split(table, &mut types);
        }
        let by_name = types.iter().enumerate().map(|(at, found)| (found.name, at)).collect();
        let kinds = KINDS.lines().chain(MONITORING_KINDS).filter(|line| !line.starts_with('#')).filter_map(kind).collect();
        Schema { types, by_name, kinds }
    }
}

const MONITORING_KINDS: [&str; 2] = [
    "monitoring.coreos.com/v1 PrometheusRule monitoring.v1.PrometheusRule namespaced",
    "monitoring.coreos.com/v1 ServiceMonitor monitoring.v1.ServiceMonitor namespaced",
];

/// Finds where each type starts: a line at the margin.
fn split(table: &'static str, types: &mut Vec<Type>) {
    let mut rest = table;
    while !rest.is_empty() {
        let (head, after) = rest.split_once('\n').unwrap_or((rest, ""));
        let end = body_end(after);
        if !head.starts_with('#') && !head.is_empty() {
            types.push(Type { name: head, body: &after[..end], fields: OnceLock::new(), rule: OnceLock::new() });
        }
        rest = &after[end..];
    }
}

/// The end of the lines that start with a space.
fn body_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    while bytes.get(at) == Some(&b' ') {
        at = text[at..].find('\n').map_or(bytes.len(), |line| at + line + 1);
    }
    at
}

fn field(of: &str, line: &'static str) -> Option<Field> {
    let mut words = line.split_ascii_whitespace();
    let (key, shape) = (words.next()?, words.next()?);
    let minors = words.next().map_or(Minors::ALL, Minors::parse);
    let (key, required) = key.strip_suffix('!').map_or((key, false), |key| (key, true));
    let rule = rules().get(of).and_then(|rules| rules.get(key));
    let demanded = required || rule.is_some_and(|rule| rule.filled || rule.nonempty);
    Some(Field { key, shape: shape_of(shape), required, minors, rule, demanded })
}

pub(super) fn shape_of(word: &str) -> Shape {
    if let Some(item) = word.strip_prefix("[]") {
        return Shape::List(Box::new(shape_of(item)));
    }
    if let Some(item) = word.strip_prefix("{}") {
        return Shape::Map(Box::new(shape_of(item)));
    }
    match word {
        "string" => Shape::String,
        "int32" => Shape::Int32,
        "int64" => Shape::Int64,
        "number" => Shape::Number,
        "bool" => Shape::Bool,
        "bytes" => Shape::Bytes,
        "time" => Shape::Time,
        "quantity" => Shape::Quantity,
        "intstr" => Shape::IntOrString,
        // A name that is no type of the tables stays unchecked; a test holds that there is none.
        name => Schema::get().index(name).map_or(Shape::Any, Shape::Object),
    }
}

fn kind(line: &'static str) -> Option<Kind> {
    let mut words = line.split_ascii_whitespace();
    let (api, kind, type_name, scope) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let minors = words.next().map_or(Minors::ALL, Minors::parse);
    Some(Kind { api, kind, type_name, namespaced: scope == "namespaced", minors })
}

type Rules = HashMap<String, HashMap<String, Rule>>;

fn rules() -> &'static Rules {
    static PARSED: OnceLock<Rules> = OnceLock::new();
    PARSED.get_or_init(|| serde_json::from_str(RULES).expect("schemas/kubernetes/rules.json is well-formed, which a test holds"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_in_the_tables_is_a_type() {
        let schema = Schema::get();
        assert!(schema.types.len() > 300);
        for table in [TYPES, MONITORING] {
            for line in table.lines().filter(|line| line.starts_with(' ')) {
                let word = line.split_ascii_whitespace().nth(1).unwrap();
                let name = word.trim_start_matches(['[', ']', '{', '}']);
                assert!(name == "any" || shape_of(name) != Shape::Any, "{line}");
            }
        }
        let written = TYPES.lines().chain(MONITORING.lines()).filter(|line| !line.is_empty() && !line.starts_with([' ', '#'])).count();
        assert_eq!(schema.types.len(), written);
    }

    #[test]
    fn every_rule_names_a_field_and_a_grammar() {
        for (name, fields) in rules() {
            let index = Schema::get().index(name).unwrap_or_else(|| panic!("no type {name}"));
            for (key, rule) in fields {
                let known = key == "*" || Schema::get().types[index].versions_of(key).is_some();
                assert!(known, "{name} has no field {key}");
                if let Some(format) = &rule.format {
                    assert!(super::super::grammar(format, KubeMinor::NEWEST).is_some(), "{name}.{key}: no grammar {format}");
                }
                let keys = rule.one_key_of.iter().all(|key| Schema::get().types[index].versions_of(key).is_some());
                assert!(keys, "{name}: one_key_of names an unknown field");
            }
        }
    }

    #[test]
    fn the_generated_tables_are_as_generated() {
        use sha2::Digest;
        let note: serde_json::Value = serde_json::from_str(include_str!("../../../schemas/kubernetes/provenance.json")).unwrap();
        for (name, table) in [("types.txt", TYPES), ("kinds.txt", KINDS)] {
            let digest: String = sha2::Sha256::digest(table.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(note["files"][name], digest, "{name} was edited by hand");
        }
    }

    #[test]
    fn ranges() {
        let has = |text, minor| Minors::parse(text).has(KubeMinor(minor));
        assert!(has("23-", 23) && !has("23-", 22) && has("-25", 21) && !has("-25", 26) && has("21-22,25-", 25) && !has("21-22,25-", 24));
    }
}
