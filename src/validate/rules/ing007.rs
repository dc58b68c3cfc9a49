//! ING007: a key of the config is not said a second time by an annotation.

use crate::compile::ingress::{attributes, catalogue, derived, user_pointer};
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
