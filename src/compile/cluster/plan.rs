//! What a deployment asks of its cluster: node groups, service accounts, controllers. Every output of the cluster's side follows from it.
//!
//! Labels and taints are the model's own (`nodes`), the very ones that the pods' affinity and tolerations are made of.

use serde_json::Value;

use super::facts::{self, InstanceType};
use super::room::{self, Request};
use crate::model::{Capacity, Cluster, Deployment, IngressClass, NodeGroup, Nodes, Provisioner, Scheme, SystemNodeGroup, Vpc};

/// GiB of a node's disk where the config does not say.
pub const VOLUME_SIZE: u32 = 80;
/// Where the well-known policies and charts expect them.
pub const CONTROLLER_ACCOUNT: &str = "aws-load-balancer-controller";
pub const AUTOSCALER_ACCOUNT: &str = "cluster-autoscaler";

/// Prefixes of label and taint keys that EKS keeps for itself on managed node groups.
pub fn is_reserved(key: &str) -> bool {
    is_kubernetes(key) || domain(key).is_some_and(|d| d == "eks.amazonaws.com")
}

/// Whether a key lies under `kubernetes.io` or `k8s.io`, or a domain below them.
pub fn is_kubernetes(key: &str) -> bool {
    let below = |d: &str, root: &str| d == root || d.strip_suffix(root).is_some_and(|rest| rest.ends_with('.'));
    domain(key).is_some_and(|d| below(d, "kubernetes.io") || below(d, "k8s.io"))
}

fn domain(key: &str) -> Option<&str> {
    key.split_once('/').map(|(domain, _)| domain)
}

/// A managed node group as it is written, or the shape of Karpenter's NodePool.
#[derive(Clone, Debug)]
pub struct Group {
    pub name: String,
    pub instance_types: Vec<String>,
    pub min: u32,
    pub desired: u32,
    pub max: u32,
    /// GiB.
    pub volume_size: u32,
    pub zones: Vec<String>,
    pub spot: bool,
    pub labels: Vec<(String, String)>,
    /// Key and value; the effect is NoSchedule.
    pub taints: Vec<(String, String)>,
}

/// The cluster's side of one environment.
#[derive(Debug)]
pub struct Plan<'d> {
    pub deployment: &'d Deployment,
    /// What the config says of the cluster, or nothing.
    pub cluster: Cluster,
    /// Name and region, where both are known: only then can `cluster.yaml` be written.
    pub named: Option<(String, String)>,
    /// The group for what does not tolerate the taint.
    pub system: Option<Group>,
    /// The pods' nodes; none on Fargate, unless the config gives a group.
    pub pool: Option<Group>,
    pub karpenter: bool,
    pub fargate: bool,
    pub autoscaler: bool,
    /// The AWS Load Balancer Controller.
    pub controller: bool,
}

impl<'d> Plan<'d> {
    pub fn new(deployment: &'d Deployment) -> Plan<'d> {
        let cluster = deployment.cluster.clone().unwrap_or_default();
        let given = cluster.node_group.clone().unwrap_or_default();
        let karpenter = given.provisioner == Some(Provisioner::Karpenter);
        let fargate = deployment.nodes.fargate == Some(true);
        let pool = (!fargate || cluster.node_group.is_some()).then(|| pool_group(deployment, &given, karpenter));
        let system = system_group(deployment, &cluster, karpenter, pool.as_ref());
        let grows = pool.as_ref().is_some_and(|p| p.max > p.min);
        let autoscaler = deployment.cluster.is_some()
            && !karpenter
            && pool.is_some()
            && cluster.autoscaler.unwrap_or(deployment.autoscaling.is_some() || grows);
        Plan {
            deployment,
            named: cluster.name.clone().zip(cluster.region.clone()),
            system,
            pool,
            karpenter,
            fargate,
            autoscaler,
            controller: deployment.ingress.as_ref().is_some_and(|i| i.class == IngressClass::Alb),
            cluster,
        }
    }

    /// Whether the pods are meant for EKS, as far as the config shows.
    pub fn is_eks(&self) -> bool {
        self.deployment.cluster.is_some() || self.controller
    }

    pub fn vpc(&self) -> Option<&Vpc> {
        self.cluster.vpc.as_ref()
    }

    /// Whether `cluster.yaml` names subnets that are there already.
    pub fn has_subnets(&self) -> bool {
        self.vpc().is_some_and(|v| !v.private_subnets.is_empty() || !v.public_subnets.is_empty())
    }

    /// Whether the VPC is one that eksctl did not make.
    pub fn has_vpc(&self) -> bool {
        self.vpc().is_some_and(|v| v.id.is_some()) || self.has_subnets()
    }

    /// Nodes stand in private subnets, unless there are public ones only: eksctl would then find none for the group.
    pub fn private_networking(&self) -> bool {
        !self.vpc().is_some_and(|v| v.private_subnets.is_empty() && !v.public_subnets.is_empty())
    }

    /// The subnets whose role tag the controller looks for, with that tag; none where it need not look.
    pub fn subnet_tag(&self) -> Option<(&'static str, &[String])> {
        let ingress = self.deployment.ingress.as_ref().filter(|i| self.controller && i.subnets.is_empty())?;
        let none: &[String] = &[];
        let vpc = self.vpc();
        let known = match ingress.scheme {
            Scheme::Internal => ("kubernetes.io/role/internal-elb", vpc.map_or(none, |v| &v.private_subnets)),
            Scheme::InternetFacing => ("kubernetes.io/role/elb", vpc.map_or(none, |v| &v.public_subnets)),
        };
        // eksctl tags the subnets that it makes.
        (self.named.is_none() || self.has_vpc()).then_some(known)
    }

    /// The taint that nodes get by hand: where no written group carries it.
    pub fn manual_taint(&self) -> Option<(&str, &str)> {
        let taint = self.deployment.nodes.dedicated_taint()?;
        let written = self.named.is_some() && self.pool.as_ref().is_some_and(|p| p.taints.iter().any(|(key, _)| key == taint.0));
        (!written).then_some(taint)
    }

    /// An image of the cluster's side, from the mirror where there is one.
    pub fn image(&self, repository: &str) -> String {
        self.deployment.mirrored(repository)
    }

    /// The load balancer controller's image as it is pulled where there is no mirror.
    pub fn controller_image(&self) -> String {
        let region = self.cluster.region.as_deref();
        let partition = facts::partition(region);
        match region.and_then(|r| facts::region(r)?.image_account.as_deref().zip(Some(r))) {
            // The public registry is out of reach of the other partitions.
            Some((account, region)) if !facts::is_commercial(Some(region)) => {
                format!("{account}.dkr.ecr.{region}.{}/amazon/aws-load-balancer-controller", partition.dns_suffix)
            }
            _ => facts::controller(self.cluster.kubernetes).repository.clone(),
        }
    }

    /// Tag of the cluster autoscaler's image, where the cluster's version is known.
    pub fn autoscaler_tag(&self) -> Option<String> {
        let version = self.cluster.kubernetes?;
        Some(facts::eks_version(version).map_or_else(|| format!("v1.{}.0", version.minor), |v| format!("v{}", v.cluster_autoscaler)))
    }
}

/// The nodes' labels: the pool's, and what the user's own selector and affinity ask for, unless Kubernetes or EKS sets it.
pub fn labels(nodes: &Nodes) -> Vec<(String, String)> {
    let pool = nodes.pool_label().filter(|(key, _)| !is_reserved(key));
    let own = asked(nodes).filter(|(key, _)| !is_set_by_others(key));
    let mut labels: Vec<(String, String)> = Vec::new();
    for (key, value) in pool.into_iter().chain(own) {
        if labels.iter().all(|(k, _)| k != key) {
            labels.push((key.to_owned(), value.to_owned()));
        }
    }
    labels
}

/// Labels that a node needs by the user's own selector, then by the first term of the user's own affinity (terms are alternatives).
fn asked(nodes: &Nodes) -> impl Iterator<Item = (&str, &str)> {
    let selector = nodes.selector.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    let term = required_terms(nodes).first().and_then(|t| t["matchExpressions"].as_array());
    let affinity = term.into_iter().flatten().filter_map(|e| {
        let value = match e["operator"].as_str()? {
            "In" => e["values"].get(0)?.as_str()?,
            "Exists" => "true",
            _ => return None,
        };
        Some((e["key"].as_str()?, value))
    });
    selector.chain(affinity)
}

/// The terms of the user's own required node affinity.
pub fn required_terms(nodes: &Nodes) -> &[Value] {
    let at = "/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms";
    nodes.affinity.as_ref().and_then(|a| a.pointer(at)).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The value that the user's own words ask for in one of these labels.
pub fn asked_value<'n>(nodes: &'n Nodes, keys: &[&str]) -> Option<&'n str> {
    asked(nodes).find(|(key, _)| keys.contains(key)).map(|(_, value)| value)
}

/// Whether the nodes are Spot: as `nodes.capacity` says, else as the user's own selector or affinity does.
fn is_spot(nodes: &Nodes, karpenter: bool) -> bool {
    let (label, spot) = if karpenter { ("karpenter.sh/capacity-type", "spot") } else { ("eks.amazonaws.com/capacityType", "SPOT") };
    nodes.capacity.map_or_else(|| asked_value(nodes, &[label]) == Some(spot), |capacity| capacity == Capacity::Spot)
}

/// Whether a label is one that Kubernetes, EKS, eksctl or Karpenter puts on nodes.
pub fn is_set_by_others(key: &str) -> bool {
    is_reserved(key) || domain(key).is_some_and(|d| d == "karpenter.sh" || d == "karpenter.k8s.aws" || d == "alpha.eksctl.io")
}

fn pool_group(deployment: &Deployment, given: &NodeGroup, karpenter: bool) -> Group {
    let nodes = &deployment.nodes;
    let pod = room::request(deployment.resources.as_ref());
    let spot = is_spot(nodes, karpenter);
    let instance_types = if given.instance_types.is_empty() { default_types(nodes, pod, spot) } else { given.instance_types.clone() };
    let (min, desired, max) = sizes(deployment, given, pods_per_node(&instance_types, pod));
    // The user's own selector may name the group.
    let selected = asked_value(nodes, &["eks.amazonaws.com/nodegroup"]).filter(|_| !karpenter).map(str::to_owned);
    let taint = nodes.dedicated_taint().filter(|(key, _)| karpenter || !is_kubernetes(key));
    Group {
        name: given.name.clone().or(selected).or_else(|| nodes.pool.clone()).unwrap_or_else(|| deployment.release.replace('.', "-")),
        instance_types,
        min,
        desired,
        max,
        volume_size: given.volume_size.unwrap_or(VOLUME_SIZE),
        zones: given.zones.clone(),
        spot,
        labels: labels(nodes),
        taints: taint.map(|(k, v)| (k.to_owned(), v.to_owned())).into_iter().collect(),
    }
}

fn system_group(deployment: &Deployment, cluster: &Cluster, karpenter: bool, pool: Option<&Group>) -> Option<Group> {
    let given = match &cluster.system_node_group {
        SystemNodeGroup::Off => return None,
        // Karpenter cannot make the nodes that it runs on itself.
        SystemNodeGroup::Default if pool.is_none() || !(deployment.nodes.dedicated || karpenter) => return None,
        SystemNodeGroup::Default => NodeGroup::default(),
        SystemNodeGroup::Group(group) => group.clone(),
    };
    let name = if pool.is_some_and(|p| p.name == "system") { "system-nodes" } else { "system" };
    let desired = given.desired.or(given.min).unwrap_or(2).min(given.max.unwrap_or(u32::MAX));
    Some(Group {
        name: given.name.unwrap_or_else(|| name.into()),
        instance_types: if given.instance_types.is_empty() { vec!["m5.large".into()] } else { given.instance_types },
        min: given.min.unwrap_or(desired),
        desired,
        max: given.max.unwrap_or(desired.max(given.min.unwrap_or(1)).max(1)),
        volume_size: given.volume_size.unwrap_or(VOLUME_SIZE),
        zones: given.zones,
        spot: false,
        labels: Vec::new(),
        taints: Vec::new(),
    })
}

/// The type that the user's own selector names, else the smallest of a widely offered family that holds a pod; for Spot a second type of the
/// same size, since one runs out sooner than two.
fn default_types(nodes: &Nodes, pod: Request, spot: bool) -> Vec<String> {
    if let Some(name) = asked_value(nodes, &["node.kubernetes.io/instance-type", "beta.kubernetes.io/instance-type"]) {
        return vec![name.to_owned()];
    }
    let arm = asked_value(nodes, &["kubernetes.io/arch", "beta.kubernetes.io/arch"]) == Some("arm64");
    let sizes = ["xlarge", "2xlarge", "4xlarge", "8xlarge", "16xlarge"];
    let holds = |size: &&&str| facts::instance_type(&format!("m5.{size}")).is_some_and(|t| room::pods_per_node(t, pod) > 0);
    let size = sizes.iter().find(holds).unwrap_or(&"24xlarge");
    let families: &[&str] = match (arm, spot) {
        (false, false) => &["m5"],
        (false, true) => &["m5", "m5d"],
        (true, false) => &["m6g"],
        (true, true) => &["m6g", "m6gd"],
    };
    families.iter().map(|family| format!("{family}.{size}")).collect()
}

/// Pods that each node surely holds, whichever of the types it is; none where no type is known.
pub fn pods_per_node(types: &[String], pod: Request) -> Option<u64> {
    let known = types.iter().filter_map(|name| facts::instance_type(name));
    known.map(|t: InstanceType| room::pods_per_node(t, pod)).min()
}

/// Pods beyond the wanted ones that a rolling update may start at once.
pub fn surge(deployment: &Deployment, pods: u32) -> u32 {
    let strategy = deployment.strategy.as_ref();
    if strategy.and_then(|s| s.get("type")).and_then(|t| t.as_str()) == Some("Recreate") {
        return 0;
    }
    let given = strategy.and_then(|s| s.get("rollingUpdate")).and_then(|r| r.get("maxSurge")).and_then(|m| m.as_str());
    let percent: u32 = given.and_then(|text| text.strip_suffix('%')).and_then(|p| p.parse().ok()).unwrap_or(25);
    u32::try_from((u64::from(pods) * u64::from(percent)).div_ceil(100)).unwrap_or(u32::MAX)
}

/// Most pods that there are when nothing is updated.
pub fn most_pods(deployment: &Deployment) -> u32 {
    deployment.autoscaling.as_ref().and_then(|a| a.max).unwrap_or(0).max(deployment.replicas)
}

/// Nodes that hold so many pods and the surge of their update.
fn nodes_for(deployment: &Deployment, pods: u32, per_node: Option<u64>) -> u32 {
    let all = u64::from(pods) + u64::from(surge(deployment, pods));
    // A node that holds none is a finding of its own; spread over hosts at best asks for a node each.
    let nodes = match per_node {
        Some(per) if per > 0 => all.div_ceil(per),
        _ => all,
    };
    let required = deployment.nodes.spread.is_some_and(|s| s.required);
    u32::try_from(if required { nodes.max(all) } else { nodes }).unwrap_or(u32::MAX)
}

/// Fewest, first and most nodes, as given; what is not given leaves room for the pods and a rolling update, on three nodes or more where there
/// are three pods.
fn sizes(deployment: &Deployment, given: &NodeGroup, per_node: Option<u64>) -> (u32, u32, u32) {
    let floor = deployment.replicas.clamp(1, 3);
    let start = nodes_for(deployment, deployment.replicas, per_node).max(floor);
    let most = nodes_for(deployment, most_pods(deployment), per_node).max(start);
    let max = given.max.unwrap_or_else(|| most.max(given.min.unwrap_or(0)).max(given.desired.unwrap_or(0)));
    let min = given.min.unwrap_or_else(|| given.desired.unwrap_or(start).min(max));
    let desired = given.desired.unwrap_or_else(|| start.min(max).max(min));
    (min, desired, max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_keys_are_those_of_whole_domains() {
        for key in ["kubernetes.io/app", "app.kubernetes.io/name", "k8s.io/x", "a.k8s.io/x", "eks.amazonaws.com/nodegroup"] {
            assert!(is_reserved(key), "{key}");
        }
        for key in ["agentpool", "kubernetes.io", "mykubernetes.io/app", "scalar-labs.com/dedicated-node", "alpha.eksctl.io/x"] {
            assert!(!is_reserved(key), "{key}");
        }
    }
}
