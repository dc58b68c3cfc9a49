//! What the scripts `compare` and `found` give to other tools: `cargo run --example material -- chart VERSION DIR` writes a Helm chart of the
//! shape of the published one, `-- built CONFIG DIR` the values and objects of a config even where gqlgen refuses it.

use std::path::Path;
use std::process::ExitCode;

use gqlgen::chart;
use gqlgen::commands::pipeline::{self, MANIFESTS, VALUES};
use serde_json::json;

#[path = "../tests/common/chart.rs"]
mod parity;

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

fn write_chart(version: &str, folder: &Path) -> Result<()> {
    let chart = chart::find("scalardb-graphql").ok_or("no such chart")?;
    parity::write_chart(folder, chart, chart.version(version).ok_or("no such version")?);
    Ok(())
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
