//! Which keys of the config feed the fields of the cluster's side, for whoever tells why a field changed.

use crate::source::Pointer;

/// Fields of a group by the beginning of their path below it, and the keys that feed them; `G` is the group's own key.
const GROUP: [(&str, &[&str]); 13] = [
    ("/name", &["G/name", "/nodes/pool", "/release"]),
    ("/instanceTypes", &["G/instanceTypes", "/nodes/selector", "/resources"]),
    ("/spot", &["/nodes/capacity", "/nodes/selector"]),
    ("/minSize", &["G/min", "/autoscaling", "/replicas"]),
    ("/desiredCapacity", &["G/desired", "G/min", "/autoscaling", "/replicas"]),
    ("/maxSize", &["G/max", "/autoscaling", "/replicas"]),
    ("/volumeSize", &["G/volumeSize"]),
    ("/availabilityZones", &["G/zones"]),
    ("/privateNetworking", &["/cluster/vpc"]),
    ("/labels", &["/nodes/pool", "/nodes/selector", "/nodes/affinity"]),
    ("/taints", &["/nodes/taint", "/nodes/dedicated"]),
    ("/tags", &["/nodes/pool", "/nodes/selector"]),
    ("", &["G", "/nodes/pool"]),
];

/// Other fields: kind, beginning of the path, keys. The first row that fits counts.
const FIELDS: [(&str, &str, &[&str]); 26] = [
    ("ClusterConfig", "/metadata/name", &["/cluster/name"]),
    ("ClusterConfig", "/metadata/region", &["/cluster/region"]),
    ("ClusterConfig", "/metadata/version", &["/cluster/kubernetes"]),
    ("ClusterConfig", "/metadata/tags", &["/cluster/nodeGroup/provisioner"]),
    ("ClusterConfig", "/iam", &["/cluster/autoscaler", "/autoscaling", "/ingress", "/cluster/nodeGroup"]),
    ("ClusterConfig", "/availabilityZones", &["/cluster/nodeGroup/zones", "/cluster/systemNodeGroup/zones"]),
    ("ClusterConfig", "/vpc/id", &["/cluster/vpc/id"]),
    ("ClusterConfig", "/vpc/cidr", &["/cluster/vpc/cidr"]),
    ("ClusterConfig", "/vpc/securityGroup", &["/cluster/vpc/securityGroup"]),
    ("ClusterConfig", "/vpc/subnets/private", &["/cluster/vpc/privateSubnets"]),
    ("ClusterConfig", "/vpc/subnets/public", &["/cluster/vpc/publicSubnets"]),
    ("ClusterConfig", "/vpc/clusterEndpoints", &["/cluster/endpointCidrs"]),
    ("ClusterConfig", "/vpc/publicAccessCIDRs", &["/cluster/endpointCidrs"]),
    ("ClusterConfig", "/vpc", &["/cluster/vpc", "/cluster/endpointCidrs"]),
    ("ClusterConfig", "/karpenter", &["/cluster/nodeGroup/provisioner"]),
    ("ClusterConfig", "/fargateProfiles", &["/nodes/fargate"]),
    ("ClusterConfig", "/cloudWatch/clusterLogging/logRetentionInDays", &["/cluster/logRetention"]),
    ("ClusterConfig", "/cloudWatch", &["/cluster/logging"]),
    ("ClusterConfig", "/managedNodeGroups", &["/cluster/nodeGroup", "/cluster/systemNodeGroup", "/nodes"]),
    ("NodePool", "/spec/template/metadata/labels", &["/nodes/pool", "/nodes/selector", "/nodes/capacity"]),
    ("NodePool", "/spec/template/spec/taints", &["/nodes/taint", "/nodes/dedicated"]),
    ("NodePool", "/spec/limits", &["/cluster/nodeGroup/max", "/cluster/nodeGroup/instanceTypes"]),
    ("NodePool", "/spec/template/spec/requirements", &["/cluster/nodeGroup/instanceTypes", "/cluster/nodeGroup/zones", "/nodes/capacity"]),
    ("EC2NodeClass", "/spec/blockDeviceMappings", &["/cluster/nodeGroup/volumeSize"]),
    ("EC2NodeClass", "/spec/subnetSelectorTerms", &["/cluster/vpc"]),
    ("EC2NodeClass", "/spec/securityGroupSelectorTerms", &["/cluster/vpc"]),
];

/// Keys that may feed the field, the likeliest first. `system_first` says whether the first group of `cluster.yaml` is the system's.
pub fn keys_of(kind: &str, field: &Pointer, system_first: bool) -> Vec<String> {
    let segments: Vec<String> = field.segments().collect();
    let mut keys: Vec<String> = Vec::new();
    if let ("ClusterConfig", [groups, index, rest @ ..]) = (kind, segments.as_slice())
        && groups == "managedNodeGroups"
    {
        let system = system_first && index == "0";
        let group = if system { "/cluster/systemNodeGroup" } else { "/cluster/nodeGroup" };
        let below: String = rest.iter().map(|segment| format!("/{segment}")).collect();
        if below.ends_with("/value") && below.starts_with("/taints") || below.contains("/node-template/taint/") {
            keys.push("/nodes/pool".into());
        }
        let row = GROUP.iter().find(|(start, _)| below.starts_with(start));
        keys.extend(
            row.into_iter().flat_map(|(_, from)| from.iter()).map(|key| key.replacen('G', group, usize::from(key.starts_with('G')))),
        );
    }
    let row = FIELDS.iter().find(|(of, start, _)| *of == kind && field.as_str().starts_with(start));
    keys.extend(row.into_iter().flat_map(|(_, _, from)| from.iter().map(|key| (*key).to_owned())));
    if matches!(kind, "NodePool" | "EC2NodeClass") {
        keys.extend(["/cluster/nodeGroup/provisioner", "/cluster/nodeGroup"].map(str::to_owned));
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_groups_fields_come_from_the_group_or_from_what_the_pods_ask_for() {
        let first =
            |field: &str, system: bool| keys_of("ClusterConfig", &Pointer::parse(field), system).first().cloned().unwrap_or_default();
        assert_eq!(first("/managedNodeGroups/1/instanceTypes/0", true), "/cluster/nodeGroup/instanceTypes");
        assert_eq!(first("/managedNodeGroups/0/maxSize", true), "/cluster/systemNodeGroup/max");
        assert_eq!(first("/managedNodeGroups/0/labels/agentpool", false), "/nodes/pool");
        assert_eq!(first("/managedNodeGroups/0/taints/0/key", false), "/nodes/taint");
        assert_eq!(first("/managedNodeGroups/0", false), "/cluster/nodeGroup");
        assert_eq!(first("/cloudWatch/clusterLogging/enableTypes", false), "/cluster/logging");
        assert_eq!(keys_of("NodePool", &Pointer::root(), false).first().map(String::as_str), Some("/cluster/nodeGroup/provisioner"));
    }
}
