//! What is asked of the table: one difference, with all that a test may look at.

use serde_json::Value;

use crate::diff::change::Op;
use crate::diff::compare::Sides;
use crate::diff::identity::ObjectId;

#[derive(Clone, Copy)]
pub struct Question<'a> {
    pub id: &'a ObjectId,
    pub path: &'a [String],
    pub op: Op,
    pub before: Option<&'a Value>,
    pub after: Option<&'a Value>,
    /// The whole objects.
    pub old: Option<&'a Value>,
    pub new: Option<&'a Value>,
    /// All objects of the environment.
    pub sides: &'a Sides<'a>,
}

/// A path with what stands there before and after.
pub type Part<'a> = (Vec<String>, Option<&'a Value>, Option<&'a Value>);

impl<'a> Question<'a> {
    /// The object by which a class is judged: the old one for what is removed, else the new one.
    pub fn holder(&self) -> Option<&'a Value> {
        if self.attribute_op() == Op::Remove { self.old.or(self.new) } else { self.new.or(self.old) }
    }

    /// Both objects, as far as they are there.
    pub fn both(&self) -> impl Iterator<Item = &'a Value> + use<'a> {
        self.old.into_iter().chain(self.new)
    }

    /// The attribute of an annotation that holds a map.
    pub fn attribute(&self) -> Option<&'a str> {
        match self.path {
            [metadata, annotations, _, attribute] if metadata == "metadata" && annotations == "annotations" => Some(attribute),
            _ => None,
        }
    }

    /// The operation on the attribute, where there is one: an annotation that is added as a whole adds each attribute.
    pub fn attribute_op(&self) -> Op {
        match (self.attribute(), self.before, self.after) {
            (Some(_), None, Some(_)) => Op::Add,
            (Some(_), Some(_), None) => Op::Remove,
            (Some(_), Some(_), Some(_)) => Op::Replace,
            _ => self.op,
        }
    }

    /// The annotation key of the path.
    pub fn annotation(&self) -> Option<&'a str> {
        match self.path {
            [metadata, annotations, key, ..] if metadata == "metadata" && annotations == "annotations" => Some(key),
            _ => None,
        }
    }

    pub fn last(&self) -> &'a str {
        self.path.last().map_or("", String::as_str)
    }

    /// The children of a map or list that is added, removed or replaced as a whole.
    pub fn parts(&self) -> Vec<Part<'a>> {
        let join = |segment: String| {
            let mut path = self.path.to_vec();
            path.push(segment);
            path
        };
        let mut parts = Vec::new();
        match (self.before, self.after) {
            (Some(Value::Object(map)), None) => parts.extend(map.iter().map(|(k, v)| (join(k.clone()), Some(v), None))),
            (None, Some(Value::Object(map))) => parts.extend(map.iter().map(|(k, v)| (join(k.clone()), None, Some(v)))),
            (Some(Value::Array(items)), None) => parts.extend(items.iter().enumerate().map(|(i, v)| (join(i.to_string()), Some(v), None))),
            (None, Some(Value::Array(items))) => parts.extend(items.iter().enumerate().map(|(i, v)| (join(i.to_string()), None, Some(v)))),
            _ => {}
        }
        parts
    }
}
