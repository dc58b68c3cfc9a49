//! CHART012: raw values give the servers what they can start with.

use serde_json::Value;

use crate::config::decode::{nearest, shown};
use crate::diagnostic::Level;
use crate::model::{IngressClass, Storage};
use crate::scalardb;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "CHART012",
    summary: "raw values give the servers what they can start with",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("chart012.md"),
    check: Check::Environment(check),
};

/// Levels of the servers' logging library; it reads them in any case, and takes DEBUG for what it does not know.
const LOG_LEVELS: [&str; 8] = ["OFF", "FATAL", "ERROR", "WARN", "INFO", "DEBUG", "TRACE", "ALL"];

fn check(context: &Context<'_>) {
    words(context);
    if let Some((text, pointer)) = raw(context, "namespaces")
        && text.split(',').all(|name| name.trim().is_empty())
    {
        context
            .report(&pointer, "no ScalarDB namespace is served: the servers need at least one and do not start")
            .help("list the namespaces, separated by commas, or use `graphql.namespaces`");
    }
    if let Some((text, pointer)) = raw(context, "graphiql").filter(|(text, _)| !text.is_empty() && !is_bool(text)) {
        context
            .report(&pointer, format!("`{}` is neither true nor false: the servers do not start", shown(text)))
            .help("write \"true\" or \"false\", or use `graphql.graphiql`");
    }
    if let Some((text, pointer)) =
        raw(context, "logLevel").filter(|(text, _)| !text.is_empty() && !LOG_LEVELS.iter().any(|l| l.eq_ignore_ascii_case(text)))
    {
        context
            .report(&pointer, format!("`{}` is no log level", shown(text)))
            .level(Level::Warning)
            .help("one of TRACE, DEBUG, INFO, WARN, ERROR");
    }
    port(context);
    class(context);
}

/// A text that raw values give the servers, and where it stands.
fn raw<'a>(context: &Context<'a>, key: &str) -> Option<(&'a str, String)> {
    let pointer = format!("/values/scalarDbGraphQlConfiguration/{key}");
    context
        .given(&pointer)
        .then(|| context.merged_values()["scalarDbGraphQlConfiguration"][key].as_str())
        .flatten()
        .map(|text| (text, pointer))
}

fn is_bool(text: &str) -> bool {
    ["true", "false"].iter().any(|word| word.eq_ignore_ascii_case(text.trim()))
}

/// Values of which ScalarDB knows some words only.
fn words(context: &Context<'_>) {
    let version = context.deployment.version;
    let refuse = |pointer: &str, what: &str, text: &str, known: &[&str]| {
        let help = nearest(text, known.iter().copied())
            .map_or_else(|| format!("one of {}", known.join(", ")), |near| format!("did you mean `{near}`?"));
        context
            .report(pointer, format!("`{}` is no {what} of ScalarDB GraphQL {version}: the servers do not start", shown(text)))
            .help(help);
    };
    let merged = context.merged_values()["scalarDbGraphQlConfiguration"]["storage"].as_str().unwrap_or_default();
    let storage = Storage::of(merged);
    if let Some((text, pointer)) = raw(context, "storage").filter(|_| storage.is_none()) {
        if text == "multi-storage" {
            context
                .report(&pointer, "the chart has no value for the storages behind multi-storage: the servers do not start")
                .help("put ScalarDB Server in between: storage grpc");
        } else {
            refuse(&pointer, "storage", text, &["cassandra", "cosmos", "dynamo", "jdbc", "grpc"]);
        }
    }
    if let (Some((text, pointer)), Some(storage)) = (raw(context, "transactionManager").filter(|(text, _)| !text.is_empty()), storage) {
        let known = scalardb::managers(version, storage);
        if !known.contains(&text) {
            refuse(&pointer, &format!("transaction manager with storage {merged}"), text, &known);
        }
    }
    let facts = scalardb::facts();
    let isolations = ("consensuscommitIsolationLevel", "isolation level", &facts.isolations);
    let strategies = ("consensuscommitSerializableStrategy", "serializable strategy", &facts.strategies);
    for (key, what, all) in [isolations, strategies] {
        let Some((text, pointer)) = raw(context, key).filter(|(text, _)| !text.is_empty()) else { continue };
        let known = scalardb::known(all, version, None);
        if !known.iter().any(|word| word.eq_ignore_ascii_case(text)) {
            refuse(&pointer, what, text, &known);
        }
    }
}

fn port(context: &Context<'_>) {
    const PORT: &str = "/values/scalarDbGraphQlConfiguration/contactPort";
    let port = context.merged_values()["scalarDbGraphQlConfiguration"]["contactPort"].as_i64();
    if let Some(port) = port.filter(|port| context.given(PORT) && !(0..=65535).contains(port)) {
        context.report(PORT, format!("{port} is no TCP port")).help("a port is from 1 to 65535");
    }
}

/// The derived annotations are those of the config's class.
fn class(context: &Context<'_>) {
    const CLASS: &str = "/values/ingress/className";
    let (Some(ingress), Value::String(class)) = (&context.deployment.ingress, &context.merged_values()["ingress"]["className"]) else {
        return;
    };
    if !context.given(CLASS) || IngressClass::of(class) == Some(ingress.class) {
        return;
    }
    let message = if class.is_empty() {
        "without a class no controller takes the Ingress, or the cluster's default one, which may not read its annotations".to_owned()
    } else {
        format!("the annotations are those of another class than `{}`, whose controller does not read them", shown(class))
    };
    context.report(CLASS, message).level(Level::Warning).help("choose the class by `ingress.class`");
}
