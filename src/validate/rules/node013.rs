//! NODE013: instance types are types of one architecture.

use super::node004::selector_pointer;
use crate::compile::cluster::facts::{self, InstanceType};
use crate::diagnostic::Level;
use crate::model::{NodeGroup, SystemNodeGroup};
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "NODE013",
    summary: "instance types are types of one architecture",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("node013.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    selected_architecture(context);
    let Some(cluster) = &context.deployment.cluster else { return };
    if let Some(group) = &cluster.node_group {
        types(context, "/cluster/nodeGroup", group);
        published_image(context, group);
    }
    if let SystemNodeGroup::Group(group) = &cluster.system_node_group {
        types(context, "/cluster/systemNodeGroup", group);
    }
}

/// Whether a text has the form of an instance type.
fn is_well_formed(name: &str) -> bool {
    let word = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    name.split_once('.').is_some_and(|(family, size)| family.starts_with(|c: char| c.is_ascii_lowercase()) && word(family) && word(size))
}

fn types(context: &Context<'_>, at: &str, group: &NodeGroup) {
    let mut first: Option<(&str, InstanceType)> = None;
    for (index, name) in group.instance_types.iter().enumerate() {
        let pointer = format!("{at}/instanceTypes/{index}");
        if !is_well_formed(name) {
            let report = context
                .report(&pointer, format!("`{}` is no instance type", name.chars().take(40).collect::<String>()))
                .label("expected FAMILY.SIZE");
            if is_well_formed(&name.to_ascii_lowercase()) {
                report.help(format!("write `{}`", name.to_ascii_lowercase()));
            }
            continue;
        }
        if group.instance_types[..index].contains(name) {
            context.report(&pointer, format!("`{name}` stands twice")).level(Level::Warning);
        }
        let Some(kind) = facts::instance_type(name) else { continue };
        match first {
            None => first = Some((name, kind)),
            Some((other, model)) if model.architecture != kind.architecture => {
                context.report(
                    &pointer,
                    format!("`{name}` is {}, `{other}` is {}: EKS refuses a group of both", kind.architecture, model.architecture),
                );
            }
            Some((other, model)) if (model.vcpu, model.memory) != (kind.vcpu, kind.memory) => {
                context
                    .report(
                        &pointer,
                        format!(
                            "`{name}` and `{other}` differ in vCPU or memory: the cluster autoscaler takes all nodes of a group for alike"
                        ),
                    )
                    .level(Level::Advice)
                    .help("list types of one size");
            }
            Some(_) => {}
        }
    }
}

/// Whether the pods run the image that Scalar publishes.
fn is_published(context: &Context<'_>) -> bool {
    context.deployment.image.source == "ghcr.io/scalar-labs/scalardb-graphql"
}

fn selected_architecture(context: &Context<'_>) {
    let arm =
        |(key, value): &&(String, String)| matches!(key.as_str(), "kubernetes.io/arch" | "beta.kubernetes.io/arch") && value == "arm64";
    if let Some((key, _)) = context.deployment.nodes.selector.iter().find(arm).filter(|_| is_published(context)) {
        context
            .report(
                &selector_pointer(key),
                "ARM nodes, but the published server image is built for amd64: its pods end with `exec format error`",
            )
            .level(Level::Warning)
            .help("select amd64 nodes, or use an image of your own that is built for arm64");
    }
}

fn published_image(context: &Context<'_>, group: &NodeGroup) {
    let published = is_published(context);
    let arm = group.instance_types.iter().position(|name| facts::instance_type(name).is_some_and(|t| t.architecture == "arm64"));
    if let Some(index) = arm.filter(|_| published) {
        context
            .report(
                &format!("/cluster/nodeGroup/instanceTypes/{index}"),
                "an ARM type, but the published server image is built for amd64: its pods end with `exec format error`",
            )
            .level(Level::Warning)
            .help("use an amd64 type, or an image of your own that is built for arm64");
    }
}
