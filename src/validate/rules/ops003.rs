//! OPS003: environments do not share a release.

use crate::config::tree::{Kind, Node};
use crate::diagnostic::Level;
use crate::source::{Place, Pointer};
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "OPS003",
    summary: "environments do not share a release",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("ops003.md"),
    check: Check::Config(check),
};

fn check(contexts: &[Context<'_>]) {
    let key = |context: &Context<'_>| {
        let deployment = context.deployment;
        let cluster = deployment.cluster.as_ref()?;
        Some((
            cluster.name.clone()?,
            cluster.region.clone(),
            cluster.account.clone(),
            deployment.namespace.clone(),
            deployment.release.clone(),
        ))
    };
    for (index, context) in contexts.iter().enumerate() {
        let Some(own) = key(context) else { continue };
        let Some(first) = contexts[..index].iter().find(|other| key(other).as_ref() == Some(&own)) else { continue };
        let (one, two) = (first.environment.unwrap_or_default(), context.environment.unwrap_or_default());
        // The overlay is where one of them can be made different.
        let place = overlay(context.tree, two).unwrap_or_else(|| context.place("/namespace"));
        context
            .report_at(
                place,
                format!(
                    "`{one}` and `{two}` are the same release `{}` in namespace `{}` of cluster `{}`: one overwrites the other",
                    own.4, own.3, own.0
                ),
            )
            .help(format!("give `{two}` a `namespace`, a `release` or a `cluster.name` of its own"));
    }
}

/// The overlay of an environment: its place is that of the first thing in it.
fn overlay(node: &Node, environment: &str) -> Option<Place> {
    let pointer = Pointer::parse("/environments").join(environment);
    let inside = node.place.pointer.as_str().strip_prefix(pointer.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if inside {
        return Some(Place { pointer, ..node.place.clone() });
    }
    match &node.kind {
        Kind::Mapping(map) => map.values().find_map(|entry| overlay(&entry.value, environment)),
        Kind::Sequence(items) => items.iter().find_map(|item| overlay(item, environment)),
        Kind::Scalar(_) => None,
    }
}
