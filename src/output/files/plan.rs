//! What has to be done to bring the disk to the state of a set: reads, never writes.

use super::manifest::{Manifest, hash, is_path};
use super::tree::{Kind, Tree};
use super::{Change, Content, Done, FileSet, MANIFEST, WriteFault};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

pub(super) struct Plan {
    /// Sorted by path.
    pub changes: Vec<Change>,
    pub unchanged: usize,
    pub tree: Tree,
    /// Temporary files of a killed run.
    pub leftovers: Vec<String>,
    /// To be made, parents first.
    pub new_folders: Vec<String>,
    /// To be removed where they are empty in the end, children first.
    pub old_folders: Vec<String>,
    pub manifest_before: Option<Vec<u8>>,
    /// What has to be written before the first file; `None` where the list on the disk already covers all.
    pub manifest_during: Option<Manifest>,
    pub manifest_after: Manifest,
}

impl Plan {
    pub fn manifest_differs(&self) -> bool {
        self.manifest_before.as_deref() != Some(&self.manifest_after.to_bytes())
    }
}

pub(super) fn make(set: &FileSet, scope: Option<&[String]>) -> Result<Plan, WriteFault> {
    if let Some(bad) = set.files.keys().find(|p| !is_path(p)) {
        return Err(WriteFault::BadPath(bad.clone()));
    }
    let mut tree = Tree::of_root(&set.root)?;
    let (manifest_before, before) = known(set, &tree)?;
    let in_scope = |path: &str| scope.is_none_or(|s| path.split_once('/').is_some_and(|(first, _)| s.iter().any(|e| e == first)));
    let listed: Vec<&str> = before.files.keys().map(String::as_str).filter(|p| in_scope(p) && !set.files.contains_key(*p)).collect();
    let needed = folders_of(set.files.keys().map(String::as_str));
    let old = folders_of(listed.iter().copied());
    tree.look_into(&set.root, &needed.union(&old).copied().collect(), &needed)?;

    let mut work = Work { set, tree: &tree, before: &before, changes: BTreeMap::new(), foreign: Vec::new(), after: BTreeMap::new() };
    for (path, content) in &set.files {
        work.wanted(path, content)?;
    }
    for path in &listed {
        work.superfluous(path)?;
    }
    for (path, hashes) in before.files.iter().filter(|(p, _)| !in_scope(p) && !set.files.contains_key(*p)) {
        work.after.insert(path.clone(), hashes.clone());
    }
    let Work { changes, foreign, after, .. } = work;
    if !foreign.is_empty() {
        return Err(WriteFault::Foreign(foreign));
    }
    let written = changes.keys().filter(|p| set.files.contains_key(**p)).count();
    let changes: Vec<Change> = changes.into_iter().map(|(path, done)| Change { path: path.to_owned(), done }).collect();
    let manifest_after = Manifest { config: set.config.clone(), files: after };
    Ok(Plan {
        unchanged: set.files.len() - written,
        leftovers: tree.leftovers(),
        new_folders: needed.iter().filter(|f| !f.is_empty() && !tree.has_folder(f)).map(|f| (*f).to_owned()).collect(),
        old_folders: old.iter().rev().filter(|f| !f.is_empty() && !needed.contains(*f)).map(|f| (*f).to_owned()).collect(),
        manifest_during: during(&before, &manifest_after, &changes),
        changes,
        tree,
        manifest_before,
        manifest_after,
    })
}

/// The list on the disk, as bytes and understood.
fn known(set: &FileSet, tree: &Tree) -> Result<(Option<Vec<u8>>, Manifest), WriteFault> {
    let path = set.root.join(MANIFEST);
    match tree.kind(MANIFEST) {
        None => return Ok((None, Manifest::default())),
        Some(Kind::File) => {}
        Some(other) => return Err(WriteFault::InTheWay { path, what: other.words() }),
    }
    let bytes = std::fs::read(&path).map_err(WriteFault::io(&path, "read"))?;
    let manifest = Manifest::parse(&bytes).map_err(|why| WriteFault::Manifest { path, why })?;
    if manifest.config != set.config && !manifest.files.is_empty() {
        return Err(WriteFault::OtherConfig { root: set.root.clone(), config: manifest.config });
    }
    Ok((Some(bytes), manifest))
}

/// All folders above the paths, with the root as `""`.
fn folders_of<'a>(paths: impl Iterator<Item = &'a str>) -> BTreeSet<&'a str> {
    let mut folders = BTreeSet::from([""]);
    for path in paths {
        folders.extend(path.match_indices('/').map(|(i, _)| &path[..i]));
    }
    folders
}

/// Covers every file that may stand there at any moment of the writing.
fn during(before: &Manifest, after: &Manifest, changes: &[Change]) -> Option<Manifest> {
    let mut files = after.files.clone();
    let mut needed = false;
    for change in changes {
        let mut hashes = before.files.get(&change.path).cloned().unwrap_or_default();
        if let Some(new) = after.files.get(&change.path).and_then(|h| h.last()) {
            needed |= !hashes.contains(new);
            hashes.retain(|h| h != new);
            hashes.push(new.clone());
        }
        files.insert(change.path.clone(), hashes);
    }
    needed.then(|| Manifest { config: after.config.clone(), files })
}

struct Work<'a> {
    set: &'a FileSet,
    tree: &'a Tree,
    before: &'a Manifest,
    changes: BTreeMap<&'a str, Done>,
    foreign: Vec<std::path::PathBuf>,
    after: BTreeMap<String, Vec<String>>,
}

impl<'a> Work<'a> {
    fn wanted(&mut self, path: &'a str, content: &Content) -> Result<(), WriteFault> {
        self.after.insert(path.to_owned(), vec![hash(&content.bytes)]);
        let there = self.set.root.join(path);
        match self.tree.kind(path) {
            None => {
                self.changes.insert(path, Done::Created);
            }
            Some(Kind::File) => match read(&there)? {
                None => {
                    self.changes.insert(path, Done::Created);
                }
                Some(bytes) if bytes == content.bytes => {
                    if content.executable && !is_executable(&there) {
                        self.changes.insert(path, Done::Updated);
                    }
                }
                Some(bytes) => match self.origin(path, &bytes) {
                    Some(done) => {
                        self.changes.insert(path, done);
                    }
                    None => self.foreign.push(there),
                },
            },
            Some(other) => return Err(WriteFault::InTheWay { path: there, what: other.words() }),
        }
        Ok(())
    }

    /// How a file that is to be replaced came there; `None` where gqlgen did not generate it.
    fn origin(&self, path: &str, bytes: &[u8]) -> Option<Done> {
        match self.before.files.get(path) {
            Some(hashes) if hashes.contains(&hash(bytes)) => Some(Done::Updated),
            Some(_) => Some(Done::UpdatedEdited),
            // The list was lost, not the file.
            None => has_header(bytes, &self.set.config).then_some(Done::UpdatedEdited),
        }
    }

    fn superfluous(&mut self, path: &'a str) -> Result<(), WriteFault> {
        // A folder or link that took the place of the file is not ours.
        if self.tree.kind(path) == Some(Kind::File)
            && let Some(bytes) = read(&self.set.root.join(path))?
        {
            let own = self.before.files.get(path).is_some_and(|hashes| hashes.contains(&hash(&bytes)));
            self.changes.insert(path, if own { Done::Removed } else { Done::RemovedEdited });
        }
        Ok(())
    }
}

/// `None` where it is gone since the folder was listed.
fn read(path: &Path) -> Result<Option<Vec<u8>>, WriteFault> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(WriteFault::Io { path: path.to_owned(), doing: "read", error }),
    }
}

/// The header stands in the first line, or after `#!` in the second.
fn has_header(bytes: &[u8], config: &str) -> bool {
    let (hash, markdown) = (crate::output::header(config), crate::output::header_markdown(config));
    bytes.split_inclusive(|b| *b == b'\n').take(2).any(|line| line == hash.as_bytes() || line == markdown.as_bytes())
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).is_ok_and(|m| m.permissions().mode() & 0o100 != 0)
}

#[cfg(not(unix))]
fn is_executable(_: &Path) -> bool {
    true
}
