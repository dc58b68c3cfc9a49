//! A chart that Helm takes, of the shape of the published one: the templates of `fixtures/charts/parity` with the tables of a version.

use std::path::Path;

use gqlgen::chart::{Chart, ChartVersion, Type};
use serde_json::{Map, Value, json};

fn json_schema(ty: &Type) -> Value {
    match ty {
        Type::Any => json!({}),
        Type::Array { items: Some(item) } => json!({"type": "array", "items": json_schema(item)}),
        Type::Object { keys, .. } => {
            let properties: Map<String, Value> = keys.iter().map(|(key, ty)| (key.clone(), json_schema(ty))).collect();
            json!({"type": "object", "properties": properties})
        }
        _ => json!({"type": ty.name()}),
    }
}

/// The fixture with the tables of a version, as a chart that Helm takes.
pub fn write_chart(folder: &Path, chart: &Chart, version: &ChartVersion) {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/charts/parity");
    for entry in walkdir::WalkDir::new(&fixture).into_iter().map(|e| e.expect("readable")).filter(|e| e.file_type().is_file()) {
        let to = folder.join(entry.path().strip_prefix(&fixture).expect("inside"));
        std::fs::create_dir_all(to.parent().expect("a folder")).expect("writable");
        std::fs::copy(entry.path(), to).expect("writable");
    }
    let table = json!({"apiVersion": "v2", "name": chart.name(), "version": version.chart, "appVersion": version.app});
    std::fs::write(folder.join("Chart.yaml"), table.to_string()).expect("writable");
    std::fs::write(folder.join("values.yaml"), chart.defaults(version).to_string()).expect("writable");
    if chart.checks_types(version) {
        std::fs::write(folder.join("values.schema.json"), json_schema(chart.types(version)).to_string()).expect("writable");
    }
}
