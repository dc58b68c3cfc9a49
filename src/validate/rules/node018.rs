//! NODE018: node groups have names that eksctl can use.

use crate::compile::cluster::plan::{Group, Plan};
use crate::diagnostic::Level;
use crate::model::SystemNodeGroup;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "NODE018",
    summary: "node groups have names that eksctl can use",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("node018.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    if context.deployment.cluster.is_none() {
        return;
    }
    let plan = context.plan();
    let own = context.given("/cluster/nodeGroup/name");
    let selector = super::node004::selector_pointer("eks.amazonaws.com/nodegroup");
    let pool_pointer = if own {
        "/cluster/nodeGroup/name"
    } else if context.given(&selector) {
        &selector
    } else if context.given("/nodes/pool") {
        "/nodes/pool"
    } else {
        "/release"
    };
    if let Some(pool) = plan.pool.as_ref().filter(|_| own || !plan.karpenter) {
        name(context, pool_pointer, pool, plan);
    }
    if let (Some(system), SystemNodeGroup::Group(_)) = (&plan.system, &plan.cluster.system_node_group) {
        name(context, "/cluster/systemNodeGroup/name", system, plan);
        if plan.pool.as_ref().is_some_and(|pool| pool.name == system.name) {
            context
                .report("/cluster/systemNodeGroup/name", format!("both node groups have the name `{}`", system.name))
                .see(pool_pointer, "the other one");
        }
    }
}

fn name(context: &Context<'_>, pointer: &str, group: &Group, plan: &Plan<'_>) {
    let name = &group.name;
    let cluster = plan.cluster.name.as_ref().map_or(0, String::len);
    let longest = 63.min(128_usize.saturating_sub("eksctl--nodegroup-".len() + cluster));
    let fault = if !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
        "it may hold letters, digits and hyphens only".to_owned()
    } else if name.is_empty() || name.starts_with('-') || name.ends_with('-') {
        "it begins and ends with a letter or a digit".to_owned()
    } else if name.len() > longest {
        format!("it may have {longest} characters")
    } else {
        return;
    };
    // A pool that is no label value at all is reported already.
    if pointer == "/nodes/pool" && crate::validate::kubernetes::names::label_value(name).is_err() {
        return;
    }
    let report = context.report(pointer, format!("`{name}` is no name of a node group: {fault}"));
    if pointer != "/cluster/nodeGroup/name" && pointer != "/cluster/systemNodeGroup/name" {
        report.help("the group takes the pool's name; give it one of its own with `cluster.nodeGroup.name`");
    }
}
