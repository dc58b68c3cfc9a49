//! K8S002: every object is one that the API server of the cluster's version takes. Reported where it is resolved.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "K8S002",
    summary: "every object is one that the API server of the cluster's version takes",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("k8s002.md"),
    check: Check::Stage,
};
