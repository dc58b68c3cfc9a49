//! `cluster` and `autoscaling`.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::super::decode::{Decode, Faults, Int, Located, Text, choice, record, wrong_type};
use super::super::tree::{Kind, Node, Style};
use super::{Count, CountOrZero};

record! {
    /// The EKS cluster.
    Cluster {
        /// Name of the cluster.
        name "name": Text,
        /// AWS region.
        #[schemars(extend("examples" = ["ap-northeast-1"]))]
        region "region": Text,
        /// AWS account, 12 digits in quotes.
        #[schemars(extend("examples" = ["123456789012"]))]
        account "account": Text,
        /// Kubernetes version, `"1.x"` or `"1.x.y"` in quotes; it also picks the API versions.
        #[schemars(extend("examples" = ["1.35"]))]
        kubernetes "kubernetes": Text,
        /// An existing VPC.
        vpc "vpc": Vpc,
        /// The node group of the pods.
        node_group "nodeGroup": NodeGroup,
        /// A group for what does not tolerate the dedicated taint (CoreDNS, controllers); `false` where the cluster has one.
        system_node_group "systemNodeGroup": NodeGroupInput,
        /// The cluster autoscaler. By default where the node group may grow or `autoscaling` is given, and Karpenter does not.
        autoscaler "autoscaler": bool,
        /// Logs of the control plane that are kept in CloudWatch.
        #[schemars(extend("examples" = [["api", "audit", "authenticator"]]))]
        logging "logging": Vec<Located<LogType>>,
        /// Days that these logs are kept; by default for ever.
        #[schemars(extend("examples" = [90]))]
        log_retention "logRetention": Int<1, 3653>,
        /// Address ranges that may reach the Kubernetes API from outside of the VPC; `[]` for none. By default all may.
        #[schemars(extend("examples" = [["203.0.113.0/24"]]))]
        endpoint_cidrs "endpointCidrs": Vec<Located<Text>>,
    }
}

choice! {
    /// A log of the EKS control plane.
    LogType {
        /// The API server.
        Api = "api",
        /// Who did what.
        Audit = "audit",
        /// Who is who.
        Authenticator = "authenticator",
        /// The controllers.
        ControllerManager = "controllerManager",
        /// The scheduler.
        Scheduler = "scheduler",
    }
}

choice! {
    /// What brings the nodes.
    Provisioner {
        /// A managed node group.
        Managed = "managed",
        /// A NodePool of Karpenter.
        Karpenter = "karpenter",
    }
}

record! {
    /// An existing VPC.
    Vpc {
        /// Id of the VPC.
        id "id": Text,
        /// Its address range.
        cidr "cidr": Text,
        /// Ids of private subnets.
        private_subnets "privateSubnets": Vec<Located<Text>>,
        /// Ids of public subnets.
        public_subnets "publicSubnets": Vec<Located<Text>>,
        /// The cluster's security group, which eksctl wants for a node group in a cluster that it did not make.
        security_group "securityGroup": Text,
    }
}

record! {
    /// A managed node group.
    NodeGroup {
        /// Name of the group; by default that of the pool.
        name "name": Text,
        /// EC2 instance types.
        #[schemars(extend("examples" = [["m6i.xlarge", "m7i.xlarge"]]))]
        instance_types "instanceTypes": Vec<Located<Text>>,
        /// Fewest nodes.
        min "min": CountOrZero,
        /// Nodes at the start.
        desired "desired": CountOrZero,
        /// Most nodes.
        max "max": Count,
        /// Size of each node's disk in GiB.
        volume_size "volumeSize": Int<1, 16384>,
        /// Availability zones.
        #[schemars(extend("examples" = [["ap-northeast-1a", "ap-northeast-1c"]]))]
        zones "zones": Vec<Located<Text>>,
        /// What brings the nodes: a managed node group, or Karpenter's NodePool with the same labels and taints.
        #[schemars(extend("default" = "managed"))]
        provisioner "provisioner": Provisioner,
    }
}

/// A node group, or `false` for none.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "there is one for each environment, and it is soon resolved")]
pub enum NodeGroupInput {
    Off,
    Group(NodeGroup),
}

impl Decode for NodeGroupInput {
    fn expected() -> String {
        "a map, or false".into()
    }
    fn decode(node: &Node, faults: &mut Faults) -> Option<Self> {
        match &node.kind {
            Kind::Mapping(_) => NodeGroup::decode(node, faults).map(NodeGroupInput::Group),
            Kind::Scalar(scalar) if scalar.style == Style::Plain && scalar.text == "false" => Some(NodeGroupInput::Off),
            _ => {
                faults.push(wrong_type(node, &Self::expected()));
                None
            }
        }
    }
}

impl JsonSchema for NodeGroupInput {
    fn schema_name() -> Cow<'static, str> {
        "NodeGroupInput".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let group = generator.subschema_for::<NodeGroup>();
        json_schema!({ "anyOf": [{ "const": false }, group] })
    }
}

record! {
    /// A HorizontalPodAutoscaler.
    Autoscaling {
        /// Fewest pods, by default 3.
        min "min": Count,
        /// Most pods.
        max "max": Count,
        /// CPU use, in percent of the request, that is aimed at.
        #[schemars(extend("default" = 80))]
        cpu "cpu": Int<1, 1000>,
    }
}
