//! `monitoring`, `security`, `service`, `lint` and `diff`.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::super::decode::{Decode, Duration, Faults, FreeMap, Located, Map, Port, Text, choice, located, record, wrong_type};
use super::super::tree::{Kind, Node, Style};

/// All switches at once, or each by name.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "there is one for each environment, and it is soon resolved")]
pub enum MonitoringInput {
    Switch(bool),
    Object(Monitoring),
}

record! {
    /// Monitoring by the Prometheus Operator and Grafana. A switch left out is false.
    Monitoring {
        /// A ServiceMonitor.
        service_monitor "serviceMonitor": bool,
        /// A PrometheusRule with alerts.
        prometheus_rule "prometheusRule": bool,
        /// A ConfigMap with a Grafana dashboard.
        grafana_dashboard "grafanaDashboard": bool,
        /// Namespace of these objects.
        #[schemars(extend("default" = "monitoring"))]
        namespace "namespace": Text,
        /// Time between two scrapes.
        #[schemars(extend("default" = "15s"))]
        interval "interval": Duration,
    }
}

impl Decode for MonitoringInput {
    fn expected() -> String {
        "true, false or a map of switches".into()
    }
    fn decode(node: &Node, faults: &mut Faults) -> Option<Self> {
        match &node.kind {
            Kind::Mapping(_) => Monitoring::decode(node, faults).map(MonitoringInput::Object),
            Kind::Scalar(scalar) if scalar.style == Style::Plain && (scalar.text == "true" || scalar.text == "false") => {
                Some(MonitoringInput::Switch(scalar.text == "true"))
            }
            _ => {
                faults.push(wrong_type(node, &Self::expected()));
                None
            }
        }
    }
}

impl JsonSchema for MonitoringInput {
    fn schema_name() -> Cow<'static, str> {
        "MonitoringInput".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let object = generator.subschema_for::<Monitoring>();
        json_schema!({ "anyOf": [{ "type": "boolean" }, object] })
    }
}

/// `restricted`, or the two security contexts.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "there is one for each environment, and it is soon resolved")]
pub enum SecurityInput {
    Restricted,
    Object(Security),
}

record! {
    /// Security contexts, as Kubernetes has them.
    Security {
        /// Of the pod (PodSecurityContext).
        pod "pod": FreeMap,
        /// Of the container (SecurityContext).
        container "container": FreeMap,
    }
}

impl Decode for SecurityInput {
    fn expected() -> String {
        "`restricted`, or a map with `pod` and `container`".into()
    }
    fn decode(node: &Node, faults: &mut Faults) -> Option<Self> {
        match &node.kind {
            Kind::Mapping(_) => Security::decode(node, faults).map(SecurityInput::Object),
            Kind::Scalar(scalar) if scalar.text == "restricted" => Some(SecurityInput::Restricted),
            _ => {
                faults.push(wrong_type(node, &Self::expected()));
                None
            }
        }
    }
}

impl JsonSchema for SecurityInput {
    fn schema_name() -> Cow<'static, str> {
        "SecurityInput".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let object = generator.subschema_for::<Security>();
        json_schema!({ "anyOf": [{ "const": "restricted" }, object] })
    }
}

choice! {
    /// Kind of Service.
    ServiceType {
        /// Reached from inside the cluster only.
        ClusterIp = "ClusterIP",
        /// A port on every node.
        NodePort = "NodePort",
        /// A load balancer of its own.
        LoadBalancer = "LoadBalancer",
    }
}

record! {
    /// The Service in front of the pods.
    Service {
        /// Kind of Service.
        #[schemars(extend("default" = "ClusterIP"))]
        kind "type": ServiceType,
        /// Its port.
        #[schemars(extend("default" = 8080))]
        port "port": Port,
        /// Its annotations.
        #[schemars(extend("default" = {}))]
        annotations "annotations": Map<Text>,
    }
}

record! {
    /// Findings that are not reported.
    Lint {
        /// Allow `database.credentials.username` and `.password`; they then stand in the values file.
        #[schemars(extend("default" = false))]
        allow_plain_credentials "allowPlainCredentials": bool,
        /// Ids of rules, or maps with `rule`, `reason` and `until` (`YYYY-MM-DD`).
        #[schemars(extend("default" = [], "examples" = [["ING004", {"rule": "OPS001", "reason": "a test cluster", "until": "2030-12-31"}]]))]
        ignore "ignore": Vec<Located<IgnoreInput>>,
    }
}

record! {
    /// How `gqlgen diff` compares.
    DiffInput {
        /// Fields that are passed over, as by `--ignore`: a JSON pointer (`/spec/replicas`), a kind or an object and a pointer (`Deployment:/spec/replicas`, `Ingress/shop:/metadata/labels`), an annotation by its key.
        #[schemars(extend("default" = [], "examples" = [["Deployment:/spec/replicas", "alb.ingress.kubernetes.io/tags"]]))]
        ignore "ignore": Vec<Located<Text>>,
    }
}

/// A rule's id, or a map.
#[derive(Clone, Debug, PartialEq)]
pub enum IgnoreInput {
    Rule(Located<Text>),
    Object(Ignore),
}

record! {
    /// One suppression.
    Ignore {
        /// Id of the rule.
        rule "rule": Text,
        /// Why it is ignored.
        reason "reason": Text,
        /// Last day (`YYYY-MM-DD`) of the suppression.
        until "until": Text,
    }
}

impl Decode for IgnoreInput {
    fn expected() -> String {
        "a rule's id, or a map with `rule`, `reason` and `until`".into()
    }
    fn decode(node: &Node, faults: &mut Faults) -> Option<Self> {
        match &node.kind {
            Kind::Mapping(_) => Ignore::decode(node, faults).map(IgnoreInput::Object),
            Kind::Scalar(_) => located(node, faults).map(IgnoreInput::Rule),
            Kind::Sequence(_) => {
                faults.push(wrong_type(node, &Self::expected()));
                None
            }
        }
    }
}

impl JsonSchema for IgnoreInput {
    fn schema_name() -> Cow<'static, str> {
        "IgnoreInput".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let object = generator.subschema_for::<Ignore>();
        json_schema!({ "anyOf": [{ "type": "string" }, object] })
    }
}
