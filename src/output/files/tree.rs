//! What stands in the folders that a set concerns: one listing per folder tells missing, present and leftover files, links and devices,
//! without a system call per file. Limits: other folders are not looked into.

use super::{WriteFault, is_leftover};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    File,
    Folder,
    Link,
    Other,
}

impl Kind {
    pub fn words(self) -> &'static str {
        match self {
            Kind::File => "a file",
            Kind::Folder => "a folder",
            Kind::Link => "a symbolic link",
            Kind::Other => "no regular file",
        }
    }
}

/// Folders by path relative to the root (`""` is the root), each with its entries by name.
#[derive(Default)]
pub(super) struct Tree {
    folders: BTreeMap<String, BTreeMap<String, Kind>>,
}

impl Tree {
    /// Lists the root alone. A root that is missing is an empty tree.
    pub fn of_root(root: &Path) -> Result<Tree, WriteFault> {
        let mut tree = Tree::default();
        match list(root) {
            Ok(entries) => {
                tree.folders.insert(String::new(), entries);
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
                return Err(WriteFault::InTheWay { path: root.to_owned(), what: Kind::File.words() });
            }
            Err(error) => return Err(WriteFault::Io { path: root.to_owned(), doing: "list this folder", error }),
        }
        Ok(tree)
    }

    /// Lists `folders` too (with their parents, sorted). `needed` are those that the set writes to: something else there is a fault.
    pub fn look_into(&mut self, root: &Path, folders: &BTreeSet<&str>, needed: &BTreeSet<&str>) -> Result<(), WriteFault> {
        for folder in folders.iter().filter(|f| !f.is_empty()) {
            let path = root.join(folder);
            let kind = self.kind(folder);
            let inside = match kind {
                None => continue,
                Some(Kind::Folder) => true,
                Some(Kind::Link) => stays_inside(root, &path).map_err(WriteFault::io(&path, "follow this link"))?,
                Some(_) => false,
            };
            if inside {
                let entries = list(&path).map_err(WriteFault::io(&path, "list this folder"))?;
                self.folders.insert((*folder).to_owned(), entries);
            } else if needed.contains(folder) {
                return Err(match kind {
                    Some(Kind::Link) => WriteFault::LeavesRoot(path),
                    other => WriteFault::InTheWay { path, what: other.unwrap_or(Kind::Other).words() },
                });
            }
        }
        Ok(())
    }

    /// Whether the root is there.
    pub fn exists(&self) -> bool {
        self.has_folder("")
    }

    pub fn has_folder(&self, folder: &str) -> bool {
        self.folders.contains_key(folder)
    }

    pub fn kind(&self, path: &str) -> Option<Kind> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        self.folders.get(folder)?.get(name).copied()
    }

    /// Temporary files of a run that was killed.
    pub fn leftovers(&self) -> Vec<String> {
        let mut found = Vec::new();
        for (folder, entries) in &self.folders {
            for (name, _) in entries.iter().filter(|(name, kind)| **kind == Kind::File && is_leftover(name)) {
                found.push(if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") });
            }
        }
        found
    }
}

fn list(folder: &Path) -> io::Result<BTreeMap<String, Kind>> {
    let mut entries = BTreeMap::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        // A name that is no text is none of ours.
        if let Ok(name) = entry.file_name().into_string() {
            let kind = entry.file_type()?;
            let kind = match () {
                () if kind.is_file() => Kind::File,
                () if kind.is_dir() => Kind::Folder,
                () if kind.is_symlink() => Kind::Link,
                () => Kind::Other,
            };
            entries.insert(name, kind);
        }
    }
    Ok(entries)
}

/// Whether a link leads to a folder in the root. One that leads nowhere does not.
fn stays_inside(root: &Path, link: &Path) -> io::Result<bool> {
    match (std::fs::canonicalize(root), std::fs::canonicalize(link)) {
        (Ok(root), Ok(target)) => Ok(target.starts_with(root) && target.is_dir()),
        (_, Err(error)) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        (Err(error), _) | (_, Err(error)) => Err(error),
    }
}
