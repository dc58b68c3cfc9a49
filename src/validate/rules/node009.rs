//! NODE009: the autoscaler has a range.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "NODE009",
    summary: "the autoscaler has a range",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("node009.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let Some(autoscaling) = &context.deployment.autoscaling else { return };
    let min = autoscaling.min.unwrap_or(context.deployment.replicas);
    match autoscaling.max {
        None if !context.given("/autoscaling/max") => {
            context.report("/autoscaling", "`autoscaling.max` is missing: an autoscaler needs a most number of pods").help("add `max`");
        }
        Some(max) if max < min && autoscaling.min.is_some() => {
            context
                .report(
                    "/autoscaling/max",
                    format!("the maximum of {max} is below the minimum of {min}: the API server refuses the autoscaler"),
                )
                .see("/autoscaling/min", "the minimum");
        }
        Some(max) if max < min => {
            let replicas = if context.given("/replicas") { "/replicas" } else { "/autoscaling/max" };
            context
                .report("/autoscaling/max", format!("the maximum of {max} is below the {min} replicas, which are the minimum"))
                .see(replicas, "the minimum");
        }
        Some(max) if max == min => {
            context
                .report("/autoscaling/max", format!("minimum and maximum are both {max}: there is nothing to scale"))
                .level(Level::Advice);
        }
        _ => {}
    }
    let resources = &context.merged_values()["resources"];
    let capped = !resources["limits"]["cpu"].is_null()
        && (resources["requests"]["cpu"].is_null() || resources["requests"]["cpu"] == resources["limits"]["cpu"]);
    if let Some(cpu) = autoscaling.cpu.filter(|cpu| *cpu > 100 && capped) {
        context
            .report(
                "/autoscaling/cpu",
                format!("a pod cannot use {cpu} percent of a request that is also its limit: the number of pods never grows"),
            )
            .level(Level::Warning)
            .help("aim at 50 to 90 percent");
    }
}
