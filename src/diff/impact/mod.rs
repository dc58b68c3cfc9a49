//! What a difference does, by the table `schemas/diff/impacts.json`: the first row that fits decides, what fits none is in-place.

mod lookup;
mod question;
mod table;
mod tests;

use serde_json::Value;

pub use question::Question;
pub use table::{Row, rows, rows_of};

use super::change::{Impact, Op};
use super::text::{self, Reading};

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verdict {
    pub impact: Impact,
    pub not_picked_up: bool,
    pub consequence: &'static str,
    pub source: &'static str,
}

impl Verdict {
    fn of(row: &'static Row) -> Verdict {
        Verdict { impact: row.impact, not_picked_up: row.not_picked_up, consequence: &row.consequence, source: &row.source }
    }

    fn unknown() -> Verdict {
        Verdict { impact: Impact::InPlace, not_picked_up: false, consequence: "", source: "" }
    }
}

pub fn judge(question: &Question<'_>) -> Verdict {
    let found = annotation_map(question).or_else(|| first(question)).or_else(|| by_parts(question)).unwrap_or_else(Verdict::unknown);
    // A value that the API server turns down is refused whatever else its field would do.
    if found.impact != Impact::Refused && question.op != Op::Remove {
        return invalid_part(question).unwrap_or(found);
    }
    found
}

fn first(question: &Question<'_>) -> Option<Verdict> {
    rows_of(&question.id.kind).iter().find(|row| row.fits(question)).map(|row| Verdict::of(row))
}

/// An annotation that holds a map and comes or goes as a whole: the gravest of its attributes.
fn annotation_map(question: &Question<'_>) -> Option<Verdict> {
    if question.path.len() != 3 || text::reading(&question.id.kind, question.path) != Some(Reading::Map) {
        return None;
    }
    let attributes = |value: Option<&Value>| value.and_then(Value::as_str).and_then(text::attributes).unwrap_or_default();
    let (before, after) = (attributes(question.before), attributes(question.after));
    let mut gravest: Option<Verdict> = None;
    for key in before.keys().chain(after.keys().filter(|key| !before.contains_key(*key))) {
        let (old, new) = (before.get(key).cloned().map(Value::String), after.get(key).cloned().map(Value::String));
        let mut path = question.path.to_vec();
        path.push(key.clone());
        let part = Question { path: &path, before: old.as_ref(), after: new.as_ref(), ..*question };
        keep_gravest(&mut gravest, first(&part)?);
    }
    gravest
}

/// A part that no row names as a whole: the gravest of what it holds.
fn by_parts(question: &Question<'_>) -> Option<Verdict> {
    if question.path.is_empty() {
        return None;
    }
    let mut gravest = None;
    for (path, before, after) in question.parts() {
        let part = Question { path: &path, before, after, ..*question };
        if let Some(verdict) = first(&part).or_else(|| by_parts(&part)) {
            keep_gravest(&mut gravest, verdict);
        }
    }
    gravest
}

/// Looks through what is added for values that no API server takes.
fn invalid_part(question: &Question<'_>) -> Option<Verdict> {
    let new = || rows_of(&question.id.kind).iter().filter(|row| row.in_new && row.fits_any_op(question));
    if !question.path.is_empty()
        && let Some(row) = new().next()
    {
        return Some(Verdict::of(row));
    }
    if question.op != Op::Add {
        return None;
    }
    question.parts().into_iter().find_map(|(path, _, after)| invalid_part(&Question { path: &path, before: None, after, ..*question }))
}

fn keep_gravest(gravest: &mut Option<Verdict>, next: Verdict) {
    if gravest.as_ref().is_none_or(|kept| next.impact > kept.impact) {
        *gravest = Some(next);
    }
}
