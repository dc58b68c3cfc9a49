//! What is deployed, kept in a file for runs without rights in the cluster (`--snapshot`).
//!
//! No credential is written: in its place stands a salted hash, by which a changed one is still told.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher as _};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::Fault;
use crate::diff::snapshot::{Origin, Snapshot};
use crate::redact::is_secret_key;

/// The key by which such a file is known.
pub const KEY: &str = "gqlgenSnapshot";

const PREFIX: &str = "gqlgen:sha256:";

/// One or both sides of what was deployed.
#[derive(Clone, Default)]
pub struct Saved {
    /// Seconds since 1970.
    pub taken: u64,
    pub release: Option<Vec<Snapshot>>,
    pub live: Option<Vec<Snapshot>>,
}

impl Saved {
    /// The file's text. `now` is when it was read from the cluster.
    pub fn to_text(&self, now: SystemTime) -> String {
        let salt = salt();
        let side =
            |snapshots: &Option<Vec<Snapshot>>| snapshots.as_ref().map(|all| all.iter().map(|s| sealed(s, &salt)).collect::<Vec<_>>());
        let value = json!({
            KEY: 1,
            "taken": now.duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs()),
            "release": side(&self.release),
            "live": side(&self.live),
        });
        let mut text = serde_json::to_string_pretty(&value).expect("a JSON value can be written");
        text.push('\n');
        text
    }

    /// # Errors
    /// Where the file is of another version or form.
    pub fn from_value(name: &str, value: &Value) -> Result<Saved, Fault> {
        if value.get(KEY) != Some(&json!(1)) {
            return Err(Fault::new(format!("{name} is a snapshot of another version of gqlgen")).help("take it anew"));
        }
        let side =
            |key: &str, origin: Origin| value.get(key).and_then(Value::as_array).map(|all| all.iter().map(|s| opened(s, origin)).collect());
        Ok(Saved {
            taken: value.get("taken").and_then(Value::as_u64).unwrap_or(0),
            release: side("release", Origin::Manifest),
            live: side("live", Origin::Live),
        })
    }

    /// `3 hours`, `2 days`: how old it is.
    pub fn age(&self, now: SystemTime) -> String {
        let taken = UNIX_EPOCH + Duration::from_secs(self.taken);
        let seconds = now.duration_since(taken).map_or(0, |d| d.as_secs());
        let (count, unit) = match seconds {
            0..120 => (seconds, "second"),
            120..7_200 => (seconds / 60, "minute"),
            7_200..172_800 => (seconds / 3600, "hour"),
            _ => (seconds / 86_400, "day"),
        };
        format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
    }
}

fn sealed(snapshot: &Snapshot, salt: &str) -> Value {
    json!({
        "environment": snapshot.environment,
        "release": snapshot.release,
        "namespace": snapshot.namespace,
        "values": snapshot.values.as_ref().map(|v| seal(v, salt, false)),
        "objects": snapshot.objects.iter().map(|o| seal(o, salt, false)).collect::<Vec<_>>(),
    })
}

fn opened(value: &Value, origin: Origin) -> Snapshot {
    let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let mut snapshot = Snapshot::new(text("environment"), text("release").unwrap_or_default(), text("namespace").unwrap_or_default());
    snapshot.origin = origin;
    snapshot.values = value.get("values").filter(|v| !v.is_null()).cloned();
    snapshot.objects = value.get("objects").and_then(Value::as_array).cloned().unwrap_or_default();
    snapshot
}

/// A copy with hashes in the place of credentials; what only notes the same again (managed fields, applied texts) is left out.
fn seal(value: &Value, salt: &str, hidden: bool) -> Value {
    match value {
        Value::Object(map) => Value::Object(seal_map(map, salt, hidden)),
        Value::Array(items) => Value::Array(items.iter().map(|item| seal(item, salt, hidden)).collect()),
        Value::String(text) if hidden || crate::redact::mask_text(text) != *text => Value::String(hash(text, salt)),
        Value::Number(_) | Value::Bool(_) if hidden => Value::String(hash(&value.to_string(), salt)),
        other => other.clone(),
    }
}

fn seal_map(map: &Map<String, Value>, salt: &str, hidden: bool) -> Map<String, Value> {
    let is_secret = map.get("kind").and_then(Value::as_str) == Some("Secret");
    let is_variable = map.get("name").and_then(Value::as_str).is_some_and(is_secret_key);
    let kept = map.iter().filter(|(key, _)| *key != "managedFields" && *key != "kubectl.kubernetes.io/last-applied-configuration");
    kept.map(|(key, value)| {
        let data = is_secret && matches!(key.as_str(), "data" | "stringData");
        let named = is_secret_key(key) && !value.is_object();
        (key.clone(), seal(value, salt, hidden || data || named || is_variable && key == "value"))
    })
    .collect()
}

fn salt() -> String {
    // Seeded by the operating system; two of them make 128 bits.
    let half = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", half(), half())
}

fn hash(text: &str, salt: &str) -> String {
    let digest = Sha256::new().chain_update(salt).chain_update(text).finalize();
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{PREFIX}{salt}:{hex}")
}

/// Whether one of the values is a hash, and of the other one; `None` where neither is a hash.
pub fn same_hash(a: &str, b: &str) -> Option<bool> {
    let salt = |text: &str| text.strip_prefix(PREFIX).and_then(|rest| rest.split_once(':')).map(|(salt, _)| salt.to_owned());
    match (salt(a), salt(b)) {
        (None, None) => None,
        (Some(salt), None) => Some(hash(b, &salt) == a),
        (None, Some(salt)) => Some(hash(a, &salt) == b),
        (Some(_), Some(_)) => Some(a == b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_holds_no_credential_and_tells_changes() {
        let mut snapshot = Snapshot::new(Some("prod".into()), "shop", "shop");
        let secret = json!({"kind": "Secret", "metadata": {"name": "a"}, "data": {"db-password": "cGxhbnRlZC1vc3ByZXktNTg="}});
        snapshot.objects = vec![secret, json!({"env": [{"name": "DB_PASSWORD", "value": "planted-osprey-58"}]})];
        snapshot.values = Some(json!({"password": "planted-osprey-58", "replicaCount": 3}));
        let saved = Saved { taken: 0, release: None, live: Some(vec![snapshot]) };
        let text = saved.to_text(UNIX_EPOCH + Duration::from_secs(100));
        assert!(!text.contains("planted") && !text.contains("cGxhbnRlZC1vc3ByZXktNTg="), "{text}");
        let read = Saved::from_value("x", &serde_json::from_str(&text).unwrap()).unwrap();
        assert_eq!(read.age(UNIX_EPOCH + Duration::from_secs(100 + 7_300)), "2 hours");
        let live = &read.live.as_ref().unwrap()[0];
        let sealed = live.objects[0].pointer("/data/db-password").unwrap().as_str().unwrap();
        assert_eq!(same_hash(sealed, "cGxhbnRlZC1vc3ByZXktNTg="), Some(true));
        assert_eq!(same_hash(sealed, "b3RoZXI="), Some(false));
        assert_eq!(same_hash("a", "a"), None);
        assert_eq!(live.values.as_ref().unwrap()["replicaCount"], 3);
    }
}
