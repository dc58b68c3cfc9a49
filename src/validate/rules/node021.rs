//! NODE021: the written nodes are nodes that the pods ask for.

use serde_json::Value;

use super::node004::selector_pointer;
use crate::compile::cluster::facts;
use crate::compile::cluster::plan::{Group, Plan, is_set_by_others, required_terms};
use crate::diagnostic::Level;
use crate::source::Pointer;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "NODE021",
    summary: "the written nodes are nodes that the pods ask for",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("node021.md"),
    check: Check::Environment(check),
};

const TERMS: &str = "/nodes/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms";

fn check(context: &Context<'_>) {
    raw_tolerations(context);
    elsewhere(context);
    let deployment = context.deployment;
    let plan = context.plan();
    let Some(pool) = plan.pool.as_ref().filter(|_| deployment.cluster.is_some()) else { return };
    let given = plan.cluster.node_group.is_some();
    if plan.fargate || !(given || plan.named.is_some()) {
        return;
    }
    // Without a group in the config the pods may be meant for one that is there already.
    let (place, level) = if given { ("/cluster/nodeGroup", Level::Warning) } else { ("/cluster", Level::Advice) };
    for (key, value) in &deployment.nodes.selector {
        let cluster_wide = ["kubernetes.io/os", "beta.kubernetes.io/os", "topology.kubernetes.io/region"].contains(&key.as_str());
        let Some(have) = known(plan, pool, key).filter(|have| !cluster_wide && !have.contains(value)) else { continue };
        let message = match have.as_slice() {
            [] => format!("no node of the group will have `{key}`: {}", why_absent(plan, key)),
            _ => format!("no node of the group will have `{key}={value}`, but {}", have.join(" or ")),
        };
        context.report(&selector_pointer(key), message).level(level).see(place, "the group").help(if have.is_empty() {
            help_absent(plan, key)
        } else {
            "let selector and node group say the same"
        });
    }
    raw_selector(context, plan, pool, (place, level));
    let terms = required_terms(&deployment.nodes);
    let excluding: Vec<&str> = terms.iter().filter_map(|term| excluding_key(plan, pool, term)).collect();
    if !terms.is_empty() && excluding.len() == terms.len() {
        context
            .report(TERMS, format!("no node of the group matches any term of this affinity: see `{}`", excluding[0]))
            .level(level)
            .see(place, "the group")
            .help("let affinity and node group say the same");
    }
}

/// What no node of the cluster can have, whoever makes it.
fn elsewhere(context: &Context<'_>) {
    let region = context.deployment.cluster.as_ref().and_then(|c| c.region.as_deref());
    for (key, value) in &context.deployment.nodes.selector {
        let message = match (key.as_str(), region) {
            ("kubernetes.io/os" | "beta.kubernetes.io/os", _) if value != "linux" => "the image runs on Linux only".to_owned(),
            ("topology.kubernetes.io/region", Some(region)) if value != region => format!("the cluster is in `{region}`"),
            ("topology.kubernetes.io/zone", Some(region)) if !value.starts_with(region) => format!("`{value}` is no zone of `{region}`"),
            _ => continue,
        };
        context.report(&selector_pointer(key), message).see("/cluster/region", "the region");
    }
}

/// Raw values may take away the toleration that the dedicated nodes ask for.
fn raw_tolerations(context: &Context<'_>) {
    let Some((key, value)) = context.deployment.nodes.dedicated_taint().filter(|_| context.given("/values/tolerations")) else { return };
    let text = |toleration: &Value, field: &str| toleration[field].as_str().unwrap_or_default().to_owned();
    let tolerates = |toleration: &Value| {
        let exists = text(toleration, "operator") == "Exists";
        let same_key = text(toleration, "key") == key || (exists && text(toleration, "key").is_empty());
        same_key && (exists || text(toleration, "value") == value) && ["", "NoSchedule"].contains(&text(toleration, "effect").as_str())
    };
    let values = context.merged_values();
    if !values["tolerations"].as_array().is_some_and(|all| all.iter().any(tolerates)) {
        context
            .report("/values/tolerations", format!("the pods do not tolerate the taint `{key}={value}:NoSchedule` of their own nodes"))
            .see("/nodes/dedicated", "the taint")
            .help("give further tolerations by `nodes.tolerations`, which keeps the derived one");
    }
}

/// Raw values may select nodes by labels that the group does not carry.
fn raw_selector(context: &Context<'_>, plan: &Plan<'_>, pool: &Group, (place, level): (&str, Level)) {
    let raw = context.node("/values/nodeSelector").map(|node| node.to_json());
    for (key, value) in raw.as_ref().and_then(Value::as_object).into_iter().flatten() {
        let written = pool.labels.iter().any(|(k, v)| k == key && value == v.as_str());
        let known = known(plan, pool, key);
        let fits = written || known.as_ref().map_or_else(|| is_set_by_others(key), |have| have.iter().any(|v| value == v.as_str()));
        if !fits {
            let pointer = Pointer::parse("/values/nodeSelector").join(key).to_string();
            context
                .report(&pointer, format!("no node of the group will have this label `{key}`"))
                .level(level)
                .see(place, "the group")
                .help("say it by `nodes.selector`: the group then carries the label too");
        }
    }
}

/// The key of a term's first expression that no node of the group can satisfy.
fn excluding_key<'t>(plan: &Plan<'_>, pool: &Group, term: &'t Value) -> Option<&'t str> {
    let expressions = term["matchExpressions"].as_array()?;
    let fails = |expression: &&'t Value| {
        let Some(have) = expression["key"].as_str().and_then(|key| known(plan, pool, key)) else { return false };
        let listed = |value: &String| expression["values"].as_array().is_some_and(|values| values.iter().any(|v| v == value.as_str()));
        match expression["operator"].as_str() {
            Some("In") => !have.iter().any(listed),
            Some("NotIn") => !have.is_empty() && have.iter().all(listed),
            Some("Exists") => have.is_empty(),
            Some("DoesNotExist") => !have.is_empty(),
            _ => false,
        }
    };
    expressions.iter().find(fails).and_then(|expression| expression["key"].as_str())
}

/// The values of a label of which each of the group's nodes has one; empty where none of them has the label, `None` where that is not known.
fn known(plan: &Plan<'_>, pool: &Group, key: &str) -> Option<Vec<String>> {
    let some = |values: Vec<String>| Some(values).filter(|v| !v.is_empty());
    let capacity = plan.deployment.nodes.capacity.is_some();
    match key {
        "kubernetes.io/os" | "beta.kubernetes.io/os" => some(vec!["linux".into()]),
        "kubernetes.io/arch" | "beta.kubernetes.io/arch" => {
            let types = pool.instance_types.iter();
            some(types.map(|t| facts::instance_type(t).map(|t| t.architecture.to_owned())).collect::<Option<Vec<_>>>()?)
        }
        "node.kubernetes.io/instance-type" | "beta.kubernetes.io/instance-type" => some(pool.instance_types.clone()),
        "topology.kubernetes.io/zone" | "failure-domain.beta.kubernetes.io/zone" if !plan.has_vpc() => some(pool.zones.clone()),
        "topology.kubernetes.io/region" | "failure-domain.beta.kubernetes.io/region" => some(plan.cluster.region.iter().cloned().collect()),
        "eks.amazonaws.com/nodegroup" if !plan.karpenter => some(vec![pool.name.clone()]),
        "eks.amazonaws.com/capacityType" if !plan.karpenter || capacity => some(vec![if pool.spot { "SPOT" } else { "ON_DEMAND" }.into()]),
        "karpenter.sh/capacity-type" if plan.karpenter => some(vec![if pool.spot { "spot" } else { "on-demand" }.into()]),
        "eks.amazonaws.com/compute-type"
        | "eks.amazonaws.com/nodegroup"
        | "eks.amazonaws.com/capacityType"
        | "karpenter.sh/capacity-type" => Some(Vec::new()),
        "karpenter.sh/nodepool" if !plan.karpenter => Some(Vec::new()),
        _ if key.starts_with("node-role.kubernetes.io/") => Some(Vec::new()),
        _ => None,
    }
}

fn why_absent(plan: &Plan<'_>, key: &str) -> &'static str {
    match key {
        "eks.amazonaws.com/compute-type" => "it is a label of Fargate's nodes",
        _ if key.starts_with("node-role.kubernetes.io/") => "nodes of EKS may not carry labels of that domain",
        _ if plan.karpenter => "it is a label of managed node groups, and Karpenter makes these nodes",
        _ => "it is a label of Karpenter's nodes, and this is a managed node group",
    }
}

fn help_absent(plan: &Plan<'_>, key: &str) -> &'static str {
    match key {
        "eks.amazonaws.com/capacityType" | "karpenter.sh/capacity-type" => "say it by `nodes.capacity`, which fits either kind of nodes",
        "eks.amazonaws.com/compute-type" => "say it by `nodes.fargate`",
        _ if key.starts_with("node-role.kubernetes.io/") => "select the nodes by `nodes.pool`",
        _ if plan.karpenter => "leave it out, or let a managed node group bring the nodes",
        _ => "leave it out, or say `provisioner: karpenter`",
    }
}
