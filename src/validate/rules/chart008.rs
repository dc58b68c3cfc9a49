//! CHART008: the image is the ScalarDB version that the config says.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "CHART008",
    summary: "the image is the ScalarDB version that the config says",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("chart008.md"),
    check: Check::Environment(check),
};

use crate::model::Version;

fn check(context: &Context<'_>) {
    let deployment = context.deployment;
    let from_values = deployment.values["image"]["tag"].as_str();
    let (pointer, tag) = match from_values {
        Some(tag) => ("/values/image/tag", tag),
        None => ("/image/tag", deployment.image.tag.as_str()),
    };
    if !context.given(pointer) {
        return;
    }
    let bare = tag.split('@').next().unwrap_or(tag);
    if bare == "latest" {
        context
            .report(pointer, "the tag `latest` moves: a restarted pod may run another version than its neighbour")
            .help("pin a version, or leave `image.tag` out");
        return;
    }
    let version = leading_version(bare);
    if version.is_some_and(|v| v != deployment.version) {
        context
            .report(
                pointer,
                format!(
                    "the image `{}` is another version than `scalardb: \"{}\"`",
                    crate::config::decode::shown(bare),
                    deployment.version
                ),
            )
            .see("/scalardb", "the rules, the chart and the Schema Loader follow this version")
            .help("change `scalardb`, or leave `image.tag` out");
    }
}

/// The version that a tag begins with; a suffix behind it is the user's own.
fn leading_version(tag: &str) -> Option<Version> {
    let tag = tag.strip_prefix('v').unwrap_or(tag);
    let end = tag.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(tag.len());
    Version::parse(tag[..end].trim_end_matches('.'))
}
