//! DB025: DynamoDB is in the cluster's region.

use crate::diagnostic::Level;
use crate::model::Storage;
use crate::validate::database::{storage, used_points};
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "DB025",
    summary: "DynamoDB is in the cluster's region",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("db025.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let region = context.deployment.cluster.as_ref().and_then(|c| c.region.as_deref());
    let (Some(Storage::Dynamo), Some(region)) = (storage(context), region) else { return };
    for point in used_points(context)
        .into_iter()
        .filter(|p| !p.is_open() && p.text != region && crate::scalardb::facts().dynamo_regions.contains(&p.text))
    {
        let message = format!("the tables are in {}, the cluster in {region}: every request crosses regions", point.text);
        context.report_at(point.place, message).see("/cluster/region", "the cluster's region");
    }
}
