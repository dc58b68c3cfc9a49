//! The deployment in one environment: defaults applied, everything derived that several outputs share.
//!
//! No serde, no I/O, no places: what feeds a field is found by the config key's pointer in the merged tree. The words of the
//! language (storage, class, capacity, ...) are the enums of the raw mirror, so that there is one list of each.

use serde_json::Value;

pub use crate::config::raw::{
    Capacity, IngressClass, LogLevel, LogType, PathType, Provisioner, PullPolicy, Scheme, ServiceType, SpreadBy, Storage,
};

/// A ScalarDB version of the chart table.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Version {
    pub minor: u16,
    pub patch: u16,
}

impl Version {
    /// `3.x.y`.
    pub fn parse(text: &str) -> Option<Version> {
        let (minor, patch) = text.strip_prefix("3.")?.split_once('.')?;
        Some(Version { minor: number(minor)?, patch: number(patch)? })
    }

    /// From 3.`minor` on.
    pub fn at_least(self, minor: u16) -> bool {
        self.minor >= minor
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "3.{}.{}", self.minor, self.patch)
    }
}

/// Digits without leading zeros.
pub fn number(text: &str) -> Option<u16> {
    let canonical = text == "0" || !text.starts_with('0');
    (canonical && !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// A Kubernetes version `1.minor` or `1.minor.patch`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct KubernetesVersion {
    pub minor: u16,
    pub patch: Option<u16>,
}

impl KubernetesVersion {
    pub fn parse(text: &str) -> Option<KubernetesVersion> {
        let rest = text.strip_prefix("1.")?;
        match rest.split_once('.') {
            Some((minor, patch)) => Some(KubernetesVersion { minor: number(minor)?, patch: Some(number(patch)?) }),
            None => Some(KubernetesVersion { minor: number(rest)?, patch: None }),
        }
    }
}

#[derive(Clone, Debug)]
pub struct Deployment {
    /// Name of the environment, none where the config has no environments.
    pub environment: Option<String>,
    pub release: String,
    pub namespace: String,
    pub version: Version,
    /// Version of the chart `scalardb-graphql`.
    pub chart_version: String,
    /// Pods; the autoscaler's minimum where it decides.
    pub replicas: u32,
    pub image: Image,
    pub database: Database,
    pub graphql: Graphql,
    /// The Schema Loader's run; none where there is nothing for it to do.
    pub loader: Option<Loader>,
    pub ingress: Option<Ingress>,
    pub nodes: Nodes,
    /// `{requests, limits}` as Kubernetes has them; none where none are wanted.
    pub resources: Option<Value>,
    pub monitoring: Monitoring,
    pub security: Security,
    /// A DeploymentStrategy, none for the chart's.
    pub strategy: Option<Value>,
    pub service: Service,
    pub cluster: Option<Cluster>,
    pub autoscaling: Option<Autoscaling>,
    /// Raw chart values, merged last; a map.
    pub values: Value,
}

impl Deployment {
    /// Whether the environment is production for the rules that ask.
    pub fn is_production(&self) -> bool {
        matches!(self.environment.as_deref(), Some("prod" | "prd" | "production"))
    }

    /// The chart's fullname of this release, unless raw values override it.
    pub fn fullname(&self) -> String {
        const CHART: &str = "scalardb-graphql";
        let text = |key: &str| self.values.get(key).and_then(Value::as_str).filter(|t| !t.is_empty());
        let full = match text("fullnameOverride") {
            Some(name) => name.to_owned(),
            None => {
                let name = text("nameOverride").unwrap_or(CHART);
                if self.release.contains(name) { self.release.clone() } else { format!("{}-{name}", self.release) }
            }
        };
        let cut: String = full.chars().take(63).collect();
        cut.strip_suffix('-').map_or(cut.clone(), str::to_owned)
    }

    /// The Secret with the keys `db-username` and `db-password` that pods and loader read, if there is a login.
    pub fn credentials_secret(&self) -> Option<String> {
        match &self.database.credentials {
            Credentials::Secret(name) => Some(name.clone()),
            Credentials::Plain { .. } => Some(format!("{}-secret", self.fullname())),
            Credentials::None => None,
        }
    }

    /// An image of gqlgen's own choice, from the mirror where there is one: `image("ghcr.io/scalar-labs/scalardb-schema-loader", "3.8.7")`.
    pub fn mirrored(&self, repository: &str) -> String {
        match &self.image.registry {
            Some(registry) => mirror(repository, registry),
            None => repository.to_owned(),
        }
    }
}

/// `repository` with its registry replaced. Docker's rule tells a registry from a first path segment: a dot, a colon, or `localhost`.
pub fn mirror(repository: &str, registry: &str) -> String {
    let path = match repository.split_once('/') {
        Some((first, rest)) if first.contains(['.', ':']) || first == "localhost" => rest,
        _ => repository,
    };
    format!("{}/{path}", registry.trim_end_matches('/'))
}

#[derive(Clone, Debug)]
pub struct Image {
    /// With the mirror's registry already in place.
    pub repository: String,
    /// Where a mirror copies from: as given, or the chart's.
    pub source: String,
    pub tag: String,
    pub pull_policy: Option<PullPolicy>,
    /// None for the chart's own (`reg-docker-secrets`).
    pub pull_secrets: Option<Vec<String>>,
    /// Host, optional port, optional path of a mirror.
    pub registry: Option<String>,
}

impl Image {
    /// Names of the pull Secrets that pods use.
    pub fn effective_pull_secrets(&self) -> Vec<String> {
        self.pull_secrets.clone().unwrap_or_else(|| vec!["reg-docker-secrets".to_owned()])
    }
}

#[derive(Clone, Debug)]
pub struct Database {
    pub storage: Storage,
    /// As meant, unescaped; at least one.
    pub contact_points: Vec<String>,
    /// As given.
    pub contact_port: Option<u16>,
    pub credentials: Credentials,
    pub transaction: Transaction,
    /// Extra lines of `database.properties`, in the file's order.
    pub properties: Vec<(String, String)>,
}

#[derive(Clone, PartialEq, Eq)]
pub enum Credentials {
    None,
    /// Name of an existing Secret.
    Secret(String),
    /// Plain values; either may be missing.
    Plain {
        username: Option<String>,
        password: Option<String>,
    },
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Credentials::None => f.write_str("None"),
            Credentials::Secret(name) => write!(f, "Secret({name})"),
            Credentials::Plain { .. } => f.write_str("Plain(***)"),
        }
    }
}

#[derive(Clone, Debug)]
pub struct Transaction {
    pub manager: String,
    pub isolation: Option<String>,
    pub serializable_strategy: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Graphql {
    pub path: String,
    pub namespaces: Vec<String>,
    pub graphiql: bool,
    pub log_level: LogLevel,
}

/// One run of the Schema Loader.
#[derive(Clone, Debug)]
pub struct Loader {
    /// Canonical `schema.json`: none where only the coordinator tables are to be made.
    pub schema: Option<Value>,
    pub coordinator: bool,
    pub alter: bool,
    pub replication_factor: Option<String>,
    pub replication_strategy: Option<String>,
    pub request_units: Option<String>,
    pub compaction_strategy: Option<String>,
    pub scaling: bool,
    pub backup: bool,
}

#[derive(Clone, Debug)]
pub struct Ingress {
    pub class: IngressClass,
    pub scheme: Scheme,
    /// At least one; `""` is any host.
    pub hosts: Vec<String>,
    pub path_type: PathType,
    /// None where it was switched off.
    pub stickiness: Option<Stickiness>,
    pub tls: Option<Tls>,
    pub health_check: HealthCheck,
    /// Seconds.
    pub deregistration_delay: Option<u64>,
    /// Seconds.
    pub slow_start: Option<u64>,
    /// Seconds.
    pub idle_timeout: Option<u64>,
    pub subnets: Vec<String>,
    pub security_groups: Vec<String>,
    pub inbound_cidrs: Vec<String>,
    pub tags: Vec<(String, String)>,
    pub group_name: Option<String>,
    pub group_order: Option<i64>,
    pub load_balancer_name: Option<String>,
    pub deletion_protection: Option<bool>,
    pub waf: Option<String>,
    pub access_logs: Option<AccessLogs>,
    /// The user's own annotations, in the file's order.
    pub annotations: Vec<(String, String)>,
}

#[derive(Clone, Debug)]
pub struct Stickiness {
    /// Seconds.
    pub duration: u64,
    pub cookie: Option<String>,
}

#[derive(Clone, Debug, Default)]
pub struct Tls {
    pub certificate_arns: Vec<String>,
    pub policy: Option<String>,
    /// As given.
    pub redirect: Option<bool>,
    pub secret_name: Option<String>,
    pub hosts: Vec<String>,
}

#[derive(Clone, Debug, Default)]
pub struct HealthCheck {
    /// Seconds.
    pub interval: Option<u64>,
    /// Seconds.
    pub timeout: Option<u64>,
    pub healthy_threshold: Option<u32>,
    pub unhealthy_threshold: Option<u32>,
    pub success_codes: Option<String>,
    /// As given; else the GraphQL path with its query.
    pub path: Option<String>,
}

#[derive(Clone, Debug)]
pub struct AccessLogs {
    pub bucket: Option<String>,
    pub prefix: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Nodes {
    pub pool: Option<String>,
    pub label: String,
    pub dedicated: bool,
    pub taint: String,
    pub capacity: Option<Capacity>,
    pub fargate: Option<bool>,
    pub spread: Option<Spread>,
    /// The user's own Affinity.
    pub affinity: Option<Value>,
    /// The user's own Tolerations.
    pub tolerations: Vec<Value>,
    pub selector: Vec<(String, String)>,
}

impl Nodes {
    /// Label of the nodes of the pool.
    pub fn pool_label(&self) -> Option<(&str, &str)> {
        self.pool.as_deref().map(|pool| (self.label.as_str(), pool))
    }

    /// Key and value of the dedicated taint, effect NoSchedule.
    pub fn dedicated_taint(&self) -> Option<(&str, &str)> {
        self.dedicated.then_some(()).and(self.pool.as_deref()).map(|pool| (self.taint.as_str(), pool))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spread {
    pub by: SpreadBy,
    pub required: bool,
}

#[derive(Clone, Debug, Default)]
pub struct Monitoring {
    pub service_monitor: bool,
    pub prometheus_rule: bool,
    pub grafana_dashboard: bool,
    pub namespace: Option<String>,
    /// Seconds.
    pub interval: Option<u64>,
}

#[derive(Clone, Debug, Default)]
pub struct Security {
    /// PodSecurityContext.
    pub pod: Option<Value>,
    /// SecurityContext.
    pub container: Option<Value>,
}

#[derive(Clone, Debug, Default)]
pub struct Service {
    pub kind: Option<ServiceType>,
    pub port: Option<u16>,
    pub annotations: Vec<(String, String)>,
}

#[derive(Clone, Debug, Default)]
pub struct Cluster {
    pub name: Option<String>,
    pub region: Option<String>,
    pub account: Option<String>,
    pub kubernetes: Option<KubernetesVersion>,
    pub vpc: Option<Vpc>,
    /// As given; its name defaults to the pool.
    pub node_group: Option<NodeGroup>,
    pub system_node_group: SystemNodeGroup,
    /// As given; see [`crate::compile::cluster::plan`] for what follows without it.
    pub autoscaler: Option<bool>,
    pub logging: Vec<LogType>,
    /// Days.
    pub log_retention: Option<u32>,
    /// None: the API is open to all; empty: it is reached from inside the VPC only.
    pub endpoint_cidrs: Option<Vec<String>>,
}

#[derive(Clone, Debug, Default)]
pub struct Vpc {
    pub id: Option<String>,
    pub cidr: Option<String>,
    pub private_subnets: Vec<String>,
    pub public_subnets: Vec<String>,
    pub security_group: Option<String>,
}

#[derive(Clone, Debug, Default)]
pub struct NodeGroup {
    pub name: Option<String>,
    pub instance_types: Vec<String>,
    pub min: Option<u32>,
    pub desired: Option<u32>,
    pub max: Option<u32>,
    /// GiB.
    pub volume_size: Option<u32>,
    pub zones: Vec<String>,
    pub provisioner: Option<Provisioner>,
}

#[derive(Clone, Debug, Default)]
pub enum SystemNodeGroup {
    /// Not said: one where `nodes.dedicated`.
    #[default]
    Default,
    Off,
    Group(NodeGroup),
}

#[derive(Clone, Debug)]
pub struct Autoscaling {
    pub min: Option<u32>,
    pub max: Option<u32>,
    /// Percent of the CPU request.
    pub cpu: Option<u32>,
}
