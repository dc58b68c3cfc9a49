//! The rows of `schemas/diff/impacts.json`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::lookup;
use super::question::Question;
use super::tests::Test;
use crate::diff::change::{Impact, Op};
use crate::diff::pattern::{Pattern, glob};

#[derive(Deserialize)]
struct Table {
    rows: Vec<RawRow>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Paths {
    One(String),
    Several(Vec<String>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct RawRow {
    id: String,
    object: String,
    path: Paths,
    class: Option<String>,
    item: Option<String>,
    op: Option<Vec<Op>>,
    #[serde(default)]
    when: Vec<String>,
    #[serde(default)]
    in_new: bool,
    impact: Impact,
    #[serde(default)]
    not_picked_up: bool,
    consequence: String,
    source: String,
}

/// One fact.
pub struct Row {
    pub id: String,
    pub object: String,
    pub patterns: Vec<Pattern>,
    /// The Ingress class that must own the Ingress.
    pub class: Option<String>,
    /// An attribute inside an annotation that holds a map.
    pub item: Option<String>,
    /// Empty: all.
    pub op: Vec<Op>,
    pub when: Vec<Test>,
    /// Also looked for inside of what is added.
    pub in_new: bool,
    pub impact: Impact,
    pub not_picked_up: bool,
    pub consequence: String,
    pub source: String,
}

pub fn rows() -> &'static [Row] {
    static ROWS: OnceLock<Vec<Row>> = OnceLock::new();
    ROWS.get_or_init(|| {
        let table: Table = serde_json::from_str(include_str!("../../../schemas/diff/impacts.json")).expect("the table is well-formed");
        table.rows.into_iter().map(Row::from).collect()
    })
}

/// The rows that may fit an object of this kind, in their order.
pub fn rows_of(kind: &str) -> &'static [&'static Row] {
    type Fitting = Vec<&'static Row>;
    static BY_KIND: OnceLock<(BTreeMap<&'static str, Fitting>, Fitting)> = OnceLock::new();
    let (by_kind, others) = BY_KIND.get_or_init(|| {
        let fitting = |kind: &str| rows().iter().filter(|row| glob(&row.object, kind)).collect::<Fitting>();
        let by_kind = rows().iter().filter(|row| !row.object.contains('*')).map(|row| row.object.as_str());
        (by_kind.map(|kind| (kind, fitting(kind))).collect(), rows().iter().filter(|row| row.object.contains('*')).collect())
    });
    by_kind.get(kind).unwrap_or(others)
}

impl From<RawRow> for Row {
    fn from(raw: RawRow) -> Row {
        let paths = match raw.path {
            Paths::One(path) => vec![path],
            Paths::Several(paths) => paths,
        };
        Row {
            patterns: paths.iter().map(|p| Pattern::parse(p)).collect(),
            when: raw.when.iter().map(|t| Test::parse(t).expect("the table names known tests")).collect(),
            id: raw.id,
            object: raw.object,
            class: raw.class,
            item: raw.item,
            op: raw.op.unwrap_or_default(),
            in_new: raw.in_new,
            impact: raw.impact,
            not_picked_up: raw.not_picked_up,
            consequence: raw.consequence,
            source: raw.source,
        }
    }
}

impl Row {
    pub fn fits(&self, question: &Question<'_>) -> bool {
        (self.op.is_empty() || self.op.contains(&question.attribute_op())) && self.fits_any_op(question)
    }

    pub fn fits_any_op(&self, question: &Question<'_>) -> bool {
        glob(&self.object, &question.id.kind)
            && self.patterns.iter().any(|p| p.fits(question.path))
            && self.item.as_ref().is_none_or(|item| question.attribute().is_some_and(|have| glob(item, have)))
            && self.class.as_ref().is_none_or(|class| question.holder().and_then(lookup::class) == Some(class.as_str()))
            && self.when.iter().all(|test| test.holds(question))
    }
}
