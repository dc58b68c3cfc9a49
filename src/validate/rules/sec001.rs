//! SEC001: a container that must not be root is not told to run as root.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "SEC001",
    summary: "a container that must not be root is not told to run as root",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("sec001.md"),
    check: Check::Environment(check),
};

use serde_json::Value;

fn check(context: &Context<'_>) {
    let values = context.merged_values();
    let (pod, container) = (&values["podSecurityContext"], &values["securityContext"]);
    // The container's own context wins, field by field.
    let effective = |key: &str| {
        [(container, "container"), (pod, "pod")].into_iter().find(|(c, _)| !c[key].is_null()).map(|(c, level)| (c[key].clone(), level))
    };
    let (Some((non_root, _)), Some((user, level))) = (effective("runAsNonRoot"), effective("runAsUser")) else { return };
    if non_root == Value::Bool(true) && user.as_i64() == Some(0) {
        let raw = if level == "pod" { "/values/podSecurityContext/runAsUser" } else { "/values/securityContext/runAsUser" };
        let pointer = if context.given(raw) { raw.to_owned() } else { format!("/security/{level}/runAsUser") };
        context
            .report(&pointer, "user 0 is root, and `runAsNonRoot` forbids it: the kubelet refuses to start the container")
            .see("/security/pod/runAsNonRoot", "forbidden here")
            .see("/security/container/runAsNonRoot", "forbidden here")
            .help("choose another user id, or leave `runAsUser` out: the image has one");
    }
}
