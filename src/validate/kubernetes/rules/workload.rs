//! Deployments and their like, Jobs: update strategy, selector and template.

use serde_json::Value;

use super::super::FaultKind;
use super::super::walk::{Object, Walk};
use super::{is_set, text};

pub fn strategy<'v>(walk: &mut Walk<'v>, object: &'v Object) {
    let rolling = object.get("rollingUpdate").filter(|rolling| !rolling.is_null());
    if text(object, "type") == "Recreate" && rolling.is_some() {
        walk.at_key("rollingUpdate", |walk| {
            walk.bad("goes only with the type RollingUpdate").expected = Some("null beside Recreate".into());
        });
    }
    if let Some(rolling) = rolling.and_then(Value::as_object) {
        walk.at_key("rollingUpdate", |walk| self::rolling(walk, rolling, false));
    }
}

/// `surge_is_zero`: what a `maxSurge` left out stands for.
pub fn rolling(walk: &mut Walk<'_>, rolling: &Object, surge_is_zero: bool) {
    let zero = |value: &Value| value.as_i64() == Some(0) || value.as_str().is_some_and(is_zero_percent);
    let none = |key: &str, default: bool| rolling.get(key).filter(|value| !value.is_null()).map_or(default, zero);
    if none("maxSurge", surge_is_zero) && none("maxUnavailable", false) {
        walk.bad("maxSurge and maxUnavailable cannot both be 0: nothing could roll");
    }
}

fn is_zero_percent(text: &str) -> bool {
    text.strip_suffix('%').is_some_and(|digits| digits.parse() == Ok(0))
}

pub fn deployment<'v>(walk: &mut Walk<'v>, object: &'v Object) {
    with_selector(walk, object);
    let number = |key: &str| object.get(key).and_then(Value::as_i64);
    let (ready, deadline) = (number("minReadySeconds").unwrap_or(0), number("progressDeadlineSeconds").unwrap_or(600));
    if deadline <= ready && deadline >= 0 && ready >= 0 {
        let key = if is_set(object, "progressDeadlineSeconds") { "progressDeadlineSeconds" } else { "minReadySeconds" };
        walk.at_key(key, |walk| {
            walk.bad(format!("the progress deadline ({deadline} s) must be longer than minReadySeconds ({ready} s)"));
        });
    }
}

/// The selector must be there, hold something, and select the template's own labels; the pods restart always.
pub fn with_selector<'v>(walk: &mut Walk<'v>, object: &'v Object) {
    selector(walk, object);
    let Some(spec) = object.get("template").and_then(|template| template.get("spec")).and_then(Value::as_object) else { return };
    let policy = text(spec, "restartPolicy");
    if matches!(policy, "OnFailure" | "Never") {
        in_spec(walk, "restartPolicy", |walk| {
            walk.bad(format!("{policy:?} is nothing here: these pods always restart")).expected = Some("Always".into());
        });
    }
    if is_set(spec, "activeDeadlineSeconds") {
        in_spec(walk, "activeDeadlineSeconds", |walk| {
            walk.bad("cannot be set here: these pods run for ever");
        });
    }
}

fn in_spec<'v>(walk: &mut Walk<'v>, key: &'v str, then: impl FnOnce(&mut Walk<'v>)) {
    walk.at_key("template", |walk| walk.at_key("spec", |walk| walk.at_key(key, then)));
}

fn selector<'v>(walk: &mut Walk<'v>, object: &'v Object) {
    let Some(selector) = object.get("selector").and_then(Value::as_object) else { return };
    let wanted = selector.get("matchLabels").and_then(Value::as_object);
    let expressions = selector.get("matchExpressions").and_then(Value::as_array);
    if wanted.is_none_or(|wanted| wanted.is_empty()) && expressions.is_none_or(|expressions| expressions.is_empty()) {
        walk.at_key("selector", |walk| {
            walk.fault(FaultKind::MissingField, "an empty selector is not taken: it needs matchLabels or matchExpressions");
        });
        return;
    }
    let labels = object.get("template").and_then(|template| template.get("metadata")).and_then(|metadata| metadata.get("labels"));
    let label = |key: &str| labels.and_then(|labels| labels.get(key)).and_then(Value::as_str);
    walk.at_key("selector", |walk| {
        walk.at_key("matchLabels", |walk| {
            for (key, value) in wanted.into_iter().flatten().filter(|(_, value)| value.is_string()) {
                if label(key) != value.as_str() {
                    walk.at_key(key, |walk| {
                        walk.bad(format!("the template's labels have no {key}: {value}")).expected =
                            Some("labels that the template has".into());
                    });
                }
            }
        });
        walk.each(selector, "matchExpressions", |walk, expression| {
            if !selects(expression, &label) {
                walk.bad("does not select the template's own labels");
            }
        });
    });
}

/// Whether a label requirement holds; one that is malformed was reported already.
fn selects<'l>(expression: &Value, label: &impl Fn(&str) -> Option<&'l str>) -> bool {
    let of = |key: &str| expression.get(key).and_then(Value::as_str).unwrap_or_default();
    let found = label(of("key"));
    let listed =
        || expression.get("values").and_then(Value::as_array).is_some_and(|values| values.iter().any(|value| value.as_str() == found));
    match of("operator") {
        "In" => found.is_some() && listed(),
        "NotIn" => found.is_none() || !listed(),
        "Exists" => found.is_some(),
        "DoesNotExist" => found.is_none(),
        _ => true,
    }
}

/// A Job's pods end: they restart on failure or never. Its selector is the server's own.
pub fn job<'v>(walk: &mut Walk<'v>, object: &'v Object) {
    let Some(spec) = object.get("template").and_then(|template| template.get("spec")).and_then(Value::as_object) else { return };
    match text(spec, "restartPolicy") {
        // Left out it becomes Always, which is refused.
        "" => walk.at_key("template", |walk| walk.at_key("spec", |walk| walk.missing("restartPolicy", "a Job's pod"))),
        "Always" => in_spec(walk, "restartPolicy", |walk| {
            walk.bad("\"Always\" is nothing for a Job's pods").expected = Some("OnFailure or Never".into());
        }),
        _ => {}
    }
    if text(object, "completionMode") == "Indexed" && !is_set(object, "completions") {
        walk.missing("completions", "an Indexed job");
    }
}
