//! Runs the program as a user does, in an environment that holds nothing of this machine, and compares what it says with expected files.
#![allow(dead_code)] // each test file uses its part

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A day on which the dates of the tables were looked up: 2026-07-01.
pub const TODAY: &str = "1782864000";

/// What a run gave.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// Both streams, for a look at all that was said.
    pub fn said(&self) -> String {
        format!("{}{}", self.out, self.err)
    }

    #[track_caller]
    pub fn ends(self, code: i32) -> Ran {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        self
    }

    /// The whole run as a snapshot: exit code and both streams, with the folder and the version taken out.
    pub fn snapshot(&self, folder: &Path) -> String {
        let mut text = format!("exit code: {}\n", self.code);
        for (name, stream) in [("stdout", &self.out), ("stderr", &self.err)] {
            if !stream.is_empty() {
                text.push_str(&format!("---- {name}\n{}", plain(stream, folder)));
            }
        }
        text
    }
}

/// Text without what differs from machine to machine.
pub fn plain(text: &str, folder: &Path) -> String {
    let mut text = text.to_owned();
    for path in [Some(folder.to_path_buf()), folder.canonicalize().ok()].into_iter().flatten() {
        text = text.replace(&*path.to_string_lossy(), "[DIR]");
    }
    text.replace(env!("CARGO_PKG_VERSION"), "[VERSION]").replace("\r\n", "\n")
}

/// The program in `folder`, with an empty environment and a fixed day.
pub fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gqlgen"));
    command.current_dir(folder).env_clear().env("SOURCE_DATE_EPOCH", TODAY).stdin(Stdio::null());
    command
}

pub fn gqlgen<A: AsRef<std::ffi::OsStr>>(folder: &Path, args: impl IntoIterator<Item = A>) -> Ran {
    finish(command(folder).args(args))
}

/// With `input` on standard input.
pub fn gqlgen_with_input<A: AsRef<std::ffi::OsStr>>(folder: &Path, args: impl IntoIterator<Item = A>, input: &[u8]) -> Ran {
    let mut child =
        command(folder).args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("piped");
    let input = input.to_vec();
    // A program that does not read its input is judged by what it says.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let done = child.wait_with_output().expect("the program ends");
    writer.join().expect("joined");
    ran(done)
}

pub fn finish(command: &mut Command) -> Ran {
    ran(command.output().expect("the program starts"))
}

fn ran(done: std::process::Output) -> Ran {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
    Ran { code: done.status.code().unwrap_or(-1), out: text(done.stdout), err: text(done.stderr) }
}

/// Whether expected files are to be rewritten.
pub fn updating() -> bool {
    std::env::var_os("UPDATE_EXPECTED").is_some_and(|v| v == "1")
}

/// Compares a text with the file that holds what is expected, or rewrites that file.
#[track_caller]
pub fn expect_file(path: &Path, actual: &str) {
    if let Some(difference) = differs(path, actual) {
        panic!("{difference}");
    }
}

/// As [`expect_file`], for a caller that goes on.
pub fn differs(path: &Path, actual: &str) -> Option<String> {
    let expected = std::fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
    if expected == actual {
        return None;
    }
    if updating() {
        std::fs::write(path, actual).expect("the expected file can be written");
        return None;
    }
    let lines = similar::TextDiff::from_lines(expected.as_str(), actual);
    let difference = lines.unified_diff().header("expected", "now").to_string();
    let shown: Vec<&str> = difference.lines().take(60).collect();
    Some(format!("{} is not current (UPDATE_EXPECTED=1 rewrites it):\n{}", path.display(), shown.join("\n")))
}

/// Copies a folder with all below it.
pub fn copy_tree(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from) {
        let entry = entry.expect("readable");
        let target = to.join(entry.path().strip_prefix(from).expect("below"));
        if entry.file_type().is_dir() {
            std::fs::create_dir_all(&target).expect("made");
        } else {
            std::fs::copy(entry.path(), &target).expect("copied");
        }
    }
}

/// All files below a folder, by their path with `/`.
pub fn tree(folder: &Path) -> std::collections::BTreeMap<String, Vec<u8>> {
    walkdir::WalkDir::new(folder)
        .into_iter()
        .map(|e| e.expect("readable"))
        .filter(|e| e.file_type().is_file())
        .map(|e| {
            let below = e.path().strip_prefix(folder).expect("below").to_string_lossy().replace('\\', "/");
            (below, std::fs::read(e.path()).expect("readable"))
        })
        .collect()
}

/// Folders right below one, sorted.
pub fn folders(folder: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap_or_else(|e| panic!("{}: {e}", folder.display()))
        .map(|e| e.expect("readable").path())
        .filter(|p| p.is_dir())
        .collect();
    all.sort();
    all
}

/// The folder with the acceptance cases; says that the test is skipped where it is missing.
pub fn shared(below: &str) -> Option<PathBuf> {
    let root = std::env::var_os("GQLGEN_SHARED").map_or_else(|| super::crate_root().join("../shared"), PathBuf::from);
    let folder = root.join(below);
    if folder.exists() {
        return Some(folder);
    }
    eprintln!("skipped: no {} (GQLGEN_SHARED)", folder.display());
    None
}
