//! Files to merged trees: `extends`, then the file, then the environment's overlay, then `--set`.
//!
//! Maps merge deeply, lists and scalars replace, `null` takes back what a lower layer gave, except below `values`, where null is
//! Helm's own and is passed on. Every node keeps the place it came from. This is the one part of `config` that reads files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::decode::{Decode, Faults, nearest, shown};
use super::raw::{Config, SchemaInput, Settings, TOP_KEYS};
use super::tree::{Entry, Kind, Mapping, Node};
use super::{json, yaml};
use crate::diagnostic::Diagnostic;
use crate::redact;
use crate::source::{Place, Pointer, Source, Span};

pub const API_VERSION: &str = "CFG007";
pub const EXTENDS: &str = "CFG008";
pub const UNREADABLE_FILE: &str = "CFG009";
pub const ENVIRONMENT: &str = "CFG010";
pub const SET: &str = "CFG012";

/// Deepest chain of `extends`.
const MAX_EXTENDS: usize = 16;

/// What to load.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Environments that are wanted; all where empty.
    pub environments: Vec<String>,
    /// `key.path=value`, in order.
    pub set: Vec<String>,
    /// Paths may leave the tree of the outermost file.
    pub allow_outside: bool,
}

/// One environment of a config, or the config itself where it has none.
#[derive(Clone, Debug)]
pub struct Layered {
    pub name: Option<String>,
    /// All layers merged, without `apiVersion`, `extends` and `environments`.
    pub tree: Node,
    pub settings: Settings,
    /// The tables, from the file that `schema` names or from the inline object; `None` where there is none or it cannot be read.
    pub schema: Option<Arc<Node>>,
}

/// A config with all that was read for it.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// As shown.
    pub name: String,
    /// Every file that was read, the outermost first.
    pub documents: Vec<yaml::Document>,
    /// Paths of all files that the config is made of, schema files too.
    pub files: Vec<PathBuf>,
    /// Those that were asked for, in the config's order.
    pub environments: Vec<Layered>,
    /// Names of all environments of the config.
    pub all_environments: Vec<String>,
    pub diagnostics: Vec<Diagnostic>,
    /// A file could not be read or parsed, so that nothing can be said of the deployment.
    pub unreadable: bool,
}

/// Loads a config from a path; `-` is standard input, whose bytes are given.
pub fn load(path: &Path, stdin: Option<&[u8]>, options: &Options) -> Loaded {
    let name = if stdin.is_some() { "<stdin>".to_owned() } else { display(path) };
    let folder = if stdin.is_some() { PathBuf::from(".") } else { path.parent().map(Path::to_owned).unwrap_or_default() };
    let mut loader = Loader::new(&folder, options);
    let bytes = match stdin {
        Some(bytes) => Ok(bytes.to_vec()),
        None => read_limited(path),
    };
    let merged = match bytes {
        Ok(bytes) => {
            loader.files.push(path.to_owned());
            loader.file(&name, &bytes, &folder, 0)
        }
        Err(error) => {
            loader.unreadable = true;
            loader.faults.push(Diagnostic::error(
                UNREADABLE_FILE,
                Place::whole(&Source::new(&name, "")),
                format!("the file cannot be read: {error}"),
            ));
            None
        }
    };
    let (environments, all_environments) = merged.map(|tree| loader.environments(&tree)).unwrap_or_default();
    Loaded {
        name,
        documents: loader.documents,
        files: loader.files,
        environments,
        all_environments,
        diagnostics: loader.faults,
        unreadable: loader.unreadable,
    }
}

/// A path as it is shown: with `/`, without `./` and without `a/..`.
pub fn display(path: &Path) -> String {
    let mut parts: Vec<String> = Vec::new();
    for component in path.components() {
        use std::path::Component;
        match component {
            Component::CurDir => {}
            Component::ParentDir if parts.last().is_some_and(|p| p != ".." && !p.is_empty()) => {
                parts.pop();
            }
            Component::RootDir => parts.push(String::new()),
            other => parts.push(other.as_os_str().to_string_lossy().into_owned()),
        }
    }
    parts.join("/")
}

/// Reads no more than the reader of YAML takes, so that a huge file costs nothing.
pub fn read_limited(path: &Path) -> std::io::Result<Vec<u8>> {
    use std::io::Read;
    let file = std::fs::File::open(path)?;
    let mut bytes = Vec::new();
    file.take(yaml::MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

struct Loader<'o> {
    options: &'o Options,
    /// Folder of the outermost file, resolved, which paths may not leave; resolved only where a path asks for it.
    folder: PathBuf,
    root: Option<PathBuf>,
    /// Files that are being read, to find a circle.
    stack: Vec<PathBuf>,
    documents: Vec<yaml::Document>,
    files: Vec<PathBuf>,
    schemas: BTreeMap<PathBuf, Option<Arc<Node>>>,
    faults: Faults,
    unreadable: bool,
}

impl<'o> Loader<'o> {
    fn new(folder: &Path, options: &'o Options) -> Self {
        Loader {
            options,
            folder: folder.to_owned(),
            root: None,
            stack: Vec::new(),
            documents: Vec::new(),
            files: Vec::new(),
            schemas: BTreeMap::new(),
            faults: Vec::new(),
            unreadable: false,
        }
    }

    /// Reads one file and what it extends; the merged tree still has `environments`.
    fn file(&mut self, name: &str, bytes: &[u8], folder: &Path, depth: usize) -> Option<Node> {
        let document = match yaml::read(name, bytes) {
            Ok(document) => document,
            Err(fault) => {
                self.unreadable = true;
                self.faults.push(*fault);
                return None;
            }
        };
        let mut root = document.root.clone();
        self.documents.push(document);
        if root.is_null() {
            root.kind = Kind::Mapping(Mapping::new());
        }
        let config = Config::decode(&root, &mut self.faults)?;
        let mut merged: Option<Node> = None;
        if let Some(extends) = &config.extends {
            for base in extends.items() {
                let read = self.extended(&base.value.0, &base.place, folder, depth)?;
                merged = Some(match merged {
                    Some(lower) => merge(&lower, &read),
                    None => read,
                });
            }
        }
        if let Kind::Mapping(mapping) = &mut root.kind {
            mapping.shift_remove("extends");
        }
        Some(match merged {
            Some(lower) => merge(&lower, &root),
            None => root,
        })
    }

    fn extended(&mut self, text: &str, place: &Place, folder: &Path, depth: usize) -> Option<Node> {
        let path = self.resolve(text, place, folder, EXTENDS)?;
        let identity = std::fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
        if depth >= MAX_EXTENDS || self.stack.contains(&identity) {
            self.faults.push(
                Diagnostic::error(EXTENDS, place.clone(), format!("`{}` extends itself, through the files that it names", shown(text)))
                    .help("remove one of the `extends` in the circle"),
            );
            self.unreadable = true;
            return None;
        }
        let bytes = self.read(&path, place, text)?;
        self.files.push(path.clone());
        self.stack.push(identity);
        let folder = path.parent().map(Path::to_owned).unwrap_or_default();
        let read = self.file(&display(&path), &bytes, &folder, depth + 1);
        self.stack.pop();
        read
    }

    fn read(&mut self, path: &Path, place: &Place, text: &str) -> Option<Vec<u8>> {
        match read_limited(path) {
            Ok(bytes) => Some(bytes),
            Err(error) => {
                let mut fault = Diagnostic::error(UNREADABLE_FILE, place.clone(), format!("`{}` cannot be read: {error}", shown(text)));
                fault.help = sibling(path)
                    .map(|near| format!("did you mean `{near}`?"))
                    .or_else(|| Some("the path is relative to the file that names it".into()));
                self.faults.push(fault);
                self.unreadable = true;
                None
            }
        }
    }

    /// A path of a file, relative to that file and inside the tree of the outermost one.
    fn resolve(&mut self, text: &str, place: &Place, folder: &Path, rule: &'static str) -> Option<PathBuf> {
        let path = folder.join(text);
        if self.options.allow_outside {
            return Some(path);
        }
        let outside = |what: &str| {
            Diagnostic::error(rule, place.clone(), format!("{what} leaves the directory tree of the config file"))
                .help("move the file into the tree, or give `--allow-outside`")
        };
        if Path::new(text).is_absolute() {
            self.faults.push(outside(&format!("the absolute path `{}`", shown(text))));
            return None;
        }
        let root = match &self.root {
            Some(root) => root.clone(),
            None => {
                let folder = if self.folder.as_os_str().is_empty() { Path::new(".") } else { &self.folder };
                let root = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
                self.root = Some(root.clone());
                root
            }
        };
        // A missing file has no resolved path: its lexical one has to do.
        let resolved =
            std::fs::canonicalize(&path).unwrap_or_else(|_| PathBuf::from(format!("{}/{}", root.display(), display(Path::new(text)))));
        if resolved.strip_prefix(&root).is_err() || resolved.components().any(|c| matches!(c, std::path::Component::ParentDir)) {
            self.faults.push(outside(&format!("`{}`", shown(text))));
            return None;
        }
        Some(path)
    }

    fn environments(&mut self, tree: &Node) -> (Vec<Layered>, Vec<String>) {
        if tree.get("apiVersion").is_none_or(Node::is_null) {
            self.faults.push(
                Diagnostic::error(
                    API_VERSION,
                    Place { pointer: Pointer::root(), ..first_key(tree) },
                    "`apiVersion` is missing, so that nobody can tell which language the file is written in",
                )
                .help("begin the file with `apiVersion: gqlgen/v1`"),
            );
        }
        let mut base = tree.clone();
        let mut overlays = Mapping::new();
        if let Kind::Mapping(mapping) = &mut base.kind {
            if let Some(Kind::Mapping(found)) = mapping.shift_remove("environments").map(|e| e.value.kind) {
                overlays = found;
            }
            mapping.shift_remove("apiVersion");
        }
        let names: Vec<String> = overlays.keys().cloned().collect();
        for entry in overlays.values() {
            self.check_environment_name(entry);
        }
        for wanted in &self.options.environments {
            if !names.contains(wanted) {
                let mut fault = Diagnostic::error(
                    ENVIRONMENT,
                    Place { pointer: Pointer::root(), ..first_key(tree) },
                    format!("the config has no environment `{}`", shown(wanted)),
                );
                fault.help = Some(match nearest(wanted, names.iter().map(String::as_str)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None if names.is_empty() => "it has no `environments` at all: leave `--env` out".into(),
                    None => format!("it has {}", names.join(", ")),
                });
                self.faults.push(fault);
                self.unreadable = true;
            }
        }
        let wanted = |name: &String| self.options.environments.is_empty() || self.options.environments.contains(name);
        let chosen: Vec<(Option<String>, Option<&Node>)> = if names.is_empty() {
            vec![(None, None)]
        } else {
            overlays.iter().filter(|(name, _)| wanted(name)).map(|(name, entry)| (Some(name.clone()), Some(&entry.value))).collect()
        };
        let sets = self.sets();
        let layered = chosen.into_iter().map(|(name, overlay)| self.layered(name, overlay, &base, &sets)).collect();
        (layered, names)
    }

    fn check_environment_name(&mut self, entry: &Entry) {
        let name = entry.key.pointer.last().unwrap_or_default();
        let inner = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit();
        let good = !name.is_empty()
            && name.len() <= 63
            && name.bytes().all(|c| inner(c) || c == b'-')
            && !name.starts_with('-')
            && !name.ends_with('-');
        if !good {
            self.faults.push(
                Diagnostic::error(ENVIRONMENT, entry.key.clone(), format!("`{}` is no name of an environment", shown(&name)))
                    .label("expected a DNS-1123 label")
                    .help("lower-case letters, digits and hyphens, at most 63, not a hyphen at either end"),
            );
        }
    }

    fn layered(&mut self, name: Option<String>, overlay: Option<&Node>, base: &Node, sets: &[Node]) -> Layered {
        let mut tree = match overlay {
            Some(overlay) if overlay.as_mapping().is_some() => merge(base, overlay),
            _ => merge(base, &Node { place: base.place.clone(), kind: Kind::Mapping(Mapping::new()) }),
        };
        for set in sets {
            tree = merge(&tree, set);
        }
        let tree = without_nulls(&tree, true);
        // Faults of single layers are known already; those of `--set` and of what the layers make together are new.
        let mut faults = Vec::new();
        let settings = Settings::decode(&tree, &mut faults).unwrap_or_default();
        for fault in faults {
            if !self.faults.contains(&fault) {
                self.faults.push(fault);
            }
        }
        let schema = self.schema_of(&settings);
        Layered { name, tree, settings, schema }
    }

    fn schema_of(&mut self, settings: &Settings) -> Option<Arc<Node>> {
        let input = settings.schema.as_ref()?;
        let text = match &input.value {
            SchemaInput::Inline(node) => return Some(Arc::new(node.clone())),
            SchemaInput::Path(text) => text.clone(),
        };
        // A path of `--set` or of standard input is relative to the config's own folder.
        let from = Path::new(&input.place.source.name);
        let folder = if input.place.source.name.starts_with("--set") || input.place.source.name == "<stdin>" {
            self.folder.clone()
        } else {
            from.parent().map(Path::to_owned).unwrap_or_default()
        };
        let path = folder.join(&text);
        if let Some(known) = self.schemas.get(&path) {
            return known.clone();
        }
        let read = self.resolve(&text, &input.place, &folder, UNREADABLE_FILE).and_then(|path| {
            let bytes = self.read(&path, &input.place, &text)?;
            self.files.push(path.clone());
            match json::read(&display(&path), &bytes) {
                Ok(node) => Some(Arc::new(node)),
                Err(fault) => {
                    self.faults.push(*fault);
                    None
                }
            }
        });
        self.schemas.insert(path, read.clone());
        read
    }

    /// The `--set` arguments as trees of one key path each.
    fn sets(&mut self) -> Vec<Node> {
        let arguments = self.options.set.clone();
        arguments.iter().filter_map(|argument| self.set(argument)).collect()
    }

    fn set(&mut self, argument: &str) -> Option<Node> {
        let (path, text) = argument.split_once('=').unwrap_or((argument, ""));
        let segments = split_path(path);
        let secret = is_secret(&segments);
        let source = Source::new(format!("--set {path}"), if secret { format!("{path}=***") } else { argument.to_owned() });
        let at = |offset| source.position(offset);
        let span = Span { start: at((path.len() + 1).min(source.text.len())), end: at(source.text.len()) };
        let place = |pointer: Pointer| Place { source: source.clone(), span, pointer };
        if !argument.contains('=') || segments.iter().any(String::is_empty) {
            self.faults.push(
                Diagnostic::error(SET, place(Pointer::root()), format!("`--set {}` is no KEY.PATH=VALUE", shown(path)))
                    .help("for instance `--set replicas=2`; a dot in a key is written `\\.`"),
            );
            self.unreadable = true;
            return None;
        }
        if TOP_KEYS.contains(&segments[0].as_str()) {
            self.faults.push(
                Diagnostic::error(SET, place(Pointer::root()), format!("`{}` cannot be set from outside the file", segments[0]))
                    .help("choose environments with `-e`"),
            );
            self.unreadable = true;
            return None;
        }
        let value = match yaml::parse(&Source::new(source.name.clone(), text)) {
            Ok(document) => document.root,
            Err(fault) => {
                self.faults.push(Diagnostic::error(SET, place(Pointer::root()), fault.message));
                self.unreadable = true;
                return None;
            }
        };
        let pointer = segments.iter().fold(Pointer::root(), |p, s| p.join(s));
        let mut node = placed(&value, &|p| place(p), &pointer);
        let mut pointer = pointer;
        for segment in segments.iter().rev() {
            let key = place(pointer.clone());
            pointer = pointer.parent().unwrap_or_default();
            let mapping = Mapping::from_iter([(segment.clone(), Entry { key, value: node })]);
            node = Node { place: place(pointer.clone()), kind: Kind::Mapping(mapping) };
        }
        Some(node)
    }
}

/// The first key's place, so that a fault of the whole file points at something that is there.
fn first_key(tree: &Node) -> Place {
    tree.as_mapping().and_then(|m| m.first()).map_or_else(|| tree.place.clone(), |(_, e)| e.key.clone())
}

/// Whether the value of `--set` at this path is never shown. Under `credentials` that is any key, however it is spelt, but the Secret's name.
fn is_secret(segments: &[String]) -> bool {
    let below = segments.iter().any(|s| s == "credentials") && segments.last().is_some_and(|s| s != "existingSecret");
    below || segments.iter().any(|s| redact::is_secret_key(s))
}

/// `a.b\.c` as its segments.
fn split_path(path: &str) -> Vec<String> {
    let mut segments = vec![String::new()];
    let mut chars = path.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => segments.last_mut().expect("never empty").extend(chars.next()),
            '.' => segments.push(String::new()),
            c => segments.last_mut().expect("never empty").push(c),
        }
    }
    segments
}

/// A tree with other places throughout.
fn placed(node: &Node, place: &dyn Fn(Pointer) -> Place, pointer: &Pointer) -> Node {
    let kind = match &node.kind {
        Kind::Scalar(scalar) => Kind::Scalar(scalar.clone()),
        Kind::Sequence(items) => Kind::Sequence(items.iter().enumerate().map(|(i, n)| placed(n, place, &pointer.index(i))).collect()),
        Kind::Mapping(mapping) => Kind::Mapping(
            mapping
                .iter()
                .map(|(key, entry)| {
                    let below = pointer.join(key);
                    (key.clone(), Entry { key: place(below.clone()), value: placed(&entry.value, place, &below) })
                })
                .collect(),
        ),
    };
    Node { place: place(pointer.clone()), kind }
}

/// The name of a file beside a missing one that may be meant.
fn sibling(path: &Path) -> Option<String> {
    let wanted = path.file_name()?.to_str()?;
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut names: Vec<String> =
        std::fs::read_dir(folder).ok()?.take(1000).filter_map(|e| e.ok()?.file_name().into_string().ok()).collect();
    names.sort();
    nearest(wanted, names.iter().map(String::as_str)).map(str::to_owned)
}

/// `over` laid over `base`. Nulls stay, to be taken out once all layers are merged.
pub fn merge(base: &Node, over: &Node) -> Node {
    let (Kind::Mapping(lower), Kind::Mapping(upper)) = (&base.kind, &over.kind) else { return over.clone() };
    if upper.is_empty() && !lower.is_empty() {
        return base.clone();
    }
    let mut merged = lower.clone();
    for (key, entry) in upper {
        let value = merged.get(key).map_or_else(|| entry.value.clone(), |below| merge(&below.value, &entry.value));
        merged.insert(key.clone(), Entry { key: entry.key.clone(), value });
    }
    Node { place: over.place.clone(), kind: Kind::Mapping(merged) }
}

/// Takes keys with null out, but for those below `values`.
fn without_nulls(node: &Node, top: bool) -> Node {
    let Kind::Mapping(mapping) = &node.kind else { return node.clone() };
    let kept = mapping
        .iter()
        .filter(|(_, entry)| !entry.value.is_null())
        .map(|(key, entry)| {
            let value = if top && key == "values" { entry.value.clone() } else { without_nulls(&entry.value, false) };
            (key.clone(), Entry { key: entry.key.clone(), value })
        })
        .collect();
    Node { place: node.place.clone(), kind: Kind::Mapping(kept) }
}
