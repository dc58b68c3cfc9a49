//! NODE012: sizes of a node group fit together.

use crate::diagnostic::Level;
use crate::model::{NodeGroup, SystemNodeGroup};
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "NODE012",
    summary: "sizes of a node group fit together",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("node012.md"),
    check: Check::Environment(check),
};

/// GiB that the node image takes.
const IMAGE_SIZE: u32 = 20;

fn check(context: &Context<'_>) {
    let Some(cluster) = &context.deployment.cluster else { return };
    if let Some(group) = &cluster.node_group {
        sizes(context, "/cluster/nodeGroup", group);
    }
    if let SystemNodeGroup::Group(group) = &cluster.system_node_group {
        sizes(context, "/cluster/systemNodeGroup", group);
    }
}

fn sizes(context: &Context<'_>, at: &str, group: &NodeGroup) {
    let order = [("min", group.min), ("desired", group.desired), ("max", group.max)];
    let given: Vec<(&str, u32)> = order.iter().filter_map(|(name, size)| Some((*name, (*size)?))).collect();
    for pair in given.windows(2) {
        let [(low, below), (high, above)] = pair else { continue };
        if below > above {
            // The minimum is seldom what is wrong about the number that is wanted at the start.
            let (pointer, other) = if *low == "desired" { (low, high) } else { (high, low) };
            context
                .report(&format!("{at}/{pointer}"), format!("`{low}` of {below} is above `{high}` of {above}: eksctl refuses the group"))
                .see(&format!("{at}/{other}"), "against this");
        }
    }
    if let Some(size) = group.volume_size.filter(|size| *size < IMAGE_SIZE) {
        context.report(&format!("{at}/volumeSize"), format!("{size} GiB are less than the {IMAGE_SIZE} GiB of the node image"));
    }
}
