//! `--changed-since REV`: only the configs that a change touches, also through the files that they extend and their tables.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::inputs::{self, Input};
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

/// Configs that revision `rev` has and the working tree has not, below the given paths or among them (none given: here), sorted.
pub fn gone(rev: &str, given: &[PathBuf]) -> Result<Vec<PathBuf>, String> {
    // Outside of a repository `git diff` compares files, and takes the revision for one.
    git(&["rev-parse", "--git-dir"])?;
    let here = [PathBuf::from(".")];
    let mut found = BTreeSet::new();
    let given: &[PathBuf] = if given.is_empty() { &here } else { given };
    for path in given {
        let folder = existing(path);
        let names =
            git_in(folder, &["diff", "--name-only", "--no-renames", "--diff-filter=D", "--relative", "-z", "--end-of-options", rev, "--"])?;
        for name in names.split(|b| *b == 0).map(path_of).filter(|name| inputs::is_config(name) && inputs::is_searched(name)) {
            let name = if folder == Path::new(".") { name } else { folder.join(name) };
            if path == Path::new(".") || name.starts_with(path) {
                found.insert(name);
            }
        }
    }
    Ok(found.into_iter().collect())
}

/// The path itself where it is a folder, else the nearest folder above it that is there.
pub fn existing(path: &Path) -> &Path {
    path.ancestors().find(|folder| !folder.as_os_str().is_empty() && folder.is_dir()).unwrap_or(Path::new("."))
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
    git_in(Path::new("."), arguments)
}

fn git_in(folder: &Path, arguments: &[&str]) -> Result<Vec<u8>, String> {
    let output = Command::new("git").arg("-C").arg(folder).args(arguments).output().map_err(|e| format!("`git` cannot be run: {e}"))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("git {}: {}", arguments[0], said.lines().next().unwrap_or("failed").trim()))
}
