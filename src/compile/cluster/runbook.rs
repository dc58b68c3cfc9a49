//! `RUNBOOK.md`: the deployment guide's steps in order, only those that this config needs, filled in.
//!
//! The words are templates beside this file; here is what they are filled with. What goes into a command is quoted for the shell. What the config
//! does not say becomes a variable that the runbook names at its head.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use serde_json::{Value, json};

use super::diagram;
use super::facts;
use super::images::{credentials, mirror, mirror_ecr, pull, secret_names, secrets};
use super::plan::{Group, Plan, is_kubernetes};
use crate::compile::loader;
use crate::model::{Credentials, Deployment, Ingress, IngressClass, Scheme};

/// Chart of the cluster autoscaler.
const AUTOSCALER_CHART: &str = "9.59.0";

static TEMPLATES: [(&str, &str); 13] = [
    ("RUNBOOK.md.j2", include_str!("templates/RUNBOOK.md.j2")),
    ("context.md.j2", include_str!("templates/context.md.j2")),
    ("taint.md.j2", include_str!("templates/taint.md.j2")),
    ("cluster.md.j2", include_str!("templates/cluster.md.j2")),
    ("controller.md.j2", include_str!("templates/controller.md.j2")),
    ("scaling.md.j2", include_str!("templates/scaling.md.j2")),
    ("mirror.md.j2", include_str!("templates/mirror.md.j2")),
    ("secrets.md.j2", include_str!("templates/secrets.md.j2")),
    ("release.md.j2", include_str!("templates/release.md.j2")),
    ("verify.md.j2", include_str!("templates/verify.md.j2")),
    ("cleanup.md.j2", include_str!("templates/cleanup.md.j2")),
    ("policy.sh.j2", include_str!("templates/policy.sh.j2")),
    ("address.sh.j2", include_str!("templates/address.sh.j2")),
];

fn environment() -> &'static Environment<'static> {
    static ENVIRONMENT: OnceLock<Environment<'static>> = OnceLock::new();
    ENVIRONMENT.get_or_init(|| {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| AutoEscape::None);
        let blocks_leave_no_lines = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
        environment.set_syntax(blocks_leave_no_lines.expect("the delimiters are the standard ones"));
        // Each part is compiled when a config first needs it.
        environment.set_loader(|wanted| Ok(TEMPLATES.iter().find(|(name, _)| *name == wanted).map(|(_, text)| (*text).to_owned())));
        environment
    })
}

/// The runbook's text, without the line that says what generated it.
pub fn text(plan: &Plan<'_>) -> String {
    let template = environment().get_template("RUNBOOK.md.j2").expect("the template is there");
    let text = template.render(template_value(&context(plan))).expect("the templates ask for what the context has");
    numbered(&text)
}

/// JSON as templates see it.
fn template_value(value: &Value) -> minijinja::Value {
    match value {
        Value::Null => ().into(),
        Value::Bool(b) => (*b).into(),
        Value::Number(n) => n.as_i64().map_or_else(|| n.to_string().into(), Into::into),
        Value::String(text) => text.as_str().into(),
        Value::Array(items) => items.iter().map(template_value).collect::<Vec<_>>().into(),
        Value::Object(map) => map.iter().map(|(k, v)| (k.clone(), template_value(v))).collect::<BTreeMap<_, _>>().into(),
    }
}

/// Numbers the steps, whose headings begin with `## #.`, and leaves one empty line where parts of the template left several.
fn numbered(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut step = 0;
    let mut empty = true;
    for line in text.lines() {
        if line.is_empty() && std::mem::replace(&mut empty, true) {
            continue;
        }
        if line.starts_with("## ") && !empty {
            out.push('\n');
        }
        empty = line.is_empty();
        match line.strip_prefix("## #.") {
            Some(title) => {
                step += 1;
                out.push_str(&format!("## {step}.{title}"));
            }
            None => out.push_str(line),
        }
        out.push('\n');
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// A word of a shell command, quoted where it has to be.
pub fn word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@=,+%".contains(c);
    if !text.is_empty() && text.chars().all(plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

/// What the config does not say, as a variable of the environment.
struct Placeholder {
    variable: &'static str,
    what: &'static str,
    key: &'static str,
}

fn context(plan: &Plan<'_>) -> Value {
    let deployment = plan.deployment;
    let mut context = json!({
        "release": deployment.release,
        "environment": deployment.environment,
        "namespace": deployment.namespace,
        "version": deployment.version.to_string(),
        "chart_version": deployment.chart_version,
        "fullname": deployment.fullname(),
        "replicas": deployment.replicas,
        "hpa": deployment.autoscaling.is_some(),
        "pool_label": deployment.nodes.pool.is_some(),
        "diagram": diagram::lines(plan),
        "mirror": mirror(plan),
        "pull": pull(deployment),
        "credentials": credentials(deployment),
        "credentials_plain": matches!(deployment.database.credentials, Credentials::Plain { .. }),
        "secret_names": secret_names(deployment),
        "loader": deployment.loader.as_ref().and_then(|l| {
            Some(json!({ "schema": l.schema.is_some(), "alter": l.alter, "job": loader::job_name(deployment)? }))
        }),
        "manual_taint": manual_taint(plan),
        "ingress": deployment.ingress.as_ref().map(|i| ingress(deployment, i)),
        "sticky": deployment.ingress.as_ref().is_some_and(|i| i.stickiness.is_some()),
        "transactions": holds_transactions(deployment),
        "service_proxy": service_proxy(deployment),
    });
    let placeholders = placeholders(plan);
    let mut merge = |more: Value| {
        if let (Value::Object(all), Value::Object(more)) = (&mut context, more) {
            all.extend(more);
        }
    };
    merge(cluster(plan));
    merge(controller(plan));
    merge(
        json!({ "tools": tools(plan), "secrets": secrets(deployment), "placeholders": placeholders.iter().map(|p| json!({ "variable": p.variable, "what": p.what, "key": p.key })).collect::<Vec<_>>() }),
    );
    context
}

/// What the steps of the cluster say.
fn cluster(plan: &Plan<'_>) -> Value {
    let cluster = &plan.cluster;
    let or_variable = |given: &Option<String>, variable: &str| given.as_deref().map_or_else(|| format!("\"${variable}\""), word);
    let name = |group: &Option<Group>| group.as_ref().map(|g| g.name.clone());
    let managed = plan.pool.as_ref().filter(|_| !plan.karpenter);
    json!({
        "eks": plan.is_eks(),
        "cluster": or_variable(&cluster.name, "CLUSTER_NAME"),
        "region": or_variable(&cluster.region, "AWS_REGION"),
        "cluster_name": cluster.name,
        "region_name": cluster.region,
        "account_name": cluster.account,
        "config_file": plan.named.is_some(),
        "made_elsewhere": plan.vpc().is_some_and(|v| v.security_group.is_some()),
        "vpc_known": plan.vpc().is_some_and(|v| v.id.is_some()),
        "private_api": cluster.endpoint_cidrs.as_ref().is_some_and(Vec::is_empty),
        "has_groups": managed.is_some() || plan.system.is_some(),
        "pool": name(&plan.pool),
        "pool_word": name(&plan.pool).map(|n| word(&n)),
        "pool_labels": plan.pool.as_ref().is_some_and(|p| !p.labels.is_empty()),
        "pool_tainted": plan.pool.as_ref().is_some_and(|p| !p.taints.is_empty()),
        "pool_object": name(&plan.pool).map(|n| n.to_ascii_lowercase().replace('_', "-")),
        "system": name(&plan.system),
        "system_word": name(&plan.system).map(|n| word(&n)),
        "fargate": plan.fargate,
        "karpenter": plan.karpenter,
        "karpenter_version": facts::karpenter_version(),
        "karpenter_role": format!("eksctl-KarpenterNodeRole-{}", cluster.name.as_deref().unwrap_or("CLUSTER_NAME")),
        "autoscaler": plan.autoscaler,
        "autoscaler_chart": AUTOSCALER_CHART,
        "autoscaler_tag": plan.autoscaler_tag(),
        "scaling": plan.autoscaler || plan.karpenter || plan.deployment.autoscaling.is_some(),
        "node_selector": plan.deployment.nodes.pool_label().map(|(k, v)| word(&format!("{k}={v}"))),
    })
}

/// What the steps of the load balancer controller say.
fn controller(plan: &Plan<'_>) -> Value {
    let cluster = &plan.cluster;
    let partition = facts::partition(cluster.region.as_deref());
    let release = facts::controller(cluster.kubernetes);
    let account = cluster.account.as_deref().unwrap_or("$ACCOUNT");
    let image = plan.image(&plan.controller_image());
    let tag = plan.subnet_tag();
    let internal = plan.deployment.ingress.as_ref().is_none_or(|i| i.scheme == Scheme::Internal);
    json!({
        "controller": plan.controller,
        "eksctl_needed": plan.is_eks() && plan.controller,
        "controller_app": release.app,
        "controller_chart": release.chart,
        "controller_image": (image != release.repository).then(|| word(&image)),
        "policy_arn": format!("arn:{}:iam::{account}:policy/AWSLoadBalancerControllerIAMPolicy", partition.arn),
        "policy_url": release.policy_url(partition),
        "policy_sha256": release.policy_sha256(partition),
        "crds_url": release.crds_url(),
        "scheme": if internal { "private" } else { "public" },
        "subnet_tag": tag.as_ref().map(|(tag, _)| *tag),
        "subnets": tag.filter(|(_, ids)| !ids.is_empty()).map(|(_, ids)| ids.iter().map(|id| word(id)).collect::<Vec<_>>().join(" ")),
        "subnets_variable": subnets_variable(internal),
    })
}

fn subnets_variable(internal: bool) -> &'static str {
    if internal { "PRIVATE_SUBNETS" } else { "PUBLIC_SUBNETS" }
}

fn placeholders(plan: &Plan<'_>) -> Vec<Placeholder> {
    let mut list = Vec::new();
    let mut add = |missing: bool, variable, what, key| {
        if missing {
            list.push(Placeholder { variable, what, key });
        }
    };
    let eks = plan.is_eks();
    add(eks && plan.cluster.name.is_none(), "CLUSTER_NAME", "the name of the EKS cluster", "cluster.name");
    add(eks && plan.cluster.region.is_none(), "AWS_REGION", "the AWS region of the cluster", "cluster.region");
    if let Some((tag, [])) = plan.subnet_tag() {
        if tag.ends_with("internal-elb") {
            add(
                true,
                "PRIVATE_SUBNETS",
                "the ids of the private subnets for the load balancer, with blanks between them",
                "cluster.vpc.privateSubnets",
            );
        } else {
            add(
                true,
                "PUBLIC_SUBNETS",
                "the ids of the public subnets for the load balancer, with blanks between them",
                "cluster.vpc.publicSubnets",
            );
        }
    }
    let https_without_host = plan.deployment.ingress.as_ref().is_some_and(|i| is_https(i) && host(i).is_none());
    add(https_without_host, "GRAPHQL_HOST", "a host name that the certificate is made out to", "ingress.hosts");
    list
}

fn tools(plan: &Plan<'_>) -> Vec<&'static str> {
    let mut tools = Vec::new();
    let mirror = plan.deployment.image.registry.is_some();
    if plan.is_eks() || mirror_ecr(plan).is_some() || plan.cluster.account.is_some() {
        tools.push("aws");
    }
    if plan.is_eks() {
        tools.push("eksctl");
    }
    tools.extend(["kubectl", "helm"]);
    if plan.deployment.ingress.is_some() || plan.controller {
        tools.push("curl");
    }
    if mirror {
        tools.push("docker");
    }
    tools
}

fn manual_taint(plan: &Plan<'_>) -> Value {
    let nodes = &plan.deployment.nodes;
    let (Some((key, value)), Some((label, pool))) = (plan.manual_taint(), nodes.pool_label()) else { return Value::Null };
    json!({
        "key": key,
        "value": value,
        "label_key": label,
        "selector": word(&format!("{label}={pool}")),
        "taint": word(&format!("{key}={value}")),
        "key_word": word(key),
        "refused": plan.is_eks() && is_kubernetes(key),
    })
}

fn is_https(ingress: &Ingress) -> bool {
    ingress.tls.is_some()
}

/// The first host, a wildcard made a name; a lone star, which is an error elsewhere, is no host.
fn host(ingress: &Ingress) -> Option<String> {
    let tls = ingress.tls.iter().flat_map(|t| t.hosts.iter());
    let host = ingress.hosts.iter().chain(tls).find(|h| !matches!(h.as_str(), "" | "*"))?;
    Some(host.strip_prefix("*.").map_or_else(|| host.clone(), |rest| format!("gqlgen-smoke-test.{rest}")))
}

fn ingress(deployment: &Deployment, ingress: &Ingress) -> Value {
    let https = is_https(ingress);
    let (scheme, port) = if https { ("https", 443) } else { ("http", 80) };
    let path = &deployment.graphql.path;
    let target = match host(ingress) {
        Some(host) => format!("--connect-to {host}:{port}:\"$ADDRESS\":{port} {}", word(&format!("{scheme}://{host}{path}"))),
        None if https => format!("--connect-to \"$GRAPHQL_HOST\":443:\"$ADDRESS\":443 \"https://$GRAPHQL_HOST\"{}", word(path)),
        None => format!("\"http://$ADDRESS\"{}", word(path)),
    };
    let alb = ingress.class == IngressClass::Alb;
    let hosts: Vec<String> = ingress.hosts.iter().filter(|h| !h.is_empty()).map(|h| format!("`{h}`")).collect();
    json!({
        "alb": alb,
        "internal": alb && ingress.scheme == Scheme::Internal,
        "target": target,
        "hosts": hosts.join(" and "),
        "deletion_protection": ingress.deletion_protection == Some(true),
    })
}

/// Whether a transaction that is begun can be continued: with a manager that has them, and the way back to the same pod.
fn holds_transactions(deployment: &Deployment) -> bool {
    let sticky = deployment.ingress.as_ref().is_some_and(|i| i.stickiness.is_some());
    let one_pod = deployment.replicas == 1 && deployment.autoscaling.is_none();
    deployment.database.transaction.manager != "single-crud-operation" && (sticky || one_pod)
}

/// The way to the Service through the API server, for a question by GET.
fn service_proxy(deployment: &Deployment) -> String {
    let port = deployment.service.port.unwrap_or(8080);
    let path = &deployment.graphql.path;
    let query = "query=%7B__typename%7D";
    word(&format!("/api/v1/namespaces/{}/services/{}:{port}/proxy{path}?{query}", deployment.namespace, deployment.fullname()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_commands_are_quoted() {
        assert_eq!(word("shop-prod"), "shop-prod");
        assert_eq!(word(""), "''");
        assert_eq!(word("a b'$(c)"), r"'a b'\''$(c)'");
    }

    #[test]
    fn steps_are_numbered_and_gaps_closed() {
        assert_eq!(numbered("# a\n\n\n## #. b\nx\n\n## c\n## #. d\n\n"), "# a\n\n## 1. b\nx\n\n## c\n\n## 2. d\n");
    }
}
