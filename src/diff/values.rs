//! Chart values that reach no object: Helm stores the new value and nothing else happens.
//!
//! Values that reach an object show there, so only those that do not are changes of their own, of the kind `Release`.

use serde_json::Value;

use super::identity::ObjectId;
use super::ignore::Ignore;
use super::snapshot::{Origin, Snapshot};
use super::walk::{Raw, Walk};
use crate::source::Pointer;

/// `same_objects`: to the letter, so that no changed value can have reached one, and nothing need be tried.
pub fn unused(deployed: &Snapshot, wanted: &Snapshot, same_objects: bool, ignored: &[Ignore]) -> Vec<(ObjectId, Raw)> {
    let (Some(old), Some(new)) = (&deployed.values, &wanted.values) else { return Vec::new() };
    if old == new {
        return Vec::new();
    }
    let id = ObjectId {
        kind: "Release".to_owned(),
        group: String::new(),
        namespace: Some(wanted.namespace.clone()),
        name: wanted.release.clone(),
    };
    let wrap = |values: &Value| serde_json::json!({ "values": values });
    let (old, new) = (wrap(old), wrap(new));
    let found = Walk { id: &id, old: &old, new: &new, origins: (Origin::Manifest, Origin::Manifest), ignored, found: Vec::new() }.run();
    let reaches = |raw: &Raw| {
        let pointer = raw.path.iter().skip(1).fold(Pointer::root(), |pointer, segment| pointer.join(segment));
        match &wanted.value_matters {
            // What an object that is gone was made of mattered before; what a new one is made of matters now.
            Some(matters) => {
                matters(&new["values"], &pointer, raw.before.as_ref()) || matters(&old["values"], &pointer, raw.after.as_ref())
            }
            // It cannot be tried; a value that may have reached an object is not called unused.
            None => true,
        }
    };
    found.into_iter().filter(|raw| same_objects || !reaches(raw)).map(|raw| (id.clone(), raw)).collect()
}
