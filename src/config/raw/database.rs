//! `database` and `schemaLoader`.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::super::decode::{Decode, Faults, Map, OneOrMany, Port, SecretText, Text, choice, record, wrong_type};
use super::super::tree::{Core, Node};

choice! {
    /// The storage under ScalarDB.
    Storage {
        /// Apache Cassandra; contact points are host names or addresses.
        Cassandra = "cassandra",
        /// Azure Cosmos DB; the contact point is the account's URI.
        Cosmos = "cosmos",
        /// Amazon DynamoDB; the contact point is the region.
        Dynamo = "dynamo",
        /// A relational database; the contact point is a JDBC URL.
        Jdbc = "jdbc",
        /// A ScalarDB Server in between, which may use several storages.
        Grpc = "grpc",
    }
}

record! {
    /// The database behind ScalarDB.
    Database {
        /// The storage.
        storage "storage": StorageWord,
        /// Where the database is; the grammar depends on the storage. Written as meant: gqlgen escapes what the version needs.
        #[schemars(extend("examples" = ["ap-northeast-1", "jdbc:postgresql://db.internal:5432/shop", ["cassandra-0.internal", "cassandra-1.internal"]]))]
        contact_points "contactPoints": OneOrMany,
        /// Port of all contact points; by default the storage's usual one.
        contact_port "contactPort": Port,
        /// The login.
        credentials "credentials": Credentials,
        /// The transaction manager and its isolation.
        transaction "transaction": Transaction,
        /// Extra lines of the Schema Loader's `database.properties`. The chart cannot carry them to the servers.
        #[schemars(extend("default" = {}))]
        properties "properties": Map<Text>,
    }
}

/// A [`Storage`]; `multi-storage` is told apart, since the chart cannot carry it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StorageWord(pub Storage);

impl Decode for StorageWord {
    fn expected() -> String {
        Storage::expected()
    }
    fn decode(node: &Node, faults: &mut Faults) -> Option<Self> {
        let before = faults.len();
        let storage = Storage::decode(node, faults);
        let several = node.as_scalar().is_some_and(|s| s.text.eq_ignore_ascii_case("multi-storage"));
        if storage.is_none()
            && several
            && let Some(fault) = faults.get_mut(before)
        {
            fault.message = "the GraphQL chart cannot carry `multi-storage`: it has no place for the properties of several storages".into();
            fault.help = Some("put a ScalarDB Server that knows the storages in between, and use `storage: grpc` here".into());
        }
        storage.map(StorageWord)
    }
}

impl JsonSchema for StorageWord {
    fn inline_schema() -> bool {
        Storage::inline_schema()
    }
    fn schema_name() -> Cow<'static, str> {
        Storage::schema_name()
    }
    fn schema_id() -> Cow<'static, str> {
        Storage::schema_id()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Storage::json_schema(generator)
    }
}

record! {
    /// The database login: an existing Secret, or (only with `lint.allowPlainCredentials`) plain values.
    Credentials {
        /// Name of a Secret with the keys `db-username` and `db-password`, in the release's namespace.
        #[schemars(extend("examples" = ["scalardb-credentials"]))]
        existing_secret "existingSecret": Text,
        /// Plain user name: refused unless `lint.allowPlainCredentials` is true.
        username "username": SecretText,
        /// Plain password: refused unless `lint.allowPlainCredentials` is true.
        password "password": SecretText,
    }
}

record! {
    /// The transaction manager and its isolation, as ScalarDB writes them.
    Transaction {
        /// `consensus-commit`, `jdbc`, `grpc` or, from 3.13, `single-crud-operation`. By default `grpc` with storage `grpc`, else `consensus-commit`.
        #[schemars(extend("default" = "consensus-commit"))]
        manager "manager": Text,
        /// `SNAPSHOT` or `SERIALIZABLE`.
        #[schemars(extend("examples" = ["SNAPSHOT", "SERIALIZABLE"]))]
        isolation "isolation": Text,
        /// `EXTRA_READ` or `EXTRA_WRITE`, for isolation `SERIALIZABLE`.
        #[schemars(extend("examples" = ["EXTRA_READ", "EXTRA_WRITE"]))]
        serializable_strategy "serializableStrategy": Text,
    }
}

record! {
    /// How the Schema Loader runs.
    SchemaLoader {
        /// Make the coordinator tables too. By default true with `consensus-commit`.
        coordinator "coordinator": bool,
        /// Alter existing tables instead of creating them (`--alter`).
        #[schemars(extend("default" = false))]
        alter "alter": bool,
        /// Cassandra: replication factor.
        replication_factor "replicationFactor": Throughput,
        /// Cassandra: `SimpleStrategy` or `NetworkTopologyStrategy`.
        replication_strategy "replicationStrategy": Text,
        /// Cosmos DB and DynamoDB: request units of each table.
        request_units "requestUnits": Throughput,
        /// Cassandra: `STCS`, `LCS` or `TWCS`.
        compaction_strategy "compactionStrategy": Text,
        /// `false` switches auto scaling off (`--no-scaling`); Cosmos DB and DynamoDB.
        #[schemars(extend("default" = true))]
        scaling "scaling": bool,
        /// `false` switches continuous backup off (`--no-backup`); DynamoDB.
        #[schemars(extend("default" = true))]
        backup "backup": bool,
    }
}

/// A positive number that the loader takes as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Throughput(pub String);

impl Decode for Throughput {
    fn expected() -> String {
        "a positive integer".into()
    }
    fn decode(node: &Node, faults: &mut Faults) -> Option<Self> {
        let text = node.as_scalar().filter(|s| matches!(s.core(), Core::Integer | Core::Text)).and_then(|s| s.as_string());
        match text.filter(|t| !t.starts_with('0') && t.len() < 10 && t.bytes().all(|b| b.is_ascii_digit())) {
            Some(text) if !text.is_empty() => Some(Throughput(text.to_owned())),
            _ => {
                faults.push(wrong_type(node, &Self::expected()));
                None
            }
        }
    }
}

impl JsonSchema for Throughput {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "PositiveInteger".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [{ "type": "integer", "minimum": 1 }, { "type": "string", "pattern": "^[1-9][0-9]*$" }] })
    }
}
