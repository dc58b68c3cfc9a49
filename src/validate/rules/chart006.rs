//! CHART006: null under values meets a default of the chart.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "CHART006",
    summary: "null under values meets a default of the chart",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("chart006.md"),
    check: Check::Environment(check),
};

use serde_json::Value;

use crate::source::Pointer;

fn check(context: &Context<'_>) {
    let chart = crate::resolve::chart();
    let Some(version) = chart.version(&context.deployment.chart_version) else { return };
    for pointer in stray_nulls(&context.deployment.values, Some(chart.defaults(version)), &Pointer::parse("/values")) {
        context
            .report(pointer.as_str(), "the chart has no default here that null could take away: Helm renders the null itself")
            .help("leave the key out; in an overlay, take back the key of the lower layer by its own name, not under `values`");
    }
}

/// Pointers of nulls that meet no default.
pub fn stray_nulls(value: &Value, default: Option<&Value>, at: &Pointer) -> Vec<Pointer> {
    match value {
        Value::Object(map) => {
            map.iter().flat_map(|(key, below)| stray_nulls(below, default.and_then(|d| d.get(key)), &at.join(key))).collect()
        }
        Value::Null if default.is_none() => vec![at.clone()],
        _ => Vec::new(),
    }
}
