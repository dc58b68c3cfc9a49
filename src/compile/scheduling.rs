//! Affinity and tolerations: what the pool, the capacity and the spread ask for, merged with the user's own.

use k8s_openapi::api::core::v1::{
    Affinity, NodeAffinity, NodeSelector, NodeSelectorRequirement, NodeSelectorTerm, PodAffinityTerm, PodAntiAffinity, Toleration,
    WeightedPodAffinityTerm,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, LabelSelectorRequirement};
use serde_json::Value;

use crate::model::{Capacity, Nodes, Spread, SpreadBy};

/// Label that the chart puts on every pod, whatever the names; the deployment guide selects by it.
const POD_LABEL: (&str, &str) = ("app.kubernetes.io/app", "scalardb-graphql");
/// Weight of a preferred anti-affinity, as in the deployment guide.
const SPREAD_WEIGHT: i32 = 50;

/// The pods' affinity, none where nothing asks for one.
pub fn affinity(nodes: &Nodes) -> Option<Value> {
    // What the types cannot read is reported where it is resolved; the derived part still stands.
    let own = nodes.affinity.clone().and_then(|a| serde_json::from_value::<Affinity>(a).ok()).unwrap_or_default();
    let derived = node_requirements(nodes);
    let mut affinity = own;
    if !derived.is_empty() {
        let node = affinity.node_affinity.get_or_insert_with(NodeAffinity::default);
        let selector = node
            .required_during_scheduling_ignored_during_execution
            .get_or_insert_with(|| NodeSelector { node_selector_terms: Vec::new() });
        if selector.node_selector_terms.is_empty() {
            selector.node_selector_terms.push(NodeSelectorTerm::default());
        }
        // Terms are alternatives: each of them has to ask for the pool.
        for term in &mut selector.node_selector_terms {
            let own = term.match_expressions.take().unwrap_or_default();
            term.match_expressions = Some(derived.iter().cloned().chain(own).collect());
        }
    }
    if let Some(spread) = nodes.spread {
        add_spread(affinity.pod_anti_affinity.get_or_insert_with(PodAntiAffinity::default), spread);
    }
    (affinity != Affinity::default()).then(|| serde_json::to_value(&affinity).unwrap_or_default())
}

/// What nodes must have: the pool's label, the capacity, and not to be Fargate.
fn node_requirements(nodes: &Nodes) -> Vec<NodeSelectorRequirement> {
    let requirement = |key: &str, operator: &str, value: &str| NodeSelectorRequirement {
        key: key.into(),
        operator: operator.into(),
        values: Some(vec![value.into()]),
    };
    let mut requirements = Vec::new();
    if let Some((key, pool)) = nodes.pool_label() {
        requirements.push(requirement(key, "In", pool));
    }
    if let Some(capacity) = nodes.capacity {
        let value = match capacity {
            Capacity::OnDemand => "ON_DEMAND",
            Capacity::Spot => "SPOT",
        };
        requirements.push(requirement("eks.amazonaws.com/capacityType", "In", value));
    }
    if nodes.fargate == Some(false) {
        requirements.push(requirement("eks.amazonaws.com/compute-type", "NotIn", "fargate"));
    }
    requirements
}

fn add_spread(anti: &mut PodAntiAffinity, spread: Spread) {
    let topology_key = match spread.by {
        SpreadBy::Zones => "topology.kubernetes.io/zone",
        SpreadBy::Hosts | SpreadBy::None => "kubernetes.io/hostname",
    };
    let expression = LabelSelectorRequirement { key: POD_LABEL.0.into(), operator: "In".into(), values: Some(vec![POD_LABEL.1.into()]) };
    let term = PodAffinityTerm {
        label_selector: Some(LabelSelector { match_expressions: Some(vec![expression]), match_labels: None }),
        topology_key: topology_key.into(),
        ..PodAffinityTerm::default()
    };
    if spread.required {
        anti.required_during_scheduling_ignored_during_execution.get_or_insert_default().insert(0, term);
    } else {
        let weighted = WeightedPodAffinityTerm { pod_affinity_term: term, weight: SPREAD_WEIGHT };
        anti.preferred_during_scheduling_ignored_during_execution.get_or_insert_default().insert(0, weighted);
    }
}

/// The pods' tolerations: that of the dedicated taint, then the user's own.
pub fn tolerations(nodes: &Nodes) -> Vec<Value> {
    let derived = nodes.dedicated_taint().map(|(key, value)| Toleration {
        effect: Some("NoSchedule".into()),
        key: Some(key.into()),
        operator: Some("Equal".into()),
        value: Some(value.into()),
        ..Toleration::default()
    });
    derived.iter().filter_map(|t| serde_json::to_value(t).ok()).chain(nodes.tolerations.iter().cloned()).collect()
}
