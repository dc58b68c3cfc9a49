//! The checks on files that gqlgen did not make: values of the chart, and rendered objects.

use serde_json::Value;

use super::{At, Finding, Findings, Subject};
use crate::diagnostic::Level;

/// A finding and its pointer in the file.
pub type Located = (String, Finding);

/// Judges a values file: `merged` is what Helm makes of `own` over the chart's defaults.
pub fn of_values(merged: &Value, own: &Value) -> Vec<Located> {
    let ingress = &merged["ingress"];
    if ingress["enabled"] != Value::Bool(true) {
        return Vec::new();
    }
    let Some(mut subject) = Subject::of_values(merged, "release-name-scalardb-graphql".into(), None) else {
        return if ingress["className"].as_str().unwrap_or_default().is_empty() { vec![no_class()] } else { Vec::new() };
    };
    let given = &own["ingress"]["annotations"];
    subject.inherited = subject.annotations.iter().map(|(key, _)| *key).filter(|key| given.get(key).is_none()).collect();
    // That the paths agree is a rule of the values themselves, and so are names that a release gives.
    let is_own = |finding: &Finding| !(finding.rule == "ING021" && finding.at == At::Path);
    let found = super::check(&subject).into_iter().filter(is_own);
    found.map(|finding| (finding.at.in_values(), finding)).collect()
}

fn no_class() -> Located {
    let mut findings = Findings { rule: "ING009", found: Vec::new() };
    let finding = findings.add(
        Level::Warning,
        At::key("kubernetes.io/ingress.class"),
        "the Ingress has no class: only a controller whose class is the cluster's default takes it, if any",
    );
    finding.help("set `ingress.className: alb`");
    ("/ingress/className".into(), finding.clone())
}

/// Judges an Ingress object among others.
pub fn of_object(ingress: &Value, objects: &[&Value]) -> Vec<Located> {
    let same_namespace = |o: &&&Value| o["metadata"]["namespace"] == ingress["metadata"]["namespace"];
    let of_kind = |kind: &'static str| objects.iter().filter(move |o| o["kind"] == kind).filter(same_namespace).copied();
    let wanted = ingress.pointer("/spec/rules/0/http/paths/0/backend/service/name");
    let service = of_kind("Service").find(|s| Some(&s["metadata"]["name"]) == wanted);
    let selects = |deployment: &&Value| {
        let selector = service.and_then(|s| s["spec"]["selector"].as_object());
        let labels = &deployment["spec"]["template"]["metadata"]["labels"];
        selector.is_some_and(|selector| !selector.is_empty() && selector.iter().all(|(key, value)| labels.get(key) == Some(value)))
    };
    let deployment = of_kind("Deployment").find(selects);
    let Some(subject) = Subject::of_object(ingress, service, deployment) else { return Vec::new() };
    super::check(&subject).into_iter().map(|finding| (finding.at.in_object(), finding)).collect()
}
