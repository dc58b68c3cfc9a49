//! The Job that runs the Schema Loader in the cluster, with the ConfigMap of its files.
//!
//! A Job cannot be changed, so its name carries a hash of its content: a changed run is a new Job beside the old one. It has no time to
//! live after it has ended: it stays as the record of what was loaded, and what is wanted does not differ from what is there.
//! It goes where the servers' tolerations let it, but does not ask for their nodes.

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::{LOGIN, Login, PROPERTIES, Run, SCHEMA, arguments};
use crate::output;

const FILES: &str = "/schema-loader";
const MEMORY: &str = "/schema-loader-login";
/// Longest name whose value fits the label that the Job gives its pods.
const NAME_LIMIT: usize = 63;
const HASH_DIGITS: usize = 10;

/// ConfigMap and Job, in the order of their creation.
pub fn objects(run: &Run<'_>) -> Vec<Value> {
    let name = format!("{}{}", stem(&run.deployment.release), hash(&[config_map(run, ""), job(run, "")]));
    vec![config_map(run, &name), job(run, &name)]
}

fn stem(release: &str) -> String {
    const TAIL: &str = "-schema-loader-";
    let cut: String = release.chars().take(NAME_LIMIT - TAIL.len() - HASH_DIGITS).collect();
    format!("{}{TAIL}", cut.trim_end_matches(['-', '.']))
}

fn hash(content: &[Value]) -> String {
    let mut hasher = Sha256::new();
    for value in content {
        hasher.update(value.to_string());
    }
    hasher.finalize().iter().take(HASH_DIGITS / 2).map(|byte| format!("{byte:02x}")).collect()
}

fn labels(run: &Run<'_>) -> Value {
    json!({
        "app.kubernetes.io/name": "scalardb-schema-loader",
        "app.kubernetes.io/instance": run.deployment.release,
        "app.kubernetes.io/version": run.deployment.version.to_string(),
        "app.kubernetes.io/managed-by": "gqlgen",
    })
}

fn metadata(run: &Run<'_>, name: &str) -> Value {
    json!({ "name": name, "namespace": run.deployment.namespace, "labels": labels(run) })
}

fn config_map(run: &Run<'_>, name: &str) -> Value {
    // Without the header: the name of the config file is no reason for another Job.
    let mut data = Map::from_iter([(PROPERTIES.to_owned(), Value::from(output::properties::write(None, &run.lines)))]);
    if let Some(schema) = &run.schema {
        data.insert(SCHEMA.to_owned(), Value::from(schema.clone()));
    }
    json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata(run, name), "data": data })
}

fn job(run: &Run<'_>, name: &str) -> Value {
    json!({
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": metadata(run, name),
        "spec": {
            // What is not there yet when the Job is made (the Secret, the database) may come; a wrong schema does not.
            "backoffLimit": 3,
            "activeDeadlineSeconds": 3600,
            "template": { "metadata": { "labels": labels(run) }, "spec": pod(run, name) },
        },
    })
}

fn pod(run: &Run<'_>, config_map: &str) -> Value {
    let deployment = run.deployment;
    let mut pod = Map::new();
    let mut volumes = vec![json!({ "name": "files", "configMap": { "name": config_map } })];
    let mut mounts = vec![json!({ "name": "files", "mountPath": FILES, "readOnly": true })];
    pod.insert("restartPolicy".into(), "Never".into());
    pod.insert("automountServiceAccountToken".into(), false.into());
    let pull_secrets = deployment.image.effective_pull_secrets();
    if !pull_secrets.is_empty() {
        pod.insert("imagePullSecrets".into(), pull_secrets.iter().map(|name| json!({ "name": name })).collect());
    }
    if let Some(context) = &deployment.security.pod {
        pod.insert("securityContext".into(), context.clone());
    }
    let mut tolerations: Vec<Value> = Vec::new();
    if let Some((key, value)) = deployment.nodes.dedicated_taint() {
        tolerations.push(json!({ "effect": "NoSchedule", "key": key, "operator": "Equal", "value": value }));
    }
    tolerations.extend(deployment.nodes.tolerations.iter().filter(|t| !tolerations.contains(t)).cloned().collect::<Vec<_>>());
    if !tolerations.is_empty() {
        pod.insert("tolerations".into(), tolerations.into());
    }
    if scratch(run) {
        // The Java VM writes to /tmp, which a read-only root file system would refuse.
        volumes.push(json!({ "name": "tmp", "emptyDir": {} }));
        mounts.push(json!({ "name": "tmp", "mountPath": "/tmp" }));
    }
    let mut properties = format!("{FILES}/{PROPERTIES}");
    let mut variables = variables(run);
    if let Login::Lines(_) = run.login {
        volumes.push(json!({ "name": "login", "emptyDir": { "medium": "Memory", "sizeLimit": "1Mi" } }));
        let mut writing = mounts.clone();
        writing.push(json!({ "name": "login", "mountPath": MEMORY }));
        let mut writer = container(run, "login", writing);
        writer.insert("command".into(), json!(["/bin/sh", "-c", login_script(&properties)]));
        writer.insert("env".into(), std::mem::take(&mut variables).into());
        pod.insert("initContainers".into(), json!([writer]));
        mounts.push(json!({ "name": "login", "mountPath": MEMORY, "readOnly": true }));
        properties = format!("{MEMORY}/{PROPERTIES}");
    }
    let mut loader = container(run, "schema-loader", mounts);
    loader.insert("args".into(), arguments::of(run, &properties, &format!("{FILES}/{SCHEMA}")).into());
    if !variables.is_empty() {
        loader.insert("env".into(), variables.into());
    }
    pod.insert("containers".into(), json!([loader]));
    pod.insert("volumes".into(), volumes.into());
    Value::Object(pod)
}

fn container(run: &Run<'_>, name: &str, mounts: Vec<Value>) -> Map<String, Value> {
    let deployment = run.deployment;
    let mut container = Map::new();
    container.insert("name".into(), name.into());
    container.insert("image".into(), run.image.clone().into());
    if let Some(policy) = deployment.image.pull_policy {
        container.insert("imagePullPolicy".into(), policy.as_str().into());
    }
    if let Some(context) = &deployment.security.container {
        container.insert("securityContext".into(), context.clone());
    }
    // A run takes some 100 MB whatever the number of tables.
    container.insert("resources".into(), json!({ "requests": { "cpu": "250m", "memory": "512Mi" }, "limits": { "memory": "512Mi" } }));
    container.insert("volumeMounts".into(), mounts.into());
    container
}

fn scratch(run: &Run<'_>) -> bool {
    let context = run.deployment.security.container.as_ref();
    context.and_then(|c| c.get("readOnlyRootFilesystem")).and_then(Value::as_bool) == Some(true)
}

fn variables(run: &Run<'_>) -> Vec<Value> {
    let Some(secret) = run.login.secret() else { return Vec::new() };
    LOGIN
        .iter()
        .map(|(variable, key, _)| json!({ "name": variable, "valueFrom": { "secretKeyRef": { "name": secret, "key": key } } }))
        .collect()
}

/// Copies the properties and adds the login's lines, escaped for the `.properties` format.
fn login_script(properties: &str) -> String {
    format!("set -eu\numask 077\n{}", login_lines(properties, &format!("{MEMORY}/{PROPERTIES}")))
}

/// Shell lines that write `from` and the two lines of the login to `to`; both are words of the shell already. The variables are set.
pub fn login_lines(from: &str, to: &str) -> String {
    let mut text = String::from("{\n");
    text.push_str(&format!("  cat {from}\n"));
    for (variable, _, property) in LOGIN {
        // Backslashes and a leading blank would not survive the format.
        text.push_str(&format!(
            "  printf '{property}='; printf '%s' \"${variable}\" | sed -e 's/\\\\/\\\\\\\\/g' -e 's/^ /\\\\ /'; echo\n"
        ));
    }
    text.push_str(&format!("}} > {to}\n"));
    text
}
