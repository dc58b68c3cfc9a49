//! `gqlgen template`: a chart's objects for values files, with the flags and the output of `helm template`.
//!
//! Limits: no notes, hooks or CRDs, which the charts have not; values files are local files or standard input.

use std::fmt::Write as _;
use std::io::{self, Read as _, Write};
use std::path::PathBuf;

use serde_json::{Map, Value};

use crate::chart::user_values::{self, SetType, ValuesFile};
use crate::chart::{self, Chart, ChartError, ChartVersion, KubeVersion, Object, Release, merge_user_values};
use crate::diagnostic::Diagnostic;
use crate::output::yaml;
use crate::source::{Place, Pointer};

/// Longest release name that Helm takes.
const RELEASE_LENGTH: usize = 53;

#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    /// Name of the release
    #[arg(default_value = "release-name")]
    pub release: String,
    /// Values file, `-` for standard input; of several the last wins
    #[arg(short = 'f', long = "values", value_name = "FILE", value_delimiter = ',')]
    pub values: Vec<PathBuf>,
    /// Values on the command line, such as `a.b=c,d={e,f},g[0].h=i`
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// The same, but every value is a text
    #[arg(long, value_name = "KEY=VALUE")]
    pub set_string: Vec<String>,
    /// Name of the chart
    #[arg(long, value_name = "NAME", default_value = "scalardb-graphql")]
    pub chart: String,
    /// Version of the chart [default: the newest known]
    #[arg(long, value_name = "VERSION")]
    pub chart_version: Option<String>,
    /// Namespace of the release
    #[arg(short, long, default_value = "default")]
    pub namespace: String,
    /// Kubernetes version of the cluster [default: the newest known]
    #[arg(long, value_name = "VERSION")]
    pub kube_version: Option<KubeVersion>,
    /// APIs that the cluster serves beside the built-in ones, such as monitoring.coreos.com/v1
    #[arg(short, long, value_name = "GROUP/VERSION", value_delimiter = ',')]
    pub api_versions: Vec<String>,
}

/// Why there is no output: the exit code, and what to tell.
struct Refusal {
    code: u8,
    lines: Vec<String>,
}

impl Refusal {
    fn new(code: u8, line: impl Into<String>) -> Refusal {
        Refusal { code, lines: vec![line.into()] }
    }
}

/// Prints the objects to `out`; what is wrong goes to `err`.
/// The exit code: 0 rendered, 1 Helm would refuse the values or the names, 2 an input is unreadable or unknown.
pub fn run(args: &Args, out: &mut dyn Write, err: &mut dyn Write) -> io::Result<u8> {
    match rendered(args) {
        Ok(text) => {
            out.write_all(text.as_bytes())?;
            Ok(0)
        }
        Err(refusal) => {
            for line in &refusal.lines {
                writeln!(err, "error: {line}")?;
            }
            Ok(refusal.code)
        }
    }
}

fn rendered(args: &Args) -> Result<String, Refusal> {
    let (chart, version) = find_version(args)?;
    let files = args.values.iter().map(read_file).collect::<Result<Vec<_>, _>>()?;
    let mut values = Map::new();
    for file in &files {
        merge_user_values(&mut values, file.values.clone());
    }
    for (arguments, flag, kind) in [(&args.set, "--set", SetType::Typed), (&args.set_string, "--set-string", SetType::Text)] {
        for argument in arguments {
            user_values::set(&mut values, argument, kind).map_err(|fault| Refusal::new(1, format!("{flag}: {fault}")))?;
        }
    }
    if !is_release_name(&args.release) {
        let wanted = format!("at most {RELEASE_LENGTH} lower-case letters, digits, `-` and `.`, with a letter or digit at both ends");
        return Err(Refusal::new(1, format!("`{}` is no release name: {wanted}", args.release)));
    }
    let release = Release {
        name: args.release.clone(),
        namespace: args.namespace.clone(),
        kube_version: args.kube_version.unwrap_or(KubeVersion::NEWEST),
        api_versions: args.api_versions.clone(),
    };
    let objects = chart.render(version, &Value::Object(values), &release).map_err(|error| explain(&error, &files))?;
    Ok(print(&objects))
}

fn find_version(args: &Args) -> Result<(&'static Chart, &'static ChartVersion), Refusal> {
    let chart = chart::find(&args.chart).ok_or_else(|| {
        let known: Vec<&str> = chart::all().iter().map(Chart::name).collect();
        Refusal::new(2, format!("there is no chart `{}` here, but: {}", args.chart, known.join(", ")))
    })?;
    let version = match &args.chart_version {
        Some(wanted) => chart.version(wanted.strip_prefix('v').unwrap_or(wanted)),
        None => chart.newest(),
    };
    let version = version.ok_or_else(|| {
        let newest = chart.newest().map(|v| v.chart.as_str()).unwrap_or_default();
        let wanted = args.chart_version.as_deref().unwrap_or_default();
        Refusal::new(2, format!("chart {} has no known version `{wanted}`; the newest known is {newest}", chart.name()))
    })?;
    Ok((chart, version))
}

fn read_file(path: &PathBuf) -> Result<ValuesFile, Refusal> {
    let unreadable = |error: io::Error| Refusal::new(2, format!("{}: {error}", path.display()));
    let (name, bytes) = if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).map_err(unreadable)?;
        ("<stdin>".to_owned(), bytes)
    } else {
        (path.display().to_string(), std::fs::read(path).map_err(unreadable)?)
    };
    user_values::read_file(&name, &bytes).map_err(|fault| Refusal { code: 2, lines: vec![shown(&fault)] })
}

fn shown(fault: &Diagnostic) -> String {
    format!("{}: {}", at(&fault.place), fault.message)
}

fn at(place: &Place) -> String {
    let start = place.span.start;
    format!("{}:{}:{}", place.source.name, start.line, start.column)
}

/// As Helm's: DNS names, one or more.
fn is_release_name(name: &str) -> bool {
    let alphanumeric = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let label = |label: &str| {
        let bytes = label.as_bytes();
        alphanumeric(bytes.first()) && alphanumeric(bytes.last()) && bytes.iter().all(|b| alphanumeric(Some(b)) || *b == b'-')
    };
    name.len() <= RELEASE_LENGTH && name.split('.').all(label)
}

/// A line for each value that is wrong, with its place in the values files where it has one.
fn explain(error: &ChartError, files: &[ValuesFile]) -> Refusal {
    let lines = match error {
        ChartError::Values(faults) => faults
            .iter()
            .map(|fault| match place_of(&fault.pointer, files) {
                Some(place) => format!("{}: {fault}", at(&place)),
                None => fault.to_string(),
            })
            .collect(),
        ChartError::Template { values, .. } => {
            let mut line = error.to_string();
            for pointer in values {
                if let Some(place) = place_of(pointer, files) {
                    let _ = write!(line, "; {pointer} is set at {}", at(&place));
                }
            }
            vec![line]
        }
    };
    Refusal { code: 1, lines }
}

/// The deepest node on the way to a value, in the last file that has any of it.
fn place_of(pointer: &Pointer, files: &[ValuesFile]) -> Option<Place> {
    files
        .iter()
        .rev()
        .map(|file| file.root.nearest(pointer).0)
        .find(|node| node.place.pointer != Pointer::root())
        .map(|node| node.place.clone())
}

/// The objects as `helm template` prints them.
fn print(objects: &[Object]) -> String {
    let mut text = String::new();
    for object in objects {
        let _ = writeln!(text, "---\n# Source: {}", object.template);
        text.push_str(&print_object(object));
    }
    text
}

/// Scalars that the template prints without quotes stand as it prints them, so that every reader sees what Helm shows it.
fn print_object(object: &Object) -> String {
    if object.bare.is_empty() {
        return yaml::to_string(&object.value);
    }
    let mut value = object.value.clone();
    let content = value.to_string();
    let stem = (0..).map(|n| format!("bareScalar{n}of")).find(|stem| !content.contains(stem)).unwrap_or_default();
    let mut texts = Vec::new();
    for (pointer, text) in &object.bare {
        if let Some(place) = value.pointer_mut(pointer.as_str()) {
            *place = Value::String(format!("{stem}{}x", texts.len()));
            texts.push(text);
        }
    }
    let printed = yaml::to_string(&value);
    texts.iter().enumerate().fold(printed, |printed, (i, text)| printed.replace(&format!("{stem}{i}x"), text))
}
