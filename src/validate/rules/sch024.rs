//! SCH024: loader options are ones that the storage has.

use crate::diagnostic::Level;
use crate::scalardb::{LoaderOption, facts};
use crate::validate::database::storage;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "SCH024",
    summary: "loader options are ones that the storage has",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("sch024.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let Some(storage) = storage(context) else { return };
    for option in &facts().loader_options {
        let pointer = format!("/schemaLoader/{}", option.key);
        if !is_used(context, option) || option.storages.iter().any(|s| s == storage.as_str()) {
            continue;
        }
        context
            .report(
                &pointer,
                format!(
                    "`{}` is an option for {}; storage {} has none such, and the loader ignores it",
                    option.key,
                    option.storages.join(" and "),
                    storage.as_str()
                ),
            )
            .see("/database/storage", "the storage")
            .help("take it out; where a lower layer gives it, take it back with null");
    }
}

/// Whether the key is given and gives an argument.
pub fn is_used(context: &Context<'_>, option: &LoaderOption) -> bool {
    let node = context.node(&format!("/schemaLoader/{}", option.key)).and_then(|n| n.as_scalar());
    node.is_some_and(|scalar| option.only.is_none_or(|value| scalar.text == value.to_string()))
}
