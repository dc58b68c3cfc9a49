//! CHART004: a key under values is one that the chart reads.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "CHART004",
    summary: "a key under values is one that the chart reads",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("chart004.md"),
    check: Check::Environment(check),
};

use crate::chart::Type;
use crate::config::decode::{nearest, shown};
use crate::config::tree::Node;
use crate::source::Place;

/// A key that no template of the chart reads.
pub struct Unknown {
    pub place: Place,
    pub message: String,
    pub help: String,
}

fn check(context: &Context<'_>) {
    let chart = crate::resolve::chart();
    let (Some(version), Some(node)) = (chart.version(&context.deployment.chart_version), context.node("/values")) else { return };
    for unknown in unknown_keys(node, chart.types(version)) {
        context.report_at(unknown.place, unknown.message).label("not a value of this chart").help(unknown.help);
    }
}

/// The unknown keys of a tree of values; below a free-form key everything is the user's.
pub fn unknown_keys(node: &Node, types: &Type) -> Vec<Unknown> {
    let mut found = Vec::new();
    walk(node, types, &mut found);
    found
}

fn walk(node: &Node, types: &Type, found: &mut Vec<Unknown>) {
    if let (Some(items), Some(item)) = (node.as_sequence(), types.child("0")) {
        items.iter().for_each(|one| walk(one, item, found));
    }
    for (key, entry) in node.as_mapping().into_iter().flatten() {
        match types.child(key) {
            Some(below) => walk(&entry.value, below, found),
            None if types.is_free_form() => {}
            None => {
                let known = keys(types);
                if known.is_empty() {
                    continue;
                }
                let help = match nearest(key, known.iter().map(String::as_str)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("read here: {}", known.join(", ")),
                };
                found.push(Unknown {
                    place: entry.key.clone(),
                    message: format!("the chart reads no value `{}` here, so that it has no effect", shown(key)),
                    help,
                });
            }
        }
    }
}

/// The keys right below a type.
fn keys(types: &Type) -> Vec<String> {
    types.paths().iter().filter(|p| p.path.segments().count() == 1).filter_map(|p| p.path.last()).filter(|k| k != "*").collect()
}
