//! Where the deployed state is read from. The only part of the diff that does I/O.
//!
//! A source gives [`Material`]: objects, chart values or a config, which the caller turns into snapshots (values and configs must be
//! rendered first). No error of this module quotes what it read, as that may hold credentials.

pub mod cluster;
pub mod files;
pub mod git;
pub mod live;
pub mod release;
pub mod saved;

use std::fmt;
use std::path::PathBuf;

use serde_json::Value;

use super::snapshot::Origin;

/// `--against`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Source {
    /// The same config at a revision.
    Git(String),
    /// A file or folder; `-` is standard input.
    Path(PathBuf),
    /// Helm's record in the cluster.
    Release,
    /// The cluster's objects.
    Live,
}

impl Source {
    /// # Errors
    /// What is wrong with the word.
    pub fn parse(text: &str) -> Result<Source, String> {
        match text {
            "" => Err("an empty source; give git:REV, a path, -, release or live".to_owned()),
            "release" => Ok(Source::Release),
            "live" => Ok(Source::Live),
            _ => match text.strip_prefix("git:") {
                Some("") => Err("git: needs a revision, as in git:main".to_owned()),
                Some(revision) => Ok(Source::Git(revision.to_owned())),
                None => Ok(Source::Path(PathBuf::from(text))),
            },
        }
    }

    /// Whether it needs a cluster.
    pub fn is_cluster(&self) -> bool {
        matches!(self, Source::Release | Source::Live)
    }
}

/// What a file or folder held.
#[derive(Clone)]
pub enum Material {
    Objects(Objects),
    Values(Values),
    /// A gqlgen config, to be rendered.
    Config(PathBuf),
    /// A file written by `--snapshot`.
    Saved(Box<saved::Saved>),
}

#[derive(Clone, Default)]
pub struct Objects {
    pub environment: Option<String>,
    pub objects: Vec<Value>,
    /// Some of them were read from a cluster.
    pub live: bool,
    /// Helm's own output: the chart's objects, without what gqlgen adds beside it.
    pub chart_only: bool,
    /// The folder of an earlier render, in which the chart's own Secret is left out.
    pub rendered: bool,
    /// The custom values that stood beside them.
    pub values: Option<Value>,
}

impl Objects {
    pub fn origin(&self) -> Origin {
        if self.live { Origin::Live } else { Origin::Manifest }
    }
}

#[derive(Clone)]
pub struct Values {
    pub environment: Option<String>,
    pub values: Value,
}

impl fmt::Debug for Material {
    // What was read may hold credentials.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Material::Objects(o) => write!(f, "Objects({:?}, {} objects)", o.environment, o.objects.len()),
            Material::Values(v) => write!(f, "Values({:?})", v.environment),
            Material::Config(path) => write!(f, "Config({})", path.display()),
            Material::Saved(_) => write!(f, "Saved"),
        }
    }
}

/// Why a source could not be read, and what to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    pub message: String,
    pub help: Option<String>,
}

impl Fault {
    pub fn new(message: impl Into<String>) -> Fault {
        Fault { message: message.into(), help: None }
    }

    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Fault {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        self.help.as_ref().map_or(Ok(()), |help| write!(f, "\n  help: {help}"))
    }
}
