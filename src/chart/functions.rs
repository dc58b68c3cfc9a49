//! The functions of chart templates, named and meant as Helm's. A template prints JSON by itself; these print what Helm would print
//! as bare text, and give it to YAML as Helm does.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use minijinja::value::{Rest, ValueKind};
use minijinja::{Environment, Error, ErrorKind, Value};

use super::{KubeVersion, go, helm_yaml, scope};

pub fn register(environment: &mut Environment<'static>) {
    environment.add_filter("text", text);
    environment.add_function("text", text);
    environment.add_filter("plain", plain);
    environment.add_function("plain", plain);
    environment.add_filter("quote", quote);
    environment.add_filter("toYaml", to_yaml);
    environment.add_filter("b64enc", b64enc);
    environment.add_filter("range", range);
    environment.add_filter("setDefault", set_default);
    environment.add_filter("trunc", trunc);
    environment.add_filter("trimSuffix", trim_suffix);
    environment.add_filter("nindent", nindent);
    environment.add_test("atLeast", at_least);
}

fn refuse(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidOperation, message.into())
}

fn present(value: &Value) -> Result<&Value, Error> {
    if value.is_undefined() { Err(refuse("there is no such value: what should hold it is null or no map")) } else { Ok(value) }
}

fn printed(parts: &Rest<Value>) -> Result<String, Error> {
    let mut text = String::new();
    for part in parts.iter() {
        text.push_str(&go::text(present(part)?));
    }
    Ok(text)
}

/// `"{{ a }}{{ b }}"`: the parts as Go prints them, between double quotes and without any escaping, read again by YAML.
fn text(parts: Rest<Value>) -> Result<Value, Error> {
    helm_yaml::between_quotes(&printed(&parts)?).map(Value::from).map_err(refuse)
}

/// `{{ a }}{{ b }}`: the parts as Go prints them, without quotes, read again by YAML. It stands as the whole value of a key or an item.
fn plain(parts: Rest<Value>) -> Result<Value, Error> {
    let text = printed(&parts)?;
    if helm_yaml::is_bare(&text) {
        return Ok(Value::from_safe_string(text));
    }
    let value = helm_yaml::unquoted(&text).map_err(refuse)?;
    Ok(Value::from_safe_string(value.to_string()))
}

/// `{{ a | quote }}`: the text in quotes, properly escaped; nothing for null.
fn quote(value: &Value) -> Result<Value, Error> {
    Ok(if present(value)?.is_none() { Value::from(()) } else { Value::from(go::text(value)) })
}

/// `{{ toYaml a }}`: the value with all its types, keys sorted.
fn to_yaml(value: &Value) -> Result<Value, Error> {
    let value = present(value)?;
    Ok(match value.kind() {
        ValueKind::String => match value.as_str() {
            Some(text) if text.contains(go::NO_VALUE) => without_no_value(text)?,
            _ => value.clone(),
        },
        ValueKind::Number if !value.is_integer() => match f64::try_from(value.clone()) {
            // Go writes the shortest digits that give the float back, and zeros after them.
            Ok(number) if number.fract() == 0.0 && number.abs() < 1e21 => {
                number.to_string().parse::<i128>().map_or(Value::from(number), Value::from)
            }
            _ => value.clone(),
        },
        ValueKind::Seq | ValueKind::Iterable => value.try_iter()?.map(|item| to_yaml(&item)).collect::<Result<Vec<_>, _>>()?.into(),
        ValueKind::Map => {
            let mut keys: Vec<Value> = value.try_iter()?.collect();
            keys.sort();
            let entry = |key: Value| Ok((key.to_string(), to_yaml(&value.get_item(&key)?)?));
            Value::from_pairs(keys.into_iter().map(entry).collect::<Result<Vec<_>, Error>>()?)
        }
        _ => value.clone(),
    })
}

/// Helm takes the words out of YAML that is written already, so that what is left of a text without quotes may be another type.
fn without_no_value(text: &str) -> Result<Value, Error> {
    let left = text.replace(go::NO_VALUE, "");
    let value = if helm_yaml::is_bare(text) { helm_yaml::unquoted(&left).map_err(refuse)? } else { left.into() };
    Ok(scope::scope(&value, None))
}

/// `{{ a | b64enc }}`: a text only.
fn b64enc(value: &Value) -> Result<String, Error> {
    let text = present(value)?.as_str().ok_or_else(|| refuse(format!("b64enc takes a string, and this is {}", noun(value))))?;
    Ok(BASE64_STANDARD.encode(text))
}

/// `{{ range a }}`: the items of a list, or the values of a map by its sorted keys; nothing for null.
fn range(value: &Value) -> Result<Vec<Value>, Error> {
    match present(value)?.kind() {
        ValueKind::None => Ok(Vec::new()),
        ValueKind::Seq | ValueKind::Iterable => Ok(value.try_iter()?.collect()),
        ValueKind::Map => {
            let mut keys: Vec<Value> = value.try_iter()?.collect();
            keys.sort();
            keys.iter().map(|key| value.get_item(key)).collect()
        }
        _ => Err(refuse(format!("range takes a list or a map, and this is {}", noun(value)))),
    }
}

/// `{{ if not (hasKey a "k") }}{{ set a "k" v }}{{ end }}`: the map with the key, which is left as it is where it has one already.
fn set_default(map: &Value, key: &str, value: Value) -> Result<Value, Error> {
    if present(map)?.kind() != ValueKind::Map {
        return Err(refuse(format!("a key can be set in a map only, and this is {}", noun(map))));
    }
    let mut entries = Vec::new();
    let mut found = false;
    for name in map.try_iter()? {
        found |= name.as_str() == Some(key);
        entries.push((name.clone(), map.get_item(&name)?));
    }
    if !found {
        entries.push((Value::from(key), value));
    }
    Ok(Value::from_pairs(entries))
}

/// `{{ trunc 63 a }}`: cut to that many bytes; a text only.
fn trunc(value: &Value, length: usize) -> Result<String, Error> {
    let text = present(value)?.as_str().ok_or_else(|| refuse(format!("trunc takes a string, and this is {}", noun(value))))?;
    text.get(..length.min(text.len()))
        .map(str::to_owned)
        .ok_or_else(|| refuse(format!("cutting the text to {length} bytes breaks a character")))
}

/// `{{ trimSuffix "-" a }}`: without one such end.
fn trim_suffix(text: &str, suffix: &str) -> String {
    text.strip_suffix(suffix).unwrap_or(text).to_owned()
}

/// `{{ nindent 4 a }}`: a rendered part of a template on lines of its own, indented.
fn nindent(part: &Value, width: usize) -> Value {
    let text = part.as_str().unwrap_or_default();
    let mut out = String::new();
    for line in text.lines().filter(|line| !line.is_empty()) {
        out.push('\n');
        out.extend(std::iter::repeat_n(' ', width));
        out.push_str(line);
    }
    Value::from_safe_string(out)
}

/// `semverCompare ">=1.19-0"`, vendors' pre-releases admitted.
fn at_least(version: &str, wanted: &str) -> Result<bool, Error> {
    let read = |text: &str| text.parse::<KubeVersion>().map_err(refuse);
    Ok(read(version)? >= read(wanted)?)
}

fn noun(value: &Value) -> &'static str {
    match value.kind() {
        ValueKind::None => "null",
        ValueKind::Undefined => "missing",
        ValueKind::Bool => "a boolean",
        ValueKind::Number => "a number",
        ValueKind::String => "a string",
        ValueKind::Map => "a map",
        _ => "a list",
    }
}
