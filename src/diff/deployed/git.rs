//! The tree of a config at a git revision, by the `git` program.
//!
//! Nothing is checked out in the user's work tree: the files that a config can be made of are written to a temporary folder.
//! The revision reaches git as one argument that can be no option, and no shell is involved.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Component, Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use super::Fault;

/// Larger files are no part of a config.
const LARGEST: u64 = 4 << 20;

/// The files of a revision; they vanish with it.
#[derive(Debug)]
pub struct Checkout {
    root: TempDir,
    /// Of the folder that was asked for, below the repository's root.
    prefix: PathBuf,
    /// The full name of the commit.
    pub commit: String,
}

impl Checkout {
    /// The folder that was asked for, as it was at that revision. It may not have been there.
    pub fn folder(&self) -> PathBuf {
        self.root.path().join(&self.prefix)
    }
}

/// The configs' files at `revision` in the repository that holds `folder`.
///
/// # Errors
/// Where git is missing, `folder` is in no repository, or there is no such revision.
pub fn checkout(folder: &Path, revision: &str) -> Result<Checkout, Fault> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    if revision.starts_with('-') || revision.chars().any(char::is_control) {
        return Err(Fault::new(format!("{revision:?} is no git revision")));
    }
    let place = ask(folder, &["rev-parse", "--show-toplevel", "--show-prefix"])
        .map_err(|e| Fault::new(format!("{} is in no git repository: {e}", folder.display())))?;
    let mut lines = place.lines();
    let top = PathBuf::from(lines.next().unwrap_or("."));
    let prefix = PathBuf::from(lines.next().unwrap_or(""));
    let commit = ask(&top, &["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{revision}^{{commit}}")]).map_err(|_| {
        Fault::new(format!("git knows no revision {revision:?} here"))
            .help("a shallow clone has none but the newest: fetch it first (fetch-depth: 0 in CI)")
    })?;
    let commit = commit.trim().to_owned();
    let root = TempDir::with_prefix("gqlgen-").map_err(|e| Fault::new(format!("no temporary folder: {e}")))?;
    let wanted = listing(&top, &commit, &prefix)?;
    write_blobs(&top, root.path(), &wanted)?;
    Ok(Checkout { root, prefix, commit })
}

fn git(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(["-c", "core.fsmonitor=false", "-c", "core.quotePath=false"]);
    command.env("GIT_OPTIONAL_LOCKS", "0").env("LC_ALL", "C").stdin(Stdio::null()).stderr(Stdio::piped()).stdout(Stdio::piped());
    command
}

/// Runs git and gives what it printed; its own words where it failed.
fn ask(folder: &Path, arguments: &[&str]) -> Result<String, String> {
    let done = git(folder).args(arguments).output().map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound => "the git program was not found".to_owned(),
        _ => format!("git cannot be run: {e}"),
    })?;
    if !done.status.success() {
        let said = String::from_utf8_lossy(&done.stderr);
        return Err(said.lines().next().unwrap_or("git failed").to_owned());
    }
    String::from_utf8(done.stdout).map_err(|_| "git printed no UTF-8".to_owned())
}

struct Blob {
    id: String,
    path: PathBuf,
}

/// Everything in the config's own folder, and YAML and JSON elsewhere.
fn listing(top: &Path, commit: &str, prefix: &Path) -> Result<Vec<Blob>, Fault> {
    let listed = git(top).args(["ls-tree", "-r", "-z", "--long", "--full-tree", commit]).output();
    let listed =
        listed.ok().filter(|done| done.status.success()).ok_or_else(|| Fault::new(format!("git cannot list the files of {commit}")))?;
    let mut found = Vec::new();
    for entry in listed.stdout.split(|b| *b == 0) {
        let Some((meta, path)) = std::str::from_utf8(entry).ok().and_then(|e| e.split_once('\t')) else { continue };
        let mut words = meta.split_ascii_whitespace();
        let (Some(mode), Some("blob"), Some(id), Some(size)) = (words.next(), words.next(), words.next(), words.next()) else { continue };
        let path = PathBuf::from(path);
        // Links could lead anywhere; what they name is listed itself where it is in the repository.
        let plain = mode.starts_with("100") && path.components().all(|c| matches!(c, Component::Normal(_)));
        let wanted = path.extension().is_some_and(|e| e == "yaml" || e == "yml" || e == "json") || path.parent() == Some(prefix);
        if plain && wanted && size.parse::<u64>().is_ok_and(|size| size <= LARGEST) {
            found.push(Blob { id: id.to_owned(), path });
        }
    }
    Ok(found)
}

fn write_blobs(top: &Path, root: &Path, blobs: &[Blob]) -> Result<(), Fault> {
    let failed = |e: std::io::Error| Fault::new(format!("cannot read the files of the revision: {e}"));
    let mut child = git(top).args(["cat-file", "--batch"]).stdin(Stdio::piped()).stderr(Stdio::null()).spawn().map_err(failed)?;
    let result = exchange(&mut child, root, blobs).map_err(failed);
    // Its input is closed by now, so that it ends by itself; one that failed half-way is not waited for.
    if result.is_err() {
        let _ = child.kill();
    }
    let _ = child.wait();
    result
}

/// One question, one answer: neither pipe can fill up.
fn exchange(child: &mut Child, root: &Path, blobs: &[Blob]) -> std::io::Result<()> {
    let broken = || std::io::Error::other("git cat-file gave something else than asked for");
    let mut questions = child.stdin.take().ok_or_else(broken)?;
    let mut answers = BufReader::new(child.stdout.take().ok_or_else(broken)?);
    for blob in blobs {
        writeln!(questions, "{}", blob.id)?;
        questions.flush()?;
        let mut head = String::new();
        answers.read_line(&mut head)?;
        let size: usize = head.split_ascii_whitespace().nth(2).and_then(|size| size.parse().ok()).ok_or_else(broken)?;
        let mut content = vec![0; size + 1];
        answers.read_exact(&mut content)?;
        content.pop();
        let path = root.join(&blob.path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, content)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(folder: &Path, arguments: &[&str]) {
        let fixed = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false", "-c", "init.defaultBranch=main"];
        assert!(git(folder).args(fixed).args(arguments).output().unwrap().status.success(), "{arguments:?}");
    }

    #[test]
    fn reads_the_tree_of_a_revision() {
        if Command::new("git").arg("--version").output().is_err() {
            return;
        }
        let repository = TempDir::new().unwrap();
        let folder = repository.path().join("a b/c");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("gqlgen.yaml"), "old\n").unwrap();
        std::fs::write(folder.join("tables"), "").unwrap();
        std::fs::write(repository.path().join("base.yaml"), "base").unwrap();
        std::fs::write(repository.path().join("big.bin"), "x").unwrap();
        run(repository.path(), &["init", "--quiet"]);
        run(repository.path(), &["add", "--all"]);
        run(repository.path(), &["commit", "--quiet", "--message", "one"]);
        std::fs::write(folder.join("gqlgen.yaml"), "new\n").unwrap();
        let found = checkout(&folder, "HEAD").unwrap();
        assert_eq!(std::fs::read_to_string(found.folder().join("gqlgen.yaml")).unwrap(), "old\n");
        assert!(found.folder().join("tables").is_file() && found.folder().join("../../base.yaml").is_file());
        assert!(!found.folder().join("../../big.bin").exists());
        for wrong in ["--help", "no-such-revision", "HEAD; id", "", "-h"] {
            assert!(checkout(&folder, wrong).is_err(), "{wrong}");
        }
    }
}
