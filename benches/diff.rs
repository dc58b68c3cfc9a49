//! How long a comparison of 1,000 objects takes, each with one change, with 20, and with none: `cargo bench --bench diff`.

use std::time::Instant;

use gqlgen::diff::{Options, Snapshot, compare};
use serde_json::{Value, json};

/// `variables` is what the environment's values are multiplied with.
fn side(replicas: u64, variables: u64) -> Vec<Snapshot> {
    let object = |i: usize| -> Value {
        let env: Vec<Value> = (0..20).map(|n| json!({"name": format!("V{n}"), "value": format!("{}", n as u64 * variables)})).collect();
        json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": format!("d{i}"), "labels": {"a": "b"}}, "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": {"a": "b"}},
            "template": {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "g", "image": "i:1", "env": env, "resources": {"limits": {"cpu": "1000m"}}}]}}}})
    };
    let mut snapshot = Snapshot::new(None, "shop", "shop");
    snapshot.objects = (0..1000).map(object).collect();
    vec![snapshot]
}

/// The number of changes and the best of ten times, in milliseconds.
fn best(old: &[Snapshot], new: &[Snapshot]) -> (usize, f64) {
    let mut best = f64::MAX;
    let mut changes = 0;
    for _ in 0..10 {
        let start = Instant::now();
        changes = compare(old, new, &Options::default()).changes.len();
        best = best.min(start.elapsed().as_secs_f64());
    }
    (changes, best * 1e3)
}

fn main() {
    let old = side(3, 3);
    for (what, new) in [("one change each", side(2, 3)), ("20 changes each", side(2, 2)), ("none", side(3, 3))] {
        let (changes, time) = best(&old, &new);
        println!("1,000 objects, {what}: {changes} changes in {time:.1} ms");
    }
}
