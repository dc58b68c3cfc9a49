//! NODE008: a required spread leaves room for every pod.

use crate::compile::cluster::plan;
use crate::diagnostic::Level;
use crate::model::{Deployment, SpreadBy};
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "NODE008",
    summary: "a required spread leaves room for every pod",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("node008.md"),
    check: Check::Environment(check),
};

/// Most zones of any region.
const MOST_ZONES: usize = 6;
/// Zones of the regions that have more than three.
const MANY_ZONES: [(&str, usize); 4] = [("us-east-1", 6), ("us-west-2", 4), ("ap-northeast-1", 4), ("ap-northeast-2", 4)];

fn check(context: &Context<'_>) {
    let deployment = context.deployment;
    let Some(spread) = deployment.nodes.spread.filter(|s| s.required) else { return };
    let pods = plan::most_pods(deployment);
    let pointer = if context.given("/nodes/spread/required") { "/nodes/spread/required" } else { "/nodes/spread" };
    let (places, word) = match spread.by {
        SpreadBy::Zones => (zones(deployment), "zones"),
        SpreadBy::Hosts | SpreadBy::None => {
            let most = deployment.cluster.as_ref().and_then(|c| c.node_group.as_ref()).and_then(|g| g.max);
            let Some(most) = most else { return };
            (most as usize, "nodes")
        }
    };
    let with_surge = pods as usize + plan::surge(deployment, pods) as usize;
    if pods as usize > places {
        context
            .report(pointer, format!("at most one pod in each of {places} {word}, but there may be {pods} pods: the others stay pending"))
            .see("/autoscaling/max", "this many")
            .see("/replicas", "this many")
            .help("leave `required` out: the spread is then preferred");
    } else if with_surge > places && !may_take_away(deployment, pods) {
        context
            .report(pointer, format!("one pod in each of {places} {word} leaves no room for the new pod of a rolling update of {pods} pods: it waits for ever"))
            .see("/replicas", "this many")
            .help("leave `required` out, or let a rollout take a pod away first (`strategy.rollingUpdate.maxUnavailable`)");
    }
}

/// Zones that the nodes can stand in, at most.
fn zones(deployment: &Deployment) -> usize {
    let cluster = deployment.cluster.clone().unwrap_or_default();
    let listed = cluster.node_group.as_ref().map_or(0, |g| g.zones.len());
    let subnets = cluster.vpc.as_ref().map_or(0, |v| v.private_subnets.len().max(v.public_subnets.len()));
    let region = cluster.region.as_deref();
    let region = region.map_or(MOST_ZONES, |name| MANY_ZONES.iter().find(|(r, _)| *r == name).map_or(3, |(_, zones)| *zones));
    [listed, subnets].into_iter().filter(|n| *n > 0).min().unwrap_or(region).min(region.max(1))
}

/// Whether a rolling update may take a pod away before its successor runs: by default a quarter of them, rounded down.
pub fn may_take_away(deployment: &Deployment, pods: u32) -> bool {
    let strategy = deployment.strategy.as_ref();
    if strategy.and_then(|s| s.get("type")).and_then(|t| t.as_str()) == Some("Recreate") {
        return true;
    }
    let given = strategy.and_then(|s| s.get("rollingUpdate")).and_then(|r| r.get("maxUnavailable")).and_then(|m| m.as_str());
    let percent: u64 = given.and_then(|text| text.strip_suffix('%')).and_then(|p| p.parse().ok()).unwrap_or(25);
    u64::from(pods) * percent / 100 > 0
}
