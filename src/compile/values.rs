//! The chart's custom values: every value that the model decides, less what the chart's defaults say already.
//!
//! The image tag is always written: it pins what runs. Annotations that stand in the chart's defaults and are none of ours are
//! nulled, since Helm would merge them in. Each value remembers the config key that feeds it.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Derived, contact_points, ingress, scheduling};
use crate::chart::{Chart, ChartVersion};
use crate::model::{Credentials, Deployment, Storage};
use crate::source::Pointer;

/// Values that are written although they equal a default.
const PINNED: [&str; 1] = ["/image/tag"];

/// Custom values and their causes.
pub struct Values {
    pub custom: Value,
    pub derived: Derived,
    pub merged: Value,
    pub causes: BTreeMap<String, String>,
}

/// Compiles the values of one environment.
pub fn compile(deployment: &Deployment, chart: &Chart, version: &ChartVersion) -> Values {
    let defaults = chart.defaults(version);
    let mut draft = Draft { root: Map::new(), causes: BTreeMap::new() };
    draft.servers(deployment);
    draft.workload(deployment);
    draft.scheduling(deployment);
    draft.ingress(deployment, defaults);
    draft.operations(deployment, defaults);
    let derived = Derived { values: Value::Object(draft.root), causes: draft.causes };
    let mut custom = derived.values.clone();
    prune(&mut custom, defaults, "");
    let mut causes = derived.causes.clone();
    overlay(&mut custom, &deployment.values, &Pointer::root(), &mut causes);
    let merged = chart.merge(version, &custom);
    Values { custom, derived, merged, causes }
}

struct Draft {
    root: Map<String, Value>,
    causes: BTreeMap<String, String>,
}

impl Draft {
    /// Sets a value at a pointer, and where it comes from.
    fn set(&mut self, pointer: &str, value: impl Into<Value>, cause: &str) {
        let mut segments: Vec<String> = Pointer::parse(pointer).segments().collect();
        let Some(last) = segments.pop() else { return };
        let mut map = &mut self.root;
        for segment in segments {
            let next = map.entry(segment).or_insert_with(|| Value::Object(Map::new()));
            if !next.is_object() {
                *next = Value::Object(Map::new());
            }
            map = next.as_object_mut().expect("made an object above");
        }
        map.insert(last, value.into());
        self.causes.insert(pointer.to_owned(), cause.to_owned());
    }

    fn servers(&mut self, deployment: &Deployment) {
        const CONFIGURATION: &str = "/scalarDbGraphQlConfiguration";
        let database = &deployment.database;
        let mut set = |key: &str, value: Value, cause: &str| self.set(&format!("{CONFIGURATION}/{key}"), value, cause);
        set("contactPoints", contact_points::for_chart(database, deployment.version).into(), "/database/contactPoints");
        if let Some(port) = servers_port(deployment) {
            set("contactPort", port.into(), if database.contact_port.is_some() { "/database/contactPort" } else { "/database/storage" });
        }
        match &database.credentials {
            Credentials::Secret(_) => {}
            Credentials::None => {
                set("username", "".into(), "/database/credentials");
                set("password", "".into(), "/database/credentials");
            }
            Credentials::Plain { username, password } => {
                set("username", username.clone().unwrap_or_default().into(), "/database/credentials/username");
                set("password", password.clone().unwrap_or_default().into(), "/database/credentials/password");
            }
        }
        set("storage", database.storage.as_str().into(), "/database/storage");
        let manager_cause = if database.transaction.manager == "grpc" && database.storage == Storage::Grpc {
            "/database/storage"
        } else {
            "/database/transaction/manager"
        };
        set("transactionManager", database.transaction.manager.as_str().into(), manager_cause);
        if let Some(isolation) = &database.transaction.isolation {
            set("consensuscommitIsolationLevel", isolation.as_str().into(), "/database/transaction/isolation");
        }
        if let Some(strategy) = &database.transaction.serializable_strategy {
            set("consensuscommitSerializableStrategy", strategy.as_str().into(), "/database/transaction/serializableStrategy");
        }
        let graphql = &deployment.graphql;
        set("path", graphql.path.as_str().into(), "/graphql/path");
        set("namespaces", graphql.namespaces.join(",").into(), "/graphql/namespaces");
        set("graphiql", graphql.graphiql.to_string().into(), "/graphql/graphiql");
        set("logLevel", graphql.log_level.as_str().into(), "/graphql/logLevel");
        if let Credentials::Secret(name) = &database.credentials {
            self.set("/existingSecret", name.as_str(), "/database/credentials/existingSecret");
        }
    }

    fn workload(&mut self, deployment: &Deployment) {
        let replicas = if deployment.autoscaling.is_some() { "/autoscaling/min" } else { "/replicas" };
        self.set("/replicaCount", deployment.replicas, replicas);
        let image = &deployment.image;
        self.set(
            "/image/repository",
            image.repository.as_str(),
            if image.registry.is_some() { "/image/registry" } else { "/image/repository" },
        );
        self.set("/image/tag", image.tag.as_str(), if image.tag == deployment.version.to_string() { "/scalardb" } else { "/image/tag" });
        if let Some(policy) = image.pull_policy {
            self.set("/image/pullPolicy", policy.as_str(), "/image/pullPolicy");
        }
        if let Some(secrets) = &image.pull_secrets {
            let list: Vec<Value> = secrets.iter().map(|name| json!({ "name": name })).collect();
            self.set("/imagePullSecrets", list, "/image/pullSecrets");
        }
        if let Some(strategy) = &deployment.strategy {
            let mut strategy = strategy.clone();
            // Helm would merge the chart's rollingUpdate in, which Kubernetes forbids beside Recreate.
            if strategy["type"] == "Recreate"
                && let Some(map) = strategy.as_object_mut()
            {
                map.entry("rollingUpdate").or_insert(Value::Null);
            }
            self.set("/strategy", strategy, "/strategy");
        }
        let service = &deployment.service;
        if let Some(kind) = service.kind {
            self.set("/service/type", kind.as_str(), "/service/type");
        }
        if let Some(port) = service.port {
            self.set("/service/port", port, "/service/port");
        }
        for (key, value) in &service.annotations {
            self.set(
                Pointer::parse("/service/annotations").join(key).as_str(),
                value.as_str(),
                Pointer::parse("/service/annotations").join(key).as_str(),
            );
        }
        if let Some(pod) = &deployment.security.pod {
            self.set("/podSecurityContext", pod.clone(), "/security/pod");
        }
        if let Some(container) = &deployment.security.container {
            self.set("/securityContext", container.clone(), "/security/container");
        }
        if let Some(resources) = &deployment.resources {
            self.set("/resources", resources.clone(), "/resources");
        }
    }

    fn scheduling(&mut self, deployment: &Deployment) {
        let nodes = &deployment.nodes;
        for (key, value) in &nodes.selector {
            self.set(
                Pointer::parse("/nodeSelector").join(key).as_str(),
                value.as_str(),
                Pointer::parse("/nodes/selector").join(key).as_str(),
            );
        }
        let tolerations = scheduling::tolerations(nodes);
        if !tolerations.is_empty() {
            let derived = usize::from(nodes.dedicated_taint().is_some());
            let total = tolerations.len();
            self.set("/tolerations", tolerations, "/nodes/tolerations");
            for index in 0..total {
                let cause = if index < derived { "/nodes/dedicated".to_owned() } else { format!("/nodes/tolerations/{}", index - derived) };
                self.causes.insert(format!("/tolerations/{index}"), cause);
            }
        }
        if let Some(affinity) = scheduling::affinity(nodes) {
            self.set("/affinity", affinity, "/nodes");
            self.causes.insert("/affinity/nodeAffinity".into(), if nodes.pool.is_some() { "/nodes/pool" } else { "/nodes" }.into());
            self.causes.insert("/affinity/podAntiAffinity".into(), "/nodes/spread".into());
            self.causes.insert("/affinity/podAffinity".into(), "/nodes/affinity/podAffinity".into());
        }
    }

    fn ingress(&mut self, deployment: &Deployment, defaults: &Value) {
        let Some(ingress) = &deployment.ingress else {
            self.set("/ingress/enabled", false, "/ingress");
            return;
        };
        self.set("/ingress/enabled", true, "/ingress");
        self.set("/ingress/className", ingress.class.as_str(), "/ingress/class");
        let annotations = Pointer::parse("/ingress/annotations");
        let derived = ingress::annotations(deployment);
        for annotation in &derived {
            self.set(annotations.join(&annotation.key).as_str(), annotation.value.as_str(), &annotation.cause);
        }
        for key in defaults["ingress"]["annotations"].as_object().into_iter().flat_map(Map::keys) {
            if !derived.iter().any(|a| a.key == *key) {
                self.set(annotations.join(key).as_str(), Value::Null, "/ingress/class");
            }
        }
        let paths = json!([{ "path": deployment.graphql.path, "pathType": ingress.path_type.as_str() }]);
        let hosts: Vec<Value> = ingress.hosts.iter().map(|host| json!({ "host": host, "paths": paths })).collect();
        self.set("/ingress/hosts", hosts, "/ingress/hosts");
        for (index, _) in ingress.hosts.iter().enumerate() {
            self.causes.insert(format!("/ingress/hosts/{index}/host"), format!("/ingress/hosts/{index}"));
            self.causes.insert(format!("/ingress/hosts/{index}/paths/0/path"), "/graphql/path".into());
            self.causes.insert(format!("/ingress/hosts/{index}/paths/0/pathType"), "/ingress/pathType".into());
        }
        if let Some(tls) = ingress::tls(deployment) {
            self.set("/ingress/tls", tls, "/ingress/tls");
        }
    }

    fn operations(&mut self, deployment: &Deployment, defaults: &Value) {
        // The first chart has none of these values, and would ignore them.
        if defaults.get("serviceMonitor").is_none() {
            return;
        }
        let monitoring = &deployment.monitoring;
        // The config has the chart's names here.
        let switches = [
            ("serviceMonitor", monitoring.service_monitor),
            ("prometheusRule", monitoring.prometheus_rule),
            ("grafanaDashboard", monitoring.grafana_dashboard),
        ];
        for (section, is_on) in switches {
            self.set(&format!("/{section}/enabled"), is_on, &format!("/monitoring/{section}"));
            if let Some(namespace) = &monitoring.namespace {
                self.set(&format!("/{section}/namespace"), namespace.as_str(), "/monitoring/namespace");
            }
        }
        if let Some(interval) = monitoring.interval {
            self.set("/serviceMonitor/interval", format!("{interval}s"), "/monitoring/interval");
        }
    }
}

/// The port that servers are told: the chart's own stays where the storage has no use for one.
fn servers_port(deployment: &Deployment) -> Option<u16> {
    let given = deployment.database.contact_port;
    match deployment.database.storage {
        Storage::Cassandra => given,
        Storage::Grpc => Some(given.unwrap_or(60051)),
        Storage::Cosmos | Storage::Dynamo | Storage::Jdbc => None,
    }
}

/// Takes out what equals the defaults; a null that meets no default would be rendered, and goes too.
fn prune(value: &mut Value, defaults: &Value, pointer: &str) {
    let Value::Object(map) = value else { return };
    map.retain(|key, item| {
        let below = format!("{pointer}/{key}");
        let default = defaults.get(key);
        if item.is_object() && default.is_some_and(Value::is_object) {
            prune(item, default.unwrap_or(&Value::Null), &below);
            return item.as_object().is_some_and(|m| !m.is_empty());
        }
        if item.is_null() {
            return default.is_some();
        }
        PINNED.contains(&below.as_str()) || default != Some(item)
    });
}

/// Lays the user's raw values over: maps merge, everything else replaces, nulls stay for Helm.
fn overlay(base: &mut Value, over: &Value, pointer: &Pointer, causes: &mut BTreeMap<String, String>) {
    let (Value::Object(lower), Value::Object(upper)) = (&mut *base, over) else {
        // What lies below is the user's now.
        causes.retain(|key, _| !key.starts_with(&format!("{pointer}/")));
        causes.insert(pointer.to_string(), format!("/values{pointer}"));
        *base = over.clone();
        return;
    };
    for (key, value) in upper {
        let below = pointer.join(key);
        match lower.get_mut(key) {
            Some(existing) => overlay(existing, value, &below, causes),
            None => {
                lower.insert(key.clone(), value.clone());
                causes.retain(|key, _| !key.starts_with(&format!("{below}/")));
                causes.insert(below.to_string(), format!("/values{below}"));
            }
        }
    }
}
