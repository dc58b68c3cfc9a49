//! `gqlgen render`: configs to generated files.
//!
//! A config is written only where nothing of it is refused. Configs do not wait for each other: all are processed before the exit.

use std::io;
use std::path::{Path, PathBuf};

use super::inputs::{self, Input};
use super::pipeline::{self, Built};
use super::{BATCH, CLEAN, FAILED, FINDINGS, Streams, coloured, report, standard_input};
use crate::cli::{Global, RenderArgs};
use crate::diagnostic::{Diagnostic, Level};
use crate::output::files::{self, Done, FileSet, Report, WriteFault};
use crate::report::text;

/// What is left of a config once it is done.
struct Outcome {
    diagnostics: Vec<Diagnostic>,
    code: u8,
    /// For standard output.
    printed: String,
    /// For standard error.
    told: String,
}

pub fn run(args: &RenderArgs, global: &Global, streams: &mut Streams<'_>) -> io::Result<u8> {
    let inputs = match inputs::of(&args.config) {
        Ok(inputs) => inputs,
        Err(none) => {
            writeln!(streams.err, "gqlgen: {}", none.0)?;
            return Ok(FAILED);
        }
    };
    let options = pipeline::Options::new(&args.config, &args.renderer);
    let mut code = CLEAN;
    let mut first_document = true;
    let progress = super::Progress::new(inputs.len(), streams.err_is_terminal && !global.quiet);
    for batch in inputs.chunks(BATCH) {
        let outcomes: Vec<io::Result<Outcome>> = super::each(batch, |input| {
            let outcome = one(args, global, input, &options);
            progress.step();
            outcome
        });
        for outcome in outcomes {
            let outcome = outcome?;
            code = code.max(outcome.code);
            progress.suspend(|| show(&outcome, global, streams, &mut first_document))?;
        }
    }
    progress.finish();
    Ok(code)
}

fn show(outcome: &Outcome, global: &Global, streams: &mut Streams<'_>, first_document: &mut bool) -> io::Result<()> {
    let least = match (global.quiet, global.verbose) {
        (true, _) => Level::Error,
        (false, 0) => Level::Warning,
        _ => Level::Advice,
    };
    let shown: Vec<Diagnostic> = outcome.diagnostics.iter().filter(|d| d.level >= least).cloned().collect();
    if !shown.is_empty() {
        let text = text::render(&report(&shown, &[]), coloured(global, streams.err_is_terminal));
        streams.err.write_all(text.as_bytes())?;
    }
    streams.err.write_all(outcome.told.as_bytes())?;
    if !outcome.printed.is_empty() {
        if outcome.printed.starts_with("# file: ") && !std::mem::take(first_document) {
            streams.out.write_all(b"---\n")?;
        }
        streams.out.write_all(outcome.printed.as_bytes())?;
    }
    Ok(())
}

fn one(args: &RenderArgs, global: &Global, input: &Input, options: &pipeline::Options) -> io::Result<Outcome> {
    let stdin = standard_input(&input.path)?;
    let built = pipeline::build(&input.path, stdin.as_deref(), options);
    let mut outcome = Outcome { diagnostics: built.diagnostics.clone(), code: CLEAN, printed: String::new(), told: String::new() };
    if built.unreadable {
        outcome.code = FAILED;
        return Ok(outcome);
    }
    if built.has_errors() {
        outcome.code = FINDINGS;
        outcome.told = format!("gqlgen: {}: refused, nothing of it was written\n", built.name);
        return Ok(outcome);
    }
    if args.output.as_deref().is_some_and(|o| o.as_os_str() == "-") {
        outcome.printed = documents(&built);
        return Ok(outcome);
    }
    let root = output_folder(args.output.as_deref(), input);
    let set = file_set(&built, &root);
    let scope = (!args.config.environments.is_empty()).then(|| args.config.environments.clone());
    match files::write(&set, &files::Options { scope, check: args.check }) {
        Ok(report) => {
            told(&report, &root, args.check, global, &mut outcome);
            if args.fail_on_change && !report.changes.is_empty() {
                outcome.code = FINDINGS;
            }
        }
        Err(fault) => {
            outcome.code = FAILED;
            outcome.told = failure(&built, &fault);
        }
    }
    Ok(outcome)
}

/// `rendered` beside the config, or the folder that was given with the config's own below it.
fn output_folder(output: Option<&Path>, input: &Input) -> PathBuf {
    let mut folder = match output {
        Some(folder) => folder.join(&input.below),
        None if input.path.as_os_str() == "-" => PathBuf::from("rendered"),
        None => input.path.parent().unwrap_or(Path::new("")).join("rendered"),
    };
    if let Some(name) = inputs::output_name(&input.path) {
        folder.push(name);
    }
    folder
}

fn config_name(built: &Built) -> &str {
    match built.name.rsplit('/').next() {
        Some("<stdin>") => "standard input",
        Some(file) => file,
        None => &built.name,
    }
}

fn file_set(built: &Built, root: &Path) -> FileSet {
    let config = config_name(built);
    let mut set = FileSet::new(root, config);
    for environment in &built.environments {
        for (path, file) in environment.files(config) {
            let path = environment.name().map_or(path.clone(), |name| format!("{name}/{path}"));
            if file.executable { set.add_executable(path, file.text) } else { set.add(path, file.text) }
        }
    }
    set
}

/// All files as documents, each headed by its path.
fn documents(built: &Built) -> String {
    let config = config_name(built);
    let mut text = String::new();
    for environment in &built.environments {
        for (path, file) in environment.files(config) {
            let path = environment.name().map_or(path.clone(), |name| format!("{name}/{path}"));
            if !text.is_empty() {
                text.push_str("---\n");
            }
            text.push_str(&format!("# file: {path}\n"));
            if path.ends_with(".yaml") {
                text.push_str(&file.text);
            } else {
                // A text that is no YAML is a document of one string.
                text.push_str(&crate::output::yaml::to_string(&serde_json::Value::String(file.text)));
            }
        }
    }
    text
}

fn told(report: &Report, root: &Path, check: bool, global: &Global, outcome: &mut Outcome) {
    let base = crate::config::layers::display(root);
    for change in &report.changes {
        let path = if base.is_empty() { change.path.clone() } else { format!("{base}/{}", change.path) };
        if check {
            let what = match change.done {
                Done::Created => "missing",
                Done::Updated => "stale",
                Done::UpdatedEdited => "edited by hand",
                Done::Removed | Done::RemovedEdited => "no longer generated",
            };
            outcome.code = FINDINGS;
            outcome.printed.push_str(&format!("{path}: {what}\n"));
            continue;
        }
        if change.done.was_edited() {
            outcome.told.push_str(&format!("warning: {path} had been edited by hand; the edit is gone\n"));
        }
        if !global.quiet {
            let what = match change.done {
                Done::Created => "created",
                Done::Updated | Done::UpdatedEdited => "updated",
                Done::Removed | Done::RemovedEdited => "removed",
            };
            outcome.printed.push_str(&format!("{what} {path}\n"));
        }
    }
    if check && !report.changes.is_empty() {
        outcome.told.push_str("gqlgen: generated files are not current; run `gqlgen render`\n");
    }
}

fn failure(built: &Built, fault: &WriteFault) -> String {
    format!("gqlgen: {}: {fault}\n", built.name)
}
