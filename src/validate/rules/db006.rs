//! DB006: the contact port is used, and is the storage's.

use crate::diagnostic::Level;
use crate::model::Storage;
use crate::validate::database::storage;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "DB006",
    summary: "the contact port is used, and is the storage's",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("db006.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let (Some(storage), Some(port)) = (storage(context), context.deployment.database.contact_port) else { return };
    const PORT: &str = "/database/contactPort";
    match storage {
        Storage::Cosmos | Storage::Jdbc => {
            context
                .report(PORT, format!("storage {} has no contact port: it stands in the URL, and this one is ignored", storage.as_str()))
                .help("take it out, and write the port into `contactPoints`");
        }
        Storage::Dynamo => {
            context.report(PORT, "DynamoDB has no contact port: this one is ignored, and the servers talk to AWS").help("take it out");
        }
        Storage::Grpc if port == 9042 => {
            context
                .report(PORT, "9042 is Cassandra's port; ScalarDB Server listens on 60051")
                .help("leave it out, or write `contactPort: 60051`");
        }
        Storage::Cassandra if port == 60051 => {
            context
                .report(PORT, "60051 is the port of ScalarDB Server; Cassandra listens on 9042")
                .help("leave it out, or write Cassandra's port");
        }
        Storage::Cassandra | Storage::Grpc => {}
    }
}
