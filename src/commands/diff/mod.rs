//! `gqlgen diff`: what a change will do to what is deployed.
//!
//! Only wires: configs are built, each source gives the other side, the engine compares, a renderer shows.

mod against;
mod cause;
mod sides;

use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use clap::ValueEnum;

use super::changed;
use super::inputs::{self, Input};
use super::pipeline::{self, Built};
use super::{CLEAN, FAILED, FINDINGS, Streams, coloured, report, standard_input};
use crate::cli::{ConfigArgs, Global, RendererArgs};
use crate::diagnostic::{Diagnostic, Level};
use crate::diff::deployed::cluster::Access;
use crate::diff::deployed::{Fault, Source};
use crate::diff::{Diff, Ignore, Impact, Options};
use crate::report::{diff_github, diff_html, diff_json, diff_markdown, diff_text, text};
use against::Against;

#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    #[command(flatten)]
    pub config: ConfigArgs,
    /// What is deployed: `git:REV`, a file or folder (values, manifests, output of `helm get` or `kubectl get`, an earlier `rendered`), `-`,
    /// `release` (Helm's record in the cluster), `live` (the cluster's objects); `release` and `live` together tell pending changes from drift
    #[arg(long, value_name = "SOURCE", required_unless_present = "snapshot", value_parser = Source::parse)]
    pub against: Vec<Source>,
    /// Format of the report
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
    /// Least impact that makes the exit code 1; `none` is any change, `never` gives 0 whatever changed
    #[arg(long, value_enum, default_value_t, value_name = "IMPACT")]
    pub fail_on: FailOn,
    /// Leave a path out (repeatable): `/spec/replicas`, `Deployment:/spec/replicas`, `Deployment/NAME:/spec`, or an annotation's key; `*` is a wildcard
    #[arg(long, value_name = "PATH", value_parser = Ignore::parse)]
    pub ignore: Vec<Ignore>,
    /// Keep what is deployed in this file (with `release` or `live`), or compare with what it holds
    #[arg(long, value_name = "FILE")]
    pub snapshot: Option<PathBuf>,
    /// Show credentials, which are masked otherwise
    #[arg(long)]
    pub show_secrets: bool,
    /// The kubeconfig [default: as kubectl]
    #[arg(long, value_name = "FILE")]
    pub kubeconfig: Option<PathBuf>,
    /// The kubeconfig's context
    #[arg(long, value_name = "NAME")]
    pub context: Option<String>,
}

#[derive(ValueEnum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    #[default]
    Text,
    Json,
    Markdown,
    Html,
    Github,
}

#[derive(ValueEnum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FailOn {
    #[default]
    None,
    InPlace,
    Traffic,
    Restart,
    Replace,
    Refused,
    Never,
}

impl FailOn {
    fn least(self) -> Option<Impact> {
        match self {
            FailOn::None => Some(Impact::None),
            FailOn::InPlace => Some(Impact::InPlace),
            FailOn::Traffic => Some(Impact::Traffic),
            FailOn::Restart => Some(Impact::Restart),
            FailOn::Replace => Some(Impact::Replace),
            FailOn::Refused => Some(Impact::Refused),
            FailOn::Never => None,
        }
    }
}

/// A config that is compared.
struct Wanted<'a> {
    input: &'a Input,
    built: Built,
}

/// The config's own list, of all its environments. An entry that cannot be read is a finding of its own.
fn ignored(built: &Built) -> impl Iterator<Item = Ignore> {
    let lists = built.environments.iter().filter_map(|e| e.layered.settings.diff.as_ref()?.value.ignore.as_ref());
    lists.flat_map(|list| &list.value).filter_map(|path| Ignore::parse(&path.value).ok())
}

pub fn run(args: &Args, global: &Global, streams: &mut Streams<'_>) -> io::Result<u8> {
    let gone = match gone(args) {
        Ok(gone) => gone,
        Err(message) => return failed(streams, &message),
    };
    let mut inputs = match inputs::of(&args.config) {
        Ok(inputs) => inputs,
        // The change takes away the only configs that there were.
        Err(_) if !gone.is_empty() => Vec::new(),
        Err(none) => return failed(streams, &none.0),
    };
    inputs.retain(|input| !gone.contains(&input.path));
    let from_stdin = inputs.iter().filter(|i| i.path.as_os_str() == "-").count();
    if from_stdin > 0 && args.against.contains(&Source::Path("-".into())) {
        return failed(streams, "standard input cannot be both the config and what it is compared with");
    }
    let building = pipeline::Options::new(&args.config, &RendererArgs::default());
    let engine = Options { ignore: args.ignore.clone(), show_secrets: args.show_secrets };
    let access = Access { kubeconfig: args.kubeconfig.clone(), context: args.context.clone() };
    let mut against = match Against::new(&args.against, args.snapshot.as_deref(), access) {
        Ok(against) => against,
        Err(fault) => return failed(streams, &fault.to_string()),
    };
    let (mut code, mut diffs) = (CLEAN, Vec::new());
    for input in &inputs {
        let stdin = standard_input(&input.path)?;
        let built = pipeline::build(&input.path, stdin.as_deref(), &building);
        code = code.max(findings(&built, global, streams)?);
        if built.unreadable || built.environments.iter().any(|e| e.chart_objects.is_empty()) {
            continue;
        }
        let options = Options { ignore: engine.ignore.iter().cloned().chain(ignored(&built)).collect(), ..engine };
        match against.diff(&Wanted { input, built }, &options) {
            Ok(diff) => diffs.push(diff),
            Err(fault) => {
                writeln!(streams.err, "gqlgen: {fault}")?;
                code = FAILED;
            }
        }
    }
    for path in &gone {
        match against.gone(path, &args.config.environments, &engine) {
            Ok(diff) => diffs.push(diff),
            Err(fault) => {
                writeln!(streams.err, "gqlgen: {fault}")?;
                code = FAILED;
            }
        }
    }
    for word in against.words() {
        writeln!(streams.err, "gqlgen: {word}")?;
    }
    if let Some(fault) = against.save(SystemTime::now()).err() {
        writeln!(streams.err, "gqlgen: {fault}")?;
        code = FAILED;
    }
    if diffs.is_empty() && code != CLEAN {
        return Ok(code);
    }
    let mut diff = Diff::join(diffs);
    diff.notes.extend(against.notes());
    show(&diff, args, global, streams)?;
    let reached = args.fail_on.least().is_some_and(|least| diff.reaches(least));
    Ok(code.max(if reached { FINDINGS } else { CLEAN }))
}

/// Configs that a change takes away: they show in a comparison with the revision that it starts from.
fn gone(args: &Args) -> Result<Vec<PathBuf>, String> {
    match (&args.config.changed_since, args.against.as_slice()) {
        (Some(revision), [Source::Git(_)]) => changed::gone(revision, &args.config.inputs),
        _ => Ok(Vec::new()),
    }
}

fn failed(streams: &mut Streams<'_>, message: &str) -> io::Result<u8> {
    writeln!(streams.err, "gqlgen: {message}")?;
    Ok(FAILED)
}

/// Says what is wrong with the wanted config; its findings are `validate`'s matter, so only errors count.
fn findings(built: &Built, global: &Global, streams: &mut Streams<'_>) -> io::Result<u8> {
    let least = if global.verbose > 0 { Level::Warning } else { Level::Error };
    let shown: Vec<Diagnostic> = built.diagnostics.iter().filter(|d| d.level >= least).cloned().collect();
    if !shown.is_empty() {
        let text = text::render(&report(&shown, &[]), coloured(global, streams.err_is_terminal));
        streams.err.write_all(text.as_bytes())?;
    }
    Ok(match (built.unreadable, built.has_errors()) {
        (true, _) => FAILED,
        (false, true) => FINDINGS,
        (false, false) => CLEAN,
    })
}

fn show(diff: &Diff, args: &Args, global: &Global, streams: &mut Streams<'_>) -> io::Result<()> {
    let text = match args.format {
        Format::Text => diff_text::render(diff, coloured(global, streams.out_is_terminal)),
        Format::Json => diff_json::render(diff),
        Format::Markdown => diff_markdown::render(diff),
        Format::Html => diff_html::render(diff),
        Format::Github => diff_github::render(diff),
    };
    if args.format == Format::Text && !global.quiet {
        for note in &diff.notes {
            writeln!(streams.err, "gqlgen: {note}")?;
        }
    }
    streams.out.write_all(text.as_bytes())
}

/// The folder of a config and its name there; standard input stands here.
fn place(input: &Path) -> (PathBuf, String) {
    if input.as_os_str() == "-" {
        return (PathBuf::new(), "gqlgen.yaml".to_owned());
    }
    let name = input.file_name().map_or_else(|| "gqlgen.yaml".to_owned(), |n| n.to_string_lossy().into_owned());
    (input.parent().unwrap_or(Path::new("")).to_owned(), name)
}

/// Shorthand of the submodules.
type Outcome<T> = Result<T, Fault>;
