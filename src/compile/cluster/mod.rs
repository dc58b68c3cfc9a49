//! The cluster's side of a deployment: eksctl's files, Helm values for the controllers, and the runbook.
//!
//! Everything follows from the [`plan::Plan`]. Pure; nothing here asks AWS.

pub mod causes;
mod diagram;
pub mod eksctl;
pub mod facts;
pub mod helm_values;
mod images;
pub mod plan;
pub mod room;
mod runbook;

use std::collections::BTreeMap;

use super::File;
use crate::model::Deployment;
use crate::output;
use plan::Plan;

/// Path of the ClusterConfig below an environment's folder.
pub const CLUSTER: &str = "eksctl/cluster.yaml";
pub const CONTROLLER_VALUES: &str = "eksctl/aws-load-balancer-controller-values.yaml";
pub const AUTOSCALER_VALUES: &str = "eksctl/cluster-autoscaler-values.yaml";
pub const RUNBOOK: &str = "RUNBOOK.md";

/// The files of the cluster's side by their paths below the environment's folder; `config` is the config's file name for their first lines.
pub fn files(deployment: &Deployment, config: &str) -> BTreeMap<String, File> {
    let plan = Plan::new(deployment);
    let yaml = [
        (CLUSTER, eksctl::cluster_config(&plan)),
        (CONTROLLER_VALUES, helm_values::load_balancer_controller(&plan)),
        (AUTOSCALER_VALUES, helm_values::cluster_autoscaler(&plan)),
    ];
    let yaml = yaml.into_iter().filter_map(|(path, value)| {
        let text = format!("{}{}", output::header(config), output::yaml::to_string(&value?));
        Some((path.to_owned(), File { text, executable: false }))
    });
    let runbook = File { text: format!("{}{}", output::header_markdown(config), runbook::text(&plan)), executable: false };
    yaml.chain([(RUNBOOK.to_owned(), runbook)]).collect()
}
