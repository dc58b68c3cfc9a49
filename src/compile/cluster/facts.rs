//! Tables of facts about Amazon EKS: regions, Kubernetes versions, instance types, releases of the load balancer controller.
//!
//! The tables are data under `schemas/eks/`, dated, and parsed when first asked for. What they do not list is new, never wrong.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::model::KubernetesVersion;

static REGIONS: &str = include_str!("../../../schemas/eks/regions.json");
static VERSIONS: &str = include_str!("../../../schemas/eks/versions.json");
static CONTROLLER: &str = include_str!("../../../schemas/eks/load-balancer-controller.json");
static INSTANCE_TYPES: &str = include_str!("../../../schemas/eks/instance-types.txt");

/// What a partition of AWS decides.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Partition {
    /// Second part of its ARNs.
    pub arn: String,
    /// End of its host names.
    pub dns_suffix: String,
    /// The load balancer controller's policy file.
    pub policy_file: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Region {
    partition: String,
    /// Account of EKS's own image registry in the region, where known.
    pub image_account: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Regions {
    partitions: BTreeMap<String, Partition>,
    regions: BTreeMap<String, Region>,
}

fn regions() -> &'static Regions {
    static TABLE: OnceLock<Regions> = OnceLock::new();
    TABLE.get_or_init(|| serde_json::from_str(REGIONS).expect("schemas/eks/regions.json is well-formed"))
}

/// Names of the known regions, sorted.
pub fn region_names() -> impl Iterator<Item = &'static str> {
    regions().regions.keys().map(String::as_str)
}

pub fn region(name: &str) -> Option<&'static Region> {
    regions().regions.get(name)
}

/// The partition of a region; an unknown region is taken for one of the commercial partition.
pub fn partition(region_name: Option<&str>) -> &'static Partition {
    let name = region_name.and_then(region).map_or("aws", |r| r.partition.as_str());
    &regions().partitions[name]
}

/// Whether the region lies in the commercial partition, as far as is known.
pub fn is_commercial(region_name: Option<&str>) -> bool {
    partition(region_name).arn == "aws"
}

/// A Kubernetes version on EKS. Dates are `YYYY-MM-DD`, UTC.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EksVersion {
    pub version: String,
    pub end_standard: String,
    pub end_extended: String,
    /// Newest cluster autoscaler of this minor, without `v`.
    pub cluster_autoscaler: String,
}

#[derive(Debug, Deserialize)]
struct Versions {
    /// When the table was read.
    date: String,
    /// The Karpenter release that new clusters get.
    karpenter: String,
    versions: Vec<EksVersion>,
}

fn versions() -> &'static Versions {
    static TABLE: OnceLock<Versions> = OnceLock::new();
    TABLE.get_or_init(|| serde_json::from_str(VERSIONS).expect("schemas/eks/versions.json is well-formed"))
}

/// Known versions, newest first.
pub fn eks_versions() -> &'static [EksVersion] {
    &versions().versions
}

/// Day on which the table of versions was read.
pub fn versions_date() -> &'static str {
    &versions().date
}

pub fn karpenter_version() -> &'static str {
    &versions().karpenter
}

pub fn eks_version(version: KubernetesVersion) -> Option<&'static EksVersion> {
    let name = format!("1.{}", version.minor);
    eks_versions().iter().find(|v| v.version == name)
}

/// A release of the AWS Load Balancer Controller.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Controller {
    /// Its tag, with `v`.
    pub app: String,
    pub chart: String,
    min_kubernetes: String,
    /// Image without a tag.
    pub repository: String,
    /// SHA-256 of each policy file.
    policy_sha256: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Controllers {
    policy_url: String,
    crds_url: String,
    releases: Vec<Controller>,
}

fn controllers() -> &'static Controllers {
    static TABLE: OnceLock<Controllers> = OnceLock::new();
    TABLE.get_or_init(|| serde_json::from_str(CONTROLLER).expect("schemas/eks/load-balancer-controller.json is well-formed"))
}

/// The newest controller that runs on this Kubernetes version; the newest of all where none is given.
pub fn controller(kubernetes: Option<KubernetesVersion>) -> &'static Controller {
    let releases = &controllers().releases;
    let runs =
        |c: &&Controller| KubernetesVersion::parse(&c.min_kubernetes).is_some_and(|min| kubernetes.is_none_or(|k| k.minor >= min.minor));
    releases.iter().find(runs).unwrap_or_else(|| releases.last().expect("the table has releases"))
}

impl Controller {
    /// Where its policy for the partition lies; one that the release has not is the commercial one's.
    pub fn policy_url(&self, partition: &Partition) -> String {
        controllers().policy_url.replace("{app}", &self.app).replace("{file}", self.policy_file(partition))
    }

    /// SHA-256 of that file, in hexadecimal digits.
    pub fn policy_sha256(&self, partition: &Partition) -> &str {
        &self.policy_sha256[self.policy_file(partition)]
    }

    fn policy_file<'p>(&self, partition: &'p Partition) -> &'p str {
        if self.policy_sha256.contains_key(&partition.policy_file) { &partition.policy_file } else { "iam_policy.json" }
    }

    pub fn crds_url(&self) -> String {
        controllers().crds_url.replace("{app}", &self.app)
    }
}

/// What an EC2 instance type has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct InstanceType {
    pub vcpu: u32,
    /// MiB.
    pub memory: u64,
    /// `amd64` or `arm64`.
    pub architecture: &'static str,
    /// Most pods by the addresses of its network interfaces, where known.
    pub max_pods: Option<u32>,
}

/// A known type. The table is a sorted text that is searched, not parsed: most runs ask for one or two of its thousand lines.
pub fn instance_type(name: &str) -> Option<InstanceType> {
    let line = line_of(INSTANCE_TYPES, name)?;
    let mut fields = line.split(' ').skip(1);
    let vcpu = fields.next()?.parse().ok()?;
    let memory = fields.next()?.parse().ok()?;
    Some(InstanceType { vcpu, memory, architecture: fields.next()?, max_pods: fields.next()?.parse().ok() })
}

/// The line of a table that begins with `name` and a blank; its lines are sorted by their bytes, comments first.
fn line_of<'t>(table: &'t str, name: &str) -> Option<&'t str> {
    let bytes = table.as_bytes();
    let (mut from, mut to) = (0, bytes.len());
    while from < to {
        let middle = from + (to - from) / 2;
        let start = bytes[from..middle].iter().rposition(|b| *b == b'\n').map_or(from, |at| from + at + 1);
        let end = bytes[middle..to].iter().position(|b| *b == b'\n').map_or(to, |at| middle + at);
        let line = &table[start..end];
        match line.split(' ').next().unwrap_or_default().cmp(name) {
            _ if line.starts_with('#') => from = end + 1,
            std::cmp::Ordering::Less => from = end + 1,
            std::cmp::Ordering::Greater => to = start,
            std::cmp::Ordering::Equal => return Some(line),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_instance_type_is_found() {
        let names: Vec<&str> =
            INSTANCE_TYPES.lines().filter(|l| !l.starts_with('#')).map(|l| l.split(' ').next().unwrap_or_default()).collect();
        assert!(names.len() > 900 && names.is_sorted());
        for name in names {
            assert!(instance_type(name).is_some(), "{name}");
            assert!(instance_type(&format!("{name}x")).is_none() && instance_type(&name[1..]).is_none(), "{name}");
        }
        assert!(instance_type("").is_none() && instance_type("zz.large").is_none());
    }

    #[test]
    fn tables_are_readable() {
        assert_eq!(partition(Some("cn-north-1")).arn, "aws-cn");
        assert_eq!(partition(Some("xx-new-1")).arn, "aws");
        assert_eq!(instance_type("m5.large").map(|t| (t.vcpu, t.memory, t.architecture, t.max_pods)), Some((2, 8192, "amd64", Some(29))));
        assert_eq!(instance_type("m5"), None);
        assert_eq!(instance_type("#"), None);
        assert!(eks_versions().iter().all(|v| v.end_standard < v.end_extended));
        let every = regions().partitions.values().map(|p| controller(None).policy_sha256(p));
        assert!(every.into_iter().all(|sha| sha.len() == 64));
        assert_eq!(controller(KubernetesVersion::parse("1.21")).app, "v2.4.7");
        assert!(controller(None).policy_url(partition(Some("us-gov-west-1"))).ends_with("iam_policy_us-gov.json"));
    }
}
