//! The tables of a chart: `chart.yaml`, and per version `values.yaml` and `values.schema.yaml`, which are templates.
//!
//! They are part of the program: one that cannot be read is a defect of the build, which the tests of the chart show.

use std::sync::OnceLock;

use minijinja::context;
use serde_json::Value;

use super::types::Type;
use super::{Chart, ChartVersion, helm_yaml, rendered};
use crate::source::Source;

pub struct Tables {
    pub versions: Vec<ChartVersion>,
    generations: Vec<OnceLock<Generation>>,
}

/// What versions of one generation share, but for the version numbers among the defaults: kept for each version.
pub struct Generation {
    pub defaults: Value,
    pub types: Type,
    pub checked: bool,
}

impl Tables {
    pub fn read(text: &str) -> Tables {
        let table = read_table("chart.yaml", text);
        let text_of = |row: &Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
        let versions: Vec<ChartVersion> = table["versions"]
            .as_array()
            .map(|rows| {
                rows.iter()
                    .map(|row| ChartVersion {
                        chart: text_of(row, "chart"),
                        app: text_of(row, "app"),
                        image_tag: text_of(row, "imageTag"),
                        generation: text_of(row, "generation"),
                    })
                    .collect()
            })
            .unwrap_or_default();
        let generations = versions.iter().map(|_| OnceLock::new()).collect();
        Tables { versions, generations }
    }

    pub fn generation(&self, chart: &Chart, version: &ChartVersion) -> &Generation {
        let row = self.versions.iter().position(|row| row == version).expect("a version of this chart");
        self.generations[row].get_or_init(|| Generation::read(chart, version))
    }
}

impl Generation {
    fn read(chart: &Chart, version: &ChartVersion) -> Generation {
        let environment = chart.environment();
        let context = context! { Chart => super::render::chart_context(chart, version), generation => version.generation.as_str() };
        let table = |file: &str| {
            let text = chart.file(file).unwrap_or_default();
            let text = environment.render_named_str(file, text, &context).expect("the chart's own tables render");
            read_table(file, &text)
        };
        let schema = table("values.schema.yaml");
        Generation {
            defaults: table("values.yaml"),
            types: Type::read(&schema["values"]),
            checked: schema["checked"].as_bool().unwrap_or_default(),
        }
    }
}

fn read_table(name: &str, text: &str) -> Value {
    if let Some(mut documents) = rendered::read(text, |_| false, &|_| None)
        && let Some((value, _)) = documents.pop()
    {
        return value;
    }
    let document = crate::config::yaml::parse(&Source::new(name, text)).expect("the chart's own tables are YAML");
    helm_yaml::to_value(&document.root)
}
