//! Ingress annotations.
use crate::model::Deployment;
use serde_json::Value;
pub struct Annotation {
    pub key: String,
    pub value: String,
    pub cause: String,
}
pub fn annotations(_: &Deployment) -> Vec<Annotation> {
    Vec::new()
}
pub fn tls(_: &Deployment) -> Option<Vec<Value>> {
    None
}
