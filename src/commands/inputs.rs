//! Which configs a command works on: files as given, directories searched, standard input; none given: here, then upwards.

use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::changed;
use crate::cli::ConfigArgs;

/// One config to work on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Input {
    /// `-` for standard input.
    pub path: PathBuf,
    /// Folder of the config relative to the directory that was searched; empty for a file that was named.
    pub below: PathBuf,
}

/// Why there is nothing to work on.
#[derive(Debug)]
pub struct NoInput(pub String);

/// `gqlgen.yaml` or `NAME.gqlgen.yaml`.
pub fn is_config(path: &Path) -> bool {
    path.file_name().and_then(|n| n.to_str()).is_some_and(|n| n == "gqlgen.yaml" || n.ends_with(".gqlgen.yaml"))
}

/// Whether a search comes to a file, by its path below the folder that is searched: hidden names and `target` are left out.
pub fn is_searched(path: &Path) -> bool {
    let names: Vec<_> = path.iter().map(|name| name.to_string_lossy()).collect();
    let folders = names.len().saturating_sub(1);
    !names.iter().any(|name| name.starts_with('.')) && !names[..folders].iter().any(|name| name == "target")
}

/// Name under which a config's output stands: `shop` for `shop.gqlgen.yaml`, none for `gqlgen.yaml`.
pub fn output_name(path: &Path) -> Option<String> {
    path.file_name()?.to_str()?.strip_suffix(".gqlgen.yaml").map(str::to_owned)
}

/// The configs that a command's arguments name.
pub fn of(args: &ConfigArgs) -> Result<Vec<Input>, NoInput> {
    let found = find(&args.inputs)?;
    match &args.changed_since {
        Some(rev) => changed::since(rev, found, &args.layers()).map_err(NoInput),
        None => Ok(found),
    }
}

/// Finds the configs, sorted by path.
pub fn find(given: &[PathBuf]) -> Result<Vec<Input>, NoInput> {
    if given.is_empty() {
        return upwards();
    }
    let mut found = Vec::new();
    for path in given {
        if path.as_os_str() == "-" || !path.is_dir() {
            found.push(Input { path: path.clone(), below: PathBuf::new() });
            continue;
        }
        let before = found.len();
        search(path, &mut found)?;
        if found.len() == before {
            return Err(NoInput(format!("{}: no gqlgen.yaml and no *.gqlgen.yaml in this directory or below", path.display())));
        }
    }
    found.dedup_by(|a, b| a.path == b.path);
    Ok(found)
}

fn search(folder: &Path, found: &mut Vec<Input>) -> Result<(), NoInput> {
    let visible = |entry: &walkdir::DirEntry| {
        let name = entry.file_name().to_string_lossy();
        entry.depth() == 0 || !(name.starts_with('.') || (entry.file_type().is_dir() && name == "target"))
    };
    for entry in WalkDir::new(folder).sort_by_file_name().into_iter().filter_entry(visible) {
        let entry = entry.map_err(|e| NoInput(e.to_string()))?;
        if entry.file_type().is_file() && is_config(entry.path()) {
            let below = entry.path().parent().and_then(|p| p.strip_prefix(folder).ok()).map(Path::to_owned).unwrap_or_default();
            let path = if folder.as_os_str() == "." {
                entry.path().strip_prefix(".").unwrap_or(entry.path()).to_owned()
            } else {
                entry.path().to_owned()
            };
            found.push(Input { path, below });
        }
    }
    Ok(())
}

/// Here, then each parent up to the repository's root.
fn upwards() -> Result<Vec<Input>, NoInput> {
    let here = std::env::current_dir().map_err(|e| NoInput(format!("the current directory cannot be read: {e}")))?;
    let mut found = Vec::new();
    search(Path::new("."), &mut found)?;
    if !found.is_empty() {
        return Ok(found);
    }
    let mut up = PathBuf::new();
    let mut folder = here.as_path();
    while !folder.join(".git").exists() {
        let Some(parent) = folder.parent() else { break };
        folder = parent;
        up.push("..");
        let candidate = folder.join("gqlgen.yaml");
        if candidate.is_file() {
            return Ok(vec![Input { path: up.join("gqlgen.yaml"), below: PathBuf::new() }]);
        }
    }
    Err(NoInput(
        "no gqlgen.yaml here, below, or in a parent up to the repository's root: name a config, or make one with `gqlgen init`".into(),
    ))
}
