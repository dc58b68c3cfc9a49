//! The model compiled into outputs: chart values, the Schema Loader's inputs, the cluster's files. Pure; nothing here reads or writes.

pub mod autoscaling;
pub mod cluster;
pub mod contact_points;
pub mod ingress;
pub mod loader;
pub mod scheduling;
pub mod schema_json;
pub mod values;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::model::Deployment;
use crate::resolve;

/// What one environment compiles to.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// The custom values as they are written: only what differs from the chart's defaults or must be pinned.
    pub values: Value,
    /// What the model alone gives, before the user's raw values and before defaults are taken out, with the config key of each value.
    pub derived: Derived,
    /// After Helm's merge over the chart's defaults: what templates see.
    pub merged_values: Value,
    /// Pointer into `values` -> pointer of the config key that feeds it. A pointer that is not there is fed by its nearest parent, if any.
    pub causes: BTreeMap<String, String>,
    /// Objects that gqlgen adds beside the chart's (autoscaler, disruption budget).
    pub objects: Vec<Value>,
}

/// The values that the model gives.
#[derive(Clone, Debug)]
pub struct Derived {
    pub values: Value,
    /// As [`Compiled::causes`], of `values`.
    pub causes: BTreeMap<String, String>,
}

impl Derived {
    /// The config key that feeds a value: its own, or that of the nearest parent that has one.
    pub fn cause(&self, pointer: &str) -> Option<&str> {
        let mut at = pointer;
        loop {
            if let Some(cause) = self.causes.get(at) {
                return Some(cause);
            }
            at = &at[..at.rfind('/')?];
        }
    }
}

/// A generated file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct File {
    pub text: String,
    pub executable: bool,
}

/// Compiles one environment.
pub fn compile(deployment: &Deployment) -> Compiled {
    let chart = resolve::chart();
    let version = chart.version(&deployment.chart_version).or_else(|| chart.newest()).expect("the chart has versions");
    let values = values::compile(deployment, chart, version);
    Compiled {
        values: values.custom,
        derived: values.derived,
        merged_values: values.merged,
        causes: values.causes,
        objects: autoscaling::objects(deployment),
    }
}

/// The objects of `schema-loader/job.yaml` and `eksctl/cluster.yaml`, which are deployed beside the release.
pub fn file_objects(deployment: &Deployment) -> Vec<Value> {
    let cluster = cluster::eksctl::cluster_config(&cluster::plan::Plan::new(deployment));
    loader::objects(deployment).into_iter().chain(cluster).collect()
}

/// Files by their path below the environment's folder, without the values file and `manifests.yaml`. `config` is the config's file name, for
/// their headers. No finding needs them, so they are made where they are wanted.
pub fn files(deployment: &Deployment, config: &str) -> BTreeMap<String, File> {
    loader::files(deployment, &crate::output::header(config)).into_iter().chain(cluster::files(deployment, config)).collect()
}
