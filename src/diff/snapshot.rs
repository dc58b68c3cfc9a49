//! One side of a comparison: the objects of one environment, and what else is known of them.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use super::change::Op;
use super::identity::ObjectId;
use crate::source::Pointer;

/// Where the objects come from, which decides what may stand in them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Origin {
    /// Rendered, from a file or from Helm's record: only what somebody wrote.
    Manifest,
    /// From a cluster: with defaults and with what controllers wrote.
    Live,
}

/// The config's key that feeds a field.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Cause {
    pub file: String,
    /// From 1.
    pub line: u32,
    /// JSON pointer into that file.
    pub path: String,
}

/// Where the fields of a side come from.
pub trait Causes: Send + Sync {
    /// The key that feeds a field of an object; the root pointer stands for the whole object. For what is removed, a key of this side that took it away.
    fn of(&self, id: &ObjectId, path: &Pointer, op: Op) -> Option<Cause>;

    /// The key at a pointer into this side's config, or the value that stands in its parent's place; none where it is gone.
    fn key(&self, path: &str) -> Option<Cause>;

    /// The whole config of this side.
    fn config(&self) -> Value;
}

/// Whether an object that these values give would be another one if one of them (a pointer) were as given (`None`: not given).
pub type ValueMatters = Arc<dyn Fn(&Value, &Pointer, Option<&Value>) -> bool + Send + Sync>;

#[derive(Clone)]
pub struct Snapshot {
    /// `None` where the config has no environments, or where the source does not know.
    pub environment: Option<String>,
    /// The Helm release, for values that reach no object.
    pub release: String,
    /// The release's namespace: that of objects which name none.
    pub namespace: String,
    pub origin: Origin,
    /// The chart's values, with the chart's defaults applied.
    pub values: Option<Value>,
    pub objects: Vec<Value>,
    /// Of a side that was built from a config.
    pub causes: Option<Arc<dyn Causes>>,
    /// Of the wanted side only.
    pub value_matters: Option<ValueMatters>,
}

impl Snapshot {
    pub fn new(environment: Option<String>, release: impl Into<String>, namespace: impl Into<String>) -> Snapshot {
        Snapshot {
            environment,
            release: release.into(),
            namespace: namespace.into(),
            origin: Origin::Manifest,
            values: None,
            objects: Vec::new(),
            causes: None,
            value_matters: None,
        }
    }
}

impl fmt::Debug for Snapshot {
    // Objects and values may hold credentials.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Snapshot({:?}, {}/{}, {} objects)", self.environment, self.namespace, self.release, self.objects.len())
    }
}
