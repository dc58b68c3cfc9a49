//! NODE021: the written nodes are nodes that the pods ask for.

use super::node004::selector_pointer;
use crate::compile::cluster::facts;
use crate::compile::cluster::plan::Plan;
use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "NODE021",
    summary: "the written nodes are nodes that the pods ask for",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("node021.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let deployment = context.deployment;
    let Some(group) = deployment.cluster.as_ref().and_then(|c| c.node_group.as_ref()) else { return };
    let plan = Plan::new(deployment);
    let Some(pool) = &plan.pool else { return };
    for (key, value) in &deployment.nodes.selector {
        // What the nodes will have; nothing where that is not known.
        let have: Vec<String> = match key.as_str() {
            "kubernetes.io/os" | "beta.kubernetes.io/os" => vec!["linux".into()],
            "kubernetes.io/arch" | "beta.kubernetes.io/arch" => {
                let known: Option<Vec<_>> =
                    pool.instance_types.iter().map(|t| facts::instance_type(t).map(|t| t.architecture.to_owned())).collect();
                known.unwrap_or_default()
            }
            "node.kubernetes.io/instance-type" | "beta.kubernetes.io/instance-type" if !group.instance_types.is_empty() => {
                group.instance_types.clone()
            }
            "topology.kubernetes.io/zone" | "failure-domain.beta.kubernetes.io/zone" if !plan.has_vpc() => group.zones.clone(),
            "topology.kubernetes.io/region" | "failure-domain.beta.kubernetes.io/region" => plan.cluster.region.iter().cloned().collect(),
            "eks.amazonaws.com/nodegroup" if !plan.karpenter => vec![pool.name.clone()],
            _ => Vec::new(),
        };
        if !have.is_empty() && !have.contains(value) {
            context
                .report(&selector_pointer(key), format!("no node of the group will have `{key}={value}`, but {}", have.join(" or ")))
                .see("/cluster/nodeGroup", "the group")
                .help("let selector and node group say the same");
        }
    }
}
