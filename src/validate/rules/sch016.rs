//! SCH016: served tables differ in their names.

use crate::config::decode::shown;
use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};
use crate::validate::tables::{is_served, tables};

pub static RULE: Rule = Rule {
    id: "SCH016",
    summary: "served tables differ in their names",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("sch016.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let tables = tables(context);
    let served: Vec<_> =
        tables.iter().filter_map(|table| table.names.filter(|(n, _)| is_served(context, n)).map(|names| (table, names))).collect();
    for (i, (table, (namespace, name))) in served.iter().enumerate() {
        if let Some((_, (other, _))) = served[..i].iter().find(|(_, (other, earlier))| earlier == name && other != namespace) {
            context
                .report_at(
                    table.place.clone(),
                    format!(
                        "`{}` is a table of `{}` too, and both are served: GraphQL names come from the table alone, so the two collide",
                        shown(name),
                        shown(other)
                    ),
                )
                .see("/graphql/namespaces", "the served namespaces")
                .help("serve one of the namespaces by another release, or rename a table");
        }
    }
}
