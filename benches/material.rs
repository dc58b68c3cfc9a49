//! What the scripts `compare` and `found` give to other tools: `cargo run --example material -- chart VERSION DIR` writes a Helm chart of the
//! shape of the published one, `-- built CONFIG DIR` the values and objects of a config even where gqlgen refuses it.

use std::path::Path;
use std::process::ExitCode;

use gqlgen::chart::{self, Type};
use gqlgen::commands::pipeline::{self, MANIFESTS, VALUES};
use serde_json::{Map, Value, json};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["chart", version, folder] => write_chart(version, Path::new(folder)),
        ["built", config, folder] => write_built(Path::new(config), Path::new(folder)),
        _ => Err("material chart VERSION DIR | material built CONFIG DIR".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("material: {error}");
            ExitCode::from(2)
        }
    }
}

/// The templates of `fixtures/charts/parity` with the tables of a version.
fn write_chart(version: &str, folder: &Path) -> Result<()> {
    let chart = chart::find("scalardb-graphql").ok_or("no such chart")?;
    let version = chart.version(version).ok_or("no such version")?;
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/charts/parity");
    for entry in walkdir::WalkDir::new(&fixture) {
        let entry = entry?;
        let to = folder.join(entry.path().strip_prefix(&fixture)?);
        match entry.file_type().is_dir() {
            true => std::fs::create_dir_all(to)?,
            false => drop(std::fs::copy(entry.path(), to)?),
        }
    }
    let table = json!({"apiVersion": "v2", "name": chart.name(), "version": version.chart, "appVersion": version.app});
    std::fs::write(folder.join("Chart.yaml"), table.to_string())?;
    std::fs::write(folder.join("values.yaml"), chart.defaults(version).to_string())?;
    if chart.checks_types(version) {
        std::fs::write(folder.join("values.schema.json"), json_schema(chart.types(version)).to_string())?;
    }
    Ok(())
}

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

/// A folder for each environment with its values, its objects and `about.json`. Nothing where the config cannot be read at all.
fn write_built(config: &Path, folder: &Path) -> Result<()> {
    let built = pipeline::build(config, None, &pipeline::Options::default());
    for environment in &built.environments {
        let folder = folder.join(environment.name().unwrap_or("default"));
        std::fs::create_dir_all(&folder)?;
        let files = environment.files("gqlgen.yaml");
        for name in [VALUES, MANIFESTS] {
            if let Some(file) = files.get(name) {
                std::fs::write(folder.join(name), &file.text)?;
            }
        }
        let about = json!({
            "chart": environment.deployment.chart_version,
            "kubernetes": environment.release.kube_version.to_string(),
            "release": environment.release.name,
            "namespace": environment.release.namespace,
        });
        std::fs::write(folder.join("about.json"), about.to_string())?;
    }
    Ok(())
}
