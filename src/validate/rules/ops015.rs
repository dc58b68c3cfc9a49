//! OPS015: control-plane logs are kept for days that CloudWatch knows.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "OPS015",
    summary: "control-plane logs are kept for days that CloudWatch knows",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("ops015.md"),
    check: Check::Environment(check),
};

const DAYS: [u32; 17] = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1827, 3653];

fn check(context: &Context<'_>) {
    let Some(cluster) = &context.deployment.cluster else { return };
    for (index, kind) in cluster.logging.iter().enumerate() {
        if cluster.logging[..index].contains(kind) {
            context.report(&format!("/cluster/logging/{index}"), format!("`{}` stands twice", kind.as_str())).level(Level::Warning);
        }
    }
    let Some(days) = cluster.log_retention else { return };
    if !DAYS.contains(&days) {
        let next = DAYS.iter().find(|known| **known > days).unwrap_or(&3653);
        context.report("/cluster/logRetention", format!("CloudWatch has no retention of {days} days")).help(format!("use {next}"));
    } else if cluster.logging.is_empty() {
        context.report("/cluster/logRetention", "a retention without logs: eksctl refuses it").help("list the logs in `cluster.logging`");
    }
}
