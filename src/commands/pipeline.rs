//! One config from its files to everything that is generated from it: the stages wired in the order of the data.
//!
//! Nothing is written and nothing is printed here. `render`, `validate` and `diff` share it.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use crate::chart::helm::{self, HelmError};
use crate::chart::{ChartError, KubeVersion, Object, Release};
use crate::cli::{ConfigArgs, Renderer, RendererArgs};
use crate::clock;
use crate::compile::{self, Compiled, File};
use crate::config::layers::{self, Layered, Loaded};
use crate::config::tree::Node;
use crate::diagnostic::{Diagnostic, Level, settle};
use crate::model::{Credentials, Deployment};
use crate::report::NotChecked;
use crate::resolve;
use crate::source::{Place, Pointer};
use crate::validate::consequence;
use crate::validate::kubernetes::{self, KubeMinor};
use crate::validate::provenance::{Feed, Provenance};
use crate::validate::rule::{self, Context};
use crate::validate::suppress;

/// Name of the values file.
pub const VALUES: &str = "scalardb-graphql-custom-values.yaml";
/// Name of the file with the objects.
pub const MANIFESTS: &str = "manifests.yaml";

/// How configs are built.
#[derive(Clone, Debug, Default)]
pub struct Options {
    pub layers: layers::Options,
    pub renderer: RendererArgs,
}

impl Options {
    pub fn new(config: &ConfigArgs, renderer: &RendererArgs) -> Options {
        Options { layers: config.layers(), renderer: renderer.clone() }
    }
}

/// A config with all that it gives.
pub struct Built {
    /// The config as shown.
    pub name: String,
    pub loaded: Loaded,
    /// Those that were asked for; empty where the config could not be read.
    pub environments: Vec<Environment>,
    /// Settled and suppressed, sorted by place.
    pub diagnostics: Vec<Diagnostic>,
    pub unreadable: bool,
    /// What was not checked, and why.
    pub not_checked: Vec<NotChecked>,
}

impl Built {
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|d| d.level == Level::Error)
    }
}

/// One environment of a config.
pub struct Environment {
    pub layered: Layered,
    pub deployment: Deployment,
    pub compiled: Compiled,
    /// Of the chart, in Helm's order; empty where the chart refuses the values.
    pub chart_objects: Vec<Object>,
    pub release: Release,
}

impl Environment {
    pub fn name(&self) -> Option<&str> {
        self.layered.name.as_deref()
    }

    /// Where the config key stands that feeds a value: its own place, or that of the nearest key that is written.
    pub fn place_of_value(&self, pointer: &Pointer) -> Option<Place> {
        place_of_value(&self.layered, &self.compiled.causes, pointer)
    }

    /// Which values and config keys feed a field of an object.
    pub fn provenance(&self) -> Provenance {
        Provenance::new(&self.compiled.values, &self.release, &self.deployment.chart_version)
    }

    /// All objects that are deployed: the chart's, then those that gqlgen adds.
    pub fn objects(&self) -> impl Iterator<Item = &Value> {
        self.chart_objects.iter().map(|o| &o.value).chain(&self.compiled.objects)
    }

    /// Files by path below the environment's folder.
    pub fn files(&self, config: &str) -> BTreeMap<String, File> {
        let header = crate::output::header(config);
        let mut files = compile::files(&self.deployment, config);
        let mut add = |name: &str, text: String| files.insert(name.to_owned(), File { text, executable: false });
        add(VALUES, header.clone() + &crate::output::yaml::to_string(&self.compiled.values));
        add(MANIFESTS, self.manifests(&header));
        files
    }

    fn manifests(&self, header: &str) -> String {
        let plain = matches!(self.deployment.database.credentials, Credentials::Plain { .. })
            || self.chart_objects.iter().any(|o| is_secret(&o.value));
        let mut text = header.to_owned();
        if plain {
            text.push_str(
                "# The chart's Secret with the database login is left out: it holds credentials. Helm makes it from the values.\n",
            );
        }
        let shown: Vec<Value> = self.objects().filter(|o| !is_secret(o)).cloned().collect();
        text.push_str(&crate::output::yaml::documents(&shown));
        text
    }
}

fn is_secret(object: &Value) -> bool {
    object["kind"] == "Secret"
}

/// Reads and builds one config. `stdin` are the bytes of standard input where that is the config.
pub fn build(path: &Path, stdin: Option<&[u8]>, options: &Options) -> Built {
    let mut loaded = layers::load(path, stdin, &options.layers);
    let mut diagnostics = std::mem::take(&mut loaded.diagnostics);
    let mut built = Built {
        name: loaded.name.clone(),
        environments: Vec::new(),
        diagnostics: Vec::new(),
        unreadable: loaded.unreadable,
        not_checked: Vec::new(),
        loaded,
    };
    if !built.unreadable {
        let mut judged = Vec::new();
        for layered in std::mem::take(&mut built.loaded.environments) {
            let (environment, found) = environment(layered, &options.renderer, &mut built);
            judged.extend(found);
            built.environments.push(environment);
        }
        judged.extend(judge(&built.environments));
        let trees: Vec<&Node> = built.environments.iter().map(|e| &e.layered.tree).collect();
        let told = consequence::without(&diagnostics, judged, &trees);
        diagnostics.extend(told);
    }
    let whole = options.layers.environments.is_empty();
    let settings = built.environments.iter().map(|e| (e.name(), &e.layered.settings));
    let diagnostics = suppress::apply(diagnostics, settings, &built.loaded.documents, whole && !built.unreadable, clock::today());
    built.not_checked.sort();
    built.not_checked.dedup();
    let environments: Vec<String> = built.environments.iter().filter_map(|e| e.layered.name.clone()).collect();
    built.diagnostics = settle(diagnostics, &environments);
    built
}

fn environment(layered: Layered, renderer: &RendererArgs, built: &mut Built) -> (Environment, Vec<Diagnostic>) {
    let (deployment, mut found) = resolve::deployment(&layered);
    let compiled = compile::compile(&deployment);
    let release = release(&deployment);
    let chart_objects = match (renderer.renderer, &renderer.chart) {
        (Renderer::Helm, Some(path)) => by_helm(path, &layered, &compiled, &release, &mut found, built),
        _ => natively(&deployment.chart_version, &layered, &compiled, &release, &mut found),
    };
    found.extend(other_chart(&chart_objects, &deployment.chart_version, &layered));
    built.not_checked.extend(not_checked(&deployment));
    let environment = Environment { layered, deployment, compiled, chart_objects, release };
    found.extend(object_faults(&environment));
    (environment, found)
}

fn natively(chart_version: &str, layered: &Layered, compiled: &Compiled, release: &Release, found: &mut Vec<Diagnostic>) -> Vec<Object> {
    let chart = resolve::chart();
    let Some(version) = chart.version(chart_version) else { return Vec::new() };
    chart.render(version, &compiled.values, release).unwrap_or_else(|error| {
        found.extend(chart_faults(&error, layered, compiled));
        Vec::new()
    })
}

fn by_helm(
    chart: &Path,
    layered: &Layered,
    compiled: &Compiled,
    release: &Release,
    found: &mut Vec<Diagnostic>,
    built: &mut Built,
) -> Vec<Object> {
    match helm::render(chart, &crate::output::yaml::to_string(&compiled.values), release) {
        Ok(objects) => objects,
        Err(error) => {
            built.unreadable |= matches!(error, HelmError::NotRun(_));
            let mut fault = Diagnostic::error("CHART003", layered.tree.place.clone(), error.to_string());
            fault.environments.extend(layered.name.clone());
            found.push(fault);
            Vec::new()
        }
    }
}

/// The chart that the user gave is another one than the values were compiled for. Its objects say so in their label.
fn other_chart(objects: &[Object], version: &str, layered: &Layered) -> Option<Diagnostic> {
    let wanted = format!("{}-{version}", resolve::chart().name());
    let given = objects.iter().find_map(|o| o.value.pointer("/metadata/labels/helm.sh~1chart")?.as_str())?;
    (given != wanted).then(|| {
        let place = layered.tree.get("scalardb").unwrap_or(&layered.tree).place.clone();
        Diagnostic::warning("CHART007", place, format!("the chart that was given is {given}, the values are made for {wanted}"))
            .help("give that chart, or name the version of this one under `chart.version`")
    })
}

/// What nobody can know from this config alone.
fn not_checked(deployment: &Deployment) -> Vec<NotChecked> {
    let mut found = Vec::new();
    let mut add = |what: &str, why: &str| found.push(NotChecked { what: what.to_owned(), why: why.to_owned() });
    match deployment.cluster.as_ref().map(|c| c.kubernetes) {
        None => add("the cluster's side: node group, load balancer controller, subnets", "`cluster` is not given"),
        Some(None) => add("what an older Kubernetes than 1.37 would refuse", "`cluster.kubernetes` is not given"),
        Some(Some(version)) if version.minor < u16::from(KubeMinor::OLDEST.0) => {
            add("the objects' fields for this Kubernetes version", "types are known from 1.21 on; 1.21 was taken");
        }
        Some(Some(version)) if version.minor > u16::from(KubeMinor::NEWEST.0) => {
            add("the objects' fields for this Kubernetes version", "types are known up to 1.37; 1.37 was taken");
        }
        Some(Some(_)) => {}
    }
    if matches!(deployment.database.credentials, Credentials::Secret(_)) {
        add("that the Secret with the database login exists and has the keys db-username and db-password", "it lives in the cluster");
    }
    if deployment.loader.as_ref().is_none_or(|l| l.schema.is_none()) {
        add("that the served namespaces have tables", "`schema` is not given");
    }
    for name in unknown_instance_types(deployment) {
        add(&format!("whether the pods fit on nodes of the type {name}"), "the table of instance types has it not");
    }
    if compile::cluster::plan::Plan::new(deployment).has_subnets() {
        add("zones, routes and free addresses of the subnets", "only AWS knows them");
    }
    found
}

/// Well-formed types of the pods' node group that the table has not.
fn unknown_instance_types(deployment: &Deployment) -> Vec<&str> {
    let group = deployment.cluster.as_ref().and_then(|c| c.node_group.as_ref());
    let types = group.into_iter().flat_map(|g| g.instance_types.iter().map(String::as_str));
    types.filter(|name| compile::cluster::facts::instance_type(name).is_none()).collect()
}

/// What the chart is rendered for: the cluster's version or the newest known; monitoring implies the API of its objects.
fn release(deployment: &Deployment) -> Release {
    let kube_version = deployment.cluster.as_ref().and_then(|c| c.kubernetes).map_or(KubeVersion::NEWEST, |k| KubeVersion {
        major: 1,
        minor: u32::from(k.minor),
        patch: k.patch.map_or(0, u32::from),
    });
    let monitoring = &deployment.monitoring;
    let wanted = monitoring.service_monitor || monitoring.prometheus_rule || deployment.values["serviceMonitor"]["enabled"] == json!(true);
    Release {
        name: deployment.release.clone(),
        namespace: deployment.namespace.clone(),
        kube_version,
        api_versions: if wanted { vec!["monitoring.coreos.com/v1".into()] } else { Vec::new() },
    }
}

fn place_of_value(layered: &Layered, causes: &BTreeMap<String, String>, pointer: &Pointer) -> Option<Place> {
    let mut at = Some(pointer.clone());
    while let Some(value) = at {
        if let Some(cause) = causes.get(value.as_str()) {
            let rest = Pointer::parse(&pointer.as_str()[value.as_str().len()..]);
            let cause = Pointer::parse(cause);
            let (node, exact) = layered.tree.nearest(&cause.append(&rest));
            // A short form has the last key alone: `cpu` of `resources` for its requests and its limits.
            let short = rest.last().and_then(|last| layered.tree.at(&cause.join(&last))).filter(|_| !exact);
            return Some(short.unwrap_or(node).place.clone());
        }
        at = value.parent();
    }
    None
}

fn chart_faults(error: &ChartError, layered: &Layered, compiled: &Compiled) -> Vec<Diagnostic> {
    let place = |pointer: &Pointer| place_of_value(layered, &compiled.causes, pointer).unwrap_or_else(|| layered.tree.place.clone());
    let mut faults: Vec<Diagnostic> = match error {
        ChartError::Values(values) => values
            .iter()
            .map(|v| {
                Diagnostic::error("CHART003", place(&v.pointer), format!("the chart refuses the value at {}: {}", v.pointer, v.message))
            })
            .collect(),
        ChartError::Template { values, .. } => {
            let at = values.first().cloned().or_else(|| odd_annotation(&compiled.merged_values));
            let at = at.as_ref().map_or_else(|| layered.tree.place.clone(), place);
            vec![Diagnostic::error("CHART003", at, format!("the chart cannot be rendered: {error}"))]
        }
    };
    faults.iter_mut().for_each(|f| f.environments.extend(layered.name.clone()));
    faults
}

/// An annotation of the Ingress that is a map or a list, which the chart's template cannot write.
fn odd_annotation(values: &serde_json::Value) -> Option<Pointer> {
    let (key, _) = values["ingress"]["annotations"].as_object()?.iter().find(|(_, value)| value.is_object() || value.is_array())?;
    Some(Pointer::parse("/ingress/annotations").join(key))
}

/// What the API server would refuse in the objects.
fn object_faults(environment: &Environment) -> Vec<Diagnostic> {
    let version = environment.deployment.cluster.as_ref().and_then(|c| c.kubernetes);
    let minor = version.and_then(|v| u8::try_from(v.minor).ok()).map_or(KubeMinor::NEWEST, KubeMinor);
    let mut provenance = None;
    let mut found = Vec::new();
    for object in environment.objects() {
        if !kubernetes::is_known(object, minor.known()) {
            continue;
        }
        for fault in kubernetes::check(object, minor.known()) {
            let provenance: &Provenance = provenance.get_or_insert_with(|| environment.provenance());
            let pointer = Pointer::parse(&fault.pointer);
            let feed = provenance.feed_of(object, &pointer);
            let place = match &feed {
                Some(Feed::Value(value)) => environment.place_of_value(value),
                Some(Feed::Key(key)) => Some(place_of_key(environment, key)),
                None => compile::autoscaling::asked_by(object).map(|key| place_of_key(environment, key)),
            }
            .unwrap_or_else(|| environment.layered.tree.place.clone());
            let kind = object["kind"].as_str().unwrap_or("object");
            let name = object["metadata"]["name"].as_str().unwrap_or("");
            let fed = match feed {
                Some(Feed::Value(value)) => format!(", fed by the value {value}"),
                _ => String::new(),
            };
            let message =
                format!("{kind} {name} at {}: {}{fed}", if fault.pointer.is_empty() { "/" } else { &fault.pointer }, fault.message);
            let mut diagnostic = Diagnostic::new(consequence::OBJECTS, fault.level, place, message);
            diagnostic.label = fault.expected.map(|e| format!("expected {e}"));
            diagnostic.help = fault.suggestion.map(|s| format!("did you mean `{s}`?"));
            diagnostic.environments.extend(environment.layered.name.clone());
            found.push(diagnostic);
        }
    }
    one_for_each_place(found)
}

/// Place of a key, or of what is there of the way to it.
fn place_of_key(environment: &Environment, key: &str) -> Place {
    environment.layered.tree.nearest(&Pointer::parse(key)).0.place.clone()
}

/// One fault of a value shows in many objects: the first stands for all.
fn one_for_each_place(found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut kept: Vec<(Diagnostic, usize)> = Vec::new();
    for diagnostic in found {
        match kept.iter_mut().find(|(k, _)| k.place == diagnostic.place && k.level == diagnostic.level) {
            Some((_, more)) => *more += 1,
            None => kept.push((diagnostic, 0)),
        }
    }
    kept.into_iter()
        .map(|(mut diagnostic, more)| {
            if more > 0 {
                diagnostic.message.push_str(&format!(" (and {more} more from the same place)"));
            }
            diagnostic
        })
        .collect()
}

fn judge(environments: &[Environment]) -> Vec<Diagnostic> {
    let contexts: Vec<Context<'_>> = environments
        .iter()
        .map(|e| Context::new(e.name(), &e.layered.tree, &e.layered.settings, e.layered.schema.as_deref(), &e.deployment, &e.compiled))
        .collect();
    rule::run(&contexts)
}
