//! OPS019: registries of Amazon ECR are named and used as such.

use crate::compile::cluster::facts;
use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "OPS019",
    summary: "registries of Amazon ECR are named and used as such",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("ops019.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let image = &context.deployment.image;
    for (pointer, given) in [("/image/registry", image.registry.as_deref()), ("/image/repository", Some(image.source.as_str()))] {
        let host = given.and_then(|g| g.split('/').next()).filter(|_| context.given(pointer));
        if let Some(host) = host {
            name(context, pointer, host);
        }
    }
    let pulled = image.repository.split('/').next().unwrap_or_default();
    if image.pull_secrets.as_ref().is_some_and(|names| !names.is_empty()) && parts(pulled).is_some() {
        context
            .report(
                "/image/pullSecrets",
                "nodes pull from Amazon ECR by their own role; a pull secret with a token of ECR works for twelve hours only",
            )
            .level(Level::Advice)
            .help("set `pullSecrets: []`, unless it is for something else");
    }
}

/// Account, region and domain of a host of ECR.
fn parts(host: &str) -> Option<(&str, &str, &str)> {
    let (account, rest) = host.split_once(".dkr.ecr.").or_else(|| host.split_once(".dkr.ecr-fips."))?;
    let (region, domain) = rest.split_once('.')?;
    Some((account, region, domain))
}

fn name(context: &Context<'_>, pointer: &str, host: &str) {
    let Some((account, region, domain)) = parts(host) else { return };
    let shown: String = host.chars().take(80).collect();
    if account.len() != 12 || !account.bytes().all(|b| b.is_ascii_digit()) {
        context.report(pointer, format!("`{shown}` is no registry of Amazon ECR: it begins with an account of 12 digits"));
    } else if facts::region(region).is_some() {
        let right = facts::partition(Some(region)).dns_suffix.as_str();
        if domain != right {
            context
                .report(pointer, format!("`{shown}` is no registry of Amazon ECR: in `{region}` it ends with `.{right}`"))
                .help(format!("write `{account}.dkr.ecr.{region}.{right}`"));
        }
    }
}
