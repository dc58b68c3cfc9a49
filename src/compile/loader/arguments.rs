//! The loader's arguments, by storage. What a storage has not is left out here and reported by a rule.

use super::Run;
use crate::model::{Loader, Storage};

/// Arguments in a fixed order, for files at these paths.
pub fn of(run: &Run<'_>, properties: &str, schema: &str) -> Vec<String> {
    let mut words = vec!["-c".to_owned(), properties.to_owned()];
    if run.schema.is_some() {
        words.extend(["-f".to_owned(), schema.to_owned()]);
    }
    let Some(loader) = &run.deployment.loader else { return words };
    if loader.alter {
        words.push("--alter".to_owned());
    }
    if loader.coordinator {
        words.push("--coordinator".to_owned());
    }
    words.extend(of_storage(loader, run.deployment.database.storage));
    words
}

fn of_storage(loader: &Loader, storage: Storage) -> Vec<String> {
    let mut words = Vec::new();
    let mut option = |flag: &str, value: &Option<String>| {
        if let Some(value) = value {
            words.extend([flag.to_owned(), value.clone()]);
        }
    };
    match storage {
        Storage::Cassandra => {
            option("--replication-strategy", &loader.replication_strategy);
            option("--replication-factor", &loader.replication_factor);
            option("--compaction-strategy", &loader.compaction_strategy);
        }
        Storage::Cosmos | Storage::Dynamo => option("--ru", &loader.request_units),
        Storage::Jdbc | Storage::Grpc => {}
    }
    if matches!(storage, Storage::Cosmos | Storage::Dynamo) && !loader.scaling {
        words.push("--no-scaling".to_owned());
    }
    if storage == Storage::Dynamo && !loader.backup {
        words.push("--no-backup".to_owned());
    }
    words
}
