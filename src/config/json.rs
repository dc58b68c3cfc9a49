//! Strict JSON as a spanned tree.
//!
//! JSON is read by serde_json, which refuses comments, trailing commas and single quotes; its tree, with places, then comes from the
//! YAML reader, since strict JSON is YAML. A key given twice is refused there.

use serde::de::IgnoredAny;

use super::tree::Node;
use super::yaml;
use crate::diagnostic::Diagnostic;
use crate::source::{Place, Pointer, Position, Span};

/// Rule of a `schema.json` that is no strict JSON.
pub const RULE: &str = "SCH001";

/// Reads bytes as one strict JSON value.
pub fn read(name: &str, bytes: &[u8]) -> Result<Node, Box<Diagnostic>> {
    let as_schema = |mut fault: Box<Diagnostic>| {
        fault.rule = RULE;
        fault
    };
    let source = yaml::decode(name, bytes).map_err(as_schema)?;
    if bytes.starts_with(b"\xef\xbb\xbf") {
        return Err(Box::new(
            Diagnostic::error(RULE, Place::whole(&source), "the file begins with a byte order mark, which JSON does not have")
                .help("save it as UTF-8 without one"),
        ));
    }
    if let Err(error) = serde_json::from_str::<IgnoredAny>(&source.text) {
        let offset = offset_of(&source.text, error.line(), error.column());
        let at: Position = source.position(offset);
        let place = Place { source: source.clone(), span: Span { start: at, end: at }, pointer: Pointer::root() };
        let text = error.to_string();
        let reason = text.rsplit_once(" at line ").map_or(text.as_str(), |(reason, _)| reason).to_owned();
        let mut fault = Diagnostic::error(RULE, place, format!("this is no strict JSON: {reason}"));
        let near = source.text.lines().nth(at.line.saturating_sub(1) as usize).unwrap_or("");
        fault.help = if reason.contains("trailing comma") {
            Some("remove the comma before the closing bracket".into())
        } else if near.contains("//") || near.contains("/*") || near.trim_start().starts_with('#') {
            Some("JSON has no comments: the loader reads them, other tools refuse them".into())
        } else if near.contains('\'') {
            Some("names and texts stand in double quotes".into())
        } else {
            None
        };
        return Err(Box::new(fault));
    }
    yaml::parse(&source).map(|document| document.root).map_err(as_schema)
}

/// serde_json counts columns in bytes, from 1; column 0 is the end of the line before.
fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    (start + column.saturating_sub(1)).min(text.len())
}
