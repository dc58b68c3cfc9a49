//! Config to model: applies defaults and derives what several outputs share.
//!
//! It is total: what cannot be resolved is reported and replaced by something harmless, so that the rules still see the rest. A
//! deployment with an error is never written. Nothing here reads files.

mod ingress;
mod kubernetes;
mod version;

use serde_json::{Map, Value, json};

use crate::compile::schema_json;
use crate::config::decode::{Located, Text, nearest, shown};
use crate::config::layers::Layered;
use crate::config::raw::{self, MonitoringInput, SecurityInput, SpreadInput};
use crate::config::tree::Node;
use crate::diagnostic::Diagnostic;
use crate::model::*;
use crate::source::Pointer;
use crate::validate::kubernetes::names;

pub use version::{CHART, UNKNOWN_CHART, chart, known_version_of_chart};

/// A required key is missing.
pub const MISSING: &str = "CFG006";

/// The release or the namespace has a name that Helm or the API server refuses.
pub const BAD_NAME: &str = "K8S003";

/// Longest release name that Helm takes.
const RELEASE_LENGTH: usize = 53;

fn release_name(name: &str) -> Result<(), String> {
    if name.len() > RELEASE_LENGTH {
        return Err(format!("it has {} characters, Helm takes {RELEASE_LENGTH}", name.chars().count()));
    }
    names::dns1123_subdomain(name).map_err(|r| r.to_string())
}

/// Resolves one environment.
pub fn deployment(layered: &Layered) -> (Deployment, Vec<Diagnostic>) {
    let mut resolver = Resolver { layered, raw: &layered.settings, found: Vec::new() };
    let deployment = resolver.deployment();
    let mut found = resolver.found;
    if let Some(name) = &layered.name {
        found.iter_mut().for_each(|d| d.environments.push(name.clone()));
    }
    (deployment, found)
}

struct Resolver<'l> {
    layered: &'l Layered,
    raw: &'l raw::Settings,
    found: Vec<Diagnostic>,
}

fn text(value: &Option<Located<Text>>) -> Option<String> {
    value.as_ref().map(|t| t.value.0.clone())
}

fn texts(value: &Option<Located<Vec<Located<Text>>>>) -> Vec<String> {
    value.iter().flat_map(|l| l.value.iter()).map(|t| t.value.0.clone()).collect()
}

fn pairs(value: &Option<Located<crate::config::decode::Map<Text>>>) -> Vec<(String, String)> {
    value.iter().flat_map(|m| m.value.iter()).map(|(k, (_, v))| (k.clone(), v.value.0.clone())).collect()
}

fn count<const MIN: i64, const MAX: i64>(value: &Option<Located<crate::config::decode::Int<MIN, MAX>>>) -> Option<u32> {
    value.as_ref().and_then(|i| u32::try_from(i.value.0).ok())
}

impl Resolver<'_> {
    fn deployment(&mut self) -> Deployment {
        let raw = self.raw;
        let (version, chart_version) = self.version();
        let kubernetes = raw.cluster.as_ref().and_then(|c| c.kubernetes.as_ref()).and_then(|k| KubernetesVersion::parse(&k.value));
        let autoscaling = raw.autoscaling.as_ref().map(|a| Autoscaling { min: count(&a.min), max: count(&a.max), cpu: count(&a.cpu) });
        let replicas = count(&raw.replicas).or(autoscaling.as_ref().and_then(|a| a.min)).unwrap_or(3);
        let database = self.database();
        Deployment {
            environment: self.layered.name.clone(),
            release: self.name(&raw.release, "release", version::CHART, release_name),
            namespace: self.name(&raw.namespace, "namespace", "default", |n| names::dns1123_label(n).map_err(|r| r.to_string())),
            version,
            chart_version,
            replicas,
            image: self.image(version),
            graphql: self.graphql(),
            loader: self.loader(&database, version),
            database,
            ingress: ingress::ingress(raw),
            nodes: self.nodes(kubernetes),
            resources: self.resources(),
            monitoring: monitoring(raw),
            security: self.security(kubernetes),
            strategy: raw.strategy.as_ref().map(|s| self.kubernetes_value(&s.value.0, kubernetes::STRATEGY, kubernetes)),
            service: service(raw),
            cluster: raw.cluster.as_ref().map(|c| cluster(c, kubernetes)),
            autoscaling,
            values: raw.values.as_ref().map_or_else(|| json!({}), |v| v.value.0.to_json()),
        }
    }

    /// A name that Helm takes, or a stand-in, so that a wrong one is not reported once more for each object.
    fn name(&mut self, given: &Option<Located<Text>>, key: &str, default: &str, check: fn(&str) -> Result<(), String>) -> String {
        let Some(located) = given else { return default.to_owned() };
        match check(&located.value) {
            Ok(()) => located.value.0.clone(),
            Err(reason) => {
                self.found.push(
                    Diagnostic::error(BAD_NAME, located.place.clone(), format!("`{}` is no {key}: {reason}", shown(&located.value)))
                        .label("lower-case letters, digits and hyphens")
                        .help(format!("for instance `{key}: {default}`")),
                );
                default.to_owned()
            }
        }
    }

    /// Reports a required key that no layer gives. One that is given but wrong is reported already.
    fn require(&mut self, pointer: &str, help: &str) {
        let (nearest, there) = self.layered.tree.nearest(&Pointer::parse(pointer));
        if there {
            return;
        }
        if self.is_misspelt(pointer) {
            return;
        }
        let key = pointer.trim_start_matches('/').replace('/', ".");
        // A parent that is written in an overlay would be a strange place to point at when nothing of it is.
        let mut place = nearest.place.clone();
        if nearest.place.pointer.as_str().is_empty()
            && let Some((_, entry)) = self.layered.tree.as_mapping().and_then(|m| m.first())
        {
            place = crate::source::Place { pointer: Pointer::root(), ..entry.key.clone() };
        }
        let name = self.layered.name.as_ref();
        let within = name.map_or_else(String::new, |n| format!(" in `{n}`"));
        self.found.push(Diagnostic::error(MISSING, place, format!("`{key}` is missing{within}")).help(help));
    }

    /// Whether an unknown key stands where this one is missing, and is near enough to be meant: it is reported as that.
    fn is_misspelt(&self, pointer: &str) -> bool {
        let pointer = Pointer::parse(pointer);
        let (Some(wanted), Some(parent)) = (pointer.last(), pointer.parent()) else { return false };
        let known = match parent.as_str() {
            "/database" => raw::Database::KEYS,
            "/graphql" => raw::Graphql::KEYS,
            _ => raw::Settings::KEYS,
        };
        let siblings = self.layered.tree.at(&parent).and_then(Node::as_mapping);
        siblings.is_some_and(|m| m.keys().any(|key| !known.contains(&key.as_str()) && nearest(key, [wanted.as_str()]).is_some()))
    }

    fn image(&mut self, version: Version) -> Image {
        let raw = self.raw.image.as_ref().map(|i| &i.value).cloned().unwrap_or_default();
        let registry = text(&raw.registry);
        let repository = text(&raw.repository).unwrap_or_else(|| "ghcr.io/scalar-labs/scalardb-graphql".into());
        Image {
            source: repository.clone(),
            repository: registry.as_ref().map_or(repository.clone(), |r| mirror(&repository, r)),
            tag: text(&raw.tag).unwrap_or_else(|| version.to_string()),
            pull_policy: raw.pull_policy.as_ref().map(|p| p.value),
            pull_secrets: raw.pull_secrets.is_some().then(|| texts(&raw.pull_secrets)),
            registry,
        }
    }

    fn database(&mut self) -> Database {
        if self.raw.database.is_none() {
            self.require("/database", "say which `storage` it is, its `contactPoints` and `credentials`");
        } else {
            self.require("/database/storage", &format!("one of {}", raw::Storage::WORDS.join(", ")));
            self.require(
                "/database/contactPoints",
                "the region for dynamo, the JDBC URL for jdbc, host names for cassandra and grpc, the account's URI for cosmos",
            );
        }
        let raw = self.raw.database.as_ref().map(|d| d.value.clone()).unwrap_or_default();
        let storage = raw.storage.as_ref().map_or(Storage::Cassandra, |s| s.value.0);
        let transaction = raw.transaction.as_ref().map(|t| t.value.clone()).unwrap_or_default();
        let default_manager = if storage == Storage::Grpc { "grpc" } else { "consensus-commit" };
        Database {
            storage,
            contact_points: raw.contact_points.iter().flat_map(|c| c.value.items()).map(|t| t.value.0.clone()).collect(),
            contact_port: raw.contact_port.as_ref().and_then(|p| u16::try_from(p.value.0).ok()),
            credentials: credentials(&raw),
            transaction: Transaction {
                manager: text(&transaction.manager).unwrap_or_else(|| default_manager.into()),
                isolation: text(&transaction.isolation),
                serializable_strategy: text(&transaction.serializable_strategy),
            },
            properties: pairs(&raw.properties),
        }
    }

    fn graphql(&mut self) -> Graphql {
        let raw = self.raw.graphql.as_ref().map(|g| g.value.clone()).unwrap_or_default();
        let mut namespaces = texts(&raw.namespaces);
        if raw.namespaces.is_none() {
            namespaces = self.layered.schema.as_deref().map(schema_json::namespaces).unwrap_or_default();
            // A schema that cannot be read is reported already.
            if namespaces.is_empty() && self.raw.schema.is_none() {
                self.require("/graphql/namespaces", "the server needs at least one ScalarDB namespace: list them, or give `schema`");
            }
        }
        Graphql {
            path: text(&raw.path).unwrap_or_else(|| "/graphql".into()),
            namespaces,
            graphiql: raw.graphiql.as_ref().is_none_or(|g| g.value),
            log_level: raw.log_level.as_ref().map_or(LogLevel::Info, |l| l.value),
        }
    }

    fn loader(&mut self, database: &Database, version: Version) -> Option<Loader> {
        let raw = self.raw.schema_loader.as_ref().map(|l| l.value.clone()).unwrap_or_default();
        let coordinator = raw.coordinator.as_ref().map_or(database.transaction.manager == "consensus-commit", |c| c.value);
        let schema = self.layered.schema.as_deref().map(|node| schema_json::canonical(node, version));
        if schema.is_none() && !coordinator {
            return None;
        }
        Some(Loader {
            schema,
            coordinator,
            alter: raw.alter.as_ref().is_some_and(|a| a.value),
            replication_factor: raw.replication_factor.as_ref().map(|t| t.value.0.clone()),
            replication_strategy: text(&raw.replication_strategy),
            request_units: raw.request_units.as_ref().map(|t| t.value.0.clone()),
            compaction_strategy: text(&raw.compaction_strategy),
            scaling: raw.scaling.as_ref().is_none_or(|s| s.value),
            backup: raw.backup.as_ref().is_none_or(|b| b.value),
        })
    }

    fn nodes(&mut self, kubernetes: Option<KubernetesVersion>) -> Nodes {
        let raw = self.raw.nodes.as_ref().map(|n| n.value.clone()).unwrap_or_default();
        let spread = match raw.spread.as_ref().map(|s| &s.value) {
            None => Spread { by: SpreadBy::Hosts, required: false },
            Some(SpreadInput::By(by)) => Spread { by: *by, required: false },
            Some(SpreadInput::Object(spread)) => Spread {
                by: spread.by.as_ref().map_or(SpreadBy::Hosts, |b| b.value),
                required: spread.required.as_ref().is_some_and(|r| r.value),
            },
        };
        let tolerations = raw.tolerations.as_ref().map(|t| self.kubernetes_value(&t.value.0, kubernetes::TOLERATIONS, kubernetes));
        Nodes {
            pool: text(&raw.pool),
            label: text(&raw.label).unwrap_or_else(|| "agentpool".into()),
            dedicated: raw.dedicated.as_ref().is_some_and(|d| d.value),
            taint: text(&raw.taint).unwrap_or_else(|| "kubernetes.io/app".into()),
            capacity: raw.capacity.as_ref().map(|c| c.value),
            fargate: raw.fargate.as_ref().map(|f| f.value),
            spread: (spread.by != SpreadBy::None).then_some(spread),
            affinity: raw.affinity.as_ref().map(|a| self.kubernetes_value(&a.value.0, kubernetes::AFFINITY, kubernetes)),
            tolerations: match tolerations {
                Some(Value::Array(items)) => items,
                _ => Vec::new(),
            },
            selector: pairs(&raw.selector),
        }
    }

    fn resources(&mut self) -> Option<Value> {
        let Some(located) = self.raw.resources.as_ref() else { return Some(equal_resources("2", "4Gi")) };
        let raw = &located.value;
        let short = raw.cpu.is_some() || raw.memory.is_some();
        let long = raw.requests.is_some() || raw.limits.is_some();
        if short && long {
            self.found.push(
                Diagnostic::error(
                    crate::config::decode::WRONG_TYPE,
                    located.place.clone(),
                    "`resources` mixes its two forms, `{ cpu, memory }` and `{ requests, limits }`",
                )
                .help("`cpu` and `memory` mean requests equal to limits; to tell them apart use `requests` and `limits` alone"),
            );
        }
        if long {
            let mut value = Map::new();
            for (key, quantities) in [("requests", &raw.requests), ("limits", &raw.limits)] {
                if let Some(quantities) = quantities {
                    value.insert(
                        key.into(),
                        quantities.iter().map(|(k, (_, q))| (k.clone(), json!(*q.value))).collect::<Map<_, _>>().into(),
                    );
                }
            }
            return Some(Value::Object(value));
        }
        // `{}` writes none; a value that could not be read is no `{}`.
        let empty = self.layered.tree.get("resources").and_then(Node::as_mapping).is_some_and(|m| m.is_empty());
        (!empty).then(|| equal_resources(raw.cpu.as_ref().map_or("2", |c| &c.value), raw.memory.as_ref().map_or("4Gi", |m| &m.value)))
    }

    fn security(&mut self, kubernetes: Option<KubernetesVersion>) -> Security {
        match self.raw.security.as_ref().map(|s| &s.value) {
            None => Security::default(),
            Some(SecurityInput::Restricted) => Security {
                pod: Some(json!({ "runAsNonRoot": true, "seccompProfile": { "type": "RuntimeDefault" } })),
                container: Some(json!({ "allowPrivilegeEscalation": false, "capabilities": { "drop": ["ALL"] } })),
            },
            Some(SecurityInput::Object(contexts)) => Security {
                pod: contexts.pod.as_ref().map(|p| self.kubernetes_value(&p.value.0, kubernetes::POD_SECURITY, kubernetes)),
                container: contexts
                    .container
                    .as_ref()
                    .map(|c| self.kubernetes_value(&c.value.0, kubernetes::CONTAINER_SECURITY, kubernetes)),
            },
        }
    }

    fn kubernetes_value(&mut self, node: &Node, kind: &str, version: Option<KubernetesVersion>) -> Value {
        let (value, faults) = kubernetes::typed(node, kind, version);
        self.found.extend(faults);
        value
    }
}

fn equal_resources(cpu: &str, memory: &str) -> Value {
    let both = json!({ "cpu": cpu, "memory": memory });
    json!({ "requests": both, "limits": both })
}

fn credentials(raw: &raw::Database) -> Credentials {
    let Some(credentials) = raw.credentials.as_ref() else { return Credentials::None };
    if let Some(secret) = text(&credentials.existing_secret).filter(|s| !s.is_empty()) {
        return Credentials::Secret(secret);
    }
    let plain =
        |value: &Option<Located<crate::config::decode::SecretText>>| value.as_ref().map(|s| s.value.0.clone()).filter(|s| !s.is_empty());
    match (plain(&credentials.username), plain(&credentials.password)) {
        (None, None) => Credentials::None,
        (username, password) => Credentials::Plain { username, password },
    }
}

fn monitoring(raw: &raw::Settings) -> Monitoring {
    match raw.monitoring.as_ref().map(|m| &m.value) {
        None | Some(MonitoringInput::Switch(false)) => Monitoring::default(),
        Some(MonitoringInput::Switch(true)) => {
            Monitoring { service_monitor: true, prometheus_rule: true, grafana_dashboard: true, ..Monitoring::default() }
        }
        Some(MonitoringInput::Object(object)) => {
            let on = |switch: &Option<Located<bool>>| switch.as_ref().is_some_and(|s| s.value);
            Monitoring {
                service_monitor: on(&object.service_monitor),
                prometheus_rule: on(&object.prometheus_rule),
                grafana_dashboard: on(&object.grafana_dashboard),
                namespace: text(&object.namespace),
                interval: object.interval.as_ref().map(|d| d.value.0),
            }
        }
    }
}

fn service(raw: &raw::Settings) -> Service {
    raw.service.as_ref().map_or_else(Service::default, |s| Service {
        kind: s.kind.as_ref().map(|k| k.value),
        port: s.port.as_ref().and_then(|p| u16::try_from(p.value.0).ok()),
        annotations: pairs(&s.annotations),
    })
}

fn cluster(raw: &raw::Cluster, kubernetes: Option<KubernetesVersion>) -> Cluster {
    Cluster {
        name: text(&raw.name),
        region: text(&raw.region),
        account: text(&raw.account),
        kubernetes,
        vpc: raw.vpc.as_ref().map(|v| Vpc {
            id: text(&v.id),
            cidr: text(&v.cidr),
            private_subnets: texts(&v.private_subnets),
            public_subnets: texts(&v.public_subnets),
            security_group: text(&v.security_group),
        }),
        node_group: raw.node_group.as_ref().map(|g| node_group(&g.value)),
        system_node_group: match raw.system_node_group.as_ref().map(|g| &g.value) {
            None => SystemNodeGroup::Default,
            Some(raw::NodeGroupInput::Off) => SystemNodeGroup::Off,
            Some(raw::NodeGroupInput::Group(group)) => SystemNodeGroup::Group(node_group(group)),
        },
        autoscaler: raw.autoscaler.as_ref().map(|a| a.value),
        logging: raw.logging.iter().flat_map(|l| l.value.iter()).map(|t| t.value).collect(),
        log_retention: count(&raw.log_retention),
        endpoint_cidrs: raw.endpoint_cidrs.is_some().then(|| texts(&raw.endpoint_cidrs)),
    }
}

fn node_group(raw: &raw::NodeGroup) -> NodeGroup {
    NodeGroup {
        name: text(&raw.name),
        instance_types: texts(&raw.instance_types),
        min: count(&raw.min),
        desired: count(&raw.desired),
        max: count(&raw.max),
        volume_size: count(&raw.volume_size),
        zones: texts(&raw.zones),
        provisioner: raw.provisioner.as_ref().map(|p| p.value),
    }
}
