//! OPS005: cluster.region is a region.

use crate::compile::cluster::facts;
use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "OPS005",
    summary: "cluster.region is a region",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("ops005.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let Some(region) = context.deployment.cluster.as_ref().and_then(|c| c.region.as_ref()) else { return };
    if facts::region(region).is_some() {
        return;
    }
    let shown: String = region.chars().take(40).collect();
    let near = facts::region_names().min_by_key(|known| strsim::damerau_levenshtein(known, &shown));
    let near = near.filter(|known| strsim::damerau_levenshtein(known, &shown) <= 2);
    let hint = |known: &str| format!("did you mean `{known}`?");
    if !is_well_formed(region) {
        let report = context
            .report("/cluster/region", format!("`{shown}` is no AWS region"))
            .label("expected a region code, such as `ap-northeast-1`");
        if let Some(known) = near {
            report.help(hint(known));
        }
        return;
    }
    // A new region has a new number or a new place, not nearly an old word.
    let words = |text: &str| text.rsplit_once('-').map(|(words, _)| words.to_owned());
    let misspelt = facts::region_names().all(|known| words(known) != words(region));
    let report = context
        .report("/cluster/region", format!("`{shown}` is no region that gqlgen knows, and eksctl refuses one that it does not know"))
        .level(Level::Warning);
    match near.filter(|_| misspelt) {
        Some(known) => report.help(hint(known)),
        None => report.help("if it is new, use an eksctl that knows it"),
    };
}

/// Letters, words and a number: `us-gov-west-1`.
fn is_well_formed(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let letters = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase());
    let [words @ .., number] = parts.as_slice() else { return false };
    words.len() >= 2
        && words.iter().all(letters)
        && (2..=4).contains(&words[0].len())
        && matches!(number.as_bytes(), [b'1'..=b'9'] | [b'1'..=b'9', b'0'..=b'9'])
}
