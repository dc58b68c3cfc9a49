//! K8S001: Kubernetes types that the config carries have the fields, types and values that the API server takes. Reported where they are resolved.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "K8S001",
    summary: "affinity, tolerations, strategy and security contexts are what the API server takes",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("k8s001.md"),
    check: Check::Stage,
};
