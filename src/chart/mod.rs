//! Helm charts, rendered natively: a chart's versions, defaults and value types as tables, its manifests as templates.
//!
//! A chart is a folder of `charts/` (see the README there), put into the binary by the build script; nothing here knows the name of a
//! chart or of one of its values. What is Helm's own is here: how values are merged and checked, how Go prints a value, how the printed
//! text is read again as YAML, in which order objects stand. Every table is parsed when it is first asked for, and once.

mod capabilities;
mod error;
mod functions;
mod go;
pub mod helm;
pub mod helm_yaml;
mod merge;
mod render;
mod rendered;
mod scope;
mod tables;
mod types;
pub mod user_values;

use std::sync::OnceLock;

use minijinja::Environment;
use serde_json::Value;

pub use capabilities::{BUILT_IN_APIS, KubeVersion};
pub use error::ChartError;
pub use go::{is_true, text as go_text};
pub use merge::merge_user_values;
pub use render::{Object, Release};
pub use types::{Type, ValueFault, ValuePath};

use tables::{Generation, Tables};

/// One chart with all its published versions.
pub struct Chart {
    name: &'static str,
    files: &'static [(&'static str, &'static str)],
    tables: OnceLock<Tables>,
    templates: OnceLock<Environment<'static>>,
}

/// One published version of a chart.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ChartVersion {
    /// The version of the chart itself.
    pub chart: String,
    /// `appVersion` of the chart.
    pub app: String,
    /// The image tag among its defaults.
    pub image_tag: String,
    /// Versions of one generation have the same templates and value types.
    pub generation: String,
}

include!(concat!(env!("OUT_DIR"), "/charts.rs"));

/// The chart of that name.
pub fn find(name: &str) -> Option<&'static Chart> {
    CHARTS.iter().find(|chart| chart.name == name)
}

/// All embedded charts, sorted by name.
pub fn all() -> &'static [Chart] {
    &CHARTS
}

impl Chart {
    const fn embedded(name: &'static str, files: &'static [(&'static str, &'static str)]) -> Chart {
        Chart { name, files, tables: OnceLock::new(), templates: OnceLock::new() }
    }

    /// A chart whose files are not those of this program, for tests of the engine. It lives as long as the program.
    pub fn from_files(name: &'static str, files: &'static [(&'static str, &'static str)]) -> &'static Chart {
        Box::leak(Box::new(Chart::embedded(name, files)))
    }

    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The published versions, oldest first.
    pub fn versions(&self) -> &[ChartVersion] {
        &self.tables().versions
    }

    /// The last one of the table.
    pub fn newest(&self) -> Option<&ChartVersion> {
        self.versions().last()
    }

    pub fn version(&self, version: &str) -> Option<&ChartVersion> {
        self.versions().iter().find(|row| row.chart == version)
    }

    /// The values of a version before anybody's own.
    pub fn defaults(&self, version: &ChartVersion) -> &Value {
        &self.generation(version).defaults
    }

    /// The user's values over the version's defaults, as Helm merges them: maps merge, anything else replaces, and null takes a default
    /// away. A null that meets no default stays.
    pub fn merge(&self, version: &ChartVersion, user: &Value) -> Value {
        merge::over_defaults(user, self.defaults(version))
    }

    /// The keys that the version's templates read, with their types.
    pub fn value_paths(&self, version: &ChartVersion) -> Vec<ValuePath> {
        self.generation(version).types.paths()
    }

    /// The types of the values of a version, as a tree.
    pub fn types(&self, version: &ChartVersion) -> &Type {
        &self.generation(version).types
    }

    /// Whether Helm itself refuses values of a wrong type for this version.
    pub fn checks_types(&self, version: &ChartVersion) -> bool {
        self.generation(version).checked
    }

    /// What Helm refuses in merged `values` before it renders; nothing for a version without a values schema.
    pub fn check_values(&self, version: &ChartVersion, values: &Value) -> Vec<ValueFault> {
        let generation = self.generation(version);
        if generation.checked { generation.types.check(values) } else { Vec::new() }
    }

    /// Merges and checks the user's values, and renders the objects of all templates, in the order in which `helm template` prints them.
    pub fn render(&self, version: &ChartVersion, user: &Value, release: &Release) -> Result<Vec<Object>, ChartError> {
        render::render(self, version, user, release)
    }

    fn file(&self, path: &str) -> Option<&'static str> {
        self.files.iter().find(|(name, _)| *name == path).map(|(_, text)| *text)
    }

    fn tables(&self) -> &Tables {
        self.tables.get_or_init(|| Tables::read(self.file("chart.yaml").unwrap_or_default()))
    }

    fn generation(&self, version: &ChartVersion) -> &Generation {
        self.tables().generation(self, version)
    }

    fn environment(&self) -> &Environment<'static> {
        self.templates.get_or_init(|| render::environment(self.files))
    }
}
