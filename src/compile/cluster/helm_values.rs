//! Values for the charts of what the cluster needs: the AWS Load Balancer Controller and the cluster autoscaler.

use serde_json::{Map, Value, json};

use super::facts;
use super::plan::{AUTOSCALER_ACCOUNT, CONTROLLER_ACCOUNT, Plan};

/// Repository of the cluster autoscaler's image.
pub const AUTOSCALER_IMAGE: &str = "registry.k8s.io/autoscaling/cluster-autoscaler";

/// For `eks/aws-load-balancer-controller`; none where the cluster is not known or the Ingress is none of its class.
pub fn load_balancer_controller(plan: &Plan<'_>) -> Option<Value> {
    let (name, region) = plan.named.as_ref().filter(|_| plan.controller)?;
    let mut values = Map::new();
    values.insert("clusterName".into(), json!(name));
    // Given, the controller need not ask the instance metadata, which pods may not reach.
    values.insert("region".into(), json!(region));
    if let Some(id) = plan.vpc().and_then(|v| v.id.as_ref()) {
        values.insert("vpcId".into(), json!(id));
    }
    values.insert("replicaCount".into(), json!(2));
    let image = plan.controller_image();
    let pulled = plan.image(&image);
    if image != facts::controller(plan.cluster.kubernetes).repository || pulled != image {
        values.insert("image".into(), json!({ "repository": pulled }));
    }
    values.insert("serviceAccount".into(), json!({ "create": false, "name": CONTROLLER_ACCOUNT }));
    if facts::partition(Some(region)).arn.starts_with("aws-iso") {
        // These services are not there, and the controller would wait for them.
        for switch in ["enableShield", "enableWaf", "enableWafv2"] {
            values.insert(switch.into(), json!(false));
        }
    }
    Some(values.into())
}

/// For `autoscaler/cluster-autoscaler`; none where it is not needed or the cluster is not known.
pub fn cluster_autoscaler(plan: &Plan<'_>) -> Option<Value> {
    let (name, region) = plan.named.as_ref().filter(|_| plan.autoscaler)?;
    let mut values = Map::new();
    values.insert("autoDiscovery".into(), json!({ "clusterName": name }));
    values.insert("awsRegion".into(), json!(region));
    let mut image = Map::new();
    let pulled = plan.image(AUTOSCALER_IMAGE);
    if pulled != AUTOSCALER_IMAGE {
        image.insert("repository".into(), json!(pulled));
    }
    if let Some(tag) = plan.autoscaler_tag() {
        image.insert("tag".into(), json!(tag));
    }
    if !image.is_empty() {
        values.insert("image".into(), image.into());
    }
    values.insert("rbac".into(), json!({ "serviceAccount": { "create": false, "name": AUTOSCALER_ACCOUNT } }));
    values.insert("extraArgs".into(), json!({ "balance-similar-node-groups": true }));
    Some(values.into())
}
