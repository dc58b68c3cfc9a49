//! The tree of a config at a git revision, by the `git` program.
//!
//! Nothing is checked out in the user's work tree: the files that a config can be made of are written to a temporary folder.
//! The revision reaches git as one argument that can be no option, and no shell is involved.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Component, Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use super::Fault;

/// Larger files are no part of a config.
const LARGEST: u64 = 4 << 20;

/// The trees of revisions, each read once however many configs are compared with it; the files vanish with it.
#[derive(Debug, Default)]
pub struct Trees(Vec<Tree>);

/// One revision of one repository.
#[derive(Debug)]
struct Tree {
    /// The work tree's root, resolved.
    top: PathBuf,
    revision: String,
    root: TempDir,
    blobs: Vec<Blob>,
    /// Folders of which every file is there, not only YAML and JSON.
    whole: BTreeSet<PathBuf>,
}

impl Trees {
    /// The folder as it was at `revision` in the repository that holds it. It may not have been there; it is to be there today.
    ///
    /// # Errors
    /// Where git is missing, `folder` is in no repository, or there is no such revision.
    pub fn folder(&mut self, folder: &Path, revision: &str) -> Result<PathBuf, Fault> {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        if revision.starts_with('-') || revision.chars().any(char::is_control) {
            return Err(Fault::new(format!("{revision:?} is no git revision")));
        }
        let resolved = std::fs::canonicalize(folder).map_err(|e| Fault::new(format!("{}: {e}", folder.display())))?;
        let top = repository(&resolved).ok_or_else(|| Fault::new(format!("{} is in no git repository", folder.display())))?;
        let prefix = resolved.strip_prefix(top).unwrap_or(Path::new("")).to_owned();
        let known = self.0.iter().position(|tree| tree.top == top && tree.revision == revision);
        let index = match known {
            Some(index) => index,
            None => {
                self.0.push(Tree::read(top, revision)?);
                self.0.len() - 1
            }
        };
        let tree = &mut self.0[index];
        tree.complete(&prefix)?;
        Ok(tree.root.path().join(prefix))
    }
}

/// The nearest folder above that git works from: a work tree's `.git` is a folder, or a file where the work tree is one of several.
fn repository(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|above| above.join(".git").exists())
}

impl Tree {
    fn read(top: &Path, revision: &str) -> Result<Tree, Fault> {
        ask(top, &["rev-parse", "--git-dir"]).map_err(|e| Fault::new(format!("{} is in no git repository: {e}", top.display())))?;
        let commit = ask(top, &["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{revision}^{{commit}}")]);
        let commit = commit.map_err(|_| {
            Fault::new(format!("git knows no revision {revision:?} here"))
                .help("a shallow clone has none but the newest: fetch it first (fetch-depth: 0 in CI)")
        })?;
        let root = TempDir::with_prefix("gqlgen-").map_err(|e| Fault::new(format!("no temporary folder: {e}")))?;
        let blobs = listing(top, commit.trim())?;
        let tree = Tree { top: top.to_owned(), revision: revision.to_owned(), root, blobs, whole: BTreeSet::new() };
        tree.write(is_structured)?;
        Ok(tree)
    }

    /// Writes what else stands in a config's own folder.
    fn complete(&mut self, folder: &Path) -> Result<(), Fault> {
        if self.whole.insert(folder.to_owned()) {
            self.write(|path| !is_structured(path) && path.parent() == Some(folder))?;
        }
        Ok(())
    }

    fn write(&self, wanted: impl Fn(&Path) -> bool) -> Result<(), Fault> {
        let blobs: Vec<&Blob> = self.blobs.iter().filter(|blob| wanted(&blob.path)).collect();
        if blobs.is_empty() { Ok(()) } else { write_blobs(&self.top, self.root.path(), &blobs) }
    }
}

fn is_structured(path: &Path) -> bool {
    path.extension().is_some_and(|e| e == "yaml" || e == "yml" || e == "json")
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

#[derive(Debug)]
struct Blob {
    id: String,
    path: PathBuf,
}

/// All files that a config could be made of.
fn listing(top: &Path, commit: &str) -> Result<Vec<Blob>, Fault> {
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
        if plain && size.parse::<u64>().is_ok_and(|size| size <= LARGEST) {
            found.push(Blob { id: id.to_owned(), path });
        }
    }
    Ok(found)
}

fn write_blobs(top: &Path, root: &Path, blobs: &[&Blob]) -> Result<(), Fault> {
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
fn exchange(child: &mut Child, root: &Path, blobs: &[&Blob]) -> std::io::Result<()> {
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
        let mut trees = Trees::default();
        let found = trees.folder(&folder, "HEAD").unwrap();
        assert_eq!(std::fs::read_to_string(found.join("gqlgen.yaml")).unwrap(), "old\n");
        assert!(found.join("tables").is_file() && found.join("../../base.yaml").is_file());
        assert!(!found.join("../../big.bin").exists());
        let above = trees.folder(repository.path(), "HEAD").unwrap();
        assert!(above.join("big.bin").is_file() && found.starts_with(&above));
        assert_eq!(trees.0.len(), 1, "a revision is read once");
        for wrong in ["--help", "no-such-revision", "HEAD; id", "", "-h"] {
            assert!(trees.folder(&folder, wrong).is_err(), "{wrong}");
        }
    }
}
