//! The two sides agree: for any `nodes` and `cluster`, the pods that are written fit the nodes that are written.
//!
//! The scheduler's rule here is written from the Kubernetes documentation (node selectors, required node affinity, taints and tolerations), not from
//! the code that it judges. Spread and resources are left out: they depend on what else runs.

mod common;

use std::collections::BTreeMap;

use gqlgen::commands::pipeline::{self, Environment, Options};
use gqlgen::compile::cluster;
use proptest::prelude::*;
use serde_json::Value;

#[derive(Debug, Default)]
struct Node {
    labels: BTreeMap<String, String>,
    /// Key, value, effect.
    taints: Vec<(String, String, String)>,
}

/// Whether a node selector requirement holds.
fn matches(labels: &BTreeMap<String, String>, requirement: &Value) -> bool {
    let have = requirement["key"].as_str().and_then(|key| labels.get(key));
    let values: Vec<&str> = requirement["values"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let number = |text: &str| text.parse::<i64>().ok();
    match requirement["operator"].as_str().unwrap_or_default() {
        "In" => have.is_some_and(|h| values.contains(&h.as_str())),
        "NotIn" => have.is_none_or(|h| !values.contains(&h.as_str())),
        "Exists" => have.is_some(),
        "DoesNotExist" => have.is_none(),
        "Gt" => have.and_then(|h| number(h)).zip(values.first().and_then(|v| number(v))).is_some_and(|(h, v)| h > v),
        "Lt" => have.and_then(|h| number(h)).zip(values.first().and_then(|v| number(v))).is_some_and(|(h, v)| h < v),
        other => panic!("operator {other}"),
    }
}

/// An empty operator is Equal; an empty key with Exists tolerates every taint; an empty effect is any effect.
fn tolerates(toleration: &Value, taint: &(String, String, String)) -> bool {
    let text = |key: &str| toleration[key].as_str().unwrap_or_default();
    let (key, value, effect) = taint;
    let exists = text("operator") == "Exists";
    let same_key = text("key") == key || (text("key").is_empty() && exists);
    same_key && (text("effect").is_empty() || text("effect") == effect) && (exists || text("value") == value)
}

/// Whether the scheduler may put the pod on the node.
fn fits(pod: &Value, node: &Node) -> Result<(), String> {
    for (key, value) in pod["nodeSelector"].as_object().into_iter().flatten() {
        if node.labels.get(key).map(String::as_str) != value.as_str() {
            return Err(format!("selector {key}={value}"));
        }
    }
    let required = &pod["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"];
    if let Some(terms) = required.as_array() {
        let holds = |term: &Value| {
            term["matchExpressions"].as_array().is_some_and(|all| !all.is_empty() && all.iter().all(|r| matches(&node.labels, r)))
        };
        if !terms.iter().any(holds) {
            return Err(format!("affinity {required}"));
        }
    }
    tolerated(pod, node)
}

fn tolerated(pod: &Value, node: &Node) -> Result<(), String> {
    let tolerations = pod["tolerations"].as_array().cloned().unwrap_or_default();
    for taint in node.taints.iter().filter(|(_, _, effect)| effect != "PreferNoSchedule") {
        if !tolerations.iter().any(|t| tolerates(t, taint)) {
            return Err(format!("taint {taint:?}"));
        }
    }
    Ok(())
}

fn labels_of(value: &Value) -> BTreeMap<String, String> {
    value.as_object().into_iter().flatten().map(|(k, v)| (k.clone(), v.as_str().expect("a text").to_owned())).collect()
}

fn taints_of(value: &Value) -> Vec<(String, String, String)> {
    let text = |taint: &Value, key: &str| taint[key].as_str().unwrap_or_default().to_owned();
    value.as_array().into_iter().flatten().map(|t| (text(t, "key"), text(t, "value"), text(t, "effect"))).collect()
}

/// The nodes of a managed node group: what the group gives them, and what EKS and the kubelet add.
fn managed(group: &Value, region: &str) -> Node {
    let mut node = Node { labels: labels_of(&group["labels"]), taints: taints_of(&group["taints"]) };
    let kind = group["instanceTypes"][0].as_str().expect("a type");
    // AWS names its ARM families by a `g` after the number.
    let architecture =
        if kind.split('.').next().is_some_and(|f| f.trim_start_matches(char::is_alphabetic).contains('g')) { "arm64" } else { "amd64" };
    let capacity = if group["spot"] == true { "SPOT" } else { "ON_DEMAND" };
    for (key, value) in [
        ("eks.amazonaws.com/capacityType", capacity),
        ("eks.amazonaws.com/nodegroup", group["name"].as_str().expect("a name")),
        ("kubernetes.io/os", "linux"),
        ("kubernetes.io/arch", architecture),
        ("node.kubernetes.io/instance-type", kind),
        ("topology.kubernetes.io/region", region),
    ] {
        assert!(node.labels.insert(key.into(), value.into()).is_none(), "{key} is not the group's to set");
    }
    node
}

/// The nodes of Karpenter's NodePool: its template, and the labels that its requirements decide.
fn karpenter(pool: &Value) -> Node {
    let template = &pool["spec"]["template"];
    let mut node = Node { labels: labels_of(&template["metadata"]["labels"]), taints: taints_of(&template["spec"]["taints"]) };
    for requirement in template["spec"]["requirements"].as_array().into_iter().flatten() {
        let value = requirement["values"][0].as_str().expect("a value").to_owned();
        node.labels.insert(requirement["key"].as_str().expect("a key").into(), value);
    }
    node
}

/// The nodes that the environment's files make for its pods, and those for everything else.
fn nodes(environment: &Environment) -> (Node, Vec<Node>) {
    let files = environment.files("gqlgen.yaml");
    let file = files.get(cluster::CLUSTER).expect("cluster.yaml is written");
    let config = common::yaml(&file.text);
    let groups: Vec<Node> = config["managedNodeGroups"].as_array().into_iter().flatten().map(|g| managed(g, "ap-northeast-1")).collect();
    let is_system = |node: &Node| node.labels["eks.amazonaws.com/nodegroup"].starts_with("system");
    let (system, mut pools): (Vec<Node>, Vec<Node>) = groups.into_iter().partition(is_system);
    pools.extend(environment.objects().filter(|o| o["kind"] == "NodePool").map(karpenter));
    assert_eq!(pools.len(), 1, "one pool of nodes for the pods: {config:#}");
    let mut pool = pools.remove(0);
    // The runbook's own step, where a group cannot carry the taint.
    let runbook = &files[cluster::RUNBOOK].text;
    if let Some(line) = runbook.lines().find(|l| l.starts_with("kubectl taint nodes") && l.ends_with("--overwrite")) {
        let taint = line.split(' ').nth(5).expect("a taint").trim_end_matches(":NoSchedule");
        let (key, value) = taint.split_once('=').expect("key and value");
        pool.taints.push((key.into(), value.into(), "NoSchedule".into()));
    }
    (pool, system)
}

fn one_of(words: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    prop::sample::select(words)
}

prop_compose! {
    /// A config with random `nodes`, `cluster` and `autoscaling`.
    fn config()(
        pool in one_of(&["", "pool: scalardbgraphqlpool", "pool: \"2024\"", "pool: \"yes\"", "pool: Graphql-Pool"]),
        label in one_of(&["", "label: scalar-labs.com/pool", "label: Agent_Pool.x"]),
        dedicated in one_of(&["", "dedicated: true", "dedicated: false"]),
        taint in one_of(&["", "taint: scalar-labs.com/dedicated-node", "taint: kubernetes.io/app", "taint: app.k8s.io/x", "taint: own"]),
        capacity in one_of(&["", "capacity: spot", "capacity: on-demand"]),
        fargate in one_of(&["", "fargate: false"]),
        selector in one_of(&["", "selector: { disk: ssd }", "selector: { kubernetes.io/arch: amd64, tier: \"1\" }", "selector: { eks.amazonaws.com/capacityType: ON_DEMAND }", "selector: { karpenter.sh/capacity-type: spot }", "selector: { kubernetes.io/arch: arm64 }", "selector: { node.kubernetes.io/instance-type: m6i.2xlarge }", "selector: { eks.amazonaws.com/nodegroup: own-name }"]),
        tolerations in one_of(&["", "tolerations: [{ operator: Exists, key: spare }]"]),
        affinity in one_of(&["", "affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: kubernetes.io/os, operator: In, values: [linux] }] }] } } }", "affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: workload, operator: In, values: [graphql, other] }, { key: disk, operator: Exists }, { key: gone, operator: DoesNotExist }] }, { matchExpressions: [{ key: elsewhere, operator: Exists }] }] } } }", "affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: eks.amazonaws.com/capacityType, operator: In, values: [SPOT] }] }] } } }"]),
        spread in one_of(&["", "spread: zones", "spread: none"]),
        group in one_of(&["", "nodeGroup: { name: own-name }", "nodeGroup: { instanceTypes: [m6i.xlarge, m7i.xlarge], min: 0, max: 8 }", "nodeGroup: { name: k, provisioner: karpenter }", "nodeGroup: { provisioner: karpenter, zones: [ap-northeast-1a, ap-northeast-1c] }"]),
        system in one_of(&["", "systemNodeGroup: false", "systemNodeGroup: { min: 1 }"]),
        vpc in one_of(&["", "vpc: { id: vpc-0a1b2c3d, privateSubnets: [subnet-0a1b2c3d, subnet-0a1b2c3e] }", "vpc: { id: vpc-0a1b2c3d, publicSubnets: [subnet-0a1b2c3d, subnet-0a1b2c3e] }"]),
        autoscaling in one_of(&["", "autoscaling: { min: 3, max: 9 }"]),
    ) -> String {
        let part = |name: &str, keys: &[&str]| {
            let keys: String = keys.iter().filter(|k| !k.is_empty()).map(|k| format!("  {k}\n")).collect();
            if keys.is_empty() { String::new() } else { format!("{name}:\n{keys}") }
        };
        let head = "apiVersion: gqlgen/v1\nrelease: shop\nnamespace: shop\nscalardb: \"3.8\"\ndatabase:\n  storage: dynamo\n  contactPoints: ap-northeast-1\n  credentials: { existingSecret: s }\ngraphql: { namespaces: [shop] }\n";
        let nodes = part("nodes", &[pool, label, dedicated, taint, capacity, fargate, selector, tolerations, affinity, spread]);
        let cluster = part("cluster", &["name: shop-prod", "region: ap-northeast-1", "kubernetes: \"1.35\"", group, system, vpc]);
        format!("{head}{nodes}{cluster}{autoscaling}\n")
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pods_fit_the_nodes_that_are_made_for_them(text in config()) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("gqlgen.yaml");
        std::fs::write(&path, &text).expect("written");
        let built = pipeline::build(&path, None, &Options::default());
        prop_assert!(!built.unreadable, "{text}\n{:?}", built.diagnostics);
        // A config that contradicts itself is never written.
        if built.has_errors() {
            return Ok(());
        }
        let environment = &built.environments[0];
        let (pool, system) = nodes(environment);
        let deployment = environment.objects().find(|o| o["kind"] == "Deployment").expect("a Deployment");
        let pod = &deployment["spec"]["template"]["spec"];
        // Where they cannot fit, a finding says so.
        let said = built.diagnostics.iter().any(|d| d.rule == "NODE021");
        prop_assert_eq!(fits(pod, &pool).is_err(), said, "{}\n{:?}\n{:#?}\n{:#}", text, fits(pod, &pool), pool, pod);

        let job = &environment.files("gqlgen.yaml")["schema-loader/job.yaml"].text;
        let job = common::yaml(job.rsplit("\n---\n").next().expect("the Job"));
        let loader = &job["spec"]["template"]["spec"];
        prop_assert_eq!(tolerated(loader, &pool), Ok(()), "{}", text);
        // What does not tolerate the taint still has a place, unless the config says that it has one elsewhere.
        let dedicated = environment.deployment.nodes.dedicated_taint().is_some();
        if dedicated && !text.contains("systemNodeGroup: false") {
            prop_assert!(system.iter().any(|n| n.taints.is_empty()), "{}", text);
        }
        // Nobody else's pod lands on dedicated nodes.
        prop_assert_eq!(dedicated, tolerated(&serde_json::json!({}), &pool).is_err(), "{}", text);
    }
}
