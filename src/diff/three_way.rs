//! Three sides: the release (what was deployed), the cluster (what is there now) and the wanted state.
//!
//! Shown is what leads from the cluster to the wanted state; each difference with where it comes from.

use serde_json::Value;

use super::change::{Change, Diff, Op, State};
use super::compare::{Options, compare};
use super::identity::ObjectId;
use super::lists;
use super::snapshot::Snapshot;

/// The sides, each by environment. `wanted` is compared with the cluster, `wanted_chart` (without what gqlgen adds beside the chart) with the release.
pub struct Three<'a> {
    pub release: &'a [Snapshot],
    pub live: &'a [Snapshot],
    pub wanted: &'a [Snapshot],
    pub wanted_chart: &'a [Snapshot],
}

/// A field of an object, whatever stands beside it.
struct Field {
    environment: Option<String>,
    object: ObjectId,
    path: Vec<String>,
}

impl Field {
    fn of(change: &Change, old: &[Snapshot], new: &[Snapshot]) -> Field {
        let side = if change.op == Op::Remove { old } else { new };
        let path: Vec<String> = change.path.segments().collect();
        let holder = side
            .iter()
            .flat_map(|s| s.objects.iter().map(move |o| (o, s)))
            .find(|(o, s)| ObjectId::of(o, &s.namespace).as_ref() == Some(&change.object));
        Field {
            environment: change.environment.clone(),
            object: change.object.clone(),
            path: lists::stable(&change.object.kind, holder.map_or(&Value::Null, |(o, _)| o), &path),
        }
    }

    /// The same field, or one inside the other.
    fn meets(&self, other: &Field) -> bool {
        let shorter = self.path.len().min(other.path.len());
        self.object == other.object && self.environment == other.environment && self.path[..shorter] == other.path[..shorter]
    }
}

pub fn compare_three(three: &Three<'_>, options: &Options) -> Diff {
    let Three { release, live, wanted, wanted_chart } = three;
    let fields = |old: &[Snapshot], new: &[Snapshot]| -> Vec<Field> {
        compare(old, new, options).changes.iter().map(|c| Field::of(c, old, new)).collect()
    };
    let pending = fields(release, wanted_chart);
    let in_release: Vec<ObjectId> = release.iter().flat_map(|s| s.objects.iter().filter_map(|o| ObjectId::of(o, &s.namespace))).collect();
    // What gqlgen adds beside the chart is in the cluster and in no record.
    let drifted: Vec<Field> = fields(release, live).into_iter().filter(|f| in_release.contains(&f.object)).collect();
    let mut diff = compare(live, wanted, options);
    for change in &mut diff.changes {
        let field = Field::of(change, live, wanted);
        let is_pending = pending.iter().any(|f| f.meets(&field));
        let is_drifted = drifted.iter().any(|f| f.meets(&field));
        change.state = match (is_pending, is_drifted, in_release.contains(&change.object)) {
            (true, true, _) => Some(State::Conflict),
            (true, false, _) => Some(State::Pending),
            (false, true, _) => Some(State::Drift),
            // Not the chart's: nobody recorded what was deployed. What is not there at all is still to come.
            (false, false, false) => (change.op == Op::Add && change.path.as_str().is_empty()).then_some(State::Pending),
            (false, false, true) => None,
        };
    }
    diff
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::snapshot::Origin;
    use serde_json::json;

    fn side(replicas: u64, image: &str, level: &str) -> Vec<Snapshot> {
        let mut snapshot = Snapshot::new(None, "shop", "shop");
        snapshot.objects = vec![json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a"}, "spec": {
            "replicas": replicas,
            "template": {"spec": {"containers": [{"name": "g", "image": image, "env": [{"name": "LEVEL", "value": level}]}]}}}})];
        vec![snapshot]
    }

    #[test]
    fn each_field_tells_where_it_comes_from() {
        let release = side(3, "i:1", "INFO");
        let mut live = side(5, "i:1", "TRACE");
        live[0].origin = Origin::Live;
        let wanted = side(3, "i:2", "DEBUG");
        let diff = compare_three(&Three { release: &release, live: &live, wanted: &wanted, wanted_chart: &wanted }, &Options::default());
        let state = |path: &str| diff.changes.iter().find(|c| c.path.as_str().ends_with(path)).and_then(|c| c.state);
        assert_eq!(state("/replicas"), Some(State::Drift));
        assert_eq!(state("/image"), Some(State::Pending));
        assert_eq!(state("/value"), Some(State::Conflict));
        assert_eq!(diff.changes.len(), 3);
    }
}
