//! The Schema Loader's inputs: `database.properties`, `schema.json`, a Job that runs it in the cluster, and a script that runs it with docker.
//!
//! No credential is ever in them: from 3.8 on `database.properties` holds placeholders that ScalarDB looks up in the environment; before,
//! the two lines are added where the loader runs (an init container, or a temporary file of the script).

mod arguments;
mod job;
mod properties;
mod script;

use std::collections::BTreeMap;

use serde_json::Value;

use super::File;
use crate::model::{Deployment, Storage};
use crate::output;

pub use properties::lines;

/// The loader's image without its tag, which is the ScalarDB version.
pub const IMAGE: &str = "ghcr.io/scalar-labs/scalardb-schema-loader";
/// Environment variables that carry the login, with the Secret's keys that fill them and the properties that they fill.
pub const LOGIN: [(&str, &str, &str); 2] =
    [("SCALAR_DB_USERNAME", "db-username", "scalar.db.username"), ("SCALAR_DB_PASSWORD", "db-password", "scalar.db.password")];

const PROPERTIES: &str = "database.properties";
const SCHEMA: &str = "schema.json";

/// Files by their path below the environment's folder; none where there is nothing to load. `header` is the comment line, with its line
/// break, that opens each of them but `schema.json` (see [`output::header`]).
pub fn files(deployment: &Deployment, header: &str) -> BTreeMap<String, File> {
    let mut files = BTreeMap::new();
    let Some(run) = Run::of(deployment) else { return files };
    let mut add = |name: &str, text: String, executable: bool| {
        files.insert(format!("schema-loader/{name}"), File { text, executable });
    };
    add(PROPERTIES, output::properties::write(Some(header), &run.lines), false);
    if let Some(schema) = &run.schema {
        add(SCHEMA, schema.clone(), false);
    }
    add("job.yaml", format!("{header}{}", output::yaml::documents(&job::objects(&run))), false);
    add("run.sh", script::text(&run, header), true);
    files
}

/// The loader's ConfigMap and its Job; none where there is nothing to load.
pub fn objects(deployment: &Deployment) -> Vec<Value> {
    Run::of(deployment).map(|run| job::objects(&run)).unwrap_or_default()
}

/// The name of the loader's Job and of its ConfigMap: the release, cut where 63 characters would not hold it, and a hash of the content.
pub fn job_name(deployment: &Deployment) -> Option<String> {
    objects(deployment).first()?.pointer("/metadata/name")?.as_str().map(str::to_owned)
}

/// What the outputs share.
struct Run<'d> {
    deployment: &'d Deployment,
    /// Lines of `database.properties`.
    lines: Vec<(String, String)>,
    /// Text of `schema.json`.
    schema: Option<String>,
    image: String,
    login: Login,
}

/// How the loader gets its login.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Login {
    None,
    /// Placeholders in `database.properties`, filled from variables; the Secret's name.
    Placeholders(String),
    /// Lines that are added where the loader runs; the Secret's name.
    Lines(String),
}

impl Login {
    fn secret(&self) -> Option<&str> {
        match self {
            Login::None => None,
            Login::Placeholders(secret) | Login::Lines(secret) => Some(secret),
        }
    }
}

impl<'d> Run<'d> {
    fn of(deployment: &'d Deployment) -> Option<Run<'d>> {
        let loader = deployment.loader.as_ref().filter(|loader| loader.schema.is_some() || loader.coordinator)?;
        let login = match deployment.credentials_secret() {
            // The adapter for a ScalarDB Server reads no login.
            _ if deployment.database.storage == Storage::Grpc => Login::None,
            None => Login::None,
            Some(secret) if properties::has_placeholders(deployment.version) => Login::Placeholders(secret),
            Some(secret) => Login::Lines(secret),
        };
        Some(Run {
            deployment,
            lines: lines(deployment),
            schema: loader.schema.as_ref().map(schema_text),
            image: format!("{}:{}", deployment.mirrored(IMAGE), deployment.version),
            login,
        })
    }
}

fn schema_text(schema: &Value) -> String {
    format!("{schema:#}\n")
}

#[cfg(test)]
mod tests;
