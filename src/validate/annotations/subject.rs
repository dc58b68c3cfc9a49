//! What the checks see of an Ingress and of what stands behind it, borrowed from values or from objects.

use serde_json::Value;

use super::At;
use crate::compile::ingress::attributes::{self, Attributes};
use crate::compile::ingress::catalogue::{self, Class};
use crate::model::IngressClass;
use crate::source::Pointer;

#[derive(Clone, Debug)]
pub struct Subject<'a> {
    pub class: IngressClass,
    /// `spec.ingressClassName`, where it is set.
    pub class_name: Option<&'a str>,
    /// Annotations whose value is a text, in their order.
    pub annotations: Vec<(&'a str, &'a str)>,
    /// Keys that come from the chart's defaults, where the file at hand does not give them itself.
    pub inherited: Vec<&'a str>,
    /// Host of each rule; `""` is any host.
    pub hosts: Vec<&'a str>,
    /// Paths with their types, over all rules.
    pub paths: Vec<(&'a str, &'a str)>,
    pub tls: Vec<TlsEntry<'a>>,
    /// Names of the Services and actions that rules send to.
    pub backends: Vec<String>,
    /// Those of them whose port is `use-annotation`.
    pub actions: Vec<String>,
    /// Type of the Service behind it, where it is known.
    pub service_type: Option<&'a str>,
    /// Ports of that Service, where they are known: name and number.
    pub service_ports: Vec<(&'a str, u64)>,
    /// Whether such a port leads to a port of the pods by its name.
    pub named_target_port: bool,
    /// The most pods that may run, where it is known.
    pub replicas: Option<u64>,
    /// Whether ScalarDB GraphQL stands behind it, as far as can be seen.
    pub graphql: bool,
    /// Path that the server answers, where it is known.
    pub server_path: Option<&'a str>,
    /// Whether the console is on, where it is known.
    pub graphiql: Option<bool>,
    /// Region of the cluster, where it is known.
    pub region: Option<&'a str>,
    /// Account of the cluster, where it is known.
    pub account: Option<&'a str>,
    /// Seconds that a pod has to end.
    pub grace_period: u64,
}

/// A `tls` entry of an Ingress.
#[derive(Clone, Debug)]
pub struct TlsEntry<'a> {
    pub secret: Option<&'a str>,
    pub hosts: Vec<&'a str>,
}

/// What Kubernetes gives a pod that says nothing.
const GRACE_PERIOD: u64 = 30;

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

fn annotations(value: &Value) -> Vec<(&str, &str)> {
    value.as_object().into_iter().flatten().filter_map(|(key, value)| Some((key.as_str(), value.as_str()?))).collect()
}

fn tls(value: &Value) -> Vec<TlsEntry<'_>> {
    let entry = |entry| {
        let entry: &Value = entry;
        TlsEntry { secret: entry["secretName"].as_str().filter(|s| !s.is_empty()), hosts: texts(&entry["hosts"]) }
    };
    value.as_array().into_iter().flatten().map(entry).collect()
}

impl<'a> Subject<'a> {
    /// From the chart's values after Helm's merge. None where there is no Ingress, or one of a class that is not known.
    pub fn of_values(values: &'a Value, fullname: String, region: Option<&'a str>) -> Option<Subject<'a>> {
        let ingress = &values["ingress"];
        if ingress["enabled"] != Value::Bool(true) {
            return None;
        }
        let class = IngressClass::of(ingress["className"].as_str()?)?;
        let rules = || ingress["hosts"].as_array().into_iter().flatten();
        let paths = rules().flat_map(|rule| rule["paths"].as_array().into_iter().flatten());
        let server = &values["scalarDbGraphQlConfiguration"];
        let autoscaled = values["autoscaling"]["maxReplicas"].as_u64();
        Some(Subject {
            class,
            class_name: ingress["className"].as_str(),
            annotations: annotations(&ingress["annotations"]),
            inherited: Vec::new(),
            hosts: rules().map(|rule| rule["host"].as_str().unwrap_or_default()).collect(),
            paths: paths.filter_map(|p| Some((p["path"].as_str()?, p["pathType"].as_str().unwrap_or_default()))).collect(),
            tls: tls(&ingress["tls"]),
            backends: vec![fullname],
            actions: Vec::new(),
            service_type: values["service"]["type"].as_str(),
            service_ports: values["service"]["port"].as_u64().map(|port| ("http", port)).into_iter().collect(),
            named_target_port: true,
            replicas: autoscaled.or_else(|| values["replicaCount"].as_u64()),
            graphql: true,
            server_path: server["path"].as_str(),
            graphiql: match &server["graphiql"] {
                Value::Bool(on) => Some(*on),
                Value::String(text) => Some(text == "true"),
                _ => None,
            },
            region,
            account: None,
            grace_period: values["terminationGracePeriodSeconds"].as_u64().unwrap_or(GRACE_PERIOD),
        })
    }

    /// From an Ingress object and, where they are at hand, the Service and the Deployment behind it.
    pub fn of_object(ingress: &'a Value, service: Option<&'a Value>, deployment: Option<&'a Value>) -> Option<Subject<'a>> {
        let spec = &ingress["spec"];
        let marks = &ingress["metadata"]["annotations"];
        let class = spec["ingressClassName"].as_str().or_else(|| marks["kubernetes.io/ingress.class"].as_str())?;
        let rules = || spec["rules"].as_array().into_iter().flatten();
        let paths = || rules().flat_map(|rule| rule["http"]["paths"].as_array().into_iter().flatten());
        let named = |path: &Value, action: bool| {
            let service = &path["backend"]["service"];
            let used = service["port"]["name"].as_str() == Some("use-annotation");
            (!action || used).then(|| service["name"].as_str().map(str::to_owned)).flatten()
        };
        let ports = || service.into_iter().flat_map(|s| s["spec"]["ports"].as_array().into_iter().flatten());
        Some(Subject {
            class: IngressClass::of(class)?,
            class_name: spec["ingressClassName"].as_str(),
            annotations: annotations(marks),
            inherited: Vec::new(),
            hosts: rules().map(|rule| rule["host"].as_str().unwrap_or_default()).collect(),
            paths: paths().filter_map(|p| Some((p["path"].as_str()?, p["pathType"].as_str().unwrap_or_default()))).collect(),
            tls: tls(&spec["tls"]),
            backends: paths().filter_map(|p| named(p, false)).collect(),
            actions: paths().filter_map(|p| named(p, true)).collect(),
            service_type: service.map(|s| s["spec"]["type"].as_str().unwrap_or("ClusterIP")),
            service_ports: ports().filter_map(|p| Some((p["name"].as_str().unwrap_or_default(), p["port"].as_u64()?))).collect(),
            named_target_port: ports().any(|p| p["targetPort"].is_string()),
            replicas: deployment.and_then(|d| d["spec"]["replicas"].as_u64()),
            graphql: ingress["metadata"]["labels"]["app.kubernetes.io/app"] == "scalardb-graphql",
            server_path: None,
            graphiql: None,
            region: None,
            account: None,
            grace_period: deployment
                .and_then(|d| d["spec"]["template"]["spec"]["terminationGracePeriodSeconds"].as_u64())
                .unwrap_or(GRACE_PERIOD),
        })
    }

    pub fn catalogue(&self) -> &'static Class {
        catalogue::class(self.class)
    }

    pub fn is_alb(&self) -> bool {
        self.class == IngressClass::Alb
    }

    /// The whole key of a name of this class.
    pub fn key(&self, name: &str) -> String {
        self.catalogue().key(name)
    }

    pub fn at(&self, name: &str) -> At {
        At::key(self.key(name))
    }

    pub fn at_attribute(&self, name: &str, attribute: &str) -> At {
        At::attribute(self.key(name), attribute)
    }

    /// The value of an annotation of this class.
    pub fn get(&self, name: &str) -> Option<&'a str> {
        let prefix = &self.catalogue().prefix;
        self.annotations.iter().find(|(key, _)| key.strip_prefix(prefix.as_str()) == Some(name)).map(|(_, value)| *value)
    }

    /// Its value where it is a whole number, else the controller's default.
    pub fn number(&self, name: &str) -> Option<i64> {
        let default = || self.catalogue().entry(&self.key(name)).and_then(|e| e.default.as_deref()).and_then(|d| d.parse().ok());
        match self.get(name) {
            Some(text) => text.parse().ok(),
            None => default(),
        }
    }

    /// The items of a list, trimmed, blanks dropped as the controller does.
    pub fn list(&self, name: &str) -> Vec<&'a str> {
        self.get(name).map(items).unwrap_or_default()
    }

    /// The attributes of a map, empty where it is absent or cannot be read.
    pub fn map(&self, name: &str) -> Attributes {
        self.get(name).and_then(|text| attributes::parse(text).ok()).unwrap_or_default()
    }

    /// An attribute of a map; the last where it is given twice.
    pub fn attribute(&self, name: &str, attribute: &str) -> Option<String> {
        self.map(name).into_iter().rev().find(|(key, _)| key == attribute).map(|(_, value)| value)
    }

    /// Whether a client stays on its pod.
    pub fn is_sticky(&self) -> bool {
        match self.class {
            IngressClass::Alb => self.attribute("target-group-attributes", "stickiness.enabled").as_deref() == Some("true"),
            IngressClass::Nginx => self.get("affinity") == Some("cookie"),
            IngressClass::Agic => self.get("cookie-based-affinity").is_some_and(super::grammar::is_true),
        }
    }

    /// What decides stickiness in this class.
    pub fn at_stickiness(&self) -> At {
        match self.class {
            IngressClass::Alb => self.at_attribute("target-group-attributes", "stickiness.enabled"),
            IngressClass::Nginx => self.at("affinity"),
            IngressClass::Agic => self.at("cookie-based-affinity"),
        }
    }

    pub fn is_public(&self) -> bool {
        self.is_alb() && self.get("scheme") == Some("internet-facing")
    }
}

/// Items of a comma list, trimmed, blanks dropped.
pub fn items(text: &str) -> Vec<&str> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty()).collect()
}

impl At {
    /// Pointer in chart values.
    pub fn in_values(&self) -> String {
        match self {
            At::Annotation { key, .. } => Pointer::parse("/ingress/annotations").join(key).as_str().to_owned(),
            At::Host(index) => format!("/ingress/hosts/{index}/host"),
            At::Path => "/ingress/hosts/0/paths/0/path".into(),
            At::TlsHost(index) => format!("/ingress/tls/0/hosts/{index}"),
            At::TlsSecret => "/ingress/tls/0/secretName".into(),
            At::Replicas => "/replicaCount".into(),
            At::ServiceType => "/service/type".into(),
            At::Graphiql => "/scalarDbGraphQlConfiguration/graphiql".into(),
        }
    }

    /// Pointer in an Ingress object; what stands in other objects points at the Ingress's annotations.
    pub fn in_object(&self) -> String {
        match self {
            At::Annotation { key, .. } => Pointer::parse("/metadata/annotations").join(key).as_str().to_owned(),
            At::Host(index) => format!("/spec/rules/{index}/host"),
            At::Path => "/spec/rules/0/http/paths/0/path".into(),
            At::TlsHost(index) => format!("/spec/tls/0/hosts/{index}"),
            At::TlsSecret => "/spec/tls/0/secretName".into(),
            At::Replicas | At::ServiceType | At::Graphiql => "/metadata/annotations".into(),
        }
    }
}
