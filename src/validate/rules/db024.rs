//! DB024: contact points are reachable from a pod.

use crate::diagnostic::Level;
use crate::model::Storage;
use crate::validate::database::{storage, used_points};
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "DB024",
    summary: "contact points are reachable from a pod",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("db024.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let Some(storage) = storage(context).filter(|s| *s != Storage::Dynamo) else { return };
    for point in used_points(context) {
        let host = match storage {
            Storage::Jdbc | Storage::Cosmos => {
                point.text.split_once("//").map_or("", |(_, rest)| rest.split(['/', '?', ';']).next().unwrap_or_default())
            }
            _ => point.text.as_str(),
        };
        let name = host.rsplit('@').next().unwrap_or_default();
        let name = if name.starts_with('[') || name.matches(':').count() > 1 { name } else { name.split(':').next().unwrap_or_default() };
        if matches!(name, "localhost" | "127.0.0.1" | "::1" | "[::1]" | "0.0.0.0") || name.starts_with("127.") {
            context
                .report_at(point.place, format!("in a pod `{name}` is the pod itself, and the chart puts no other container into it"))
                .help("name the host under which the database is known in the cluster");
        } else if name == "host.docker.internal" {
            context
                .report_at(point.place, format!("`{name}` is a name on a developer's machine: no node of a cluster knows it"))
                .help("name the host under which the database is known in the cluster");
        } else if storage == Storage::Jdbc && point.text.starts_with("jdbc:sqlite:") {
            context.report_at(point.place, "SQLite is a file: each pod has its own, and loses it").level(Level::Advice);
        }
    }
}
