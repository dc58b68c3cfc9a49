//! K8S006: an Ingress sends to a port of a Service. Reported for files that gqlgen did not make.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "K8S006",
    summary: "an Ingress sends to a port of a Service",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("k8s006.md"),
    check: Check::Stage,
};
