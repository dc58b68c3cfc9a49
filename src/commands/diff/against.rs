//! From a source of the deployed state to the two sides that are compared.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde_json::Value;

use super::sides::{self, chart_snapshot, snapshot, with_causes};
use super::{Outcome, Wanted, place};
use crate::commands::changed;
use crate::commands::pipeline::{self, Environment};
use crate::config::layers;
use crate::diff::deployed::cluster::{Access, Cluster};
use crate::diff::deployed::saved::Saved;
use crate::diff::deployed::{Fault, Material, Objects, Source, files, git, live, release};
use crate::diff::identity::ObjectId;
use crate::diff::three_way::{Three, compare_three};
use crate::diff::{Diff, Options, Snapshot, compare};

/// A source, with what was read from it so far.
pub struct Against {
    source: Kind,
    access: Access,
    cluster: Option<Cluster>,
    save_to: Option<PathBuf>,
    saved: Saved,
    trees: git::Trees,
    /// For standard error, each once.
    words: BTreeSet<String>,
    /// For the report, each once.
    notes: BTreeSet<String>,
    stdin: Option<Material>,
}

#[derive(Clone, PartialEq, Eq)]
enum Kind {
    Git(String),
    Path(PathBuf),
    Cluster { release: bool, live: bool },
}

impl Against {
    /// # Errors
    /// Where these sources cannot be compared with together.
    pub fn new(sources: &[Source], snapshot: Option<&Path>, access: Access) -> Outcome<Against> {
        let cluster = !sources.is_empty() && sources.iter().all(Source::is_cluster);
        let source = match (sources, snapshot) {
            ([], Some(file)) => Kind::Path(file.to_owned()),
            _ if cluster => Kind::Cluster { release: sources.contains(&Source::Release), live: sources.contains(&Source::Live) },
            ([Source::Git(revision)], None) => Kind::Git(revision.clone()),
            ([Source::Path(path)], None) => Kind::Path(path.clone()),
            (_, Some(_)) => {
                return Err(Fault::new("--snapshot keeps what a cluster holds: it goes with --against release or live, or stands alone"));
            }
            _ => return Err(Fault::new("only release and live can be compared with together; give one --against otherwise")),
        };
        let save_to = snapshot.filter(|_| cluster).map(Path::to_owned);
        Ok(Against {
            source,
            access,
            cluster: None,
            save_to,
            saved: Saved::default(),
            trees: git::Trees::default(),
            words: BTreeSet::new(),
            notes: BTreeSet::new(),
            stdin: None,
        })
    }

    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(String::as_str)
    }

    pub fn notes(&self) -> impl Iterator<Item = String> {
        self.notes.iter().cloned()
    }

    /// # Errors
    /// Where the source cannot be read.
    pub fn diff(&mut self, wanted: &Wanted<'_>, options: &Options) -> Outcome<Diff> {
        match self.source.clone() {
            Kind::Git(revision) => {
                let (folder, name) = place(&wanted.input.path);
                let there = self.trees.folder(&folder, &revision)?;
                let old = self.config(&there.join(name), wanted, &format!("git:{revision}"))?;
                Ok(compare(&old, &whole(wanted), options))
            }
            Kind::Path(path) => self.path(&path, wanted, options),
            Kind::Cluster { release, live } => self.cluster(release, live, wanted, options),
        }
    }

    /// What a config gave that a change takes away: all of it is removed. `selected` names environments, none all.
    ///
    /// # Errors
    /// Where the source is no revision, or cannot be read.
    pub fn gone(&mut self, path: &Path, selected: &[String], options: &Options) -> Outcome<Diff> {
        let Kind::Git(revision) = &self.source else { return Err(Fault::new("only a revision knows what is gone")) };
        let (folder, name) = place(path);
        let there = changed::existing(&folder);
        let below = folder.strip_prefix(there).unwrap_or(&folder);
        let folder = self.trees.folder(there, revision)?.join(below);
        let built = earlier(&folder.join(name), &format!("git:{revision}"))?;
        let is_selected = |e: &&Environment| selected.is_empty() || e.name().is_some_and(|name| selected.iter().any(|s| s == name));
        let old: Vec<Snapshot> = built.environments.iter().filter(is_selected).map(snapshot).collect();
        self.notes.insert(format!("{} is gone; what it deployed stays until it is uninstalled", path.display()));
        Ok(compare(&old, &[], options))
    }

    /// Another config, rendered. One that is not there gives nothing, so that all is added.
    fn config(&mut self, path: &Path, wanted: &Wanted<'_>, shown: &str) -> Outcome<Vec<Snapshot>> {
        if !path.is_file() {
            self.notes.insert(format!("{shown} has no {}, so that everything is new", wanted.built.name));
            return Ok(Vec::new());
        }
        let built = earlier(path, shown)?;
        let all = &wanted.built.loaded.all_environments;
        let selected: Vec<&str> = wanted.built.environments.iter().filter_map(Environment::name).collect();
        let unselected = |name: &str| selected.len() < all.len() && !selected.contains(&name);
        Ok(built.environments.iter().filter(|e| !e.name().is_some_and(unselected)).map(|e| with_causes(snapshot(e), e)).collect())
    }

    fn path(&mut self, path: &Path, wanted: &Wanted<'_>, options: &Options) -> Outcome<Diff> {
        let name = wanted.input.path.file_name().map(|n| n.to_string_lossy().into_owned());
        let found = match (path.as_os_str() == "-", &self.stdin) {
            (true, Some(material)) => vec![material.clone()],
            (true, None) => {
                let bytes = crate::commands::standard_input(path).map_err(|e| Fault::new(format!("standard input: {e}")))?;
                let material = files::parse_stdin(&bytes.unwrap_or_default())?;
                self.stdin = Some(material.clone());
                vec![material]
            }
            _ => {
                // An earlier render of several configs keeps their folders.
                let below = path.join(&wanted.input.below);
                files::read(if below.is_dir() { &below } else { path }, name.as_deref())?
            }
        };
        let [first, ..] = found.as_slice() else { return Err(Fault::new(format!("{} holds nothing", path.display()))) };
        match first {
            Material::Config(config) => {
                let old = self.config(config, wanted, &path.display().to_string())?;
                Ok(compare(&old, &whole(wanted), options))
            }
            Material::Saved(saved) => self.saved(saved, wanted, options),
            Material::Values(values) => {
                let environment = only(wanted)?;
                let mut old = Snapshot::new(environment.layered.name.clone(), &environment.release.name, &environment.release.namespace);
                old.objects = sides::render_values(&values.values, environment).map_err(Fault::new)?;
                old.values = Some(sides::written(&values.values, &environment.deployment.chart_version));
                Ok(compare(&[old], &[with_causes(chart_snapshot(environment), environment)], options))
            }
            Material::Objects(_) => self.objects(&found, wanted, options),
        }
    }

    fn objects(&mut self, found: &[Material], wanted: &Wanted<'_>, options: &Options) -> Outcome<Diff> {
        let (mut old, mut new) = (Vec::new(), Vec::new());
        for material in found {
            let Material::Objects(objects) = material else { continue };
            if objects.rendered {
                old.extend(rendered(objects, wanted));
                continue;
            }
            let environment = only(wanted)?;
            let whole = if objects.chart_only { chart_snapshot(environment) } else { snapshot(environment) };
            let mut side = with_causes(whole, environment);
            side.values = None;
            let deployed = self.manifests(objects, &mut side);
            settle_dashboards(&deployed, &mut side);
            old.push(deployed);
            new.push(side);
        }
        if new.is_empty() {
            new = whole(wanted);
        }
        Ok(compare(&old, &new, options))
    }

    /// Objects of a file. A dump of a cluster may hold others' objects, and only some kinds: the former are left out, of the latter the rest is not compared.
    fn manifests(&mut self, found: &Objects, wanted: &mut Snapshot) -> Snapshot {
        let mut old = Snapshot::new(wanted.environment.clone(), wanted.release.clone(), wanted.namespace.clone());
        old.origin = found.origin();
        old.objects = found.objects.clone();
        if found.live {
            let known: BTreeSet<ObjectId> = wanted.objects.iter().filter_map(|o| ObjectId::of(o, &wanted.namespace)).collect();
            old.objects.retain(|o| {
                let id = ObjectId::of(o, &wanted.namespace);
                let instance = o.pointer("/metadata/labels/app.kubernetes.io~1instance").and_then(Value::as_str);
                let owned = o.pointer("/metadata/ownerReferences").is_some();
                id.is_some_and(|id| known.contains(&id)) || !owned && instance == Some(&wanted.release)
            });
            let kinds: BTreeSet<String> = found.objects.iter().map(kind).collect();
            let missing: BTreeSet<String> = wanted.objects.iter().map(kind).filter(|k| !kinds.contains(k)).collect();
            wanted.objects.retain(|o| kinds.contains(&kind(o)));
            for kind in missing {
                self.notes.insert(format!("not compared: {kind} (what was given holds none)"));
            }
        }
        old
    }

    fn saved(&mut self, saved: &Saved, wanted: &Wanted<'_>, options: &Options) -> Outcome<Diff> {
        self.notes.insert(format!("comparing with a snapshot that is {} old", saved.age(SystemTime::now())));
        let in_cluster = |all: Vec<Snapshot>| all.into_iter().map(without_files).collect::<Vec<_>>();
        let selected = |side: &[Snapshot]| -> Vec<Snapshot> {
            let names: Vec<Option<&str>> = wanted.built.environments.iter().map(Environment::name).collect();
            side.iter().filter(|s| names.contains(&s.environment.as_deref())).cloned().collect()
        };
        let (mut chart, mut all) = (charts(wanted), in_cluster(whole(wanted)));
        for side in chart.iter_mut().chain(&mut all) {
            let record = saved.release.as_deref().or(saved.live.as_deref()).unwrap_or_default();
            if let Some(deployed) = record.iter().find(|s| s.environment == side.environment) {
                settle_dashboards(deployed, side);
            }
        }
        match (&saved.release, &saved.live) {
            (Some(release), Some(live)) => {
                let (release, live) = (selected(release), selected(live));
                Ok(compare_three(&Three { release: &release, live: &live, wanted: &all, wanted_chart: &chart }, options))
            }
            (Some(release), None) => Ok(compare(&selected(release), &chart, options)),
            (None, Some(live)) => Ok(compare(&selected(live), &all, options)),
            (None, None) => Err(Fault::new("the snapshot holds nothing")),
        }
    }

    fn cluster(&mut self, with_release: bool, with_live: bool, wanted: &Wanted<'_>, options: &Options) -> Outcome<Diff> {
        if self.cluster.is_none() {
            self.cluster = Some(Cluster::connect(&self.access)?);
        }
        let (mut records, mut lives, mut all, mut chart, mut notes) = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for environment in &wanted.built.environments {
            let mut chart_side = with_causes(chart_snapshot(environment), environment);
            let mut side = with_causes(without_files(snapshot(environment)), environment);
            if with_release {
                let record = self.release(environment)?;
                settle_dashboards(&record, &mut chart_side);
                settle_dashboards(&record, &mut side);
                records.push(record);
            }
            if with_live {
                // Values are Helm's matter, not the cluster's.
                side.values = None;
                let cluster = self.cluster.as_ref().ok_or_else(|| Fault::new("no cluster"))?;
                if !with_release && let Some(record) = release::read(cluster, &side.namespace, &side.release).ok().flatten() {
                    let mut deployed = Snapshot::new(None, &side.release, &side.namespace);
                    deployed.objects = record.objects;
                    settle_dashboards(&deployed, &mut side);
                }
                let read = live::read(cluster, &side)?;
                notes.extend(read.notes);
                self.words.extend(read.rbac.map(|role| format!("some rights are missing; {role}")));
                lives.push(read.deployed);
                side = read.wanted;
            }
            all.push(side);
            chart.push(chart_side);
        }
        if self.save_to.is_some() {
            keep(&mut self.saved.release, with_release.then_some(&records));
            keep(&mut self.saved.live, with_live.then_some(&lives));
        }
        let mut diff = match (with_release, with_live) {
            (true, true) => compare_three(&Three { release: &records, live: &lives, wanted: &all, wanted_chart: &chart }, options),
            (true, false) => compare(&records, &chart, options),
            _ => compare(&lives, &all, options),
        };
        diff.notes.extend(notes);
        Ok(diff)
    }

    fn release(&mut self, environment: &Environment) -> Outcome<Snapshot> {
        let Some(cluster) = &self.cluster else { return Err(Fault::new("no cluster")) };
        let wanted = &environment.release;
        let mut side = Snapshot::new(environment.layered.name.clone(), &wanted.name, &wanted.namespace);
        match release::read(cluster, &wanted.namespace, &wanted.name)? {
            Some(record) => {
                if let Some((revision, status)) = record.later {
                    self.notes.insert(format!(
                        "revision {revision} of {} is {status}; comparing with revision {}, the newest deployed one",
                        wanted.name, record.revision
                    ));
                }
                side.objects = record.objects;
                side.values = Some(sides::written(&record.values, &record.chart_version));
            }
            None => {
                self.notes
                    .insert(format!("no release {} is deployed in namespace {}, so that everything is new", wanted.name, wanted.namespace));
            }
        }
        Ok(side)
    }

    /// Writes the snapshot, where one is wanted and something was read.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn save(&self, now: SystemTime) -> Outcome<()> {
        let Some(path) = &self.save_to else { return Ok(()) };
        if self.saved.release.is_none() && self.saved.live.is_none() {
            return Ok(());
        }
        let failed = |e: std::io::Error| Fault::new(format!("cannot write {}: {e}", path.display()));
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
        std::io::Write::write_all(&mut file, self.saved.to_text(now).as_bytes()).map_err(failed)?;
        file.persist(path).map_err(|e| failed(e.error))?;
        Ok(())
    }
}

/// A config of an earlier state, built. What is laid over the wanted one was not there then.
fn earlier(path: &Path, shown: &str) -> Outcome<pipeline::Built> {
    let layers = layers::Options { allow_outside: true, ..layers::Options::default() };
    let built = pipeline::build(path, None, &pipeline::Options { layers, ..pipeline::Options::default() });
    if built.unreadable || built.environments.iter().any(|e| e.chart_objects.is_empty()) {
        let first = built.diagnostics.iter().find(|d| d.level == crate::diagnostic::Level::Error);
        let why = first.map_or(String::new(), |d| format!(": {} {}", d.rule, crate::redact::mask_text(&d.message)));
        return Err(Fault::new(format!("the config of {shown} cannot be rendered{why}")));
    }
    Ok(built)
}

fn keep(kept: &mut Option<Vec<Snapshot>>, read: Option<&Vec<Snapshot>>) {
    if let Some(read) = read {
        kept.get_or_insert_with(Vec::new).extend(read.iter().cloned());
    }
}

fn kind(object: &Value) -> String {
    object.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// All environments with all their objects.
fn whole(wanted: &Wanted<'_>) -> Vec<Snapshot> {
    wanted.built.environments.iter().map(|e| with_causes(snapshot(e), e)).collect()
}

/// All environments with the chart's objects.
fn charts(wanted: &Wanted<'_>) -> Vec<Snapshot> {
    wanted.built.environments.iter().map(|e| with_causes(chart_snapshot(e), e)).collect()
}

/// What is in no cluster: eksctl's file.
fn without_files(mut snapshot: Snapshot) -> Snapshot {
    snapshot.objects.retain(|o| kind(o) != "ClusterConfig");
    snapshot
}

/// One environment of an earlier render, unless it is one that was not asked for.
fn rendered(found: &Objects, wanted: &Wanted<'_>) -> Option<Snapshot> {
    let built = &wanted.built;
    let unselected = |name: &String| {
        let selected = built.environments.iter().any(|e| e.name() == Some(name));
        built.environments.len() < built.loaded.all_environments.len() && !selected
    };
    if found.environment.as_ref().is_some_and(unselected) {
        return None;
    }
    let text = |o: &Value, pointer: &str| o.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    let chart = || found.objects.iter().filter(|o| o.pointer("/metadata/labels/helm.sh~1chart").is_some());
    let same = built.environments.iter().find(|e| e.name() == found.environment.as_deref()).map(|e| &e.release);
    let namespace = chart().find_map(|o| text(o, "/metadata/namespace")).or_else(|| same.map(|r| r.namespace.clone())).unwrap_or_default();
    let release = chart()
        .find_map(|o| text(o, "/metadata/labels/app.kubernetes.io~1instance"))
        .or_else(|| same.map(|r| r.name.clone()))
        .unwrap_or_default();
    let mut side = Snapshot::new(found.environment.clone(), release, &namespace);
    side.objects = found.objects.clone();
    side.objects.extend(sides::own_secrets(found, &namespace));
    let version = chart().find_map(|o| text(o, "/metadata/labels/helm.sh~1chart")).unwrap_or_default();
    side.values = found.values.as_ref().map(|v| sides::written(v, version.rsplit('-').next().unwrap_or_default()));
    Some(side)
}

/// The one environment, for sources that do not say which one they are.
fn only<'a>(wanted: &'a Wanted<'_>) -> Outcome<&'a Environment> {
    match wanted.built.environments.as_slice() {
        [one] => Ok(one),
        all => {
            let names: Vec<&str> = all.iter().filter_map(Environment::name).collect();
            Err(Fault::new("what is deployed does not say which environment it is").help(format!("name one with -e: {}", names.join(", "))))
        }
    }
}

/// The dashboard's text is the published chart's own, which gqlgen does not carry: what is deployed stands for it.
fn settle_dashboards(deployed: &Snapshot, wanted: &mut Snapshot) {
    let dashboard = |o: &Value| kind(o) == "ConfigMap" && o.pointer("/metadata/labels/grafana_dashboard").is_some();
    for object in wanted.objects.iter_mut().filter(|o| dashboard(o)) {
        let id = ObjectId::of(object, &wanted.namespace);
        let theirs = deployed.objects.iter().find(|o| dashboard(o) && ObjectId::of(o, &deployed.namespace) == id);
        if let Some(data) = theirs.and_then(|o| o.get("data")) {
            object["data"] = data.clone();
        }
    }
}
