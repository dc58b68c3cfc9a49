//! DB011: the transaction manager is one that version and storage have.

use crate::config::decode::{nearest, shown};
use crate::diagnostic::Level;
use crate::model::Storage;
use crate::scalardb;
use crate::validate::database::storage;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "DB011",
    summary: "the transaction manager is one that version and storage have",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("db011.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    const MANAGER: &str = "/database/transaction/manager";
    let Some(storage) = storage(context).filter(|_| context.given(MANAGER)) else { return };
    let version = context.deployment.version;
    let manager = context.deployment.database.transaction.manager.as_str();
    let known = scalardb::managers(version, storage);
    if known.contains(&manager) {
        if storage == Storage::Grpc && manager == "consensus-commit" {
            context
                .report(MANAGER, "behind storage grpc stands ScalarDB Server with a transaction manager of its own: this one would run transactions of its own beside it")
                .level(Level::Warning)
                .see("/database/storage", "the storage")
                .help("`manager: grpc`, which is the default there");
        }
        return;
    }
    let help = match nearest(manager, known.iter().copied()) {
        Some(near) if near != manager => format!("did you mean `{near}`?"),
        _ => format!("one of {}", known.join(", ")),
    };
    let message = match scalardb::facts().managers.iter().find(|m| m.name == manager) {
        Some(word) if word.range.is_later(version) => {
            format!("the transaction manager `{manager}` came with {}; {version} does not know it", word.range.since())
        }
        Some(word) => format!("the transaction manager `{manager}` works with storage {} only", word.storage.as_deref().unwrap_or(manager)),
        None if manager == "cluster" => {
            "`cluster` belongs to the client library of ScalarDB Cluster; the GraphQL server does not know it".to_owned()
        }
        None => format!("`{}` is no transaction manager", shown(manager)),
    };
    context.report(MANAGER, message).see("/database/storage", "the storage").help(help);
}
