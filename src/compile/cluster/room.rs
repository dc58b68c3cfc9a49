//! How many of a deployment's pods a node can hold: what EC2's size leaves after the kubelet's reservations and the system's own pods.
//!
//! Source: the reservations that EKS's images compute (awslabs/amazon-eks-ami, nodeadm). Prefix delegation, which lifts the limit of pods
//! per node, is not known here; it can only make more room.

use serde_json::Value;

use super::facts::InstanceType;
use crate::validate::kubernetes::quantity;

/// CPU in thousandths, memory in MiB, of one pod. Zero where none is asked for.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Request {
    pub cpu: u64,
    pub memory: u64,
}

/// Pods of DaemonSets on every node (vpc-cni, kube-proxy): their number and their requests.
const SYSTEM_PODS: u64 = 2;
const SYSTEM_CPU: u64 = 150;

/// What a pod of these `resources` asks the scheduler for: its requests, else its limits.
pub fn request(resources: Option<&Value>) -> Request {
    let of = |key: &str| {
        let given = |section: &str| resources.and_then(|r| r.get(section)).and_then(|s| s.get(key)).and_then(|q| quantity::of(q).ok());
        given("requests").or_else(|| given("limits")).map_or(0, |q| q.nanos().max(0).unsigned_abs())
    };
    let cpu = of("cpu").div_ceil(1_000_000);
    let memory = of("memory").div_ceil(1_000_000_000 << 20);
    Request { cpu: u64::try_from(cpu).unwrap_or(u64::MAX), memory: u64::try_from(memory).unwrap_or(u64::MAX) }
}

/// CPU in thousandths that the kubelet leaves to pods: 6 % of the first core, 1 % of the second, 0.5 % of the next two and 0.25 % of the rest
/// are kept back.
pub fn allocatable_cpu(vcpu: u32) -> u64 {
    let kept: u64 = (0..u64::from(vcpu))
        .map(|core| match core {
            0 => 6000,
            1 => 1000,
            2 | 3 => 500,
            _ => 250,
        })
        .sum();
    u64::from(vcpu) * 1000 - kept / 100
}

/// MiB that the kubelet leaves to pods.
pub fn allocatable_memory(kind: InstanceType) -> u64 {
    // 11 MiB for each pod that may come, 255 MiB for the rest, 100 MiB before pods are evicted. An unknown limit of pods is taken as that of a
    // large type: it must not make room that is not there.
    let pods = u64::from(kind.max_pods.unwrap_or(58));
    kind.memory.saturating_sub(11 * pods + 255 + 100)
}

/// Pods that fit on one node of this type.
pub fn pods_per_node(kind: InstanceType, pod: Request) -> u64 {
    let by = |has: u64, wants: u64| has.checked_div(wants).unwrap_or(u64::MAX);
    let cpu = by(allocatable_cpu(kind.vcpu).saturating_sub(SYSTEM_CPU), pod.cpu);
    let memory = by(allocatable_memory(kind), pod.memory);
    let slots = kind.max_pods.map_or(u64::MAX, |pods| u64::from(pods).saturating_sub(SYSTEM_PODS));
    cpu.min(memory).min(slots)
}

#[cfg(test)]
mod tests {
    use super::super::facts::instance_type;
    use super::*;
    use serde_json::json;

    #[test]
    fn rooms_are_those_of_the_kubelet() {
        assert_eq!([2, 4, 8].map(allocatable_cpu), [1930, 3920, 7910]);
        let pod = request(Some(&json!({ "requests": { "cpu": "2", "memory": "4Gi" } })));
        assert_eq!(pod, Request { cpu: 2000, memory: 4096 });
        let per = |name: &str| instance_type(name).map(|t| pods_per_node(t, pod));
        assert_eq!(per("m5.large"), Some(0));
        assert_eq!(per("m5.xlarge"), Some(1));
        assert_eq!(per("m5.2xlarge"), Some(3));
        assert_eq!(per("c5.xlarge"), Some(1));
        assert_eq!(request(Some(&json!({ "limits": { "cpu": "1500m" } }))), Request { cpu: 1500, memory: 0 });
    }
}
