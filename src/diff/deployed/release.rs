//! Helm 3's own record of a release: a Secret per revision, which holds the user's values and the manifest that was applied.

use std::io::Read as _;

use base64::Engine as _;
use serde_json::{Map, Value};

use super::cluster::{Answer, Cluster};
use super::{Fault, Material, files};

/// The newest deployed revision.
#[derive(Clone)]
pub struct Record {
    pub revision: u64,
    pub chart_version: String,
    /// The user's values over the chart's defaults, as templates saw them.
    pub values: Value,
    pub objects: Vec<Value>,
    /// A later revision that is not deployed: its number and status.
    pub later: Option<(u64, String)>,
}

/// A record unpacks to this at most, in bytes.
const LARGEST: u64 = 64 << 20;

/// `None` where no revision of the release is deployed in the namespace.
///
/// # Errors
/// Where the cluster cannot be asked, or the record is of a form that this version does not know.
pub fn read(cluster: &Cluster, namespace: &str, release: &str) -> Result<Option<Record>, Fault> {
    let labels = format!("owner=helm,name={release}");
    let secrets = match cluster.list("v1", "Secret", Some(namespace), &labels)? {
        Answer::Found(secrets) => secrets,
        Answer::Forbidden => {
            return Err(Fault::new(format!("no right to list Secrets in namespace {namespace}, where Helm keeps its record"))
                .help(super::live::rbac(namespace, &[(String::new(), "secrets".to_owned())], &["get", "list"])));
        }
        _ => Vec::new(),
    };
    newest(&secrets)
}

fn newest(secrets: &[Value]) -> Result<Option<Record>, Fault> {
    let label = |secret: &Value, name: &str| secret.pointer(&format!("/metadata/labels/{name}")).and_then(Value::as_str).map(str::to_owned);
    let mut revisions: Vec<(u64, String, &Value)> =
        secrets.iter().filter_map(|s| Some((label(s, "version")?.parse().ok()?, label(s, "status")?, s))).collect();
    revisions.sort_by_key(|(revision, _, _)| *revision);
    let Some(at) = revisions.iter().rposition(|(_, status, _)| status == "deployed") else { return Ok(None) };
    let (revision, _, secret) = &revisions[at];
    let data = secret.pointer("/data/release").and_then(Value::as_str).unwrap_or_default();
    let record = decode(data).ok_or_else(|| Fault::new(format!("Helm's record of revision {revision} cannot be read")))?;
    let text = |pointer: &str| record.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let objects = match files::parse("the release's manifest", text("/manifest").as_bytes())? {
        Material::Objects(found) => found.objects,
        _ => Vec::new(),
    };
    let map = |pointer: &str| record.pointer(pointer).and_then(Value::as_object).cloned().unwrap_or_default();
    Ok(Some(Record {
        revision: *revision,
        chart_version: text("/chart/metadata/version").to_owned(),
        values: Value::Object(overlay(&map("/chart/values"), &map("/config"))),
        objects,
        later: revisions.get(at + 1..).and_then(<[_]>::last).map(|(revision, status, _)| (*revision, status.clone())),
    }))
}

/// Base64 of the Secret, base64 of Helm, gzip (not in records of old versions), JSON.
fn decode(data: &str) -> Option<Value> {
    let standard = base64::engine::general_purpose::STANDARD;
    let packed = standard.decode(standard.decode(data).ok()?).ok()?;
    if !packed.starts_with(&[0x1f, 0x8b, 0x08]) {
        return serde_json::from_slice(&packed).ok();
    }
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(packed.as_slice()).take(LARGEST).read_to_end(&mut plain).ok()?;
    serde_json::from_slice(&plain).ok()
}

/// Helm's merge: maps deeply, `null` takes a default away.
fn overlay(base: &Map<String, Value>, over: &Map<String, Value>) -> Map<String, Value> {
    let mut merged = base.clone();
    for (key, value) in over {
        match (merged.get(key), value) {
            (_, Value::Null) => {
                merged.shift_remove(key);
            }
            (Some(Value::Object(below)), Value::Object(above)) => {
                let both = overlay(below, above);
                merged.insert(key.clone(), Value::Object(both));
            }
            _ => {
                merged.insert(key.clone(), value.clone());
            }
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::io::Write as _;

    fn secret(version: u64, status: &str, record: &Value, packed: bool) -> Value {
        let standard = base64::engine::general_purpose::STANDARD;
        let bytes = record.to_string().into_bytes();
        let bytes = if packed {
            let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
            writer.write_all(&bytes).unwrap();
            writer.finish().unwrap()
        } else {
            bytes
        };
        json!({
            "metadata": {"labels": {"owner": "helm", "version": version.to_string(), "status": status}},
            "data": {"release": standard.encode(standard.encode(bytes))},
        })
    }

    #[test]
    fn the_newest_deployed_revision_counts() {
        let record = |replicas: u64| {
            json!({
                "chart": {"metadata": {"version": "1.3.4"}, "values": {"replicaCount": 1, "image": {"tag": "a", "pullPolicy": "Always"}}},
                "config": {"replicaCount": replicas, "image": {"tag": "b", "pullPolicy": null}},
                "manifest": "---\n# Source: a/templates/b.yaml\napiVersion: v1\nkind: Service\nmetadata: {name: a}\n",
            })
        };
        let secrets = [
            secret(10, "deployed", &record(10), true),
            secret(9, "superseded", &record(9), true),
            secret(11, "failed", &record(11), true),
            secret(2, "deployed", &record(2), false),
        ];
        let found = newest(&secrets).unwrap().unwrap();
        assert_eq!((found.revision, found.objects.len(), found.chart_version.as_str()), (10, 1, "1.3.4"));
        assert_eq!(found.values, json!({"replicaCount": 10, "image": {"tag": "b"}}));
        assert_eq!(found.later, Some((11, "failed".to_owned())));
        assert_eq!(newest(&secrets[3..]).unwrap().unwrap().values["replicaCount"], 2);
        assert!(newest(&[secret(1, "failed", &record(1), true)]).unwrap().is_none());
        assert!(newest(&[json!({"metadata": {"labels": {"version": "1", "status": "deployed"}}, "data": {"release": "%"}})]).is_err());
    }
}
