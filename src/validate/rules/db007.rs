//! DB007: the login is there, and whole.

use crate::diagnostic::Level;
use crate::model::{Credentials, Storage};
use crate::validate::database::storage;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "DB007",
    summary: "the login is there, and whole",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("db007.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let Some(storage) = storage(context).filter(|s| *s != Storage::Grpc) else { return };
    let pointer = "/database/credentials";
    let (user, secret) = match storage {
        Storage::Dynamo => ("access key id", "secret access key"),
        Storage::Cosmos => ("user name", "account key"),
        _ => ("user name", "password"),
    };
    let (has_user, has_password) = match &context.deployment.database.credentials {
        Credentials::Secret(_) => return,
        Credentials::None => (false, false),
        Credentials::Plain { username, password } => (username.is_some(), password.is_some()),
    };
    let (level, message) = match storage {
        Storage::Dynamo if !(has_user && has_password) => (
            Level::Error,
            format!(
                "DynamoDB needs an {user} and a {secret}: the adapter builds static credentials and knows no IAM role, so the servers do not start without"
            ),
        ),
        Storage::Cosmos if !has_password => {
            (Level::Error, format!("Cosmos DB needs its {secret}, as the password of the login: the servers do not start without"))
        }
        Storage::Cassandra | Storage::Jdbc if !has_user && !has_password => (
            Level::Warning,
            "there are no credentials: the servers connect without a login, since the chart's own (`cassandra`) are emptied".to_owned(),
        ),
        Storage::Cassandra if has_user != has_password => {
            (Level::Warning, "with only one of user name and password the driver connects without any login".to_owned())
        }
        Storage::Jdbc if has_user != has_password => (Level::Warning, format!("the login has no {}", if has_user { secret } else { user })),
        _ => return,
    };
    context
        .report(pointer, message)
        .level(level)
        .help("name a Secret with the keys db-username and db-password under `database.credentials.existingSecret`");
}
