//! What the runbook says of images and Secrets: the mirror with its copies, the logins, and which secrets are asked for.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::facts;
use super::helm_values::AUTOSCALER_IMAGE;
use super::plan::Plan;
use super::runbook::word;
use crate::compile::loader;
use crate::model::{Credentials, Deployment, Storage};

/// GitHub's registry, which hands out images of Scalar's to known users only.
const GITHUB: &str = "ghcr.io";

/// What a token for the registry has to allow.
fn scope(registry: &str) -> &'static str {
    if registry == GITHUB { ", with `read:packages`" } else { "" }
}

/// Host and registry of an image reference: up to the first slash.
fn registry_of(repository: &str) -> &str {
    match repository.split_once('/') {
        Some((first, _)) if first.contains(['.', ':']) || first == "localhost" => first,
        _ => "docker.io",
    }
}

/// Region of a registry of Amazon ECR.
fn ecr_region(host: &str) -> Option<&str> {
    let (_, rest) = host.split_once(".dkr.ecr.").or_else(|| host.split_once(".dkr.ecr-fips."))?;
    rest.split('.').next()
}

/// Region of the mirror, where it is one of Amazon ECR.
pub fn mirror_ecr<'p>(plan: &'p Plan<'_>) -> Option<&'p str> {
    ecr_region(plan.deployment.image.registry.as_deref()?.split('/').next()?)
}

/// Every image and where it is copied to; null without a mirror.
pub fn mirror(plan: &Plan<'_>) -> Value {
    let deployment = plan.deployment;
    let Some(registry) = &deployment.image.registry else { return Value::Null };
    let controller_tag = facts::controller(plan.cluster.kubernetes).app.as_str();
    let mut images = vec![(deployment.image.source.clone(), deployment.image.repository.clone(), deployment.image.tag.clone())];
    let mut add = |source: String, tag: String| images.push((source.clone(), deployment.mirrored(&source), tag));
    if deployment.loader.is_some() {
        add(loader::IMAGE.into(), deployment.version.to_string());
    }
    if plan.is_eks() && plan.controller {
        add(plan.controller_image(), controller_tag.into());
    }
    if let Some(tag) = plan.autoscaler_tag().filter(|_| plan.autoscaler) {
        add(AUTOSCALER_IMAGE.into(), tag);
    }
    let host = registry.split('/').next().unwrap_or(registry);
    let repositories: Vec<String> = images.iter().filter_map(|(_, target, _)| target.split_once('/')).map(|(_, path)| word(path)).collect();
    let mut logins: Vec<&str> = images.iter().map(|(source, ..)| registry_of(source)).filter(|h| *h == GITHUB).collect();
    logins.dedup();
    // EKS's own registries ask for a login too.
    let sources: BTreeMap<&str, String> = images
        .iter()
        .map(|(source, ..)| registry_of(source))
        .filter(|h| *h != host)
        .filter_map(|h| Some((h, word(ecr_region(h)?))))
        .collect();
    let ecr_logins: Vec<Value> = sources.iter().map(|(host, region)| json!({ "host": word(host), "region": region })).collect();
    let images: Vec<Value> = images
        .iter()
        .map(|(source, target, tag)| {
            // A copy keeps its digest; a name to copy to cannot hold one.
            let (from, to) = (format!("{source}:{tag}"), format!("{target}:{}", tag.split('@').next().unwrap_or(tag)));
            json!({ "source": from, "source_word": word(&from), "target": to, "target_word": word(&to) })
        })
        .collect();
    let ecr = ecr_region(host).map(|region| json!({ "region": word(region) }));
    json!({ "registry": registry, "host": word(host), "images": images, "repositories": repositories, "logins": logins, "ecr_logins": ecr_logins, "ecr": ecr })
}

/// Registry and names of the image pull secrets; null where none is needed: nodes pull from Amazon ECR by their own role.
pub fn pull(deployment: &Deployment) -> Value {
    let registry = registry_of(&deployment.image.repository);
    let names = deployment.image.effective_pull_secrets();
    if names.is_empty() || ecr_region(registry).is_some() {
        return Value::Null;
    }
    let mirror = deployment.image.registry.as_deref().and_then(|r| r.split('/').next());
    let (user, token) =
        if mirror == Some(registry) { ("MIRROR_USERNAME", "MIRROR_PASSWORD") } else { ("REGISTRY_USERNAME", "REGISTRY_TOKEN") };
    json!({ "registry": registry, "user": user, "token": token, "scope": scope(registry), "names": names.iter().map(|n| word(n)).collect::<Vec<_>>() })
}

/// The Secret of the database login and what its two keys hold; null where the config names none.
pub fn credentials(deployment: &Deployment) -> Value {
    let Credentials::Secret(name) = &deployment.database.credentials else { return Value::Null };
    let (username, password) = match deployment.database.storage {
        Storage::Dynamo => (Some("AWS access key id for DynamoDB"), "AWS secret access key for DynamoDB"),
        Storage::Cosmos => (None, "key of the Cosmos DB account"),
        _ => (Some("user name of the database"), "password of the database"),
    };
    json!({ "name": name, "word": word(name), "username": username, "password": password })
}

/// The Secrets that the release needs, as words of the shell.
pub fn secret_names(deployment: &Deployment) -> Vec<String> {
    let database = match &deployment.database.credentials {
        Credentials::Secret(name) => Some(word(name)),
        _ => None,
    };
    let pull = if pull(deployment).is_null() { Vec::new() } else { deployment.image.effective_pull_secrets() };
    database.into_iter().chain(pull.iter().map(|n| word(n))).collect()
}

/// The variables that hold secrets, and what each of them is.
pub fn secrets(deployment: &Deployment) -> Vec<Value> {
    let mut list = Vec::new();
    let mut add = |variable: &str, what: String| list.push(json!({ "variable": variable, "what": what }));
    let login = credentials(deployment);
    for (variable, key) in [("DB_USERNAME", "username"), ("DB_PASSWORD", "password")] {
        if let Some(what) = login.get(key).and_then(Value::as_str) {
            add(variable, what.to_owned());
        }
    }
    let mirror = deployment.image.registry.as_deref().map(|r| r.split('/').next().unwrap_or(r));
    let pulls = pull(deployment);
    let source = registry_of(&deployment.image.source);
    let copied = mirror.filter(|_| source == GITHUB).map(|_| source);
    // The mirror has a login of its own.
    let pulled = pulls.get("registry").and_then(Value::as_str).filter(|host| Some(*host) != mirror);
    if let Some(host) = pulled.or(copied) {
        add("REGISTRY_USERNAME", format!("user name for {host}"));
        add("REGISTRY_TOKEN", format!("token for {host}{}", scope(host)));
    }
    if let Some(host) = mirror.filter(|h| ecr_region(h).is_none()) {
        add("MIRROR_USERNAME", format!("user name for {host}"));
        add("MIRROR_PASSWORD", format!("password or token for {host}"));
    }
    list
}
