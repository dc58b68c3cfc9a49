//! The program from outside, as a user and a shell see it: exit codes, streams, files, and what it never says.

#[path = "../common/mod.rs"]
mod common;

mod compile;
mod inputs;
mod invalid;
mod offline;
mod secrets;
mod writing;

/// A config without errors and warnings.
pub const GOOD: &str = "apiVersion: gqlgen/v1\n\
    scalardb: \"3.8\"\n\
    database:\n  \
      storage: dynamo\n  \
      contactPoints: ap-northeast-1\n  \
      credentials: { existingSecret: scalardb-credentials }\n\
    graphql: { namespaces: [shop] }\n";

/// A new folder that holds one config.
pub fn with_config(text: impl AsRef<[u8]>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("gqlgen.yaml"), text).expect("written");
    folder
}

/// Arguments of a fixture: one on each line of its file `args`.
pub fn args_of(fixture: &std::path::Path) -> Vec<String> {
    let text = std::fs::read_to_string(fixture.join("args")).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}
