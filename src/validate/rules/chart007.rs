//! CHART007: chart.version belongs to the minor version of scalardb.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "CHART007",
    summary: "chart.version belongs to the minor version of scalardb",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("chart007.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let Some(made_for) = crate::resolve::known_version_of_chart(&context.deployment.chart_version) else { return };
    let wanted = context.deployment.version;
    if context.given("/chart/version") && made_for.minor != wanted.minor {
        context
            .report(
                "/chart/version",
                format!("chart {} was made for ScalarDB 3.{}, the config says {wanted}", context.deployment.chart_version, made_for.minor),
            )
            .see("/scalardb", "the version is given here")
            .help(
                "its templates may lack variables that this version reads: choose a chart of the same minor, or leave `chart.version` out",
            );
    }
}
