//! OPS016: production is monitored.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "OPS016",
    summary: "production is monitored",
    level: Level::Advice,
    since: "0.1.0",
    doc: include_str!("ops016.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let monitoring = &context.deployment.monitoring;
    let any = monitoring.service_monitor || monitoring.prometheus_rule || monitoring.grafana_dashboard;
    if context.deployment.is_production() && !any {
        context.report("/monitoring", "nothing monitors production").help("set `monitoring: true` where the Prometheus Operator runs");
    }
}
