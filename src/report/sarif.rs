//! SARIF 2.1.0, for code scanning. Advice is a `note`; what was not checked is a notification of the run.
//! Limits: one run, no fixes, no fingerprints (readers make their own of rule and line).

use super::{Finding, Report};
use crate::diagnostic::Level;
use crate::source::Place;
use serde_json::{Map, Value, json};

/// Ended by a line break.
pub fn render(report: &Report) -> String {
    let shown = report.shown();
    let mut rules: Vec<&str> = shown.findings.iter().map(|f| f.rule).collect();
    rules.sort_unstable();
    rules.dedup();
    let results: Vec<Value> = shown.findings.iter().map(|f| result(f, rules.binary_search(&f.rule).unwrap_or_default())).collect();
    let rules: Vec<Value> = rules
        .iter()
        .map(|id| {
            let mut rule = json!({ "id": id });
            if let Some(info) = shown_rule(report, id) {
                rule["shortDescription"] = json!({ "text": info.summary });
                // A path is no address, and only an address may stand as one.
                rule["help"] = json!({ "text": format!("See {}, or run: gqlgen explain {id}", info.url) });
                if info.url.contains("://") {
                    rule["helpUri"] = json!(info.url);
                }
            }
            rule
        })
        .collect();
    let notifications: Vec<Value> = shown
        .not_checked
        .iter()
        .map(|n| json!({ "level": "note", "message": { "text": format!("Not checked: {} ({})", n.what, n.why) } }))
        .collect();
    let value = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "gqlgen", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "invocations": [{ "executionSuccessful": true, "toolExecutionNotifications": notifications }],
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{value:#}\n")
}

fn shown_rule(report: &Report, id: &str) -> Option<super::RuleInfo> {
    let rule = report.diagnostics.iter().find(|d| d.rule == id)?.rule;
    (report.rules)(rule)
}

fn result(finding: &Finding, index: usize) -> Value {
    let level = match finding.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Advice => "note",
    };
    let mut text = finding.message.clone();
    if !finding.environments.is_empty() {
        text.push_str(&format!(" (in {})", finding.environments.join(", ")));
    }
    if let Some(help) = &finding.help {
        text.push_str(&format!("\nHelp: {help}"));
    }
    let mut result = Map::new();
    result.insert("ruleId".into(), finding.rule.into());
    result.insert("ruleIndex".into(), index.into());
    result.insert("level".into(), level.into());
    result.insert("message".into(), json!({ "text": text }));
    result.insert("locations".into(), json!([location(finding.place)]));
    if !finding.related.is_empty() {
        let related = finding.related.iter().enumerate().map(|(i, (place, message))| {
            let mut location = location(place);
            location["id"] = (i + 1).into();
            location["message"] = json!({ "text": message });
            location
        });
        result.insert("relatedLocations".into(), related.collect());
    }
    if !finding.environments.is_empty() {
        result.insert("properties".into(), json!({ "environments": finding.environments }));
    }
    Value::Object(result)
}

fn location(place: &Place) -> Value {
    let (start, end) = (place.span.start, place.span.end);
    let mut region = json!({ "startLine": start.line, "startColumn": start.column });
    if end > start {
        region["endLine"] = end.line.into();
        region["endColumn"] = end.column.into();
    }
    let mut location = json!({ "physicalLocation": { "artifactLocation": { "uri": uri(&place.source.name) }, "region": region } });
    if !place.pointer.as_str().is_empty() {
        location["logicalLocations"] = json!([{ "fullyQualifiedName": place.pointer.as_str() }]);
    }
    location
}

/// A path as a URI reference, relative where the path is. `<stdin>` becomes `stdin`.
fn uri(name: &str) -> String {
    let path = name.strip_prefix('<').and_then(|n| n.strip_suffix('>')).unwrap_or(name).replace('\\', "/");
    let mut uri = String::new();
    if path.starts_with('/') {
        uri.push_str("file://");
    }
    for byte in path.strip_prefix("./").unwrap_or(&path).bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => uri.push(byte as char),
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn paths_become_uris() {
        for (path, wanted) in [
            ("./a/b c.yaml", "a/b%20c.yaml"),
            ("/a:b", "file:///a%3Ab"),
            ("<stdin>", "stdin"),
            ("é%.yaml", "%C3%A9%25.yaml"),
            ("../a", "../a"),
        ] {
            assert_eq!(uri(path), wanted);
        }
    }
}
