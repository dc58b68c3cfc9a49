//! OPS001: a pod stays within the licence.

use crate::compile::cluster::room;
use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};
use serde_json::{Value, json};

pub static RULE: Rule = Rule {
    id: "OPS001",
    summary: "a pod stays within the licence",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("ops001.md"),
    check: Check::Environment(check),
};

/// CPU in thousandths and memory in MiB that the licence allows a pod: 4 GB are read as 4 GiB, as the guides themselves write them.
const CPU: u64 = 2000;
const MEMORY: u64 = 4096;

fn check(context: &Context<'_>) {
    let resources = &context.merged_values()["resources"];
    // The limit is what a pod may use; without one its request is what it is meant to.
    let part = |key: &str| {
        let section = if resources["limits"][key].is_null() { "requests" } else { "limits" };
        (section, resources[section][key].clone())
    };
    for (key, allowed, unit) in [("cpu", CPU, "m"), ("memory", MEMORY, "Mi")] {
        let (section, value) = part(key);
        let only: Value = json!({ "requests": { key: value } });
        let request = room::request(Some(&only));
        let asked = if key == "cpu" { request.cpu } else { request.memory };
        if asked <= allowed {
            continue;
        }
        let places = [format!("/values/resources/{section}/{key}"), format!("/resources/{section}/{key}"), format!("/resources/{key}")];
        let pointer = places.iter().find(|p| context.given(p)).cloned().unwrap_or_else(|| "/resources".into());
        context
            .report(&pointer, format!("{key} of {asked}{unit} is above the {allowed}{unit} that the licence allows a pod"))
            .help("use more pods instead of larger ones");
    }
}
