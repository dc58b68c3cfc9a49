//! One file per command; each only wires stages, prints to the streams it is given, and gives the exit code.

pub mod changed;
pub mod diff;
pub mod explain;
mod foreign;
pub mod init;
pub mod inputs;
pub mod pipeline;
mod progress;
pub mod render;
pub mod template;
pub mod validate;

use std::io::{self, IsTerminal, Read, Write};
use std::path::Path;

use clap::CommandFactory;
pub use progress::Progress;
use rayon::prelude::*;

use crate::cli::{Cli, Color, Command, Global};
use crate::config::{schema, yaml};
use crate::diagnostic::RuleId;
use crate::report::{NotChecked, Report, RuleInfo};
use crate::validate::rules;

/// Clean, or no difference.
pub const CLEAN: u8 = 0;
/// Findings, or differences.
pub const FINDINGS: u8 = 1;
/// The work could not be done.
pub const FAILED: u8 = 2;

/// The streams of a command.
pub struct Streams<'a> {
    pub out: &'a mut dyn Write,
    pub err: &'a mut dyn Write,
    /// Whether standard output is a terminal.
    pub out_is_terminal: bool,
    /// Whether standard error is a terminal.
    pub err_is_terminal: bool,
}

/// Runs a command; an error is one of the streams.
pub fn run(cli: &Cli, streams: &mut Streams<'_>) -> io::Result<u8> {
    let global = &cli.global;
    match &cli.command {
        Command::Render(args) => render::run(args, global, streams),
        Command::Validate(args) => validate::run(args, global, streams),
        Command::Diff(args) => diff::run(args, global, streams),
        Command::Template(args) => template::run(args, &mut *streams.out, &mut *streams.err),
        Command::Init(args) => init::run(args, streams),
        Command::Explain(args) => explain::run(args, streams),
        Command::Schema => {
            let text = serde_json::to_string_pretty(schema::schema()).map_err(io::Error::other)?;
            writeln!(streams.out, "{text}")?;
            Ok(CLEAN)
        }
        Command::Completions { shell } => {
            // The generator panics where the reader has gone away: it writes to memory first.
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Cli::command(), "gqlgen", &mut script);
            streams.out.write_all(&script)?;
            Ok(CLEAN)
        }
    }
}

/// Whether a stream gets colours.
pub fn coloured(global: &Global, is_terminal: bool) -> bool {
    match global.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            is_terminal && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty()) && std::env::var_os("TERM").is_none_or(|t| t != "dumb")
        }
    }
}

/// Streams of this process.
pub fn terminals() -> (bool, bool) {
    (io::stdout().is_terminal(), io::stderr().is_terminal())
}

/// The bytes of standard input, no more than a config may have.
pub fn standard_input(path: &Path) -> io::Result<Option<Vec<u8>>> {
    if path.as_os_str() != "-" {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    io::stdin().lock().take(yaml::MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

/// What reports show of a rule.
pub fn rule_info(id: RuleId) -> Option<RuleInfo> {
    rules::find(id).map(|rule| RuleInfo { summary: rule.summary.to_owned(), url: rules::url(rule) })
}

/// A report of diagnostics and of what was not checked.
pub fn report<'a>(diagnostics: &'a [crate::diagnostic::Diagnostic], not_checked: &'a [NotChecked]) -> Report<'a> {
    Report { diagnostics, not_checked, rules: &rule_info, files: None }
}

/// Configs in one go: results are kept no longer than for these, so that memory does not grow with the number of configs.
pub const BATCH: usize = 256;

/// `work` on every item, on all cores; for a single one a pool of threads would cost more than it gives.
pub fn each<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Send + Sync) -> Vec<R> {
    match items {
        [one] => vec![work(one)],
        _ => items.par_iter().map(work).collect(),
    }
}
