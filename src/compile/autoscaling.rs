//! Objects beside the chart's: the pods' autoscaler and disruption budget, and Karpenter's NodePool.
//!
//! All carry `app.kubernetes.io/managed-by: gqlgen`, by which the runbook picks them out of `manifests.yaml`.

use serde_json::{Map, Value, json};

use super::cluster::facts;
use super::cluster::plan::{Group, Plan};
use crate::model::{Autoscaling, Deployment, KubernetesVersion};

/// Value of `app.kubernetes.io/component` on Karpenter's objects, which the runbook applies before there is a namespace.
pub const NODES: &str = "nodes";
/// Value of `app.kubernetes.io/managed-by` on what gqlgen adds.
pub const MANAGED_BY: &str = "gqlgen";
/// Kubernetes' own aim where no metric is given.
const DEFAULT_CPU: u32 = 80;
/// Seconds between two pods that are taken away: a transaction lives no longer.
const SCALE_DOWN_PERIOD: u32 = 60;

/// The objects that this deployment asks for.
pub fn objects(deployment: &Deployment) -> Vec<Value> {
    let mut objects = Vec::new();
    if let Some(autoscaling) = &deployment.autoscaling {
        objects.push(autoscaler(deployment, autoscaling));
        objects.push(disruption_budget(deployment));
    }
    let plan = Plan::new(deployment);
    if let Some(pool) = plan.pool.as_ref().filter(|_| plan.karpenter) {
        objects.push(node_class(&plan, pool));
        objects.push(node_pool(deployment, pool));
    }
    objects
}

/// The key of the config that asks for one of these objects; none for an object of the chart's.
pub fn asked_by(object: &Value) -> Option<&'static str> {
    match object["kind"].as_str()? {
        "HorizontalPodAutoscaler" | "PodDisruptionBudget" => Some("/autoscaling"),
        "NodePool" | "EC2NodeClass" => Some("/cluster/nodeGroup"),
        _ => None,
    }
}

/// Labels of the chart's pods that its own selectors use.
fn pod_labels(deployment: &Deployment) -> Map<String, Value> {
    let name = deployment.values.get("nameOverride").and_then(Value::as_str).filter(|n| !n.is_empty()).unwrap_or("scalardb-graphql");
    let cut: String = name.chars().take(63).collect();
    let mut labels = Map::new();
    labels.insert("app.kubernetes.io/name".into(), json!(cut.strip_suffix('-').unwrap_or(&cut)));
    labels.insert("app.kubernetes.io/instance".into(), json!(deployment.release));
    labels.insert("app.kubernetes.io/app".into(), json!("scalardb-graphql"));
    labels
}

fn metadata(deployment: &Deployment) -> Value {
    let mut labels = pod_labels(deployment);
    labels.insert("app.kubernetes.io/managed-by".into(), json!(MANAGED_BY));
    json!({ "name": deployment.fullname(), "namespace": deployment.namespace, "labels": labels })
}

fn minor(deployment: &Deployment) -> Option<u16> {
    let version: Option<KubernetesVersion> = deployment.cluster.as_ref().and_then(|c| c.kubernetes);
    version.map(|v| v.minor)
}

fn autoscaler(deployment: &Deployment, autoscaling: &Autoscaling) -> Value {
    // `autoscaling/v2` is served from 1.23 on.
    let version = if minor(deployment).is_some_and(|m| m < 23) { "autoscaling/v2beta2" } else { "autoscaling/v2" };
    let min = autoscaling.min.unwrap_or(deployment.replicas);
    json!({
        "apiVersion": version,
        "kind": "HorizontalPodAutoscaler",
        "metadata": metadata(deployment),
        "spec": {
            "scaleTargetRef": { "apiVersion": "apps/v1", "kind": "Deployment", "name": deployment.fullname() },
            "minReplicas": min,
            "maxReplicas": autoscaling.max.unwrap_or(min),
            "metrics": [{
                "type": "Resource",
                "resource": { "name": "cpu", "target": { "type": "Utilization", "averageUtilization": autoscaling.cpu.unwrap_or(DEFAULT_CPU) } },
            }],
            // A pod that goes takes its open transactions along: late, and one at a time.
            "behavior": {
                "scaleDown": {
                    "stabilizationWindowSeconds": 300,
                    "policies": [{ "type": "Pods", "value": 1, "periodSeconds": SCALE_DOWN_PERIOD }],
                },
            },
        },
    })
}

fn disruption_budget(deployment: &Deployment) -> Value {
    // One pod may always go, however many there are, and one that is not ready never holds a drain up.
    let mut spec = Map::new();
    spec.insert("maxUnavailable".into(), json!(1));
    spec.insert("selector".into(), json!({ "matchLabels": pod_labels(deployment) }));
    if minor(deployment).is_none_or(|m| m >= 27) {
        spec.insert("unhealthyPodEvictionPolicy".into(), json!("AlwaysAllow"));
    }
    let version = if minor(deployment).is_some_and(|m| m < 21) { "policy/v1beta1" } else { "policy/v1" };
    json!({ "apiVersion": version, "kind": "PodDisruptionBudget", "metadata": metadata(deployment), "spec": spec })
}

/// Karpenter's objects belong to the cluster, not to a namespace; their names are DNS names.
fn cluster_metadata(deployment: &Deployment, pool: &Group) -> Value {
    let name: String = pool.name.to_ascii_lowercase().chars().map(|c| if c == '_' { '-' } else { c }).collect();
    let release = &deployment.release;
    let labels =
        json!({ "app.kubernetes.io/instance": release, "app.kubernetes.io/component": NODES, "app.kubernetes.io/managed-by": MANAGED_BY });
    json!({ "name": name, "labels": labels })
}

fn node_class(plan: &Plan<'_>, pool: &Group) -> Value {
    let cluster = plan.cluster.name.as_deref().unwrap_or("CLUSTER_NAME");
    let tagged = json!([{ "tags": { "karpenter.sh/discovery": cluster } }]);
    let vpc = plan.vpc();
    let ids = vpc.map(|v| if plan.private_networking() { &v.private_subnets } else { &v.public_subnets }).filter(|ids| !ids.is_empty());
    let subnets = ids.map_or(tagged.clone(), |ids| ids.iter().map(|id| json!({ "id": id })).collect());
    let groups = vpc.and_then(|v| v.security_group.as_ref()).map_or(tagged, |id| json!([{ "id": id }]));
    json!({
        "apiVersion": "karpenter.k8s.aws/v1",
        "kind": "EC2NodeClass",
        "metadata": cluster_metadata(plan.deployment, pool),
        "spec": {
            // The role that eksctl makes for Karpenter's nodes.
            "role": format!("eksctl-KarpenterNodeRole-{cluster}"),
            "amiSelectorTerms": [{ "alias": "al2023@latest" }],
            "subnetSelectorTerms": subnets,
            "securityGroupSelectorTerms": groups,
            "blockDeviceMappings": [{
                "deviceName": "/dev/xvda",
                "ebs": { "volumeSize": format!("{}Gi", pool.volume_size), "volumeType": "gp3", "encrypted": true, "deleteOnTermination": true },
            }],
        },
    })
}

fn node_pool(deployment: &Deployment, pool: &Group) -> Value {
    let metadata = cluster_metadata(deployment, pool);
    let one_of = |key: &str, values: Value| json!({ "key": key, "operator": "In", "values": values });
    let architectures: Vec<&str> = pool.instance_types.iter().filter_map(|t| facts::instance_type(t)).map(|t| t.architecture).collect();
    let architecture = architectures.first().copied().unwrap_or("amd64");
    let mut requirements = vec![
        one_of("kubernetes.io/os", json!(["linux"])),
        one_of("kubernetes.io/arch", json!([architecture])),
        one_of("karpenter.sh/capacity-type", json!([if pool.spot { "spot" } else { "on-demand" }])),
        one_of("node.kubernetes.io/instance-type", json!(pool.instance_types)),
    ];
    if !pool.zones.is_empty() {
        requirements.push(one_of("topology.kubernetes.io/zone", json!(pool.zones)));
    }
    let mut labels: Map<String, Value> = pool.labels.iter().map(|(k, v)| (k.clone(), json!(v))).collect();
    if deployment.nodes.capacity.is_some() {
        // Managed node groups have this label by themselves, and the pods ask for it.
        labels.insert("eks.amazonaws.com/capacityType".into(), json!(if pool.spot { "SPOT" } else { "ON_DEMAND" }));
    }
    let taints: Vec<Value> = pool.taints.iter().map(|(key, value)| json!({ "key": key, "value": value, "effect": "NoSchedule" })).collect();
    let mut template = Map::new();
    if !labels.is_empty() {
        template.insert("metadata".into(), json!({ "labels": labels }));
    }
    let mut spec = Map::new();
    spec.insert("nodeClassRef".into(), json!({ "group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": metadata["name"] }));
    if !taints.is_empty() {
        spec.insert("taints".into(), taints.into());
    }
    spec.insert("requirements".into(), requirements.into());
    spec.insert("expireAfter".into(), json!("720h"));
    template.insert("spec".into(), spec.into());
    let mut whole = Map::new();
    whole.insert("template".into(), template.into());
    // A node goes only when no pod of ours is on it: moving one would lose its open transactions.
    let disruption = json!({ "consolidationPolicy": "WhenEmpty", "consolidateAfter": "5m", "budgets": [{ "nodes": "1" }] });
    whole.insert("disruption".into(), disruption);
    if let Some(limit) = cpu_limit(pool) {
        whole.insert("limits".into(), json!({ "cpu": limit }));
    }
    json!({ "apiVersion": "karpenter.sh/v1", "kind": "NodePool", "metadata": metadata, "spec": whole })
}

/// As many cores as the most nodes of the largest type have; none where a type is unknown.
fn cpu_limit(pool: &Group) -> Option<String> {
    let cores: Option<Vec<u32>> = pool.instance_types.iter().map(|t| facts::instance_type(t).map(|t| t.vcpu)).collect();
    let largest = cores?.into_iter().max()?;
    Some((u64::from(largest) * u64::from(pool.max)).to_string())
}
