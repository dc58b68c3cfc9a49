//! A user's values, as Helm reads them: values files by YAML 1.1, and the syntax of `--set`.
//!
//! Numbers of a file are floats to Helm: those that it prints otherwise than integers, from a million on, are floats here too.
//! Limits: a key that stands twice is refused, where Helm takes the last; of several documents the first counts.

use serde_json::{Map, Number, Value};

use super::helm_yaml;
use crate::config::tree::{Kind, Mapping, Node, Style};
use crate::config::yaml;
use crate::diagnostic::Diagnostic;
use crate::source::{Place, Source};

/// From here on Go prints a float with an exponent.
const EXPONENT_FROM: f64 = 1e6;
/// `--set` refuses deeper names and higher indices.
const MAX_NESTING: usize = 30;
const MAX_INDEX: usize = 65_536;

/// One values file.
#[derive(Clone, Debug)]
pub struct ValuesFile {
    /// The tree, by which a pointer is found in the text.
    pub root: Node,
    pub values: Map<String, Value>,
}

/// Reads a values file; an empty one has no values. The fault says where the file is no values file.
pub fn read_file(name: &str, bytes: &[u8]) -> Result<ValuesFile, Box<Diagnostic>> {
    let source = yaml::decode(name, bytes)?;
    let first = yaml::parse_all(&source)?.into_iter().next();
    let root = match first {
        Some(document) => document.root,
        None => yaml::parse(&Source::new(name, ""))?.root,
    };
    let values = match value_of(&root)? {
        Value::Null => Map::new(),
        Value::Object(map) => map,
        _ => return Err(fault(&root.place, format!("a values file is a map, and here stands {}", root.noun()))),
    };
    Ok(ValuesFile { root, values })
}

fn fault(place: &Place, message: String) -> Box<Diagnostic> {
    Box::new(Diagnostic::error(yaml::RULE, place.clone(), message))
}

/// A node of a values file as Helm has it. Infinities and NaN are refused.
pub fn value_of(node: &Node) -> Result<Value, Box<Diagnostic>> {
    Ok(match &node.kind {
        Kind::Scalar(scalar) if scalar.style == Style::Text => Value::String(scalar.text.clone()),
        Kind::Scalar(scalar) => {
            if helm_yaml::is_infinite(&scalar.text) {
                return Err(fault(&node.place, "Helm takes no infinite number and no NaN: quote it if it is a text".to_owned()));
            }
            match helm_yaml::resolve_plain(&scalar.text) {
                Value::Number(number) => Value::Number(file_number(&number)),
                value => value,
            }
        }
        Kind::Sequence(items) => Value::Array(items.iter().map(value_of).collect::<Result<_, _>>()?),
        Kind::Mapping(mapping) => Value::Object(map_of(mapping)?),
    })
}

fn map_of(mapping: &Mapping) -> Result<Map<String, Value>, Box<Diagnostic>> {
    let mut map = Map::new();
    for (key, entry) in mapping {
        let span = entry.key.span;
        let written = entry.key.source.text.get(span.start.offset as usize..span.end.offset as usize);
        // A key without quotes has a type as well, and becomes the text of that.
        let key = match helm_yaml::resolve_plain(key) {
            value if written != Some(key) || value.is_string() => key.clone(),
            Value::Null => return Err(fault(&entry.key, "Helm takes no null for a key: quote it".to_owned())),
            Value::Number(number) if number.is_f64() => super::go::float(number.as_f64().unwrap_or_default()),
            value => value.to_string(),
        };
        map.insert(key, value_of(&entry.value)?);
    }
    Ok(map)
}

/// A number as a 64-bit float: an integer below a million, which prints the same either way, stays one.
fn file_number(number: &Number) -> Number {
    let float = number.as_f64().unwrap_or_default();
    let is_plain = float.fract() == 0.0 && float.abs() < EXPONENT_FROM && !(float == 0.0 && float.is_sign_negative());
    if is_plain { Number::from(float as i64) } else { Number::from_f64(float).unwrap_or_else(|| number.clone()) }
}

/// What `--set` makes of the text after `=`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SetType {
    /// `--set`: `true`, `false`, `null` and integers have their types.
    Typed,
    /// `--set-string`: always a text.
    Text,
}

/// Applies one argument of `--set` (`a.b=c,d[0]=e,f={g,h}`; `\` before a character takes its meaning away) to `values`.
/// The error says what is wrong, without the values.
pub fn set(values: &mut Map<String, Value>, argument: &str, kind: SetType) -> Result<(), String> {
    let mut parser = SetParser { rest: argument.chars().collect(), at: 0, kind };
    while parser.at < parser.rest.len() {
        parser.key(values, 0)?;
    }
    Ok(())
}

struct SetParser {
    rest: Vec<char>,
    at: usize,
    kind: SetType,
}

impl SetParser {
    /// Reads up to one of `stops` and past it; `None` at the end of the argument.
    fn until(&mut self, stops: &[char]) -> (String, Option<char>) {
        let mut text = String::new();
        while let Some(&c) = self.rest.get(self.at) {
            self.at += 1;
            if stops.contains(&c) {
                return (text, Some(c));
            }
            if c == '\\' {
                let Some(&next) = self.rest.get(self.at) else { break };
                text.push(next);
                self.at += 1;
            } else {
                text.push(c);
            }
        }
        (text, None)
    }

    fn key(&mut self, map: &mut Map<String, Value>, depth: usize) -> Result<(), String> {
        let (key, stop) = self.until(&['=', '[', ',', '.']);
        match stop {
            None if key.is_empty() => Ok(()),
            None => Err(format!("key `{key}` has no value")),
            Some(',') => Err(format!("key `{key}` has no value (cannot end with ,)")),
            Some('[') => {
                let index = self.index()?;
                let mut list = match map.get_mut(&key).map(Value::take) {
                    None => Vec::new(),
                    Some(Value::Array(list)) => list,
                    Some(_) => return Err(format!("key `{key}` is no list")),
                };
                let done = self.item(&mut list, index, depth);
                put(map, key, Value::Array(list));
                done
            }
            Some('.') => {
                if depth >= MAX_NESTING {
                    return Err(format!("the name is nested deeper than {MAX_NESTING} levels"));
                }
                let mut inner = match map.get_mut(&key).map(Value::take) {
                    None => Map::new(),
                    Some(Value::Object(inner)) => inner,
                    Some(_) => return Err(format!("key `{key}` is no map")),
                };
                self.key(&mut inner, depth + 1)?;
                if inner.is_empty() {
                    return Err(format!("key map `{key}` has no value"));
                }
                put(map, key, Value::Object(inner));
                Ok(())
            }
            Some(_) => {
                let value = self.value()?;
                put(map, key, value);
                Ok(())
            }
        }
    }

    fn index(&mut self) -> Result<usize, String> {
        let (text, stop) = self.until(&[']']);
        let index = text.parse::<usize>().ok().filter(|_| stop.is_some()).ok_or_else(|| format!("`{text}` is no index of a list"))?;
        if index > MAX_INDEX { Err(format!("index {index} is greater than {MAX_INDEX}")) } else { Ok(index) }
    }

    fn item(&mut self, list: &mut Vec<Value>, index: usize, depth: usize) -> Result<(), String> {
        let (text, stop) = self.until(&['[', '.', '=']);
        if !text.is_empty() {
            return Err(format!("unexpected `{text}` after the index of a list"));
        }
        let present = list.get_mut(index).map(Value::take);
        let value = match stop {
            None => return Err("an index of a list has no value".to_owned()),
            Some('[') => {
                let next = self.index()?;
                let mut inner = match present {
                    None | Some(Value::Null) => Vec::new(),
                    Some(Value::Array(inner)) => inner,
                    Some(_) => return Err(format!("item {index} is no list")),
                };
                self.item(&mut inner, next, depth)?;
                Value::Array(inner)
            }
            Some('.') => {
                let mut inner = if let Some(Value::Object(inner)) = present { inner } else { Map::new() };
                self.key(&mut inner, depth)?;
                Value::Object(inner)
            }
            Some(_) => self.value()?,
        };
        if list.len() <= index {
            list.resize(index + 1, Value::Null);
        }
        list[index] = value;
        Ok(())
    }

    fn value(&mut self) -> Result<Value, String> {
        if self.rest.get(self.at) != Some(&'{') {
            let (text, _) = self.until(&[',']);
            return Ok(self.typed(text));
        }
        self.at += 1;
        let mut items = Vec::new();
        loop {
            let (text, stop) = self.until(&[',', '}']);
            match stop {
                None => return Err("a list must end with }".to_owned()),
                Some('}') => {
                    items.push(self.typed(text));
                    if self.rest.get(self.at) == Some(&',') {
                        self.at += 1;
                    }
                    return Ok(Value::Array(items));
                }
                Some(_) => items.push(self.typed(text)),
            }
        }
    }

    fn typed(&self, text: String) -> Value {
        if self.kind == SetType::Text {
            return Value::String(text);
        }
        match text.to_lowercase().as_str() {
            "true" => return Value::Bool(true),
            "false" => return Value::Bool(false),
            "null" => return Value::Null,
            "0" => return Value::from(0),
            _ => {}
        }
        let number = if text.starts_with('0') { None } else { text.parse::<i64>().ok() };
        number.map_or_else(|| Value::String(text), Value::from)
    }
}

/// An empty key is read over.
fn put(map: &mut Map<String, Value>, key: String, value: Value) {
    if !key.is_empty() {
        map.insert(key, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(text: &str) -> Value {
        Value::Object(read_file("v.yaml", text.as_bytes()).expect("valid").values)
    }

    #[test]
    fn files_are_read_by_yaml_1_1() {
        assert_eq!(
            read("a: yes\nb: 0123\nc: 1000000\nd: '1e3'\ne: 1e3\nyes: 1\n0x10: 2\n'on': 3\nf: 1.5\ng: 2.0\n"),
            json!({"a": true, "b": 83, "c": 1_000_000.0, "d": "1e3", "e": 1000, "true": 1, "16": 2, "on": 3, "f": 1.5, "g": 2})
        );
        assert_eq!(read(""), json!({}));
        assert_eq!(read("# nothing\n"), json!({}));
        for (text, word) in
            [("- a\n", "a map"), ("a: .inf\n", "infinite"), ("~: 1\n", "null"), ("a: 1\na: 2\n", "twice"), ("a: [\n", "YAML")]
        {
            let fault = read_file("v.yaml", text.as_bytes()).expect_err(text);
            assert!(fault.message.contains(word), "{text}: {}", fault.message);
        }
    }

    #[test]
    fn arguments_of_set_are_read_as_by_helm() {
        let apply = |arguments: &[&str]| {
            let mut values = Map::new();
            arguments.iter().try_for_each(|a| set(&mut values, a, SetType::Typed)).map(|()| Value::Object(values))
        };
        for (argument, value) in [
            ("a=1,b=x", json!({"a": 1, "b": "x"})),
            ("a.b.c=true", json!({"a": {"b": {"c": true}}})),
            ("a={x,2,null}", json!({"a": ["x", 2, null]})),
            ("a={x},b=1", json!({"a": ["x"], "b": 1})),
            (r"a=x\,y,b\.c=0", json!({"a": "x,y", "b.c": 0})),
            ("a[1].b=x", json!({"a": [null, {"b": "x"}]})),
            ("a[0][1]=x", json!({"a": [[null, "x"]]})),
            ("a=,b=012", json!({"a": "", "b": "012"})),
            ("a=", json!({"a": ""})),
            ("a={}", json!({"a": [""]})),
            ("a=null,b=TRUE,c=1.5", json!({"a": null, "b": true, "c": "1.5"})),
            ("a=1000000", json!({"a": 1_000_000})),
        ] {
            assert_eq!(apply(&[argument]), Ok(value), "{argument}");
        }
        assert_eq!(apply(&["a.b=1", "a.c=2", "a.b=null"]), Ok(json!({"a": {"b": null, "c": 2}})));
        for argument in ["a", "a,b=1", "a={x", "a[x]=1", "a[-1]=1", "a[0]b=1", "a[70000]=1", "a.=1"] {
            assert!(apply(&[argument]).is_err(), "{argument}");
        }
        assert!(apply(&["a=1", "a.b=1"]).is_err());
        let mut values = Map::new();
        set(&mut values, "a=1,b=true", SetType::Text).expect("valid");
        assert_eq!(Value::Object(values), json!({"a": "1", "b": "true"}));
    }
}
