//! The command line: arguments as types. What a command does is in [`crate::commands`].

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::chart::KubeVersion;
use crate::commands::{diff, template};
use crate::config::raw::{IngressClass, Storage};
use crate::diagnostic::Level;
use crate::validate::foreign::Kind;

/// Compiles one compact gqlgen.yaml into everything that a ScalarDB GraphQL deployment on Kubernetes needs, validates it, and diffs it
/// against what is deployed.
///
/// Exit codes: 0 clean or no difference, 1 findings or differences, 2 the work could not be done.
#[derive(Parser, Debug)]
#[command(name = "gqlgen", version, max_term_width = 100)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Args, Clone, Debug, Default)]
pub struct Global {
    /// Only results and errors
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// More words: advice at `render`, what was read
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// Colours; `auto` follows the terminal and NO_COLOR
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub color: Color,
}

#[derive(ValueEnum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

#[derive(Subcommand, Debug)]
pub enum Command {
    /// Write the generated files of configs
    Render(RenderArgs),
    /// Find mistakes before anything is deployed
    Validate(ValidateArgs),
    /// Say what a change will do to what is deployed
    Diff(diff::Args),
    /// Print the chart's objects, as `helm template` does
    Template(template::Args),
    /// Print a commented starter file
    Init(InitArgs),
    /// Explain a rule (`ING004`) or a config key (`ingress.stickiness`), offline
    Explain(ExplainArgs),
    /// Print the JSON Schema of gqlgen.yaml
    Schema,
    /// Print a shell's completions
    Completions {
        /// The shell
        shell: Shell,
    },
}

/// What the commands on configs share.
#[derive(Args, Clone, Debug, Default)]
pub struct ConfigArgs {
    /// Configs, or directories that are searched for `gqlgen.yaml` and `*.gqlgen.yaml`; `-` is standard input [default: here, then upwards]
    #[arg(value_name = "PATH")]
    pub inputs: Vec<PathBuf>,
    /// Only this environment (repeatable) [default: all]
    #[arg(short, long = "env", value_name = "NAME")]
    pub environments: Vec<String>,
    /// Lay a value over the config, read as YAML (repeatable)
    #[arg(long, value_name = "KEY.PATH=VALUE")]
    pub set: Vec<String>,
    /// Only the configs that differ from this git revision, also in files that they extend or in their tables
    #[arg(long, value_name = "REV")]
    pub changed_since: Option<String>,
    /// Let paths in a config leave the directory tree of the outermost file
    #[arg(long)]
    pub allow_outside: bool,
}

impl ConfigArgs {
    pub fn layers(&self) -> crate::config::layers::Options {
        crate::config::layers::Options { environments: self.environments.clone(), set: self.set.clone(), allow_outside: self.allow_outside }
    }
}

#[derive(Args, Clone, Debug)]
pub struct RenderArgs {
    #[command(flatten)]
    pub config: ConfigArgs,
    /// Output folder, or `-` for standard output [default: `rendered` beside each config]
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Write nothing; exit 1 where a generated file is missing, stale or edited by hand
    #[arg(long)]
    pub check: bool,
    /// Exit 1 where a file was written or removed: a hook has to stop a commit that lacks it
    #[arg(long, conflicts_with = "check")]
    pub fail_on_change: bool,
    #[command(flatten)]
    pub renderer: RendererArgs,
}

/// Who turns values into objects.
#[derive(Args, Clone, Debug, Default)]
pub struct RendererArgs {
    /// Who renders the chart's objects
    #[arg(long, value_enum, default_value_t, value_name = "WHO")]
    pub renderer: Renderer,
    /// Chart archive or folder for `--renderer helm`
    #[arg(long, value_name = "PATH", required_if_eq("renderer", "helm"))]
    pub chart: Option<PathBuf>,
}

#[derive(ValueEnum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Renderer {
    /// gqlgen's own templates
    #[default]
    Native,
    /// The `helm` program on the PATH, with the chart of --chart
    Helm,
}

#[derive(ValueEnum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    #[default]
    Text,
    Json,
    Sarif,
    Github,
    Markdown,
}

#[derive(ValueEnum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FailOn {
    #[default]
    Error,
    Warning,
    Advice,
}

impl From<FailOn> for Level {
    fn from(level: FailOn) -> Level {
        match level {
            FailOn::Error => Level::Error,
            FailOn::Warning => Level::Warning,
            FailOn::Advice => Level::Advice,
        }
    }
}

#[derive(Args, Clone, Debug)]
pub struct ValidateArgs {
    #[command(flatten)]
    pub config: ConfigArgs,
    /// Format of the report
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
    /// Least level of a finding that makes the exit code 1
    #[arg(long, value_enum, default_value_t, value_name = "LEVEL")]
    pub fail_on: FailOn,
    /// What the inputs are [default: told by name and content]
    #[arg(long, value_enum, value_name = "KIND")]
    pub kind: Option<KindArg>,
    /// Version of the chart that a values file is for [default: the newest]
    #[arg(long, value_name = "VERSION")]
    pub chart_version: Option<String>,
    /// Kubernetes version for a values file or manifests [default: the newest known]
    #[arg(long, value_name = "VERSION")]
    pub kube_version: Option<KubeVersion>,
    /// ScalarDB version, `3.x` or `3.x.y`, for a schema.json or a database.properties [default: the newest known]
    #[arg(long, value_name = "VERSION")]
    pub scalardb: Option<String>,
    /// Storage for a schema.json [default: what holds for all]
    #[arg(long, value_name = "STORAGE", value_parser = clap::builder::PossibleValuesParser::new(Storage::WORDS))]
    pub storage: Option<String>,
    #[command(flatten)]
    pub renderer: RendererArgs,
}

/// What an input is.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum KindArg {
    /// A gqlgen.yaml
    Config,
    /// A values file of the chart, whoever wrote it
    Values,
    /// Kubernetes objects, as `helm template` and `kubectl get -o yaml` print them
    Manifests,
    /// A schema.json of the Schema Loader
    Schema,
    /// A database.properties of the Schema Loader
    Properties,
}

impl From<KindArg> for Kind {
    fn from(kind: KindArg) -> Kind {
        match kind {
            KindArg::Config => Kind::Config,
            KindArg::Values => Kind::Values,
            KindArg::Manifests => Kind::Manifests,
            KindArg::Schema => Kind::Schema,
            KindArg::Properties => Kind::Properties,
        }
    }
}

#[derive(Args, Clone, Debug)]
pub struct InitArgs {
    /// The storage
    #[arg(long, value_name = "STORAGE", default_value = "dynamo", value_parser = clap::builder::PossibleValuesParser::new(Storage::WORDS))]
    pub storage: String,
    /// The Ingress class
    #[arg(long, value_name = "CLASS", default_value = "alb", value_parser = clap::builder::PossibleValuesParser::new(IngressClass::WORDS))]
    pub class: String,
    /// Write to this file, which must not be there yet [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Args, Clone, Debug)]
pub struct ExplainArgs {
    /// Id of a rule, or a key path
    #[arg(value_name = "RULE|KEY.PATH", required_unless_present = "list")]
    pub what: Option<String>,
    /// List all rules
    #[arg(long)]
    pub list: bool,
}
