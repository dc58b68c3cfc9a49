//! Schema Loader.
use crate::compile::File;
use crate::model::Deployment;
use std::collections::BTreeMap;
pub mod contact_points {
    use crate::model::Deployment;
    pub fn for_chart(d: &Deployment) -> String {
        d.database.contact_points.join(",")
    }
}
pub fn files(_: &Deployment, _header: &str) -> BTreeMap<String, File> {
    BTreeMap::new()
}
