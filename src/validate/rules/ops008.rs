//! OPS008: EKS supports the Kubernetes version.

use crate::clock;
use crate::compile::cluster::facts;
use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "OPS008",
    summary: "EKS supports the Kubernetes version",
    level: Level::Advice,
    since: "0.1.0",
    doc: include_str!("ops008.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let Some(version) = context.deployment.cluster.as_ref().and_then(|c| c.kubernetes) else { return };
    let name = format!("1.{}", version.minor);
    if version.minor < 21 {
        context
            .report(
                "/cluster/kubernetes",
                format!("Kubernetes {name} is older than what the chart is made for, and than what gqlgen checks objects against"),
            )
            .level(Level::Warning)
            .help("upgrade to 1.21 or newer");
        return;
    }
    let today = clock::today().to_string();
    let newest = facts::eks_versions().iter().filter_map(|v| v.version.strip_prefix("1.")?.parse::<u16>().ok()).max().unwrap_or(0);
    let message = match facts::eks_version(version) {
        None if version.minor > newest => {
            format!("Kubernetes {name} is newer than the table of EKS versions (of {})", facts::versions_date())
        }
        None => format!("EKS no longer supports Kubernetes {name}"),
        Some(known) if known.end_extended < today => {
            format!(
                "EKS has ended all support of Kubernetes {name} on {}: no new cluster can have it, and AWS upgrades old ones",
                known.end_extended
            )
        }
        Some(known) if known.end_standard < today => {
            format!(
                "Kubernetes {name} is in extended support, which costs more, until {}; then AWS upgrades the control plane",
                known.end_extended
            )
        }
        Some(_) => return,
    };
    context.report("/cluster/kubernetes", message);
}
