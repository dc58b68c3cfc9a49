//! SCH021: served namespaces are those of the schema.

use crate::compile::schema_json;
use crate::config::decode::{nearest, shown};
use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "SCH021",
    summary: "served namespaces are those of the schema",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("sch021.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let (Some(schema), Some(list)) = (context.schema, context.node("/graphql/namespaces").and_then(|n| n.as_sequence())) else { return };
    let known = schema_json::namespaces(schema);
    if known.is_empty() {
        return;
    }
    let served: Vec<(&str, _)> = list.iter().filter_map(|item| Some((item.as_scalar()?.text.trim(), &item.place))).collect();
    for (name, place) in &served {
        // A name that is none has its own finding.
        if name.is_empty() || name.contains(',') || known.iter().any(|k| k == name) {
            continue;
        }
        let message =
            format!("`{}` is no namespace of the schema: servers do not start when a namespace that they serve has no table", shown(name));
        let report = context.report_at((*place).clone(), message);
        match nearest(name, known.iter().map(String::as_str)) {
            Some(near) => report.help(format!("did you mean `{}`?", shown(near))),
            None => report.help(format!("the schema has {}", known.iter().map(|k| shown(k)).collect::<Vec<_>>().join(", "))),
        };
    }
    for name in known.iter().filter(|k| !served.iter().any(|(s, _)| s == k)) {
        context.report("/graphql/namespaces", format!("the namespace `{}` of the schema is not served", shown(name))).level(Level::Advice);
    }
}
