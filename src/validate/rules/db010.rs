//! DB010: the Secret has a name that Kubernetes takes.

use crate::config::decode::shown;
use crate::config::tree::{Core, core_of};
use crate::diagnostic::Level;
use crate::validate::kubernetes::names;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "DB010",
    summary: "the Secret has a name that Kubernetes takes",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("db010.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    const SECRET: &str = "/database/credentials/existingSecret";
    let Some(name) = context.node(SECRET).and_then(|n| n.as_scalar()).map(|s| s.text.as_str()) else { return };
    if name.is_empty() {
        context.report(SECRET, "the Secret has no name").help("name it, or leave the key out");
    } else if let Err(reason) = names::dns1123_subdomain(name) {
        context.report(SECRET, format!("no Secret can be called `{}`: the name {reason}", shown(name)));
    } else if is_no_text(name) {
        context
            .report(
                SECRET,
                format!(
                    "the chart writes this name without quotes, so that Kubernetes reads `{}` as something else than a text",
                    shown(name)
                ),
            )
            .help("give the Secret a name with a letter that makes it a word, such as scalardb-credentials");
    }
}

/// Whether Helm's YAML reader takes the bare word for a number, a boolean or null.
fn is_no_text(name: &str) -> bool {
    const WORDS: [&str; 6] = ["y", "n", "yes", "no", "on", "off"];
    !matches!(core_of(name), Core::Text)
        || WORDS.contains(&name)
        || name.strip_prefix("0b").is_some_and(|bits| !bits.is_empty() && bits.bytes().all(|b| matches!(b, b'0' | b'1')))
}
