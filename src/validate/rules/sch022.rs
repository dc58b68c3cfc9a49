//! SCH022: served namespaces are names, each given once.

use crate::config::decode::shown;
use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "SCH022",
    summary: "served namespaces are names, each given once",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("sch022.md"),
    check: Check::Environment(check),
};

/// Namespaces that ScalarDB keeps its metadata and the states of transactions in.
const OWN: [&str; 2] = ["scalardb", "coordinator"];

fn check(context: &Context<'_>) {
    const NAMESPACES: &str = "/graphql/namespaces";
    let Some(list) = context.node(NAMESPACES).and_then(|n| n.as_sequence()) else { return };
    if list.is_empty() {
        context
            .report(NAMESPACES, "no namespace is served: the servers do not start")
            .help("list the namespaces, or leave the key out where `schema` says them");
    }
    let mut seen: Vec<&str> = Vec::new();
    for item in list {
        let Some(name) = item.as_scalar().map(|s| s.text.trim()) else { continue };
        if name.is_empty() {
            context.report_at(item.place.clone(), "a namespace has a name");
        } else if name.contains(',') {
            context
                .report_at(item.place.clone(), format!("`{}` is read as several namespaces, since ScalarDB splits at commas", shown(name)))
                .help("write each as an item of its own");
        } else if seen.contains(&name) {
            context.report_at(item.place.clone(), format!("the namespace `{}` is given twice", shown(name))).help("take one of them out");
        } else if name.contains('.') {
            context
                .report_at(
                    item.place.clone(),
                    format!("`{}` has a dot: the loader cuts names there, so that it makes no such namespace", shown(name)),
                )
                .level(Level::Warning)
                .help("a namespace is served with all its tables: name the namespace alone");
        } else if OWN.contains(&name) && context.schema.is_none() {
            context
                .report_at(item.place.clone(), format!("`{name}` is ScalarDB's own namespace: clients would reach its bookkeeping"))
                .level(Level::Warning)
                .help("take it out");
        }
        seen.push(name);
    }
}
