//! CHART004: a key under values is one that the chart reads.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule =
    Rule { id: "CHART004", summary: "a key under values is one that the chart reads", level: Level::Warning, since: "0.1.0", doc: include_str!("chart004.md"), check: Check::Environment(check) };

fn check(context: &Context<'_>) {
    let chart = crate::resolve::chart();
    let (Some(version), Some(node)) = (chart.version(&context.deployment.chart_version), context.node("/values")) else { return };
    walk(context, node, chart.types(version));
}

/// Reports keys that no template of the chart reads; below a free-form key everything is the user's.
fn walk(context: &Context<'_>, node: &crate::config::tree::Node, types: &crate::chart::Type) {
    if let (Some(items), Some(item)) = (node.as_sequence(), types.child("0")) {
        items.iter().for_each(|one| walk(context, one, item));
    }
    for (key, entry) in node.as_mapping().into_iter().flatten() {
        match types.child(key) {
            Some(below) => walk(context, &entry.value, below),
            None if types.is_free_form() => {}
            None => {
                let known = keys(types);
                if known.is_empty() {
                    continue;
                }
                let shown = crate::config::decode::shown(key);
                let report = context.report_at(entry.key.clone(), format!("the chart reads no value `{shown}` here, so that it has no effect")).label("not a value of this chart");
                match crate::config::decode::nearest(key, known.iter().map(String::as_str)) {
                    Some(near) => report.help(format!("did you mean `{near}`?")),
                    None => report.help(format!("read here: {}", known.join(", "))),
                };
            }
        }
    }
}

/// The keys right below a type.
fn keys(types: &crate::chart::Type) -> Vec<String> {
    types.paths().iter().filter(|p| p.path.segments().count() == 1).filter_map(|p| p.path.last()).filter(|k| k != "*").collect()
}
