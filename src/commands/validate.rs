//! `gqlgen validate`: findings without writing anything.

use std::io;

use super::foreign;
use super::inputs;
use super::pipeline;
use super::{BATCH, CLEAN, FAILED, FINDINGS, Streams, coloured, report};
use crate::cli::{Format, Global, ValidateArgs};
use crate::diagnostic::{Diagnostic, Level, settle};
use crate::report::{NotChecked, Report, Summary, github, json, markdown, sarif, text};

pub fn run(args: &ValidateArgs, global: &Global, streams: &mut Streams<'_>) -> io::Result<u8> {
    let inputs = match inputs::of(&args.config) {
        Ok(inputs) => inputs,
        Err(none) => {
            writeln!(streams.err, "gqlgen: {}", none.0)?;
            return Ok(FAILED);
        }
    };
    let options = pipeline::Options::new(&args.config, &args.renderer);
    let mut diagnostics: Vec<Diagnostic> = Vec::new();
    let mut not_checked: Vec<NotChecked> = Vec::new();
    let mut unreadable = false;
    let progress = super::Progress::new(inputs.len(), streams.err_is_terminal && !global.quiet);
    for batch in inputs.chunks(BATCH) {
        let done: Vec<io::Result<_>> = super::each(batch, |input| {
            let done = match foreign::judge(input, args)? {
                Ok(judged) => (settle(judged.diagnostics, &[]), judged.not_checked, judged.unreadable),
                Err(stdin) => {
                    let built = pipeline::build(&input.path, stdin.as_deref(), &options);
                    (built.diagnostics, built.not_checked, built.unreadable)
                }
            };
            progress.step();
            Ok(done)
        });
        for one in done {
            let (found, unchecked, failed) = one?;
            diagnostics.extend(found);
            not_checked.extend(unchecked);
            unreadable |= failed;
        }
    }
    progress.finish();
    not_checked.sort();
    not_checked.dedup();
    let report = Report { files: Some(inputs.len()), ..report(&diagnostics, &not_checked) };
    print(args, global, streams, &report)?;
    let least = Level::from(args.fail_on);
    Ok(if unreadable {
        FAILED
    } else if Summary::of(&diagnostics).at_least(least) > 0 {
        FINDINGS
    } else {
        CLEAN
    })
}

fn print(args: &ValidateArgs, global: &Global, streams: &mut Streams<'_>, report: &Report<'_>) -> io::Result<()> {
    let text = match args.format {
        Format::Text => text::render(report, coloured(global, streams.out_is_terminal)),
        Format::Json => json::render(report),
        Format::Sarif => sarif::render(report),
        Format::Github => github::render(report),
        Format::Markdown => markdown::render(report),
    };
    streams.out.write_all(text.as_bytes())
}
