//! The user's own Helm in place of the native templates: `helm template` of a chart archive or folder, read back as objects.
//!
//! This is the one place of `chart` that starts a program. Nothing of the values is put on a command line.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use super::helm_yaml;
use super::{Object, Release};
use crate::source::Source;

/// Why Helm gave no objects.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum HelmError {
    /// `helm` is not there or cannot be run.
    NotRun(String),
    /// Helm refused the chart or the values; what it said.
    Refused(String),
}

impl std::fmt::Display for HelmError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            HelmError::NotRun(why) => write!(f, "`helm` cannot be run: {why}"),
            HelmError::Refused(said) => write!(f, "helm refuses: {said}"),
        }
    }
}

/// Renders `values`, a YAML text, with the chart at `chart`.
pub fn render(chart: &Path, values: &str, release: &Release) -> Result<Vec<Object>, HelmError> {
    let not_run = |e: std::io::Error| HelmError::NotRun(e.to_string());
    let version = &release.kube_version;
    let mut command = Command::new("helm");
    command.arg("template").arg(&release.name).arg(chart).args(["--namespace", &release.namespace, "--values", "-"]);
    command.args(["--kube-version", &format!("{}.{}.{}", version.major, version.minor, version.patch)]);
    for api in &release.api_versions {
        command.args(["--api-versions", api]);
    }
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(not_run)?;
    let mut stdin = child.stdin.take();
    let written = std::thread::scope(|scope| {
        let writer = scope.spawn(move || stdin.take().map_or(Ok(()), |mut pipe| pipe.write_all(values.as_bytes())));
        let output = child.wait_with_output();
        // A pipe that Helm closed early is told by what it says.
        let _ = writer.join();
        output
    });
    let output = written.map_err(not_run)?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let said: Vec<&str> = said.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
        return Err(HelmError::Refused(crate::redact::mask_text(&said.join(" "))));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    objects(&text).map_err(HelmError::Refused)
}

/// The documents of `helm template`'s output, with the template that each comes from.
fn objects(text: &str) -> Result<Vec<Object>, String> {
    let source = Source::new("helm template", text);
    let documents = crate::config::yaml::parse_all(&source).map_err(|d| d.message)?;
    let mut found = Vec::new();
    for document in documents {
        let before = &text[..document.root.place.span.start.offset as usize];
        let template = before.rfind("# Source: ").map_or("", |i| before[i + 10..].lines().next().unwrap_or("")).to_owned();
        let value = helm_yaml::to_value(&document.root);
        if value.is_object() {
            found.push(Object { template, value, bare: Vec::new() });
        }
    }
    Ok(found)
}
