//! Renders a chart's templates: values to objects, in the order in which `helm template` prints them.

use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, Error, UndefinedBehavior, Value, context};

use super::capabilities::{BUILT_IN_APIS, KubeVersion};
use super::{Chart, ChartError, ChartVersion, functions, helm_yaml, rendered, scope};
use crate::config::tree::{Kind, Node, Style};
use crate::config::yaml;
use crate::source::{Pointer, Source};

const TEMPLATES: &str = "templates/";

/// What a chart is rendered for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Release {
    pub name: String,
    pub namespace: String,
    pub kube_version: KubeVersion,
    /// APIs beside the built-in ones, such as `monitoring.coreos.com/v1`.
    pub api_versions: Vec<String>,
}

/// One rendered object.
#[derive(Clone, PartialEq, Debug)]
pub struct Object {
    /// The template that it comes from, as `# Source:` names it: `CHART/templates/...`.
    pub template: String,
    pub value: serde_json::Value,
    /// Text of unquoted scalars that another reader of YAML 1.1 may take for something else than `value` has (`1e+06`, `y`, `1:30`).
    pub bare: Vec<(Pointer, String)>,
}

/// An environment with the chart's templates; nothing is compiled before it is used.
pub fn environment(files: &'static [(&'static str, &'static str)]) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Json);
    let blocks_leave_no_lines = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(blocks_leave_no_lines.expect("the delimiters are the standard ones"));
    environment.set_loader(move |name| {
        Ok(files.iter().find(|(path, _)| path.strip_prefix(TEMPLATES) == Some(name)).map(|(_, text)| (*text).to_owned()))
    });
    functions::register(&mut environment);
    environment.add_filter("fileText", move |path: &str| {
        let known = files.iter().any(|(name, _)| *name == path);
        known
            .then(|| rendered::reference(path))
            .ok_or_else(|| Error::new(minijinja::ErrorKind::TemplateNotFound, format!("the chart has no file {path}")))
    });
    environment
}

/// What templates see as `Chart`.
pub fn chart_context(chart: &Chart, version: &ChartVersion) -> Value {
    context! { Name => chart.name, Version => version.chart.as_str(), AppVersion => version.app.as_str(), ImageTag => version.image_tag.as_str() }
}

pub fn render(chart: &Chart, version: &ChartVersion, user: &serde_json::Value, release: &Release) -> Result<Vec<Object>, ChartError> {
    let values = chart.merge(version, user);
    let faults = chart.check_values(version, &values);
    if !faults.is_empty() {
        return Err(ChartError::Values(faults));
    }
    let api_versions: Vec<Value> =
        BUILT_IN_APIS.iter().copied().chain(release.api_versions.iter().map(String::as_str)).map(Value::from).collect();
    let context = context! {
        Values => scope::scope(&values, Some(chart.types(version))),
        Chart => chart_context(chart, version),
        Release => context! { Name => release.name.as_str(), Namespace => release.namespace.as_str(), Service => "Helm" },
        Capabilities => context! { KubeVersion => release.kube_version.to_string(), APIVersions => api_versions },
        generation => version.generation.as_str(),
    };
    let mut objects = Vec::new();
    for (path, _) in chart.files {
        let Some(name) = path.strip_prefix(TEMPLATES) else { continue };
        if name.rsplit('/').next().is_some_and(|file| file.starts_with('_')) {
            continue;
        }
        render_template(chart, name, &context, &mut objects)?;
    }
    objects.sort_by(|a, b| install_order(a).cmp(&install_order(b)));
    Ok(objects)
}

fn render_template(chart: &Chart, name: &str, context: &Value, objects: &mut Vec<Object>) -> Result<(), ChartError> {
    let template = format!("{}/{TEMPLATES}{name}", chart.name);
    let text =
        chart.environment().get_template(name).and_then(|t| t.render(context)).map_err(|error| template_error(chart, &template, &error))?;
    let fault = |message: String| ChartError::Template { template: template.clone(), line: None, values: Vec::new(), message };
    let text = helm_yaml::escape_unprintable(text);
    let file = |path: &str| chart.file(path).map(|text| text.strip_suffix('\n').unwrap_or(text));
    let documents = match rendered::read(&text, is_ambiguous, &file) {
        Some(documents) => documents,
        None => read_spanned(&template, text, &file).map_err(fault)?,
    };
    for (value, bare) in documents {
        check_head(&value).map_err(fault)?;
        objects.push(Object { template: template.clone(), value, bare });
    }
    Ok(())
}

fn read_spanned(template: &str, text: String, file: &dyn Fn(&str) -> Option<&'static str>) -> Result<Vec<rendered::Document>, String> {
    let documents = yaml::parse_all(&Source::new(template, text))
        .map_err(|fault| format!("its output is no YAML: line {} of it: {}", fault.place.span.start.line, fault.message))?;
    let read = documents.iter().map(|document| {
        let mut bare = Vec::new();
        collect_bare(&document.root, &mut bare);
        let mut value = helm_yaml::to_value(&document.root);
        insert_files(&mut value, file);
        (value, bare)
    });
    Ok(read.collect())
}

fn insert_files(value: &mut serde_json::Value, file: &dyn Fn(&str) -> Option<&'static str>) {
    match value {
        serde_json::Value::String(text) => {
            if let Some(found) = rendered::referred(text).and_then(file) {
                *text = found.to_owned();
            }
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(|item| insert_files(item, file)),
        serde_json::Value::Object(map) => map.values_mut().for_each(|item| insert_files(item, file)),
        _ => {}
    }
}

/// Helm reads the head of each object into fields of text, and refuses maps and lists there.
fn check_head(object: &serde_json::Value) -> Result<(), String> {
    let metadata = &object["metadata"];
    let annotations = &metadata["annotations"];
    let is_map = |value: &serde_json::Value| value.is_null() || value.is_object();
    let is_text = |value: &serde_json::Value| !value.is_object() && !value.is_array();
    if !is_map(metadata) || !is_map(annotations) {
        return Err("metadata and its annotations are maps, and here stands something else".to_owned());
    }
    if !is_text(&metadata["name"]) {
        return Err("metadata.name is a text, and here stands a map or a list".to_owned());
    }
    match annotations.as_object().into_iter().flatten().find(|(_, value)| !is_text(value)) {
        Some((key, _)) => Err(format!("the annotation {key} is a text, and here stands a map or a list")),
        None => Ok(()),
    }
}

fn collect_bare(node: &Node, bare: &mut Vec<(Pointer, String)>) {
    match &node.kind {
        Kind::Scalar(scalar) if scalar.style == Style::Plain && is_ambiguous(&scalar.text) => {
            bare.push((node.place.pointer.clone(), scalar.text.clone()));
        }
        Kind::Scalar(_) => {}
        Kind::Sequence(items) => items.iter().for_each(|item| collect_bare(item, bare)),
        Kind::Mapping(mapping) => mapping.values().for_each(|entry| collect_bare(&entry.value, bare)),
    }
}

/// Anything that looks like a number or a boolean but is no decimal integer, `true` or `false`.
fn is_ambiguous(text: &str) -> bool {
    let is_decimal = || text == "0" || !text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit());
    match text.as_bytes().first() {
        Some(b'0'..=b'9' | b'+' | b'-' | b'.') => !is_decimal(),
        Some(b'=' | b'<') => true,
        _ => text != "true" && text != "false" && helm_yaml::resolve_plain(text).is_boolean(),
    }
}

/// Helm's order of kinds: what others need comes first, unknown kinds last by their names.
const KINDS: &[&str] = &[
    "PriorityClass",
    "Namespace",
    "NetworkPolicy",
    "ResourceQuota",
    "LimitRange",
    "PodSecurityPolicy",
    "PodDisruptionBudget",
    "ServiceAccount",
    "Secret",
    "SecretList",
    "ConfigMap",
    "StorageClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "CustomResourceDefinition",
    "ClusterRole",
    "ClusterRoleList",
    "ClusterRoleBinding",
    "ClusterRoleBindingList",
    "Role",
    "RoleList",
    "RoleBinding",
    "RoleBindingList",
    "Service",
    "DaemonSet",
    "Pod",
    "ReplicationController",
    "ReplicaSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "StatefulSet",
    "Job",
    "CronJob",
    "IngressClass",
    "Ingress",
    "APIService",
];

fn install_order(object: &Object) -> (usize, &str) {
    let kind = object.value["kind"].as_str().unwrap_or_default();
    KINDS.iter().position(|known| *known == kind).map_or((KINDS.len(), kind), |known| (known, ""))
}

/// Finds the innermost place in a template, and the values that its line reads.
fn template_error(chart: &Chart, rendered: &str, error: &Error) -> ChartError {
    let mut innermost = error;
    while let Some(source) = std::error::Error::source(innermost).and_then(|source| source.downcast_ref::<Error>()) {
        innermost = source;
    }
    let placed = [innermost, error].into_iter().find(|e| e.name().is_some());
    let name = placed.and_then(Error::name);
    let line = placed.and_then(Error::line);
    let text = name.and_then(|name| chart.file(&format!("{TEMPLATES}{name}"))).unwrap_or_default();
    let template = name.map_or_else(|| rendered.to_owned(), |name| format!("{}/{TEMPLATES}{name}", chart.name));
    let values = line.map(|line| values_of_line(text, line)).unwrap_or_default();
    let message = innermost.detail().map_or_else(|| innermost.kind().to_string(), str::to_owned);
    ChartError::Template { template, line, values, message }
}

/// The values that a line of a template reads, also by way of the names that lines above it set; `*` is any item of a list.
fn values_of_line(template: &str, line: usize) -> Vec<Pointer> {
    let lines: Vec<&str> = template.lines().take(line).collect();
    let Some(last) = lines.last() else { return Vec::new() };
    let mut found: Vec<Pointer> = Vec::new();
    for route in routes(last) {
        if let Some(pointer) = resolve_route(&route, &lines[..lines.len() - 1], 0)
            && !found.contains(&pointer)
        {
            found.push(pointer);
        }
    }
    found
}

fn resolve_route(route: &[&str], above: &[&str], depth: usize) -> Option<Pointer> {
    let (first, rest) = route.split_first()?;
    let base = if *first == "Values" {
        Pointer::root()
    } else {
        // Nearest line above that gives the name its meaning.
        let (at, is_loop, definition) = above.iter().enumerate().rev().find_map(|(at, line)| {
            let line = line.trim().trim_start_matches("{%").trim();
            let looped = line.strip_prefix("for ").and_then(|l| l.strip_prefix(first)).and_then(|l| l.strip_prefix(" in "));
            let set = line.strip_prefix("set ").and_then(|l| l.strip_prefix(first)).and_then(|l| l.strip_prefix(" = "));
            looped.map(|d| (at, true, d)).or_else(|| set.map(|d| (at, false, d)))
        })?;
        let inner = routes(definition).into_iter().next().filter(|_| depth < 8)?;
        let pointer = resolve_route(&inner, &above[..at], depth + 1)?;
        if is_loop { pointer.join("*") } else { pointer }
    };
    Some(rest.iter().fold(base, |pointer, key| pointer.join(key)))
}

/// Names with dots in a line of a template: `a.b.c` is `[a, b, c]`. Text outside of `{{ }}` and `{% %}`, or in quotes, has none.
fn routes(line: &str) -> Vec<Vec<&str>> {
    let code = if line.contains("{{") || line.contains("{%") {
        line.split("{{").flat_map(|part| part.split("{%")).skip(1).map(|part| part.split(['}', '%']).next().unwrap_or_default()).collect()
    } else {
        vec![line]
    };
    code.iter()
        .flat_map(|part| part.split(['"', '\'']).step_by(2))
        .flat_map(|part| part.split(|c: char| !(c.is_alphanumeric() || c == '.' || c == '_')))
        .map(|word| word.split('.').collect::<Vec<_>>())
        .filter(|route| route.iter().all(|name| !name.is_empty()))
        .collect()
}
