//! SEC003: the container has no rights on its node.

use serde_json::Value;

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "SEC003",
    summary: "the container has no rights on its node",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("sec003.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    capabilities(context);
    if context.merged_values()["securityContext"]["privileged"] != Value::Bool(true) {
        return;
    }
    const RAW: &str = "/values/securityContext/privileged";
    let pointer = if context.given(RAW) { RAW } else { "/security/container/privileged" };
    context
        .report(pointer, "a privileged container has all rights on its node, and the GraphQL server needs none of them")
        .help("leave `privileged` out");
}

/// Capabilities by which a container reaches its node.
const STRONG: [&str; 9] = ["ALL", "BPF", "DAC_READ_SEARCH", "NET_ADMIN", "SYS_ADMIN", "SYS_MODULE", "SYS_PTRACE", "SYS_RAWIO", "SYS_BOOT"];

fn capabilities(context: &Context<'_>) {
    const RAW: &str = "/values/securityContext/capabilities/add";
    let list = if context.given(RAW) { RAW } else { "/security/container/capabilities/add" };
    let added = context.merged_values()["securityContext"]["capabilities"]["add"].as_array();
    for (index, name) in added.into_iter().flatten().enumerate() {
        let Some(name) = name.as_str().filter(|name| STRONG.contains(&name.strip_prefix("CAP_").unwrap_or(name))) else { continue };
        context
            .report(
                &format!("{list}/{index}"),
                format!("with the capability {name} a container reaches its node, and the GraphQL server needs none"),
            )
            .help("leave it out");
    }
}
