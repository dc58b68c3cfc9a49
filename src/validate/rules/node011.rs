//! NODE011: autoscaling has a CPU request to measure by.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "NODE011",
    summary: "autoscaling has a CPU request to measure by",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("node011.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let resources = &context.merged_values()["resources"];
    let has = |section: &str| !resources[section]["cpu"].is_null();
    if context.deployment.autoscaling.is_some() && !has("requests") && !has("limits") {
        let pointer = if context.given("/resources") { "/resources" } else { "/autoscaling" };
        context
            .report(pointer, "the pods have no CPU request, by which the autoscaler measures: it would never act")
            .see("/autoscaling", "the autoscaler")
            .help("give `resources: { cpu: \"2\", memory: 4Gi }`");
    }
}
