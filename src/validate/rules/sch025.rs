//! SCH025: loader options have values that the loader takes.

use crate::config::decode::{nearest, shown};
use crate::diagnostic::Level;
use crate::model::Storage;
use crate::scalardb::facts;
use crate::validate::database::storage;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "SCH025",
    summary: "loader options have values that the loader takes",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("sch025.md"),
    check: Check::Environment(check),
};

/// What is always to be said of NetworkTopologyStrategy.
pub const DATA_CENTRE: &str = "NetworkTopologyStrategy is made for a data centre called dc1, whatever the cluster's are: elsewhere the keyspace has no replicas and writes fail";

fn check(context: &Context<'_>) {
    for option in facts().loader_options.iter().filter(|o| !o.words.is_empty()) {
        let pointer = format!("/schemaLoader/{}", option.key);
        let Some(text) = context.node(&pointer).and_then(|n| n.as_scalar()).map(|s| s.text.as_str()) else { continue };
        if !option.words.iter().any(|word| word == text) {
            let class = [("SizeTiered", "STCS"), ("Leveled", "LCS"), ("TimeWindow", "TWCS")]
                .iter()
                .find(|(name, _)| text.contains(name))
                .map(|(_, word)| *word);
            let near =
                class.filter(|c| option.words.iter().any(|w| w == c)).or_else(|| nearest(text, option.words.iter().map(String::as_str)));
            context
                .report(&pointer, format!("`{}` takes {}; `{}` ends the loader", option.key, option.words.join(", "), shown(text)))
                .help(near.map_or_else(|| format!("one of {}", option.words.join(", ")), |near| format!("did you mean `{near}`?")));
        } else if text == "NetworkTopologyStrategy" && storage(context) == Some(Storage::Cassandra) {
            context.report(&pointer, DATA_CENTRE).level(Level::Warning).help("use SimpleStrategy, or name the data centre dc1");
        }
    }
    throughput(context);
}

fn throughput(context: &Context<'_>) {
    const UNITS: &str = "/schemaLoader/requestUnits";
    let Some(loader) = context.deployment.loader.as_ref().filter(|_| storage(context) == Some(Storage::Cosmos)) else { return };
    match loader.request_units.as_deref().map(str::parse::<u32>) {
        Some(Ok(units)) if units < 400 => {
            context.report(UNITS, "Cosmos DB takes 400 request units and more");
        }
        Some(Ok(units)) if units < 4000 && loader.scaling => {
            context
                .report(UNITS, "below 4000 request units the throughput is fixed: auto scaling begins at 4000")
                .level(Level::Advice)
                .help("say `scaling: false` where that is meant");
        }
        _ => {}
    }
}
