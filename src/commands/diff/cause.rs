//! The config key that feeds a field of an object: by the values that feed it, else by what the object is for.

use std::sync::{Arc, OnceLock};

use serde_json::Value;

use crate::commands::pipeline::Environment;
use crate::compile::Compiled;
use crate::compile::cluster::causes;
use crate::compile::cluster::plan::Plan;
use crate::compile::ingress::{attributes, catalogue};
use crate::config::layers::Layered;
use crate::diff::Op;
use crate::diff::identity::ObjectId;
use crate::diff::snapshot::{Cause, Causes};
use crate::source::{Place, Pointer};
use crate::validate::provenance::{Feed, Provenance};

/// Fields that follow from the chart's version and from no value.
const VERSION_LABELS: [&str; 2] = ["helm.sh/chart", "app.kubernetes.io/version"];

/// Which keys feed what gqlgen adds beside the chart, and switch off what the chart has: kind, beginning of the field, key. The first that is written counts.
const BESIDE: [(&str, &str, &str); 18] = [
    ("Ingress", "", "/ingress"),
    ("Secret", "", "/database/credentials"),
    ("ServiceMonitor", "", "/monitoring"),
    ("PrometheusRule", "", "/monitoring"),
    ("HorizontalPodAutoscaler", "/spec/minReplicas", "/autoscaling/min"),
    ("HorizontalPodAutoscaler", "/spec/maxReplicas", "/autoscaling/max"),
    ("HorizontalPodAutoscaler", "/spec/metrics", "/autoscaling/cpu"),
    ("HorizontalPodAutoscaler", "", "/autoscaling"),
    ("PodDisruptionBudget", "", "/replicas"),
    ("ConfigMap", "", "/schema"),
    ("ConfigMap", "", "/schemaLoader"),
    ("ConfigMap", "", "/database"),
    ("Job", "", "/schemaLoader"),
    ("Job", "", "/schema"),
    ("Job", "", "/scalardb"),
    ("ClusterConfig", "/metadata/version", "/cluster/kubernetes"),
    ("ClusterConfig", "/managedNodeGroups", "/cluster/nodeGroup"),
    ("ClusterConfig", "", "/cluster"),
];

/// Kinds of which a release has one, under its own name in its own namespace.
const MOVED: [&str; 2] = ["Deployment", "Ingress"];

/// What is needed to find causes when they are asked for, which is only where something changed.
struct Finder {
    layered: Layered,
    compiled: Compiled,
    chart: Vec<(ObjectId, Value)>,
    release: crate::chart::Release,
    chart_version: String,
    /// Whether the first group of `cluster.yaml` is the system's.
    system_first: bool,
    provenance: OnceLock<Provenance>,
}

pub fn finder(environment: &Environment) -> Arc<dyn Causes> {
    let namespace = &environment.release.namespace;
    Arc::new(Finder {
        layered: environment.layered.clone(),
        compiled: environment.compiled.clone(),
        chart: environment.chart_objects.iter().filter_map(|o| Some((ObjectId::of(&o.value, namespace)?, o.value.clone()))).collect(),
        release: environment.release.clone(),
        chart_version: environment.deployment.chart_version.clone(),
        system_first: Plan::new(&environment.deployment).system.is_some(),
        provenance: OnceLock::new(),
    })
}

impl Causes for Finder {
    fn of(&self, id: &ObjectId, path: &Pointer, op: Op) -> Option<Cause> {
        self.find(id, path, op).map(|place| cause(&place))
    }

    fn key(&self, path: &str) -> Option<Cause> {
        self.standing(path).map(|place| cause(&place))
    }

    fn config(&self) -> Value {
        self.layered.tree.to_json()
    }
}

fn cause(place: &Place) -> Cause {
    Cause { file: place.source.name.clone(), line: place.span.start.line, path: place.pointer.to_string() }
}

impl Finder {
    fn find(&self, id: &ObjectId, pointer: &Pointer, op: Op) -> Option<Place> {
        if id.kind == "Release" {
            let value = Pointer::parse(pointer.as_str().strip_prefix("/values")?);
            return if op == Op::Remove { None } else { self.of_value(&value) };
        }
        let segments: Vec<String> = pointer.segments().collect();
        let known = self.chart.iter().find(|(known, _)| known == id);
        match (segments.as_slice(), known) {
            ([metadata, annotations, key, rest @ ..], Some(_))
                if id.kind == "Ingress" && metadata == "metadata" && annotations == "annotations" =>
            {
                let found = self.of_annotation(key, rest.first().map(String::as_str));
                found.or_else(|| known.filter(|_| op != Op::Remove).and_then(|(_, object)| self.of_chart(object, pointer)))
            }
            (_, Some(_)) if op == Op::Remove => None,
            (_, Some((_, object))) => self.of_chart(object, pointer),
            ([], None) if op == Op::Remove => self.of_removed(id),
            (_, None) => self.beside(id, pointer),
        }
    }

    /// The key that an annotation of the Ingress, or one attribute of it, is derived from.
    fn of_annotation(&self, key: &str, attribute: Option<&str>) -> Option<Place> {
        let own = self.layered.tree.at(&Pointer::parse("/ingress/annotations").join(key));
        let holds =
            |text: &str| attribute.is_none_or(|name| attributes::parse(text).is_ok_and(|all| all.iter().any(|(known, _)| known == name)));
        if let Some(node) = own.filter(|node| node.to_json().as_str().is_none_or(holds)) {
            return Some(node.place.clone());
        }
        let class = catalogue::class_of_key(key)?;
        if !self.layered.tree.at(&Pointer::parse("/ingress/class")).is_none_or(|node| node.to_json() == class.word()) {
            return self.written("/ingress/class");
        }
        let entry = class.entry(key)?;
        let from = match attribute {
            None => entry.from.clone()?,
            Some(name) => match entry.attribute(name) {
                Some(attribute) => attribute.from.clone()?,
                None => Pointer::parse(entry.from.as_deref()?).join(name).to_string(),
            },
        };
        let of_path = || self.written("/graphql/path").filter(|_| entry.value.as_deref() == Some("healthCheckPath"));
        self.standing(&from).or_else(of_path)
    }

    /// An object that is not wanted any more: it has another name or namespace, or what it is for is switched off.
    fn of_removed(&self, id: &ObjectId) -> Option<Place> {
        match self.chart.iter().find(|(known, _)| known.kind == id.kind) {
            Some((other, _)) if !MOVED.contains(&other.kind.as_str()) => None,
            Some((other, _)) if other.namespace != id.namespace => self.written("/namespace"),
            Some(_) => self.written("/release"),
            None => self.beside(id, &Pointer::root()),
        }
    }

    /// The key at a pointer; what stands in the place of a parent that can have no keys (`ingress: false`).
    fn standing(&self, key: &str) -> Option<Place> {
        let (node, is_it) = self.layered.tree.nearest(&Pointer::parse(key));
        (is_it || !node.to_json().is_object()).then(|| node.place.clone())
    }

    fn of_chart(&self, object: &Value, pointer: &Pointer) -> Option<Place> {
        let of_version = || self.written("/chart/version").or_else(|| self.written("/scalardb"));
        if pointer.last().is_some_and(|last| VERSION_LABELS.contains(&last.as_str())) {
            return of_version();
        }
        let provenance = self.provenance.get_or_init(|| Provenance::new(&self.compiled.values, &self.release, &self.chart_version));
        let feed = if pointer.as_str().is_empty() { provenance.feed_of_object(object) } else { provenance.feed_of(object, pointer) };
        match feed {
            Some(Feed::Value(value)) => self.of_value(&value),
            Some(Feed::Key(key)) => Some(self.layered.tree.nearest(&Pointer::parse(key)).0.place.clone()),
            None => of_version(),
        }
    }

    /// The key of a value, or of the nearest parent.
    fn of_value(&self, pointer: &Pointer) -> Option<Place> {
        let mut at = Some(pointer.clone());
        while let Some(value) = at {
            if let Some(cause) = self.compiled.causes.get(value.as_str()) {
                let rest = &pointer.as_str()[value.as_str().len()..];
                return Some(self.layered.tree.nearest(&Pointer::parse(&format!("{cause}{rest}"))).0.place.clone());
            }
            at = value.parent();
        }
        None
    }

    fn beside(&self, id: &ObjectId, pointer: &Pointer) -> Option<Place> {
        let own = causes::keys_of(&id.kind, pointer, self.system_first);
        if let Some(place) = own.iter().find_map(|key| self.written(key)) {
            return Some(place);
        }
        let fits = BESIDE.iter().filter(|(kind, field, _)| *kind == id.kind && pointer.as_str().starts_with(field));
        fits.into_iter().find_map(|(_, _, key)| self.written(key))
    }

    /// The place of a key that the config gives.
    fn written(&self, key: &str) -> Option<Place> {
        self.layered.tree.at(&Pointer::parse(key)).map(|node| node.place.clone())
    }
}
