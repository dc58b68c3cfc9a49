//! CHART009: the chart version has what monitoring asks for.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "CHART009",
    summary: "the chart version has what monitoring asks for",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("chart009.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let monitoring = &context.deployment.monitoring;
    let wanted = monitoring.service_monitor || monitoring.prometheus_rule || monitoring.grafana_dashboard;
    let chart = crate::resolve::chart();
    let Some(version) = chart.version(&context.deployment.chart_version) else { return };
    if wanted && chart.defaults(version).get("serviceMonitor").is_none() {
        context
            .report("/monitoring", format!("chart {} has no monitoring objects: this is without effect", version.chart))
            .help("they came with chart 1.1.0, ScalarDB 3.6");
    }
}
