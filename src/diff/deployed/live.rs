//! The cluster's objects, and what the wanted ones would be there.
//!
//! For each wanted object the API server is asked what a patch to it would give, as a dry run: then defaults and converted fields are on both
//! sides and no difference. Without the right to patch, the wanted object stands as it is and the tables of defaults have to do.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::Fault;
use super::cluster::{Answer, Cluster};
use crate::diff::identity::{self, ObjectId};
use crate::diff::noise::{self, Side};
use crate::diff::snapshot::{Origin, Snapshot};

/// Both sides of one environment, and what could not be compared.
#[derive(Debug)]
pub struct Live {
    pub deployed: Snapshot,
    /// The wanted side as the API server would make it.
    pub wanted: Snapshot,
    pub notes: Vec<String>,
    /// The Role that is missing.
    pub rbac: Option<String>,
}

/// Kinds in which objects of the release are looked for that are not wanted any more.
const KINDS: [(&str, &str); 9] = [
    ("apps/v1", "Deployment"),
    ("v1", "Service"),
    ("networking.k8s.io/v1", "Ingress"),
    ("v1", "ConfigMap"),
    ("v1", "Secret"),
    ("v1", "ServiceAccount"),
    ("autoscaling/v2", "HorizontalPodAutoscaler"),
    ("policy/v1", "PodDisruptionBudget"),
    ("batch/v1", "Job"),
];

/// # Errors
/// Where the cluster does not answer, or nothing may be read in it.
pub fn read(cluster: &Cluster, wanted: &Snapshot) -> Result<Live, Fault> {
    let mut reader =
        Reader { cluster, deployed: Vec::new(), wanted: Vec::new(), notes: BTreeSet::new(), lacking: BTreeMap::new(), read: 0 };
    let mut known = BTreeSet::new();
    for object in &wanted.objects {
        let Some(id) = ObjectId::of(object, &wanted.namespace) else { continue };
        reader.object(&id, object)?;
        known.insert(id);
    }
    if reader.read == 0 && !reader.lacking.is_empty() {
        return Err(Fault::new(format!("no right to read the release's objects in namespace {}", wanted.namespace))
            .help(reader.role(&wanted.namespace)));
    }
    reader.leftovers(wanted, &known)?;
    let rbac = (!reader.lacking.is_empty()).then(|| reader.role(&wanted.namespace));
    let mut deployed = Snapshot::new(wanted.environment.clone(), wanted.release.clone(), wanted.namespace.clone());
    deployed.origin = Origin::Live;
    deployed.objects = reader.deployed;
    let wanted = Snapshot { objects: reader.wanted, ..wanted.clone() };
    Ok(Live { deployed, wanted, notes: reader.notes.into_iter().collect(), rbac })
}

struct Reader<'a> {
    cluster: &'a Cluster,
    deployed: Vec<Value>,
    wanted: Vec<Value>,
    notes: BTreeSet<String>,
    /// Group and plural -> verbs that are missing.
    lacking: BTreeMap<(String, String), BTreeSet<&'static str>>,
    /// How many objects could be asked for.
    read: usize,
}

impl Reader<'_> {
    fn object(&mut self, id: &ObjectId, object: &Value) -> Result<(), Fault> {
        let api_version = identity::api_version(object);
        let namespace = id.namespace.as_deref();
        match self.cluster.get(api_version, &id.kind, namespace, &id.name)? {
            Answer::Found(live) => {
                self.read += 1;
                let patch = patch(id, &live, object);
                let result = match self.cluster.dry_run(api_version, &id.kind, namespace, &id.name, &patch)? {
                    Answer::Found(mut result) => {
                        drop_allotted(id, &mut Vec::new(), &mut result, Some(object));
                        result
                    }
                    Answer::Forbidden => {
                        self.lack(api_version, &id.kind, "patch")?;
                        self.notes.insert("no right to patch some kinds, so defaults are told by tables and not by the server".to_owned());
                        object.clone()
                    }
                    Answer::Refused(words) => {
                        self.notes.insert(refusal(id, &words));
                        object.clone()
                    }
                    Answer::Missing | Answer::NotServed => object.clone(),
                };
                self.deployed.push(live);
                self.wanted.push(result);
            }
            Answer::Missing => {
                self.read += 1;
                self.wanted.push(object.clone());
            }
            Answer::NotServed => {
                self.notes.insert(format!("not compared: {} (the cluster does not serve {api_version})", id.kind));
            }
            Answer::Forbidden => {
                self.lack(api_version, &id.kind, "get")?;
                self.notes.insert(format!("not compared: {} (no right to get it)", id.kind));
            }
            Answer::Refused(words) => {
                self.notes.insert(refusal(id, &words));
            }
        }
        Ok(())
    }

    /// Objects of the release in the cluster that are not wanted.
    fn leftovers(&mut self, wanted: &Snapshot, known: &BTreeSet<ObjectId>) -> Result<(), Fault> {
        let labels = format!("app.kubernetes.io/instance={}", wanted.release);
        let mut kinds: BTreeSet<(String, String)> = KINDS.iter().map(|(v, k)| ((*v).to_owned(), (*k).to_owned())).collect();
        for object in &wanted.objects {
            let kind = object.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned();
            if !kinds.iter().any(|(_, known)| *known == kind) {
                kinds.insert((identity::api_version(object).to_owned(), kind));
            }
        }
        for (api_version, kind) in kinds {
            match self.cluster.list(&api_version, &kind, Some(&wanted.namespace), &labels)? {
                Answer::Found(found) => self.deployed.extend(found.into_iter().filter(|o| {
                    let owned = o.pointer("/metadata/ownerReferences").is_some();
                    !owned && ObjectId::of(o, &wanted.namespace).is_some_and(|id| !known.contains(&id))
                })),
                Answer::Forbidden => {
                    self.lack(&api_version, &kind, "list")?;
                    self.notes.insert(format!("not looked for: {kind} objects that are no longer wanted (no right to list them)"));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn lack(&mut self, api_version: &str, kind: &str, verb: &'static str) -> Result<(), Fault> {
        let group = api_version.split_once('/').map_or("", |(group, _)| group).to_owned();
        let plural = self.cluster.resource(api_version, kind)?.map_or_else(|| kind.to_lowercase(), |(resource, _)| resource.plural);
        self.lacking.entry((group, plural)).or_default().insert(verb);
        Ok(())
    }

    fn role(&self, namespace: &str) -> String {
        let resources: Vec<(String, String)> = self.lacking.keys().cloned().collect();
        rbac(namespace, &resources, &["get", "list", "patch"])
    }
}

/// The Role that such a reading needs. `patch` is used for dry runs only, but Kubernetes knows no right for these alone.
pub fn rbac(namespace: &str, resources: &[(String, String)], verbs: &[&str]) -> String {
    let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (group, plural) in resources {
        groups.entry(group).or_default().push(plural);
    }
    let mut text = format!(
        "grant a Role such as\napiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {{ name: gqlgen-diff, namespace: {namespace} }}\nrules:\n"
    );
    for (group, plurals) in groups {
        let _ = writeln!(text, "- {{ apiGroups: [\"{group}\"], resources: [{}], verbs: [{}] }}", plurals.join(", "), verbs.join(", "));
    }
    text
}

/// The server's words, but for a Secret, of which they may quote a value.
fn refusal(id: &ObjectId, words: &str) -> String {
    match id.kind.as_str() {
        "Secret" => format!("the API server would refuse {id}"),
        _ => format!("the API server would refuse {id}: {}", crate::redact::mask_text(words)),
    }
}

/// A merge patch that makes of `live` what `wanted` gives: with a null for each field that only the cluster has, so that the server fills in its default.
/// What controllers write, and what the server allots for good, is left alone.
fn patch(id: &ObjectId, live: &Value, wanted: &Value) -> Value {
    let mut found = Map::new();
    let empty = Map::new();
    let (live, wanted) = (live.as_object().unwrap_or(&empty), wanted.as_object().unwrap_or(&empty));
    for (key, value) in wanted.iter().filter(|(key, _)| !matches!(key.as_str(), "apiVersion" | "kind" | "status")) {
        let below = patch_of(id, &mut vec![key.clone()], live.get(key), Some(value), &managers(live));
        found.extend(below.map(|below| (key.clone(), below)));
    }
    for (key, value) in live.iter().filter(|(key, _)| !wanted.contains_key(*key)) {
        let below = patch_of(id, &mut vec![key.clone()], Some(value), None, &managers(live));
        found.extend(below.map(|below| (key.clone(), below)));
    }
    Value::Object(found)
}

fn patch_of(id: &ObjectId, path: &mut Vec<String>, live: Option<&Value>, wanted: Option<&Value>, writers: &Writers) -> Option<Value> {
    let wanted = wanted.filter(|v| !v.is_null());
    if live == wanted
        || noise::is_noise(&id.kind, path, Side::Always)
        || path.as_slice() == ["metadata", "name"]
        || path.as_slice() == ["metadata", "namespace"]
    {
        return None;
    }
    match (live, wanted) {
        (Some(Value::Object(a)), Some(Value::Object(b))) => {
            let mut found = Map::new();
            for key in b.keys().chain(a.keys().filter(|key| !b.contains_key(*key))) {
                path.push(key.clone());
                let below = patch_of(id, path, a.get(key), b.get(key), writers);
                path.pop();
                found.extend(below.map(|below| (key.clone(), below)));
            }
            (!found.is_empty()).then_some(Value::Object(found))
        }
        // A map that only the cluster has may hold what others wrote: its entries go one by one.
        (Some(Value::Object(a)), None) if path.len() == 2 && path[0] == "metadata" => {
            patch_of(id, path, Some(&Value::Object(a.clone())), Some(&Value::Object(Map::new())), writers)
        }
        (Some(_), None) => {
            let kept =
                noise::is_noise(&id.kind, path, Side::Live) || writers.is_controllers(path) || path[0] == "metadata" && path.len() < 3;
            (!kept).then_some(Value::Null)
        }
        (_, Some(value)) => Some(value.clone()),
        (None, None) => None,
    }
}

/// Takes out of a dry run's result what the server allotted for that one answer, such as a node port: the next would be another.
fn drop_allotted(id: &ObjectId, path: &mut Vec<String>, result: &mut Value, wanted: Option<&Value>) {
    match result {
        Value::Object(map) => map.retain(|key, value| {
            let given = wanted.and_then(|w| w.get(key));
            path.push(key.clone());
            let kept = given.is_some() || !noise::is_noise(&id.kind, path, Side::Live);
            if kept {
                drop_allotted(id, path, value, given);
            }
            path.pop();
            kept
        }),
        Value::Array(items) => {
            for (index, value) in items.iter_mut().enumerate() {
                path.push(index.to_string());
                drop_allotted(id, path, value, wanted.and_then(|w| w.get(index)));
                path.pop();
            }
        }
        _ => {}
    }
}

/// Who wrote which label and annotation, by the object's managed fields.
struct Writers(BTreeMap<(String, String), String>);

/// Managers that stand for people and deployments; all others are controllers.
const PEOPLE: [&str; 9] = ["kubectl", "helm", "gqlgen", "argocd", "flux", "kustomize-controller", "terraform", "k9s", "Mozilla"];

fn managers(live: &Map<String, Value>) -> Writers {
    let mut found = BTreeMap::new();
    let entries = live.get("metadata").and_then(|m| m.get("managedFields")).and_then(Value::as_array);
    for entry in entries.into_iter().flatten() {
        let manager = entry.get("manager").and_then(Value::as_str).unwrap_or_default();
        for field in ["labels", "annotations"] {
            let keys = entry.pointer(&format!("/fieldsV1/f:metadata/f:{field}")).and_then(Value::as_object);
            for key in keys.into_iter().flatten().filter_map(|(key, _)| key.strip_prefix("f:")) {
                found.insert((field.to_owned(), key.to_owned()), manager.to_owned());
            }
        }
    }
    Writers(found)
}

impl Writers {
    fn is_controllers(&self, path: &[String]) -> bool {
        let [metadata, field, key] = path else { return false };
        let writer = self.0.get(&(field.clone(), key.clone()));
        metadata == "metadata" && writer.is_some_and(|writer| !PEOPLE.iter().any(|people| writer.starts_with(people)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_allotted_in_a_dry_run_is_dropped() {
        let wanted =
            json!({"kind": "Service", "metadata": {"name": "a"}, "spec": {"ports": [{"port": 80}, {"port": 81, "nodePort": 30001}]}});
        let mut result = wanted.clone();
        result["spec"]["ports"][0]["nodePort"] = json!(31234);
        result["spec"]["clusterIP"] = json!("10.0.0.9");
        let id = ObjectId::of(&wanted, "shop").unwrap();
        drop_allotted(&id, &mut Vec::new(), &mut result, Some(&wanted));
        assert_eq!(result, wanted);
    }

    #[test]
    fn a_patch_takes_back_what_only_the_cluster_has() {
        let live = json!({
            "metadata": {"name": "a", "uid": "1", "annotations": {"by-hand": "1", "by-controller": "2"},
                "managedFields": [{"manager": "kubectl-edit", "fieldsV1": {"f:metadata": {"f:annotations": {"f:by-hand": {}}}}},
                    {"manager": "some-operator", "fieldsV1": {"f:metadata": {"f:annotations": {"f:by-controller": {}}}}}]},
            "spec": {"replicas": 5, "paused": true, "clusterIP": "10.0.0.1"},
            "status": {},
        });
        let wanted = json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a"}, "spec": {"replicas": 3}});
        let id = ObjectId::of(&wanted, "shop").unwrap();
        assert_eq!(
            patch(&id, &live, &wanted),
            json!({"metadata": {"annotations": {"by-hand": null}}, "spec": {"replicas": 3, "paused": null}})
        );
    }
}
