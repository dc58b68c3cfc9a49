//! OPS007: cluster.kubernetes is a version.

use crate::diagnostic::Level;
use crate::model::KubernetesVersion;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "OPS007",
    summary: "cluster.kubernetes is a version",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("ops007.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let Some(version) = context.settings.cluster.as_ref().and_then(|c| c.kubernetes.as_ref()) else { return };
    if KubernetesVersion::parse(&version.value).is_some() {
        return;
    }
    let text: &str = &version.value;
    let shown: String = text.chars().take(40).collect();
    let report =
        context.report("/cluster/kubernetes", format!("`{shown}` is no Kubernetes version")).label("expected \"1.x\" or \"1.x.y\"");
    if let Some(bare) = text.strip_prefix(['v', 'V']).filter(|bare| KubernetesVersion::parse(bare).is_some()) {
        report.help(format!("write \"{bare}\""));
    }
}
