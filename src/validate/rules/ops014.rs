//! OPS014: every image comes from the mirror.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "OPS014",
    summary: "every image comes from the mirror",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("ops014.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let Some(registry) = &context.deployment.image.registry else { return };
    let Some(repository) = context.merged_values()["image"]["repository"].as_str() else { return };
    let inside = repository.strip_prefix(registry.trim_end_matches('/')).is_some_and(|rest| rest.starts_with('/'));
    if !inside {
        let pointer = if context.given("/values/image/repository") { "/values/image/repository" } else { "/image/repository" };
        context
            .report(pointer, format!("`{repository}` is not pulled from the mirror `{registry}`"))
            .see("/image/registry", "the mirror")
            .help("leave it out of `values`: `image.repository` gets the mirror's registry");
    }
}
