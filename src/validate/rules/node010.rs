//! NODE010: replicas are left to the autoscaler.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "NODE010",
    summary: "replicas are left to the autoscaler",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("node010.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let Some(autoscaling) = &context.deployment.autoscaling else { return };
    if !context.given("/replicas") {
        return;
    }
    let replicas = context.deployment.replicas;
    let outside = match (autoscaling.min, autoscaling.max) {
        (Some(min), _) if replicas < min => format!(", below the autoscaler's minimum of {min}"),
        (_, Some(max)) if replicas > max => format!(", above the autoscaler's maximum of {max}"),
        _ => String::new(),
    };
    context
        .report("/replicas", format!("every upgrade sets {replicas} replicas again{outside}, whatever the autoscaler has made of them"))
        .see("/autoscaling", "the autoscaler")
        .help("leave `replicas` out: the number then starts at `autoscaling.min`");
}
