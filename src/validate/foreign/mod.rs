//! Judges what gqlgen did not make: hand-written values files, rendered manifests, `schema.json` and `database.properties` on their own.
//!
//! Places are those of the file itself. What needs the whole config (the cluster, the other files) is not known here, and is said so.

pub mod manifests;
pub mod tables;
pub mod values;

use crate::config::tree::Node;
use crate::config::yaml;
use crate::diagnostic::Diagnostic;
use crate::report::NotChecked;
use crate::source::{Place, Pointer, Source};

/// What a file is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Config,
    Values,
    Manifests,
    Schema,
    Properties,
}

/// Findings and what was not checked.
#[derive(Default)]
pub struct Judged {
    pub diagnostics: Vec<Diagnostic>,
    pub not_checked: Vec<NotChecked>,
    /// The file could not be read as what it is.
    pub unreadable: bool,
}

impl Judged {
    fn failed(fault: Diagnostic) -> Judged {
        Judged { diagnostics: vec![fault], not_checked: Vec::new(), unreadable: true }
    }

    fn not_checked(&mut self, what: &str, why: &str) {
        self.not_checked.push(NotChecked { what: what.to_owned(), why: why.to_owned() });
    }
}

/// Guesses by name and content. What cannot be told is taken for a config, whose reader says what is missing.
pub fn guess(name: &str, bytes: &[u8]) -> Kind {
    if name.ends_with(".properties") {
        return Kind::Properties;
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return Kind::Config };
    let line_with = |found: &dyn Fn(&str) -> bool| text.lines().any(|line| found(line.trim_start()));
    if line_with(&|l| l.starts_with("scalar.db.") && l.contains('=')) && !line_with(&|l| l.starts_with("kind:")) {
        return Kind::Properties;
    }
    let Ok(documents) = yaml::parse_all(&Source::new(name, text)) else {
        // Broken YAML: by the words at the beginning of its lines.
        let manifest = text.lines().any(|l| l.starts_with("kind:")) && text.lines().any(|l| l.starts_with("apiVersion:"));
        return if manifest {
            Kind::Manifests
        } else if name.ends_with(".json") {
            Kind::Schema
        } else {
            Kind::Config
        };
    };
    let roots: Vec<&Node> = documents.iter().map(|d| &d.root).collect();
    if roots.iter().any(|r| r.get("apiVersion").is_some() && r.get("kind").is_some()) {
        return Kind::Manifests;
    }
    let Some(root) = roots.first() else { return Kind::Config };
    let is_table = |node: &Node| node.get("partition-key").is_some() || node.get("columns").is_some();
    if root.as_mapping().is_some_and(|m| m.values().any(|e| is_table(&e.value)))
        || (name.ends_with(".json") && root.as_mapping().is_some_and(|m| m.keys().any(|k| k.contains('.'))))
    {
        return Kind::Schema;
    }
    let only_values =
        ["scalarDbGraphQlConfiguration", "replicaCount", "existingSecret", "imagePullSecrets", "fullnameOverride", "nameOverride"];
    let looks_like_values = root.get("apiVersion").is_none() && only_values.iter().any(|key| root.get(key).is_some());
    if looks_like_values { Kind::Values } else { Kind::Config }
}

/// The place of a pointer in a tree, or of the nearest parent that is there.
fn place(root: &Node, pointer: &Pointer) -> Place {
    root.nearest(pointer).0.place.clone()
}
