//! CHART005: values does not contradict the config's own keys.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "CHART005",
    summary: "values does not contradict the config's own keys",
    level: Level::Advice,
    since: "0.1.0",
    doc: include_str!("chart005.md"),
    check: Check::Environment(check),
};

use serde_json::Value;

use crate::source::Pointer;

fn check(context: &Context<'_>) {
    walk(context, &context.deployment.values, &Pointer::root());
}

/// Lists and scalars replace; a map is only looked into, as Helm merges it.
fn walk(context: &Context<'_>, value: &Value, at: &Pointer) {
    if let Value::Object(map) = value {
        map.iter().for_each(|(key, below)| walk(context, below, &at.join(key)));
        if !map.is_empty() {
            return;
        }
    }
    let derived = &context.compiled.derived;
    let Some(before) = derived.values.pointer(at.as_str()).filter(|v| !v.is_null() && *v != value) else { return };
    // An empty map changes nothing of a map.
    if let (Value::Object(_), Value::Object(before)) = (value, before) {
        if !before.is_empty() && *at != Pointer::root() {
            context
                .report(&format!("/values{at}"), "an empty map takes nothing away: Helm merges it into what is there")
                .level(Level::Warning)
                .help("give null for each key that should go");
        }
        return;
    }
    let cause = &given_for(context, derived.cause(at.as_str()).unwrap_or_default());
    let pointer = format!("/values{at}");
    let key = cause.trim_start_matches('/').replace('/', ".");
    if context.given(cause) {
        context
            .report(
                &pointer,
                format!(
                    "`values` contradicts `{key}`, which this config gives: the raw value wins, and the readable key says something else"
                ),
            )
            .level(Level::Warning)
            .see(cause, "this key is without effect")
            .help("keep one of the two");
    } else if value.is_null() {
        context
            .report(&pointer, format!("`values` takes away what gqlgen derives for `{key}`: the chart falls back to what it does without"))
            .level(Level::Warning);
    } else {
        context.report(&pointer, format!("`values` replaces what gqlgen derives; `{key}` is the key for it"));
    }
}

/// The key that a derived value comes from; where the config gives a short form (`monitoring: true`), that one.
fn given_for(context: &Context<'_>, cause: &str) -> String {
    let parent = Pointer::parse(cause).parent().map(|p| p.as_str().to_owned()).unwrap_or_default();
    let is_short = |pointer: &str| context.node(pointer).is_some_and(|node| node.as_scalar().is_some());
    // `ingress: true` says no more than the defaults do.
    if !context.given(cause) && parent != "/ingress" && is_short(&parent) { parent } else { cause.to_owned() }
}
