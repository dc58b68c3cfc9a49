//! The model compiled into outputs: chart values, the Schema Loader's inputs, the cluster's files. Pure; nothing here reads or writes.

use std::collections::BTreeMap;

use serde_json::Value;

/// What one environment compiles to.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// The custom values as they are written: only what differs from the chart's defaults or must be pinned.
    pub values: Value,
    /// After Helm's merge over the chart's defaults: what templates see.
    pub merged_values: Value,
    /// Pointer into `values` -> pointer of the config key that feeds it. A pointer that is not there is fed by its nearest parent, if any.
    pub causes: BTreeMap<String, String>,
    /// Files by their path below the environment's folder, without the values file and `manifests.yaml`.
    pub files: BTreeMap<String, File>,
    /// Objects that gqlgen adds beside the chart's (autoscaler, disruption budget).
    pub objects: Vec<Value>,
}

/// A generated file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct File {
    pub text: String,
    pub executable: bool,
}
