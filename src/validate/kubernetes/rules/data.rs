//! ConfigMaps and Secrets: keys, sizes, what a Secret's type demands. No value of theirs enters a message.

use serde_json::Value;

use super::super::FaultKind;
use super::super::names;
use super::super::walk::{Object, Walk};
use super::text;

const LARGEST: usize = 1024 * 1024;

pub fn keys<'v>(walk: &mut Walk<'v>, object: &'v Object) {
    for key in object.keys() {
        if let Err(reason) = names::config_key(key) {
            walk.at_key(key, |walk| {
                walk.bad(format!("the key {key:?} {reason}"));
            });
        }
    }
}

pub fn config_map<'v>(walk: &mut Walk<'v>, object: &'v Object) {
    let data = object.get("data").and_then(Value::as_object);
    let binary = object.get("binaryData").and_then(Value::as_object);
    for key in binary.into_iter().flat_map(Object::keys) {
        if data.is_some_and(|data| data.contains_key(key)) {
            walk.at_key("binaryData", |walk| {
                walk.at_key(key, |walk| {
                    walk.bad(format!("the key {key:?} stands under `data` too"));
                });
            });
        }
    }
    let plain: usize = values(data).map(str::len).sum();
    let encoded: usize = values(binary).map(decoded_len).sum();
    too_large(walk, plain + encoded);
}

pub fn secret<'v>(walk: &mut Walk<'v>, object: &'v Object) {
    let data = object.get("data").and_then(Value::as_object);
    let plain = object.get("stringData").and_then(Value::as_object);
    // What stands under stringData replaces the same key of data.
    let kept = data.into_iter().flatten().filter(|(key, _)| !plain.is_some_and(|plain| plain.contains_key(*key)));
    let encoded: usize = kept.filter_map(|(_, value)| value.as_str()).map(decoded_len).sum();
    too_large(walk, encoded + values(plain).map(str::len).sum::<usize>());
    let needed: &[&str] = match text(object, "type") {
        "kubernetes.io/tls" => &["tls.crt", "tls.key"],
        "kubernetes.io/dockerconfigjson" => &[".dockerconfigjson"],
        "kubernetes.io/dockercfg" => &[".dockercfg"],
        "kubernetes.io/ssh-auth" => &["ssh-privatekey"],
        _ => &[],
    };
    for key in needed {
        let has = |map: Option<&Object>| map.is_some_and(|map| map.contains_key(*key));
        if !has(data) && !has(plain) {
            let kind = text(object, "type");
            walk.fault(FaultKind::MissingField, format!("a Secret of type {kind} needs the key {key:?}"));
        }
    }
}

fn values(map: Option<&Object>) -> impl Iterator<Item = &str> {
    map.into_iter().flat_map(Object::values).filter_map(Value::as_str)
}

fn decoded_len(base64: &str) -> usize {
    base64.bytes().filter(|byte| !matches!(byte, b'=' | b'\n' | b'\r')).count() * 3 / 4
}

fn too_large(walk: &mut Walk<'_>, size: usize) {
    if size > LARGEST {
        walk.bad(format!("the data has {size} bytes, and may have {LARGEST}"));
    }
}
