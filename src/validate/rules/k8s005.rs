//! K8S005: a rollout keeps servers running.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "K8S005",
    summary: "a rollout keeps servers running",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("k8s005.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    if context.merged_values()["strategy"]["type"] != "Recreate" {
        return;
    }
    let pointer = if context.given("/values/strategy/type") { "/values/strategy/type" } else { "/strategy/type" };
    context
        .report(pointer, "`Recreate` stops all pods before it starts new ones: every rollout is an outage and loses all open transactions")
        .help("`RollingUpdate` with `maxUnavailable: 0%` replaces one pod after the other");
}
