//! The runbook's picture (a Mermaid flowchart): client, load balancer, Ingress, pods on their nodes, database, by this config's names.

use super::plan::Plan;
use crate::model::{Ingress, IngressClass, Scheme, SpreadBy, Storage};

/// Lines of the flowchart, without its first.
pub fn lines(plan: &Plan<'_>) -> Vec<String> {
    let deployment = plan.deployment;
    let pods = match deployment.autoscaling.as_ref().and_then(|a| a.max) {
        Some(max) => format!("{} to {max} pods", deployment.replicas),
        None if deployment.replicas == 1 => "1 pod".to_owned(),
        None => format!("{} pods", deployment.replicas),
    };
    let mut lines = vec![r#"client(["client"])"#.to_owned()];
    let service = format!("service[\"Service<br/>{}\"]", label(&deployment.fullname()));
    match &deployment.ingress {
        Some(ingress) => {
            lines.push(format!(
                "client -->|\"{}\"| balancer[\"{}\"]",
                label(&address(ingress, &deployment.graphql.path)),
                label(&balancer(ingress)).replace('\n', "<br/>")
            ));
            lines.push(format!("balancer -. made for .- ingress[\"Ingress<br/>{}\"]", label(&deployment.fullname())));
        }
        None => lines.push(format!("client -->|\"{}\"| {service}", label(&deployment.graphql.path))),
    }
    let from = if deployment.ingress.is_some() { "balancer" } else { "service" };
    let place = place(plan);
    lines.push(format!("subgraph nodes [\"{}\"]", label(&place)));
    lines.push(format!("  pods[\"{pods}<br/>{}\"]", label(&deployment.fullname())));
    lines.push("end".to_owned());
    lines.push(format!("{from} --> pods"));
    lines.push(format!("pods --> database[(\"{}\")]", label(&database(plan)).replace('\n', "<br/>")));
    if let Some(secret) = deployment.credentials_secret() {
        lines.push(format!("secret[/\"Secret<br/>{}\"/] -.-> pods", label(&secret)));
    }
    lines
}

/// Text inside the quotes of a label.
fn label(text: &str) -> String {
    text.replace('&', "#amp;").replace('"', "#quot;").replace('<', "#lt;").replace('>', "#gt;")
}

fn address(ingress: &Ingress, path: &str) -> String {
    let scheme = if ingress.tls.is_some() { "https" } else { "http" };
    match ingress.hosts.iter().find(|h| !h.is_empty()) {
        Some(host) => format!("{scheme}://{host}{path}"),
        None => format!("{scheme} {path}"),
    }
}

fn balancer(ingress: &Ingress) -> String {
    let sticky = match &ingress.stickiness {
        Some(stickiness) => format!("sticky for {} s", stickiness.duration),
        None => "not sticky".to_owned(),
    };
    match (ingress.class, ingress.scheme) {
        (IngressClass::Alb, Scheme::Internal) => format!("Application Load Balancer\ninternal, {sticky}"),
        (IngressClass::Alb, Scheme::InternetFacing) => format!("Application Load Balancer\ninternet-facing, {sticky}"),
        (IngressClass::Nginx, _) => format!("ingress-nginx\n{sticky}"),
        (_, _) => "Application Gateway".to_owned(),
    }
}

fn place(plan: &Plan<'_>) -> String {
    let nodes = &plan.deployment.nodes;
    let mut text = match nodes.pool_label() {
        Some((key, pool)) => format!("nodes {key}={pool}"),
        None if plan.fargate => "Fargate".to_owned(),
        None => "nodes".to_owned(),
    };
    if let Some((key, value)) = nodes.dedicated_taint() {
        text.push_str(&format!(", taint {key}={value}"));
    }
    match nodes.spread.map(|s| s.by) {
        Some(SpreadBy::Zones) => text.push_str(", spread over zones"),
        Some(SpreadBy::Hosts) if !plan.fargate => text.push_str(", spread over hosts"),
        _ => {}
    }
    text
}

/// Kind and place of the database. A URL's query may hold a credential, so it is left out.
fn database(plan: &Plan<'_>) -> String {
    let database = &plan.deployment.database;
    let points = database.contact_points.iter().map(|p| host_of(p)).collect::<Vec<_>>().join(", ");
    let kind = match database.storage {
        Storage::Cassandra => "Cassandra",
        Storage::Cosmos => "Cosmos DB",
        Storage::Dynamo => "DynamoDB",
        Storage::Jdbc => "database",
        Storage::Grpc => "ScalarDB Server",
    };
    format!("{kind}\n{points}")
}

/// What may be shown of a contact point: of a JDBC URL the product and the host, of any other its scheme and host. What stands before an `@`,
/// in a path or in a query may be a credential.
fn host_of(point: &str) -> String {
    let product = point.strip_prefix("jdbc:").map(|rest| format!("jdbc:{}", rest.split(':').next().unwrap_or_default()));
    let (scheme, rest) = match point.split_once("//") {
        Some((scheme, rest)) => (product.unwrap_or_else(|| scheme.to_owned()), rest),
        None if product.is_some() => return product.unwrap_or_default(),
        None => return point.rsplit('@').next().unwrap_or(point).to_owned(),
    };
    let authority = rest.split(['/', '?', ';']).find(|part| !part.is_empty()).unwrap_or_default();
    format!("{scheme}//{}", authority.rsplit('@').next().unwrap_or(authority))
}
