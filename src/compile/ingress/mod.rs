//! The Ingress part of the values: annotations by the catalogue, TLS entries, and the path of the health check.
//!
//! Which of the chart's own default annotations have to be nulled is the business of the values.

pub mod attributes;
pub mod catalogue;
pub mod settings;

use serde_json::{Map, Value, json};

use crate::model::{Deployment, Ingress, IngressClass};
use crate::source::Pointer;
use catalogue::{Class, Entry, Kind};

/// An annotation of the Ingress object.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Annotation {
    pub key: String,
    pub value: String,
    /// Pointer of the config key that feeds it, such as `/ingress/stickiness`; the nearest common one where several do.
    pub cause: String,
    /// The attributes of a map, each with its own cause; empty for other values.
    pub attributes: Vec<Attribute>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Attribute {
    pub key: String,
    pub value: String,
    pub cause: String,
}

/// The path that the load balancer asks: as given, else the GraphQL path with a query that reads no data.
pub fn health_check_path(deployment: &Deployment) -> String {
    let given = deployment.ingress.as_ref().and_then(|i| i.health_check.path.clone());
    given.unwrap_or_else(|| format!("{}?query=%7B__typename%7D", deployment.graphql.path))
}

/// All annotations of the Ingress: the derived ones in the catalogue's order with the user's laid over, then the user's further ones.
pub fn annotations(deployment: &Deployment) -> Vec<Annotation> {
    let Some(ingress) = &deployment.ingress else { return Vec::new() };
    let mut out = derived(deployment);
    for (key, value) in &ingress.annotations {
        let cause = user_pointer(key);
        let given = Annotation { key: key.clone(), value: value.clone(), cause, attributes: Vec::new() };
        match out.iter_mut().find(|a| a.key == *key) {
            Some(derived) => *derived = lay_over(derived, given, ingress.class),
            None => out.push(given),
        }
    }
    out
}

/// Pointer of a user's own annotation.
pub fn user_pointer(key: &str) -> String {
    Pointer::parse("/ingress/annotations").join(key).as_str().to_owned()
}

/// The annotations that follow from the other keys of `ingress`, without the user's own.
pub fn derived(deployment: &Deployment) -> Vec<Annotation> {
    let Some(ingress) = &deployment.ingress else { return Vec::new() };
    let class = catalogue::class(ingress.class);
    class.annotations.iter().filter_map(|entry| derive(class, entry, deployment, ingress)).collect()
}

fn derive(class: &Class, entry: &Entry, deployment: &Deployment, ingress: &Ingress) -> Option<Annotation> {
    let of = |entry: &Entry| settings::value(entry.value.as_deref()?, deployment, ingress);
    let cause = |entry: &Entry| entry.from.clone().unwrap_or_else(|| "/ingress".to_owned());
    let attributes: Vec<Attribute> = if entry.value.as_deref() == Some("tags") {
        let own = |key: &str| Pointer::parse(&cause(entry)).join(key).as_str().to_owned();
        ingress.tags.iter().map(|(key, value)| Attribute { key: key.clone(), value: value.clone(), cause: own(key) }).collect()
    } else {
        entry.attributes.iter().filter_map(|a| Some(Attribute { key: a.key.clone(), value: of(a)?, cause: cause(a) })).collect()
    };
    let key = class.key(&entry.key);
    if entry.kind == Kind::Map {
        return (!attributes.is_empty()).then(|| from_attributes(key, attributes));
    }
    Some(Annotation { key, value: of(entry)?, cause: cause(entry), attributes })
}

fn from_attributes(key: String, attributes: Vec<Attribute>) -> Annotation {
    let value = attributes::format(attributes.iter().map(|a| (a.key.as_str(), a.value.as_str())));
    Annotation { key, value, cause: common_cause(&attributes), attributes }
}

/// The deepest pointer that all causes lie under.
fn common_cause(attributes: &[Attribute]) -> String {
    let mut causes = attributes.iter().map(|a| a.cause.as_str());
    let mut common = causes.next().unwrap_or("/ingress");
    for cause in causes {
        while !(cause == common || cause.strip_prefix(common).is_some_and(|rest| rest.starts_with('/'))) {
            common = &common[..common.rfind('/').unwrap_or(0)];
        }
    }
    common.to_owned()
}

/// A user's annotation over the derived one: an attribute map attribute by attribute, anything else as a whole. A map that cannot be
/// read stands as given, for the controller refuses it and a rule says so.
fn lay_over(derived: &Annotation, given: Annotation, class: IngressClass) -> Annotation {
    let merges = catalogue::class(class).entry(&given.key).is_some_and(|e| e.merge);
    let (true, Ok(own)) = (merges, attributes::parse(&given.value)) else { return given };
    let mut merged = derived.attributes.clone();
    for (key, value) in own {
        let attribute = Attribute { key, value, cause: given.cause.clone() };
        match merged.iter_mut().find(|a| a.key == attribute.key) {
            Some(slot) => *slot = attribute,
            None => merged.push(attribute),
        }
    }
    from_attributes(given.key, merged)
}

/// The Ingress's `tls` entries: the Secret for nginx and Application Gateway, the host names for certificate discovery on an ALB.
pub fn tls(deployment: &Deployment) -> Option<Vec<Value>> {
    let ingress = deployment.ingress.as_ref()?;
    let tls = ingress.tls.as_ref()?;
    let named = |hosts: &[String]| hosts.iter().filter(|h| !h.is_empty()).cloned().collect::<Vec<_>>();
    let mut hosts = named(&tls.hosts);
    if ingress.class == IngressClass::Alb {
        // The controller reads only the hosts; without them it takes those of the rules.
        if hosts.is_empty() {
            return None;
        }
    } else if hosts.is_empty() {
        hosts = named(&ingress.hosts);
    }
    if hosts.is_empty() && tls.secret_name.is_none() {
        return None;
    }
    let mut entry = Map::new();
    if let Some(secret) = tls.secret_name.as_ref().filter(|_| ingress.class != IngressClass::Alb) {
        entry.insert("secretName".into(), json!(secret));
    }
    entry.insert("hosts".into(), json!(hosts));
    Some(vec![Value::Object(entry)])
}

#[cfg(test)]
mod tests;
