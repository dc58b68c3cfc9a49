//! OPS010: tables and cluster are in one region.

use crate::compile::cluster::facts;
use crate::diagnostic::Level;
use crate::model::Storage;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "OPS010",
    summary: "tables and cluster are in one region",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("ops010.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let deployment = context.deployment;
    let Some(region) = deployment.cluster.as_ref().and_then(|c| c.region.as_ref()) else { return };
    let [tables] = deployment.database.contact_points.as_slice() else { return };
    let (tables, region) = (tables.trim(), region.as_str());
    // What is no region at all is another finding.
    let both_known = facts::region(tables).is_some() && facts::region(region).is_some();
    if deployment.database.storage == Storage::Dynamo && both_known && tables != region {
        context
            .report("/database/contactPoints", format!("the tables are in `{tables}`, the cluster is in `{region}`"))
            .see("/cluster/region", "the cluster")
            .help("use one region: each request of a transaction would cross from one to the other");
    }
}
