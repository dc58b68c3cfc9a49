//! `eksctl/cluster.yaml`: a ClusterConfig (`eksctl.io/v1alpha5`) of the cluster and the pods' nodes.
//!
//! Only keys that eksctl's strict parser knows. Every string is a string whatever it looks like: the YAML writer sees to it.

use serde_json::{Map, Value, json};

use super::facts;
use super::plan::{AUTOSCALER_ACCOUNT, CONTROLLER_ACCOUNT, Group, Plan};

/// The ClusterConfig; none where the cluster's name or region is not known.
pub fn cluster_config(plan: &Plan<'_>) -> Option<Value> {
    let (name, region) = plan.named.as_ref()?;
    let mut config = Map::new();
    config.insert("apiVersion".into(), json!("eksctl.io/v1alpha5"));
    config.insert("kind".into(), json!("ClusterConfig"));
    let mut metadata = Map::new();
    metadata.insert("name".into(), json!(name));
    metadata.insert("region".into(), json!(region));
    if let Some(version) = plan.cluster.kubernetes {
        // eksctl takes the minor version only.
        metadata.insert("version".into(), json!(format!("1.{}", version.minor)));
    }
    if plan.karpenter {
        // Karpenter finds subnets and security groups by this tag, and eksctl asks for it.
        metadata.insert("tags".into(), json!({ "karpenter.sh/discovery": name }));
    }
    config.insert("metadata".into(), metadata.into());
    config.insert("iam".into(), iam(plan));
    if let Some(zones) = new_vpc_zones(plan) {
        config.insert("availabilityZones".into(), json!(zones));
    }
    if let Some(vpc) = vpc(plan) {
        config.insert("vpc".into(), vpc);
    }
    config.insert("addons".into(), addons(region));
    let groups: Vec<Value> = plan.system.iter().chain(plan.pool.iter().filter(|_| !plan.karpenter)).map(|g| group(plan, g)).collect();
    if !groups.is_empty() {
        config.insert("managedNodeGroups".into(), groups.into());
    }
    if plan.karpenter {
        config.insert("karpenter".into(), json!({ "version": facts::karpenter_version() }));
    }
    if plan.fargate {
        config.insert("fargateProfiles".into(), fargate(plan));
    }
    if let Some(logging) = logging(plan) {
        config.insert("cloudWatch".into(), json!({ "clusterLogging": logging }));
    }
    Some(Value::Object(config))
}

fn iam(plan: &Plan<'_>) -> Value {
    let account = |name: &str, policy: &str| json!({ "metadata": { "name": name, "namespace": "kube-system" }, "wellKnownPolicies": { policy: true } });
    let mut accounts = Vec::new();
    if plan.controller {
        accounts.push(account(CONTROLLER_ACCOUNT, "awsLoadBalancerController"));
    }
    if plan.autoscaler {
        accounts.push(account(AUTOSCALER_ACCOUNT, "autoScaler"));
    }
    let mut iam = Map::new();
    iam.insert("withOIDC".into(), json!(true));
    if !accounts.is_empty() {
        iam.insert("serviceAccounts".into(), accounts.into());
    }
    iam.into()
}

/// Zones that a new VPC has to have, since a group stands in them. One alone is not enough for EKS: then eksctl chooses.
fn new_vpc_zones<'p>(plan: &'p Plan<'_>) -> Option<Vec<&'p str>> {
    if plan.has_vpc() {
        return None;
    }
    let mut zones: Vec<&str> = plan.pool.iter().chain(&plan.system).flat_map(|g| g.zones.iter().map(String::as_str)).collect();
    zones.sort_unstable();
    zones.dedup();
    (zones.len() > 1).then_some(zones)
}

fn vpc(plan: &Plan<'_>) -> Option<Value> {
    let given = plan.vpc().cloned().unwrap_or_default();
    let mut vpc = Map::new();
    if let Some(id) = &given.id {
        vpc.insert("id".into(), json!(id));
    }
    if let Some(cidr) = &given.cidr {
        vpc.insert("cidr".into(), json!(cidr));
    }
    if let Some(group) = &given.security_group {
        vpc.insert("securityGroup".into(), json!(group));
    }
    let aliases = |kind: &str, ids: &[String]| -> Map<String, Value> {
        ids.iter().enumerate().map(|(i, id)| (format!("{kind}-{}", i + 1), json!({ "id": id }))).collect()
    };
    let mut subnets = Map::new();
    for (kind, ids) in [("private", &given.private_subnets), ("public", &given.public_subnets)] {
        if !ids.is_empty() {
            subnets.insert(kind.into(), aliases(kind, ids).into());
        }
    }
    if !subnets.is_empty() {
        vpc.insert("subnets".into(), subnets.into());
    }
    if let Some(cidrs) = &plan.cluster.endpoint_cidrs {
        vpc.insert("clusterEndpoints".into(), json!({ "publicAccess": !cidrs.is_empty(), "privateAccess": true }));
        if !cidrs.is_empty() {
            vpc.insert("publicAccessCIDRs".into(), json!(cidrs));
        }
    }
    (!vpc.is_empty()).then_some(vpc.into())
}

fn addons(region: &str) -> Value {
    let mut names = vec!["vpc-cni", "kube-proxy", "coredns"];
    // The other partitions do not offer it as an add-on.
    if facts::is_commercial(Some(region)) {
        names.push("metrics-server");
    }
    names.into_iter().map(|name| json!({ "name": name })).collect()
}

fn group(plan: &Plan<'_>, group: &Group) -> Value {
    let mut value = Map::new();
    value.insert("name".into(), json!(group.name));
    value.insert("amiFamily".into(), json!("AmazonLinux2023"));
    value.insert("instanceTypes".into(), json!(group.instance_types));
    if group.spot {
        value.insert("spot".into(), json!(true));
    }
    value.insert("minSize".into(), json!(group.min));
    value.insert("desiredCapacity".into(), json!(group.desired));
    value.insert("maxSize".into(), json!(group.max));
    value.insert("volumeSize".into(), json!(group.volume_size));
    value.insert("volumeType".into(), json!("gp3"));
    value.insert("volumeEncrypted".into(), json!(true));
    value.insert("privateNetworking".into(), json!(plan.private_networking()));
    if !group.zones.is_empty() && !plan.has_vpc() {
        value.insert("availabilityZones".into(), json!(group.zones));
    }
    if !group.labels.is_empty() {
        value.insert("labels".into(), pairs(group.labels.iter().map(|(k, v)| (k.clone(), v.clone()))));
    }
    if !group.taints.is_empty() {
        let taints = group.taints.iter().map(|(key, taint)| json!({ "key": key, "value": taint, "effect": "NoSchedule" }));
        value.insert("taints".into(), taints.collect());
    }
    let tags = scaling_tags(plan, group);
    if !tags.is_empty() {
        value.insert("tags".into(), pairs(tags.into_iter()));
        value.insert("propagateASGTags".into(), json!(true));
    }
    // One node after the other: pods hold open transactions in memory.
    value.insert("updateConfig".into(), json!({ "maxUnavailable": 1 }));
    Value::Object(value)
}

fn pairs(pairs: impl Iterator<Item = (String, String)>) -> Value {
    pairs.map(|(key, value)| (key, Value::String(value))).collect::<Map<_, _>>().into()
}

/// Tags by which the cluster autoscaler knows what a node of an empty group would look like. eksctl's own propagation leaves the effect of a
/// taint out, which the autoscaler then passes over.
fn scaling_tags(plan: &Plan<'_>, group: &Group) -> Vec<(String, String)> {
    if !plan.autoscaler {
        return Vec::new();
    }
    const TEMPLATE: &str = "k8s.io/cluster-autoscaler/node-template";
    let labels = group.labels.iter().map(|(key, value)| (format!("{TEMPLATE}/label/{key}"), value.clone()));
    let taints = group.taints.iter().map(|(key, value)| (format!("{TEMPLATE}/taint/{key}"), format!("{value}:NoSchedule")));
    labels.chain(taints).collect()
}

fn fargate(plan: &Plan<'_>) -> Value {
    let deployment = plan.deployment;
    let mut selectors = vec![json!({ "namespace": deployment.namespace })];
    // Without any node CoreDNS and the controllers need Fargate too.
    if plan.pool.is_none() && plan.system.is_none() && deployment.namespace != "kube-system" {
        selectors.push(json!({ "namespace": "kube-system" }));
    }
    // EKS takes 63 characters.
    let name: String = format!("graphql-{}", deployment.namespace).chars().take(63).collect();
    json!([{ "name": name.trim_end_matches('-'), "selectors": selectors }])
}

fn logging(plan: &Plan<'_>) -> Option<Value> {
    if plan.cluster.logging.is_empty() {
        return None;
    }
    let types: Vec<&str> = plan.cluster.logging.iter().map(|t| t.as_str()).collect();
    let mut logging = Map::new();
    logging.insert("enableTypes".into(), json!(types));
    if let Some(days) = plan.cluster.log_retention {
        logging.insert("logRetentionInDays".into(), json!(days));
    }
    Some(logging.into())
}
