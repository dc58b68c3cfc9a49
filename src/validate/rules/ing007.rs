//! ING007: a key of the config is not said a second time by an annotation.

use crate::compile::ingress::{attributes, catalogue, derived, user_pointer};
use serde_json::Value;

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "ING007",
    summary: "a key of the config is not said a second time by an annotation",
    level: Level::Advice,
    since: "0.1.0",
    doc: include_str!("ing007.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let Some(ingress) = &context.deployment.ingress else { return };
    let class = catalogue::class(ingress.class);
    let derived = derived(context.deployment);
    for (key, value) in &ingress.annotations {
        let pointer = user_pointer(key);
        let Some(before) = derived.iter().find(|d| d.key == *key) else { continue };
        let merges = class.entry(key).is_some_and(|e| e.merge);
        let own = attributes::parse(value).unwrap_or_default();
        if key.ends_with("/listen-ports") && opens_all(value, &before.value) {
            listeners(context, &pointer, &before.cause, opens_all(&before.value, value));
            continue;
        }
        if !merges || own.is_empty() {
            said_twice(context, &pointer, &before.cause, before.value == *value, None);
            continue;
        }
        for (name, value) in own {
            if let Some(attribute) = before.attributes.iter().find(|a| a.key == name) {
                said_twice(context, &pointer, &attribute.cause, attribute.value == value, Some(&name));
            }
        }
    }
}

/// Whether the listeners of one text include those of the other.
fn opens_all(text: &str, other: &str) -> bool {
    let pairs = |text: &str| -> Option<Vec<(String, Value)>> {
        let items: Vec<serde_json::Map<String, Value>> = serde_json::from_str(text).ok()?;
        Some(items.into_iter().flatten().collect())
    };
    match (pairs(text), pairs(other)) {
        (Some(all), Some(some)) => some.iter().all(|pair| all.contains(pair)),
        _ => false,
    }
}

/// Listeners that include what gqlgen derives contradict nothing.
fn listeners(context: &Context<'_>, pointer: &str, cause: &str, same: bool) {
    let key = cause.trim_start_matches('/').replace('/', ".");
    if same {
        said_twice(context, pointer, cause, true, None);
    } else {
        context.report(pointer, format!("these listeners are more than those that gqlgen derives from `{key}`"));
    }
}

/// What an annotation says that a key of the config derives.
fn said_twice(context: &Context<'_>, pointer: &str, cause: &str, same: bool, attribute: Option<&str>) {
    let key = cause.trim_start_matches('/').replace('/', ".");
    let what = attribute.map_or("this annotation".to_owned(), |name| format!("`{name}`"));
    if same {
        context.report(pointer, format!("{what} repeats what gqlgen derives from `{key}`")).help("leave it out");
    } else if context.given(cause) && cause != "/ingress/class" {
        context
            .report(
                pointer,
                format!(
                    "{what} contradicts `{key}`, which this config gives: the annotation wins, and the readable key says something else"
                ),
            )
            .level(Level::Warning)
            .see(cause, "this key is without effect")
            .help("keep one of the two");
    } else {
        context.report(pointer, format!("{what} replaces what gqlgen derives; `{key}` is the key for it"));
    }
}
