//! How long a comparison of 1,000 objects takes, each with a change: `cargo bench --bench diff`.

use std::time::Instant;

use gqlgen::diff::{Options, Snapshot, compare};
use serde_json::{Value, json};

fn side(replicas: u64) -> Vec<Snapshot> {
    let object = |i: usize| -> Value {
        let env: Vec<Value> = (0..20).map(|n| json!({"name": format!("V{n}"), "value": format!("{}", n as u64 * replicas)})).collect();
        json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": format!("d{i}"), "labels": {"a": "b"}}, "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": {"a": "b"}},
            "template": {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "g", "image": "i:1", "env": env, "resources": {"limits": {"cpu": "1000m"}}}]}}}})
    };
    let mut snapshot = Snapshot::new(None, "shop", "shop");
    snapshot.objects = (0..1000).map(object).collect();
    vec![snapshot]
}

fn main() {
    let (old, new) = (side(3), side(2));
    let mut best = f64::MAX;
    let mut changes = 0;
    for _ in 0..10 {
        let start = Instant::now();
        changes = compare(&old, &new, &Options::default()).changes.len();
        best = best.min(start.elapsed().as_secs_f64());
    }
    let start = Instant::now();
    let none = compare(&old, &old, &Options::default()).changes.len();
    println!("1,000 objects: {changes} changes in {:.1} ms, {none} in {:.1} ms", best * 1e3, start.elapsed().as_secs_f64() * 1e3);
}
