//! OPS020: cluster.yaml can be written where the config describes it.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "OPS020",
    summary: "cluster.yaml can be written where the config describes it",
    level: Level::Advice,
    since: "0.1.0",
    doc: include_str!("ops020.md"),
    check: Check::Environment(check),
};

/// Keys that nothing but `cluster.yaml` is made of.
const ONLY_THERE: [&str; 6] = ["nodeGroup", "systemNodeGroup", "vpc", "logging", "logRetention", "endpointCidrs"];

fn check(context: &Context<'_>) {
    let Some(cluster) = &context.deployment.cluster else { return };
    let missing = match (&cluster.name, &cluster.region) {
        (None, None) => "`name` and `region` are",
        (None, Some(_)) => "`name` is",
        (Some(_), None) => "`region` is",
        (Some(_), Some(_)) => return,
    };
    let given = ONLY_THERE.iter().map(|key| format!("/cluster/{key}")).find(|pointer| context.given(pointer));
    if let Some(pointer) = given {
        context
            .report(&pointer, format!("no `eksctl/cluster.yaml` is written: {missing} not given"))
            .help("give both `cluster.name` and `cluster.region`");
    }
}
