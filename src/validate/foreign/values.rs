//! A hand-written values file of the chart.

use serde_json::{Value, json};

use super::{Judged, place};
use crate::chart::{self, ChartError, ChartVersion, KubeVersion, Release, user_values};
use crate::config::tree::Node;
use crate::diagnostic::{Diagnostic, Level};
use crate::resolve;
use crate::source::{Place, Pointer};
use crate::validate::annotations;
use crate::validate::kubernetes::{self, KubeMinor};
use crate::validate::provenance::{Feed, Provenance};
use crate::validate::rules;

/// What is known beside the file.
#[derive(Clone, Debug)]
pub struct Options {
    /// Version of the chart; the newest where nobody says.
    pub chart_version: Option<String>,
    pub kubernetes: Option<KubeVersion>,
}

/// Judges a values file.
pub fn judge(name: &str, bytes: &[u8], options: &Options) -> Judged {
    let file = match user_values::read_file(name, bytes) {
        Ok(file) => file,
        Err(fault) => return Judged::failed(*fault),
    };
    let chart = resolve::chart();
    let version = match &options.chart_version {
        Some(wanted) => match chart.version(wanted) {
            Some(version) => version,
            None => {
                let message = format!("there is no version `{}` of the chart {}", crate::config::decode::shown(wanted), chart.name());
                return Judged::failed(Diagnostic::error(resolve::UNKNOWN_CHART, Place::whole(&file.root.place.source), message));
            }
        },
        None => chart.newest().expect("the chart has versions"),
    };
    let mut judged = Judged::default();
    if options.chart_version.is_none() {
        judged.not_checked("what an older chart would refuse", &format!("`--chart-version` is not given; {} was taken", version.chart));
    }
    let values = Value::Object(file.values);
    let file = File { root: &file.root, values: &values, merged: chart.merge(version, &values), version };
    file.types(&mut judged);
    file.agreement(&mut judged);
    file.annotations(&mut judged);
    file.objects(options, &mut judged);
    judged
}

struct File<'f> {
    root: &'f Node,
    values: &'f Value,
    merged: Value,
    version: &'f ChartVersion,
}

impl File<'_> {
    fn report(&self, judged: &mut Judged, rule: &'static str, level: Level, pointer: &str, message: String, help: &str) {
        let mut diagnostic = Diagnostic::new(rule, level, place(self.root, &Pointer::parse(pointer)), message);
        diagnostic.help = (!help.is_empty()).then(|| help.to_owned());
        judged.diagnostics.push(diagnostic);
    }

    /// Keys that the chart does not read, and nulls that meet no default.
    fn types(&self, judged: &mut Judged) {
        let chart = resolve::chart();
        for unknown in rules::chart004::unknown_keys(self.root, chart.types(self.version)) {
            judged.diagnostics.push(
                Diagnostic::warning("CHART004", unknown.place, unknown.message).label("not a value of this chart").help(unknown.help),
            );
        }
        for pointer in rules::chart006::stray_nulls(self.values, Some(chart.defaults(self.version)), &Pointer::root()) {
            let message = "the chart has no default here that null could take away: Helm renders the null itself".to_owned();
            self.report(judged, "CHART006", Level::Warning, pointer.as_str(), message, "leave the key out");
        }
    }

    /// Values that have to agree with each other.
    fn agreement(&self, judged: &mut Judged) {
        const SERVERS: &str = "/scalarDbGraphQlConfiguration";
        let text = |pointer: &str| self.merged.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        if text("/scalarDbGraphQlConfiguration/namespaces").is_empty() {
            let help = "list the ScalarDB namespaces, separated by commas";
            self.report(
                judged,
                "CHART011",
                Level::Error,
                &format!("{SERVERS}/namespaces"),
                "no ScalarDB namespace is served: the servers need at least one and do not start".into(),
                help,
            );
        }
        let (storage, manager) = (text("/scalarDbGraphQlConfiguration/storage"), text("/scalarDbGraphQlConfiguration/transactionManager"));
        if (storage == "grpc") != (manager == "grpc") && !manager.is_empty() {
            let message = format!("storage `{storage}` and transactionManager `{manager}` do not go together: grpc goes with grpc");
            self.report(
                judged,
                "CHART011",
                Level::Error,
                &format!("{SERVERS}/transactionManager"),
                message,
                "set both to grpc, or neither",
            );
        }
        if manager == "jdbc" && storage != "jdbc" {
            let message = format!("the transaction manager `jdbc` works on storage jdbc only, not on `{storage}`");
            self.report(judged, "CHART011", Level::Error, &format!("{SERVERS}/transactionManager"), message, "use consensus-commit");
        }
        if self.merged["ingress"]["enabled"] == json!(true) {
            self.paths(judged);
        }
        let own_password =
            self.values.pointer("/scalarDbGraphQlConfiguration/password").and_then(Value::as_str).is_some_and(|p| !p.is_empty());
        if own_password {
            let help = "put the login into a Secret with the keys db-username and db-password, and name it in `existingSecret`";
            self.report(
                judged,
                "SEC002",
                Level::Warning,
                &format!("{SERVERS}/password"),
                "the password stands in this file and in Helm's release record".into(),
                help,
            );
        }
    }

    /// The server's path is one that the Ingress routes.
    fn paths(&self, judged: &mut Judged) {
        let server = self.merged["scalarDbGraphQlConfiguration"]["path"].as_str().unwrap_or_default();
        for (index, host) in self.merged["ingress"]["hosts"].as_array().into_iter().flatten().enumerate() {
            let routed = |path: &Value| {
                let text = path["path"].as_str().unwrap_or_default();
                match path["pathType"].as_str() {
                    Some("Exact") => text == server,
                    Some("Prefix") => server == text || server.starts_with(&format!("{}/", text.trim_end_matches('/'))),
                    // How others are compared is the controller's own.
                    _ => true,
                }
            };
            let paths = host["paths"].as_array().map(Vec::as_slice).unwrap_or_default();
            if !paths.is_empty() && !paths.iter().any(routed) {
                let message =
                    format!("no path of this host leads to the server, which answers at `{}`", crate::config::decode::shown(server));
                self.report(
                    judged,
                    "CHART011",
                    Level::Error,
                    &format!("/ingress/hosts/{index}"),
                    message,
                    "the path of the Ingress, of the servers and of the health check change together",
                );
            }
        }
    }

    /// What the Ingress's controller makes of its annotations.
    fn annotations(&self, judged: &mut Judged) {
        for (pointer, found) in annotations::files::of_values(&self.merged, self.values) {
            self.report(judged, found.rule, found.level, &pointer, found.message, &found.help.unwrap_or_default());
        }
    }

    /// What Helm or the API server refuses.
    fn objects(&self, options: &Options, judged: &mut Judged) {
        let release = Release {
            name: "release-name".into(),
            namespace: "default".into(),
            kube_version: options.kubernetes.unwrap_or(KubeVersion::NEWEST),
            api_versions: vec!["monitoring.coreos.com/v1".into()],
        };
        let chart = resolve::chart();
        let rendered = match chart.render(self.version, self.values, &release) {
            Ok(rendered) => rendered,
            Err(error) => {
                self.refused(&error, judged);
                return;
            }
        };
        let minor = u8::try_from(release.kube_version.minor).map_or(KubeMinor::NEWEST, KubeMinor).known();
        let mut provenance = None;
        let mut seen = Vec::new();
        for chart::Object { value: object, .. } in &rendered {
            if !kubernetes::is_known(object, minor) {
                continue;
            }
            for fault in kubernetes::check(object, minor) {
                let provenance: &Provenance = provenance.get_or_insert_with(|| Provenance::new(self.values, &release, &self.version.chart));
                let pointer = match provenance.feed_of(object, &Pointer::parse(&fault.pointer)) {
                    Some(Feed::Value(value)) => value,
                    _ => Pointer::root(),
                };
                // One value shows in many objects.
                if seen.contains(&pointer) {
                    continue;
                }
                seen.push(pointer.clone());
                let kind = object["kind"].as_str().unwrap_or("object");
                let message = format!("{kind} at {}: {}", if fault.pointer.is_empty() { "/" } else { &fault.pointer }, fault.message);
                let help = fault.suggestion.map_or_else(String::new, |s| format!("did you mean `{s}`?"));
                self.report(judged, "K8S002", fault.level, pointer.as_str(), message, &help);
            }
        }
    }

    fn refused(&self, error: &ChartError, judged: &mut Judged) {
        match error {
            ChartError::Values(faults) => {
                for fault in faults {
                    self.report(
                        judged,
                        "CHART003",
                        Level::Error,
                        fault.pointer.as_str(),
                        format!("Helm refuses the value at {}: {}", fault.pointer, fault.message),
                        "",
                    );
                }
            }
            ChartError::Template { values, .. } => {
                let pointer = values.first().map_or("", |p| p.as_str());
                self.report(judged, "CHART003", Level::Error, pointer, format!("Helm cannot render the chart: {error}"), "");
            }
        }
    }
}
