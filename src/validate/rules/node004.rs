//! NODE004: what selects nodes does not contradict itself.

use crate::diagnostic::Level;
use crate::model::{Capacity, Nodes};
use crate::source::Pointer;
use crate::validate::rule::{Check, Context, Rule};
use serde_json::Value;

pub static RULE: Rule = Rule {
    id: "NODE004",
    summary: "what selects nodes does not contradict itself",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("node004.md"),
    check: Check::Environment(check),
};

/// The pointer of a key of `nodes.selector`.
pub fn selector_pointer(key: &str) -> String {
    Pointer::parse("/nodes/selector").join(key).to_string()
}

/// A label that the derived affinity asks for, or forbids, with the key of the config that says so.
struct Wanted<'n> {
    key: &'n str,
    value: &'n str,
    has: bool,
    from: &'static str,
}

fn wanted(nodes: &Nodes) -> Vec<Wanted<'_>> {
    let mut wanted = Vec::new();
    if let Some((key, value)) = nodes.pool_label() {
        wanted.push(Wanted { key, value, has: true, from: "/nodes/pool" });
    }
    if let Some(capacity) = nodes.capacity {
        let value = if capacity == Capacity::Spot { "SPOT" } else { "ON_DEMAND" };
        wanted.push(Wanted { key: "eks.amazonaws.com/capacityType", value, has: true, from: "/nodes/capacity" });
    }
    if let Some(fargate) = nodes.fargate {
        wanted.push(Wanted { key: "eks.amazonaws.com/compute-type", value: "fargate", has: fargate, from: "/nodes/fargate" });
    }
    wanted
}

fn check(context: &Context<'_>) {
    let nodes = &context.deployment.nodes;
    for wanted in wanted(nodes) {
        let name = wanted.from.trim_start_matches("/nodes/");
        let selected = nodes.selector.iter().find(|(key, _)| key == wanted.key);
        if let Some((key, value)) = selected.filter(|(_, value)| (value == wanted.value) != wanted.has) {
            context
                .report(
                    &selector_pointer(key),
                    format!("no node can match: the selector wants `{key}={value}`, and `{name}` {}", demand(&wanted)),
                )
                .see(wanted.from, "this says otherwise")
                .help(format!("leave `{key}` out of the selector: `nodes.{name}` says it"));
        }
        let terms = nodes
            .affinity
            .as_ref()
            .and_then(|a| a.pointer("/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms"));
        let terms = terms.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        if !terms.is_empty() && terms.iter().all(|term| excludes(term, &wanted)) {
            let pointer = "/nodes/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms";
            context
                .report(pointer, format!("no node can match: every term of this affinity excludes what `{name}` {}", demand(&wanted)))
                .see(wanted.from, "this says otherwise");
        }
    }
}

fn demand(wanted: &Wanted<'_>) -> String {
    if wanted.has { format!("wants `{}={}`", wanted.key, wanted.value) } else { format!("forbids `{}={}`", wanted.key, wanted.value) }
}

/// Whether no node with the wanted label can match the term.
fn excludes(term: &Value, wanted: &Wanted<'_>) -> bool {
    let expressions = term.get("matchExpressions").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    expressions.iter().filter(|e| e["key"] == wanted.key).any(|expression| {
        let names = expression["values"].as_array().is_some_and(|values| values.iter().any(|v| v == wanted.value));
        let only = names && expression["values"].as_array().is_some_and(|values| values.len() == 1);
        match (expression["operator"].as_str(), wanted.has) {
            (Some("In"), true) => !names,
            (Some("NotIn"), true) => names,
            (Some("DoesNotExist"), true) => true,
            (Some("In"), false) => only,
            _ => false,
        }
    })
}
