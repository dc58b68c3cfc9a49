//! `nodes` and `resources`.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::super::decode::{Decode, Faults, FreeList, FreeMap, Map, QuantityText, Text, choice, record};
use super::super::tree::{Kind, Node};

choice! {
    /// How EC2 sells the nodes.
    Capacity {
        /// On-demand instances.
        OnDemand = "on-demand",
        /// Spot instances.
        Spot = "spot",
    }
}

choice! {
    /// What the pods are spread over.
    SpreadBy {
        /// Nodes (`kubernetes.io/hostname`).
        Hosts = "hosts",
        /// Availability zones (`topology.kubernetes.io/zone`).
        Zones = "zones",
        /// Nothing.
        None = "none",
    }
}

record! {
    /// The nodes that the pods run on.
    Nodes {
        /// Name of the node pool: a required node affinity to it.
        #[schemars(extend("examples" = ["scalardbgraphqlpool"]))]
        pool "pool": Text,
        /// Label key of that affinity.
        #[schemars(extend("default" = "agentpool"))]
        label "label": Text,
        /// The pool is for these pods only: a taint on the nodes, and its toleration.
        #[schemars(extend("default" = false))]
        dedicated "dedicated": bool,
        /// Key of that taint.
        #[schemars(extend("default" = "kubernetes.io/app"))]
        taint "taint": Text,
        /// How EC2 sells the nodes.
        capacity "capacity": Capacity,
        /// `false`: the pods stay off Fargate. `true`: they are meant for it.
        fargate "fargate": bool,
        /// Pod anti-affinity: over hosts, zones or nothing, preferred unless `required`.
        #[schemars(extend("default" = "hosts"))]
        spread "spread": SpreadInput,
        /// Your own affinity, as Kubernetes has it, merged with the derived one.
        affinity "affinity": FreeMap,
        /// Your own tolerations, as Kubernetes has them, beside the derived one.
        tolerations "tolerations": FreeList,
        /// Node selector.
        selector "selector": Map<Text>,
    }
}

/// A word, or a map with `by` and `required`.
#[derive(Clone, Debug, PartialEq)]
pub enum SpreadInput {
    By(SpreadBy),
    Object(Spread),
}

record! {
    /// Pod anti-affinity.
    Spread {
        /// What the pods are spread over.
        #[schemars(extend("default" = "hosts"))]
        by "by": SpreadBy,
        /// Refuse to put two pods together, instead of avoiding it.
        #[schemars(extend("default" = false))]
        required "required": bool,
    }
}

impl Decode for SpreadInput {
    fn expected() -> String {
        format!("{}, or a map with `by` and `required`", SpreadBy::expected())
    }
    fn decode(node: &Node, faults: &mut Faults) -> Option<Self> {
        match &node.kind {
            Kind::Mapping(_) => Spread::decode(node, faults).map(SpreadInput::Object),
            _ => SpreadBy::decode(node, faults).map(SpreadInput::By),
        }
    }
}

impl JsonSchema for SpreadInput {
    fn schema_name() -> Cow<'static, str> {
        "SpreadInput".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let word = generator.subschema_for::<SpreadBy>();
        let object = generator.subschema_for::<Spread>();
        json_schema!({ "anyOf": [word, object] })
    }
}

record! {
    /// CPU and memory of each pod.
    Resources {
        /// CPU, as request and limit.
        #[schemars(extend("default" = "2"))]
        cpu "cpu": QuantityText,
        /// Memory, as request and limit.
        #[schemars(extend("default" = "4Gi"))]
        memory "memory": QuantityText,
        /// Requests, as Kubernetes has them.
        requests "requests": Map<QuantityText>,
        /// Limits, as Kubernetes has them.
        limits "limits": Map<QuantityText>,
    }
}
