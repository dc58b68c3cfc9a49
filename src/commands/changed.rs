//! `--changed-since REV`: only the configs that a change touches, also through the files that they extend and their tables.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::inputs::Input;
use crate::config::layers::{self, Options};

/// Keeps the configs that differ from revision `rev`, of which a file differs, or that cannot be read.
pub fn since(rev: &str, inputs: Vec<Input>, options: &Options) -> Result<Vec<Input>, String> {
    let changed = changed_files(rev)?;
    let touched = |input: &Input| {
        if input.path.as_os_str() == "-" {
            return true;
        }
        let loaded = layers::load(&input.path, None, options);
        // What cannot be read is not known to be untouched.
        loaded.unreadable || loaded.files.iter().any(|file| changed.contains(&resolved(file)))
    };
    Ok(inputs.into_iter().filter(touched).collect())
}

fn resolved(path: &Path) -> PathBuf {
    std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// Files of the working tree that differ from the revision, untracked ones too, with resolved paths.
fn changed_files(rev: &str) -> Result<BTreeSet<PathBuf>, String> {
    let root = git(&["rev-parse", "--show-toplevel"])?;
    let root = PathBuf::from(String::from_utf8_lossy(&root).trim_end_matches('\n'));
    let mut names = git(&["diff", "--name-only", "--no-renames", "-z", "--end-of-options", rev, "--"])?;
    let untracked = git(&["ls-files", "--others", "--exclude-standard", "--full-name", "-z", "--", ":/"])?;
    names.extend(untracked);
    let paths = names.split(|b| *b == 0).filter(|n| !n.is_empty()).map(|n| resolved(&root.join(path_of(n))));
    Ok(paths.collect())
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}

fn git(arguments: &[&str]) -> Result<Vec<u8>, String> {
    let output = Command::new("git").args(arguments).output().map_err(|e| format!("`git` cannot be run: {e}"))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("git {}: {}", arguments[0], said.lines().next().unwrap_or("failed").trim()))
}
