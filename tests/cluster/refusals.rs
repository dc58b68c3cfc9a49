//! What eksctl, EKS or EC2 refuse in a ClusterConfig that the schema lets pass, for the keys that gqlgen writes. Written from the facts' table of
//! keys, and held against files with eksctl's own verdicts.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use serde_json::Value;

/// Keys of a ClusterConfig that gqlgen never writes: files that hold one are not judged.
pub const NEVER_WRITTEN: [&str; 20] = [
    "accessConfig",
    "attachPolicyARNs",
    "disablePodIMDS",
    "instanceType",
    "launchTemplate",
    "nat",
    "nodeGroups",
    "overrideBootstrapCommand",
    "podIdentityAssociations",
    "privateCluster",
    "roleName",
    "ssh",
    "attachPolicy",
    "upgradePolicy",
    "volumeIOPS",
    "volumeKmsKeyID",
    "maxUnavailablePercentage",
    "withAddonPolicies",
    "serviceAccountRoleARN",
    "wellKnownPolicies/certManager",
];

/// Whether any of these keys stands in the value.
pub fn has_foreign_key(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.iter().any(|(key, value)| NEVER_WRITTEN.contains(&key.as_str()) || has_foreign_key(value)),
        Value::Array(items) => items.iter().any(has_foreign_key),
        _ => false,
    }
}

/// Whether a remark on an accepted file says that somebody refuses it afterwards, by what a file alone can show.
pub fn is_refused_later(remark: &str) -> bool {
    let cannot_show = ["unknown instance type", "create cluster: not among", "ErrUnsupportedRegion", "whether"];
    !remark.is_empty() && (remark.contains("Label cannot start") || !cannot_show.iter().any(|c| remark.contains(c)))
}

/// The refusals, in words.
pub fn of(config: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut refuse = |what: &str| found.push(what.to_owned());
    let name = text(&config["metadata"]["name"]);
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') || !is_label_value(name) || name.len() > 56 {
        refuse("metadata.name");
    }
    if text(&config["metadata"]["region"]).is_empty() {
        refuse("metadata.region");
    }
    if text(&config["metadata"]["version"]).matches('.').count() > 1 {
        refuse("metadata.version with a patch");
    }
    let groups = list(&config["managedNodeGroups"]);
    let names: BTreeSet<&str> = groups.iter().map(|g| text(&g["name"])).collect();
    if names.len() != groups.len() {
        refuse("two groups with one name");
    }
    found.extend(vpc(config));
    found.extend(accounts(&config["iam"]));
    found.extend(groups.iter().flat_map(|group| self::group(group, config)));
    found.extend(list(&config["fargateProfiles"]).iter().flat_map(fargate));
    found.extend(logging(&config["cloudWatch"]["clusterLogging"]));
    found
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().map_or_else(Vec::new, |map| map.keys().map(String::as_str).collect())
}

fn is_name(text: &str) -> bool {
    let inner = text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    let ends = |c: char| c.is_ascii_alphanumeric();
    !text.is_empty() && text.len() <= 63 && inner && text.starts_with(ends) && text.ends_with(ends)
}

fn is_label_value(text: &str) -> bool {
    is_name(text)
}

/// A label key: a name, or a DNS name, one slash and a name.
fn is_key(key: &str) -> bool {
    match key.split_once('/') {
        None => is_name(key),
        Some((domain, name)) => {
            !domain.is_empty() && is_name(name) && domain.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c))
        }
    }
}

fn is_reserved(key: &str) -> bool {
    let Some((domain, _)) = key.split_once('/') else { return false };
    ["kubernetes.io", "k8s.io"].iter().any(|d| domain == *d || domain.ends_with(&format!(".{d}"))) || domain == "eks.amazonaws.com"
}

fn vpc(config: &Value) -> Vec<String> {
    let vpc = &config["vpc"];
    let zones = list(&config["availabilityZones"]);
    let mut found = Vec::new();
    if !zones.is_empty() && zones.len() < 2 {
        found.push("one zone".into());
    }
    if !vpc["subnets"].is_null() {
        if !zones.is_empty() {
            found.push("subnets and zones".into());
        }
        if vpc["id"].is_null() {
            found.push("subnets without vpc.id".into());
        }
        let count = |kind: &str| keys(&vpc["subnets"][kind]).len();
        if count("private") < 2 && count("public") < 2 {
            found.push("fewer than two subnets".into());
        }
    }
    if let Some(cidr) = vpc["cidr"].as_str() {
        let range = cidr.split_once('/').and_then(|(a, p)| Some((a.parse::<Ipv4Addr>().ok()?, p.parse::<u8>().ok()?)));
        let new = vpc["id"].is_null();
        if range.is_none_or(|(_, prefix)| new && !(16..=24).contains(&prefix)) {
            found.push("vpc.cidr".into());
        }
    }
    let endpoints = &vpc["clusterEndpoints"];
    if endpoints["publicAccess"] == false && endpoints["privateAccess"] != true {
        found.push("no endpoint".into());
    }
    let is_range =
        |value: &Value| text(value).split_once('/').is_some_and(|(a, p)| a.parse::<std::net::IpAddr>().is_ok() && p.parse::<u8>().is_ok());
    if !list(&vpc["publicAccessCIDRs"]).iter().all(is_range) {
        found.push("publicAccessCIDRs".into());
    }
    found
}

fn accounts(iam: &Value) -> Vec<String> {
    let accounts = list(&iam["serviceAccounts"]);
    let mut found = Vec::new();
    if !accounts.is_empty() && iam["withOIDC"] != true {
        found.push("service accounts without OIDC".into());
    }
    let names: BTreeSet<(&str, &str)> =
        accounts.iter().map(|a| (text(&a["metadata"]["namespace"]), text(&a["metadata"]["name"]))).collect();
    if names.len() != accounts.len() {
        found.push("a service account twice".into());
    }
    if accounts.iter().any(|a| a["wellKnownPolicies"].is_null() && a["attachRoleARN"].is_null()) {
        found.push("a service account without a policy".into());
    }
    found
}

fn group(group: &Value, config: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut refuse = |what: &str| found.push(format!("group {}: {what}", text(&group["name"])));
    let name = text(&group["name"]);
    if name.len() > 63 || !is_label_value(name) || name.contains(['_', '.']) {
        refuse("name");
    }
    let size = |key: &str| group[key].as_i64();
    // eksctl takes two nodes where a file says nothing, or the minimum.
    let min = size("minSize").or(size("desiredCapacity"));
    let low = min.or(size("maxSize").filter(|m| *m < 2).map(|_| 2)).unwrap_or(0);
    let high = size("maxSize").unwrap_or(i64::MAX);
    let desired = size("desiredCapacity").unwrap_or(low);
    if low < 0 || high < 1 || low > high || desired < low || desired > high {
        refuse("sizes");
    }
    if size("volumeSize").is_some_and(|s| s < 20) {
        refuse("volumeSize");
    }
    let arm = |value: &Value| gqlgen::compile::cluster::facts::instance_type(text(value)).map(|t| t.architecture);
    if list(&group["instanceTypes"]).iter().filter_map(arm).collect::<BTreeSet<_>>().len() > 1 {
        refuse("architectures");
    }
    let version: u32 = text(&config["metadata"]["version"]).strip_prefix("1.").and_then(|v| v.parse().ok()).unwrap_or(34);
    if group["amiFamily"] == "AmazonLinux2" && version >= 33 {
        refuse("amiFamily");
    }
    for (key, value) in group["labels"].as_object().into_iter().flatten() {
        if is_reserved(key) || !is_key(key) || !is_label_value(text(value)) {
            refuse(&format!("label {key}"));
        }
    }
    let taints = list(&group["taints"]);
    for taint in taints {
        let (key, value) = (text(&taint["key"]), text(&taint["value"]));
        let reserved = is_reserved(key) && !key.starts_with("eks.amazonaws.com/");
        let effect = ["NoSchedule", "PreferNoSchedule", "NoExecute"].contains(&text(&taint["effect"]));
        if reserved || !is_key(key) || !effect || !(value.is_empty() || is_label_value(value)) {
            refuse(&format!("taint {key}"));
        }
    }
    if taints.len() > 50 || (group["propagateASGTags"] == true && taints.len() + keys(&group["labels"]).len() > 50) {
        refuse("too many taints or tags");
    }
    if let Some(update) = group["updateConfig"].as_object() {
        let most = update.get("maxUnavailable").and_then(Value::as_i64);
        if most.is_none_or(|m| m < 1 || m > high) {
            refuse("updateConfig");
        }
    }
    found.extend(networking(group, config));
    found
}

fn networking(group: &Value, config: &Value) -> Vec<String> {
    let subnets = &config["vpc"]["subnets"];
    let own = list(&group["subnets"]);
    let zones = list(&group["availabilityZones"]);
    let private = group["privateNetworking"] == true;
    let mut found = Vec::new();
    let mut refuse = |what: &str| found.push(format!("group {}: {what}", text(&group["name"])));
    if !own.is_empty() && (!zones.is_empty() || subnets.is_null()) {
        refuse("subnets beside zones or in a new VPC");
    }
    if !subnets.is_null() {
        let has = |kind: &str| !keys(&subnets[kind]).is_empty();
        if own.is_empty() && ((private && !has("private")) || (!private && !has("public"))) {
            refuse("no subnet");
        }
        if !zones.is_empty() {
            refuse("zones beside subnets");
        }
    }
    let all = list(&config["availabilityZones"]);
    if !all.is_empty() && !zones.iter().all(|zone| all.contains(zone)) {
        refuse("a zone that the VPC has not");
    }
    found
}

fn fargate(profile: &Value) -> Vec<String> {
    let selectors = list(&profile["selectors"]);
    let name = text(&profile["name"]);
    let fine = !name.is_empty()
        && !name.starts_with("eks-")
        && !selectors.is_empty()
        && selectors.len() <= 5
        && selectors.iter().all(|s| !text(&s["namespace"]).is_empty());
    if fine { Vec::new() } else { vec![format!("Fargate profile {name}")] }
}

fn logging(logging: &Value) -> Vec<String> {
    const DAYS: [i64; 17] = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1827, 3653];
    let days = logging["logRetentionInDays"].as_i64();
    let fine = days.is_none_or(|d| DAYS.contains(&d) && !list(&logging["enableTypes"]).is_empty());
    if fine { Vec::new() } else { vec!["log retention".into()] }
}
