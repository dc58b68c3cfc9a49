//! CHART006: null under values meets a default of the chart.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule =
    Rule { id: "CHART006", summary: "null under values meets a default of the chart", level: Level::Warning, since: "0.1.0", doc: include_str!("chart006.md"), check: Check::Environment(check) };

use serde_json::Value;

use crate::source::Pointer;

fn check(context: &Context<'_>) {
    let chart = crate::resolve::chart();
    let Some(version) = chart.version(&context.deployment.chart_version) else { return };
    walk(context, &context.deployment.values, Some(chart.defaults(version)), &Pointer::parse("/values"));
}

fn walk(context: &Context<'_>, value: &Value, default: Option<&Value>, at: &Pointer) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, below)| walk(context, below, default.and_then(|d| d.get(key)), &at.join(key))),
        Value::Null if default.is_none() => {
            context
                .report(at.as_str(), "the chart has no default here that null could take away: Helm renders the null itself")
                .help("leave the key out; in an overlay, take back the key of the lower layer by its own name, not under `values`");
        }
        _ => {}
    }
}
