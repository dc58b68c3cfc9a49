//! Arguments to a command, and its exit code to the caller.

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use clap::Parser;
use gqlgen::cli::Cli;
use gqlgen::commands::{self, FAILED, Streams};

/// A run makes very many small texts and trees; with musl's own allocator they would take most of its time.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let (out_is_terminal, err_is_terminal) = commands::terminals();
    let mut out = BufWriter::new(io::stdout().lock());
    let mut err = BufWriter::new(io::stderr().lock());
    let mut streams = Streams { out: &mut out, err: &mut err, out_is_terminal, err_is_terminal };
    let code = commands::run(&cli, &mut streams);
    // What was said of the work stands before what is said of its failing.
    let code = err.flush().and(code).and_then(|code| out.flush().map(|()| code));
    match code {
        Ok(code) => ExitCode::from(code),
        // The reader of the output went away, as with `| head`: no error of ours.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(err, "gqlgen: {error}").and_then(|()| err.flush());
            ExitCode::from(FAILED)
        }
    }
}
