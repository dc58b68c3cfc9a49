//! The lines of `database.properties`.

use super::LOGIN;
use crate::compile::contact_points::{self, PLACEHOLDERS_SINCE, literal};
use crate::model::{Deployment, Storage, Version};

/// Keys and values in a fixed order, the user's own last, not yet escaped for the file.
pub fn lines(deployment: &Deployment) -> Vec<(String, String)> {
    let database = &deployment.database;
    let version = deployment.version;
    let mut lines = Vec::new();
    let mut add = |key: &str, value: String| lines.push((key.to_owned(), value));
    add("scalar.db.storage", database.storage.as_str().to_owned());
    add("scalar.db.contact_points", contact_points::for_properties(database, version));
    if let Some(port) = database.contact_port.filter(|_| uses_port(database.storage)) {
        add("scalar.db.contact_port", port.to_string());
    }
    if has_placeholders(version) && database.storage != Storage::Grpc && deployment.credentials_secret().is_some() {
        for (variable, _, property) in LOGIN {
            add(property, format!("${{env:{variable}}}"));
        }
    }
    let transaction = &database.transaction;
    add("scalar.db.transaction_manager", transaction.manager.clone());
    if let Some(isolation) = &transaction.isolation {
        add("scalar.db.consensus_commit.isolation_level", literal(isolation, version));
    }
    if let Some(strategy) = &transaction.serializable_strategy {
        add("scalar.db.consensus_commit.serializable_strategy", literal(strategy, version));
    }
    for (key, value) in &database.properties {
        add(key, literal(value, version));
    }
    lines
}

pub fn has_placeholders(version: Version) -> bool {
    version.at_least(PLACEHOLDERS_SINCE)
}

/// Whether the storage takes its port from `scalar.db.contact_port`.
fn uses_port(storage: Storage) -> bool {
    matches!(storage, Storage::Cassandra | Storage::Grpc)
}
