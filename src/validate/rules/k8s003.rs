//! K8S003: release and namespace are names that Helm and the API server take. Reported where it is resolved.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "K8S003",
    summary: "release and namespace are names that Helm and the API server take",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("k8s003.md"),
    check: Check::Stage,
};
