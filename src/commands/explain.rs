//! `gqlgen explain`: the page of a rule, or what a config key means. Works offline.

use std::io;

use serde_json::Value;

use super::{CLEAN, FAILED, Streams};
use crate::cli::ExplainArgs;
use crate::config::decode::nearest;
use crate::config::schema::{self, KeyInfo};
use crate::validate::rules;

pub fn run(args: &ExplainArgs, streams: &mut Streams<'_>) -> io::Result<u8> {
    if args.list {
        for rule in rules::ALL {
            writeln!(streams.out, "{:<9} {:<8} {}", rule.id, rule.level.as_str(), rule.summary)?;
        }
        return Ok(CLEAN);
    }
    let what = args.what.as_deref().unwrap_or_default();
    if let Some(rule) = rules::find(&what.to_uppercase()) {
        writeln!(streams.out, "{}", rule.doc.trim_end())?;
        return Ok(CLEAN);
    }
    if let Some(info) = schema::key(what) {
        streams.out.write_all(key_page(&info).as_bytes())?;
        return Ok(CLEAN);
    }
    writeln!(streams.err, "gqlgen: there is no rule and no config key `{}`", crate::config::decode::shown(what))?;
    let known = rules::ALL.iter().map(|r| r.id).chain(schema::paths().iter().map(String::as_str));
    let ending = schema::paths().iter().find(|p| p.rsplit('.').next() == Some(what)).map(String::as_str);
    if let Some(near) = ending.or_else(|| nearest(what, known)) {
        writeln!(streams.err, "did you mean `{near}`?")?;
    }
    Ok(FAILED)
}

fn key_page(info: &KeyInfo) -> String {
    let mut text = format!("{}\n", info.path);
    let alternatives = schema::alternatives(&info.schema);
    let own = info.schema["description"].as_str();
    let description = own.or_else(|| alternatives.iter().find_map(|a| a["description"].as_str()));
    if let Some(description) = description {
        text.push_str(&format!("\n{description}\n"));
    }
    let takes: Vec<String> = alternatives.iter().filter_map(kind).collect();
    if !takes.is_empty() {
        text.push_str(&format!("\ntakes:    {}\n", takes.join(", or ")));
    }
    let find = |key: &str| info.schema.get(key).cloned().or_else(|| alternatives.iter().find_map(|a| a.get(key).cloned()));
    if let Some(default) = find("default").filter(|d| !d.is_null()) {
        text.push_str(&format!("default:  {default}\n"));
    }
    if let Some(Value::Array(examples)) = find("examples") {
        let shown: Vec<String> = examples.iter().map(Value::to_string).collect();
        text.push_str(&format!("examples: {}\n", shown.join(", ")));
    }
    let words = alternatives.iter().filter_map(|a| a["oneOf"].as_array());
    for word in words.flatten() {
        if let (Some(word), Some(meaning)) = (word["const"].as_str(), word["description"].as_str()) {
            text.push_str(&format!("  {word}: {meaning}\n"));
        }
    }
    if !info.children.is_empty() {
        text.push_str("\nkeys:\n");
        let width = info.children.iter().map(String::len).max().unwrap_or(0);
        for child in &info.children {
            let below = schema::key(&format!("{}.{child}", info.path));
            let line = below.as_ref().and_then(|b| {
                b.schema["description"]
                    .as_str()
                    .map(str::to_owned)
                    .or_else(|| schema::alternatives(&b.schema).iter().find_map(|a| a["description"].as_str().map(str::to_owned)))
            });
            text.push_str(&format!("  {child:<width$}  {}\n", line.unwrap_or_default().lines().next().unwrap_or("")));
        }
    }
    text
}

/// A phrase for what one alternative takes.
fn kind(schema: &Value) -> Option<String> {
    if let Some(words) = schema["enum"].as_array() {
        return Some(words.iter().map(Value::to_string).collect::<Vec<_>>().join(" | "));
    }
    if let Some(words) = schema["oneOf"].as_array() {
        return Some(words.iter().map(|w| w["const"].to_string()).collect::<Vec<_>>().join(" | "));
    }
    if let Some(word) = schema.get("const") {
        return Some(word.to_string());
    }
    let range = match (schema["minimum"].as_i64(), schema["maximum"].as_i64()) {
        (Some(min), Some(max)) if max < i64::from(i32::MAX) => format!(" from {min} to {max}"),
        (Some(min), _) => format!(" from {min} on"),
        _ => String::new(),
    };
    match &schema["type"] {
        Value::String(one) if one == "null" => None,
        Value::String(one) if one == "array" => Some("a list".into()),
        Value::String(one) if one == "object" => Some("a map".into()),
        Value::String(one) => Some(format!("{one}{range}")),
        Value::Array(many) if many.iter().any(|m| m == "string") => Some("a text".into()),
        Value::Array(many) => {
            Some(format!("{}{range}", many.iter().filter_map(Value::as_str).filter(|t| *t != "null").collect::<Vec<_>>().join(" or ")))
        }
        _ => None,
    }
}
