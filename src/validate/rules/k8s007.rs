//! K8S007: a pod gets enough to run in.

use serde_json::Value;

use crate::config::decode::shown;
use crate::diagnostic::Level;
use crate::validate::kubernetes::quantity::{self, Quantity};
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "K8S007",
    summary: "a pod gets enough to run in",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("k8s007.md"),
    check: Check::Environment(check),
};

/// Below these a Java server does not even start; somebody meant another unit. In billionths of a CPU and of a byte.
const CPU: i128 = 10_000_000;
const MEMORY: i128 = 64 * 1024 * 1024 * 1_000_000_000;

fn check(context: &Context<'_>) {
    let resources = &context.merged_values()["resources"];
    for (key, least, example) in [("cpu", CPU, "500m or 2"), ("memory", MEMORY, "4Gi")] {
        // A request alone may be small on purpose, a limit may not.
        let Some(value) = Some(&resources["limits"][key]).filter(|v| !v.is_null()) else { continue };
        let Some(limit) = read(value).filter(|limit| !limit.is_negative() && limit.nanos() < least) else { continue };
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let unit = if key == "memory" { format!(" is {} bytes", limit.nanos().div_euclid(1_000_000_000)) } else { String::new() };
        let places = [format!("/values/resources/limits/{key}"), format!("/resources/limits/{key}"), format!("/resources/{key}")];
        let pointer = places.iter().find(|p| context.given(p)).map_or("/resources", String::as_str);
        context
            .report(pointer, format!("no server starts with this little {key}: `{}`{unit}", shown(&text)))
            .help(format!("for instance {example}; `m` is a thousandth, `M` and `Mi` are millions"));
    }
}

fn read(value: &Value) -> Option<Quantity> {
    quantity::of(value).ok()
}
