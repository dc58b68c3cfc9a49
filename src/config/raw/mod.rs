//! The mirror of the file: types whose keys, descriptions and schemas are those of the config language, without defaults applied.
//!
//! Documentation comments here are what `gqlgen explain` and editors show. What values mean together is the model's business.

mod cluster;
mod database;
mod ingress;
mod nodes;
mod operations;

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

pub use cluster::*;
pub use database::*;
pub use ingress::*;
pub use nodes::*;
pub use operations::*;

use super::decode::{Decode, Faults, FreeMap, Int, Located, Map, OneOrMany, Text, choice, record, wrong_type};
use super::tree::{Entry, Kind, Mapping, Node};

/// A count that Kubernetes keeps in 32 bits, at least one.
pub type Count = Int<1, { i32::MAX as i64 }>;
/// The same, zero allowed.
pub type CountOrZero = Int<0, { i32::MAX as i64 }>;

choice! {
    /// The config language's version.
    ApiVersion {
        /// The first version of the language.
        V1 = "gqlgen/v1",
    }
}

record! {
    /// What one deployment, or one environment's overlay, says.
    Settings {
        /// The Helm release name, and with it the name of every object. A DNS-1123 name of at most 53 characters.
        #[schemars(extend("default" = "scalardb-graphql", "examples" = ["my-release-scalardb-graphql"]))]
        release "release": Text,
        /// The Kubernetes namespace.
        #[schemars(extend("default" = "default", "examples" = ["shop"]))]
        namespace "namespace": Text,
        /// The ScalarDB version, `"3.x"` or `"3.x.y"`, 3.5 to 3.13, in quotes. It gives the chart version, the image tag and the Schema Loader's version; `"3.x"` is the newest known patch.
        #[schemars(extend("examples" = ["3.8", "3.13.6"]))]
        scalardb "scalardb": Text,
        /// The Helm chart.
        chart "chart": Chart,
        /// Number of pods.
        #[schemars(extend("default" = 3))]
        replicas "replicas": Count,
        /// The container image and where images come from.
        image "image": Image,
        /// The database behind ScalarDB.
        database "database": Database,
        /// The GraphQL server.
        graphql "graphql": Graphql,
        /// The Schema Loader's `schema.json`: a path relative to this file, or the same object inline.
        #[schemars(extend("examples" = ["schema.json"]))]
        schema "schema": SchemaInput,
        /// How the Schema Loader runs.
        schema_loader "schemaLoader": SchemaLoader,
        /// The Ingress and its load balancer; `false` for none, `true` for the default one.
        ingress "ingress": IngressInput,
        /// The nodes that the pods run on.
        nodes "nodes": Nodes,
        /// CPU and memory of each pod: `{ cpu, memory }` gives requests equal to limits; or requests and limits as Kubernetes has them; `{}` writes none.
        #[schemars(extend("default" = {"cpu": "2", "memory": "4Gi"}))]
        resources "resources": Resources,
        /// Monitoring: all three switches, or each by name.
        #[schemars(extend("default" = false))]
        monitoring "monitoring": MonitoringInput,
        /// Security contexts: `restricted`, or those of pod and container as Kubernetes has them.
        security "security": SecurityInput,
        /// The Deployment's strategy, as Kubernetes has it.
        #[schemars(extend("examples" = [{"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "0%"}}]))]
        strategy "strategy": FreeMap,
        /// The Service in front of the pods.
        service "service": Service,
        /// The EKS cluster, for its node group, the runbook and the API versions.
        cluster "cluster": Cluster,
        /// A HorizontalPodAutoscaler.
        autoscaling "autoscaling": Autoscaling,
        /// Raw chart values, merged last. `null` is passed on to Helm.
        values "values": FreeMap,
        /// Findings that are not reported.
        lint "lint": Lint,
        /// How `gqlgen diff` compares.
        diff "diff": DiffInput,
    }
}

record! {
    /// The Helm chart.
    Chart {
        /// Pins a chart version other than the one that follows from `scalardb`.
        #[schemars(extend("examples" = ["1.3.7"]))]
        version "version": Text,
    }
}

choice! {
    /// When the image is pulled.
    PullPolicy {
        /// Before each start.
        Always = "Always",
        /// Where the node has it not.
        IfNotPresent = "IfNotPresent",
        /// Never.
        Never = "Never",
    }
}

record! {
    /// The container image and where images come from.
    Image {
        /// Image of the GraphQL server, without a tag.
        #[schemars(extend("default" = "ghcr.io/scalar-labs/scalardb-graphql"))]
        repository "repository": Text,
        /// Image tag; by default the ScalarDB version.
        tag "tag": Text,
        /// When the image is pulled.
        #[schemars(extend("default" = "IfNotPresent"))]
        pull_policy "pullPolicy": PullPolicy,
        /// Names of Secrets with registry credentials.
        #[schemars(extend("default" = ["reg-docker-secrets"]))]
        pull_secrets "pullSecrets": Vec<Located<Text>>,
        /// Replaces the registry of every generated image: host, optional port, optional path.
        #[schemars(extend("examples" = ["123456789012.dkr.ecr.ap-northeast-1.amazonaws.com"]))]
        registry "registry": Text,
    }
}

choice! {
    /// Log levels.
    LogLevel {
        /// Everything.
        Trace = "TRACE",
        /// For debugging.
        Debug = "DEBUG",
        /// The default.
        Info = "INFO",
        /// Warnings and errors.
        Warn = "WARN",
        /// Errors only.
        Error = "ERROR",
    }
}

record! {
    /// The GraphQL server.
    Graphql {
        /// Path of the server, of the Ingress and of the load balancer's health check.
        #[schemars(extend("default" = "/graphql"))]
        path "path": Text,
        /// ScalarDB namespaces that are served; by default those of `schema`.
        #[schemars(extend("examples" = [["shop", "billing"]]))]
        namespaces "namespaces": Vec<Located<Text>>,
        /// The GraphiQL console.
        #[schemars(extend("default" = true))]
        graphiql "graphiql": bool,
        /// Log level of the server.
        #[schemars(extend("default" = "INFO"))]
        log_level "logLevel": LogLevel,
    }
}

/// A path to a `schema.json`, or the object itself.
#[derive(Clone, Debug, PartialEq)]
pub enum SchemaInput {
    Path(String),
    Inline(Node),
}

impl Decode for SchemaInput {
    fn expected() -> String {
        "a path to a schema.json, or the object itself".into()
    }
    fn decode(node: &Node, faults: &mut Faults) -> Option<Self> {
        match &node.kind {
            Kind::Mapping(_) => Some(SchemaInput::Inline(node.clone())),
            Kind::Scalar(scalar) if !scalar.is_null() => Text::decode(node, faults).map(|t| SchemaInput::Path(t.0)),
            _ => {
                faults.push(wrong_type(node, &Self::expected()));
                None
            }
        }
    }
}

impl JsonSchema for SchemaInput {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "SchemaInput".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [{ "type": "string" }, { "type": "object" }] })
    }
}

/// The whole file: the settings beside the three keys that only the top level has.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config {
    pub api_version: Option<Located<ApiVersion>>,
    pub extends: Option<Located<OneOrMany>>,
    pub environments: Option<Located<Map<Settings>>>,
    pub settings: Settings,
}

/// Keys that only the top level of a file has.
pub const TOP_KEYS: [&str; 3] = ["apiVersion", "extends", "environments"];

impl Decode for Config {
    fn expected() -> String {
        "a map".into()
    }
    fn decode(node: &Node, faults: &mut Faults) -> Option<Config> {
        let mapping = super::decode::record_of(node, "a map of keys such as `apiVersion` and `database`", faults)?;
        let (own, rest): (Mapping, Mapping) =
            mapping.iter().map(|(k, e)| (k.clone(), e.clone())).partition(|(k, _)| TOP_KEYS.contains(&k.as_str()));
        let mut config = Config::default();
        if let Some(entry) = own.get("apiVersion") {
            config.api_version = super::decode::optional(entry, faults);
        }
        if let Some(entry) = own.get("extends") {
            config.extends = super::decode::optional(entry, faults);
        }
        if let Some(entry) = own.get("environments") {
            config.environments = environments(entry, faults);
        }
        config.settings = Settings::decode(&Node { place: node.place.clone(), kind: Kind::Mapping(rest) }, faults)?;
        Some(config)
    }
}

/// `prod: ` alone means `{}`, so that null is no removal here.
fn environments(entry: &Entry, faults: &mut Faults) -> Option<Located<Map<Settings>>> {
    if entry.value.is_null() {
        return None;
    }
    let Some(mapping) = entry.value.as_mapping() else {
        faults.push(wrong_type(&entry.value, "a map from an environment's name to its overlay"));
        return None;
    };
    let mut decoded = Map::default();
    for (name, overlay) in mapping {
        let value = if overlay.value.is_null() { Some(Settings::default()) } else { Settings::decode(&overlay.value, faults) };
        if let Some(value) = value {
            decoded.0.insert(name.clone(), (overlay.key.clone(), Located { value, place: overlay.value.place.clone() }));
        }
    }
    Some(Located { value: decoded, place: entry.value.place.clone() })
}
