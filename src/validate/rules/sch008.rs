//! SCH008: keys and index name a column once.

use crate::config::decode::shown;
use crate::diagnostic::Level;
use crate::model::Storage;
use crate::validate::database::storage;
use crate::validate::rule::{Check, Context, Rule};
use crate::validate::tables::{Name, tables};

pub static RULE: Rule = Rule {
    id: "SCH008",
    summary: "keys and index name a column once",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("sch008.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    for table in tables(context) {
        let (partition, clustering, index) = (table.partition(), table.clustering(), table.index());
        for name in &clustering {
            if partition.iter().any(|p| p.text == name.text) {
                context
                    .report_at(
                        name.place.clone(),
                        format!(
                            "`{}` is in the partition key and in the clustering key: the primary key would have it twice",
                            shown(name.text)
                        ),
                    )
                    .level(Level::Error)
                    .help("keep it in one of them");
            }
        }
        for (field, names) in [("partition-key", &partition), ("clustering-key", &clustering), ("secondary-index", &index)] {
            for name in repeated(names) {
                context
                    .report_at(name.place.clone(), format!("`{}` stands in `{field}` twice", shown(name.text)))
                    .help("take the second one out");
            }
        }
        // Only where that column alone is the partition key does every request by it find its place anyway.
        for name in index.iter().filter(|name| partition.len() == 1 && partition[0].text == name.text) {
            let level = if storage(context) == Some(Storage::Cassandra) { Level::Warning } else { Level::Advice };
            context
                .report_at(
                    name.place.clone(),
                    format!("`{}` is the partition key: an index on it is of no use, and Cassandra refuses it", shown(name.text)),
                )
                .level(level);
        }
    }
}

fn repeated<'r, 'n>(names: &'r [Name<'n>]) -> impl Iterator<Item = &'r Name<'n>> {
    names.iter().enumerate().filter(|(i, name)| names[..*i].iter().any(|earlier| earlier.text == name.text)).map(|(_, name)| name)
}
