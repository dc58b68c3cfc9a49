//! What a template may ask about the cluster: its Kubernetes version, and the APIs that it serves.

use std::fmt;
use std::str::FromStr;

/// The API groups that Helm takes for granted where no cluster is asked. Those of custom resources have to be named.
pub const BUILT_IN_APIS: &[&str] = &[
    "v1",
    "admissionregistration.k8s.io/v1",
    "apiextensions.k8s.io/v1",
    "apiextensions.k8s.io/v1beta1",
    "apps/v1",
    "authentication.k8s.io/v1",
    "authorization.k8s.io/v1",
    "autoscaling/v1",
    "autoscaling/v2",
    "batch/v1",
    "certificates.k8s.io/v1",
    "coordination.k8s.io/v1",
    "discovery.k8s.io/v1",
    "events.k8s.io/v1",
    "networking.k8s.io/v1",
    "node.k8s.io/v1",
    "policy/v1",
    "rbac.authorization.k8s.io/v1",
    "scheduling.k8s.io/v1",
    "storage.k8s.io/v1",
];

/// A version of Kubernetes. What a vendor appends (`v1.27.3-eks-a5565ad`) is read over: the charts admit it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct KubeVersion {
    pub major: u32,
    pub minor: u32,
    pub patch: u32,
}

impl KubeVersion {
    /// The newest one that this program knows objects of.
    pub const NEWEST: KubeVersion = KubeVersion { major: 1, minor: 37, patch: 0 };

    pub const fn new(major: u32, minor: u32) -> KubeVersion {
        KubeVersion { major, minor, patch: 0 }
    }
}

impl FromStr for KubeVersion {
    type Err = String;

    /// `1.29`, `1.29.3`, `v1.29.3+k3s1`. The error says what was expected.
    fn from_str(text: &str) -> Result<KubeVersion, String> {
        let wrong = || format!("`{text}` is no Kubernetes version such as 1.29 or 1.29.3");
        let bare = text.strip_prefix('v').unwrap_or(text);
        let end = bare.find(['-', '+']).unwrap_or(bare.len());
        let (core, suffix) = bare.split_at(end);
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '+');
        if suffix.len() == 1 || !suffix.chars().all(allowed) {
            return Err(wrong());
        }
        let mut numbers = [0u32; 3];
        for (i, part) in core.split('.').enumerate() {
            let digits = !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
            let number = part.parse().ok().filter(|_| digits).ok_or_else(wrong)?;
            *numbers.get_mut(i).ok_or_else(wrong)? = number;
        }
        let [major, minor, patch] = numbers;
        Ok(KubeVersion { major, minor, patch })
    }
}

impl fmt::Display for KubeVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v{}.{}.{}", self.major, self.minor, self.patch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vendors_suffixes_are_read_over() {
        for (text, shown) in [("1.29", "v1.29.0"), ("v1.27.3-eks-a5565ad", "v1.27.3"), ("1.28.5+k3s1", "v1.28.5"), ("1.17.0", "v1.17.0")] {
            assert_eq!(text.parse::<KubeVersion>().expect(text).to_string(), shown);
        }
        for text in ["", "x", "1.", "1.2.3.4", "1.29.x", "latest", "1.29-", "1.-2"] {
            assert!(text.parse::<KubeVersion>().is_err(), "{text}");
        }
        assert!("1.9".parse::<KubeVersion>() < "1.18".parse::<KubeVersion>());
    }
}
