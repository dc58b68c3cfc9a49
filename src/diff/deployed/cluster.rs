//! A Kubernetes API server, asked one question after the other.
//!
//! Wraps the `kube` client and its runtime, so that nothing else here is asynchronous. Writes nothing: patches are dry runs.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::future::Future;
use std::path::Path;
use std::time::Duration;

use kube::api::{Api, DynamicObject, ListParams, Patch, PatchParams};
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::core::{ApiResource, GroupVersionKind};
use kube::discovery::{self, Scope};
use kube::{Client, Config, Error};
use serde_json::Value;

use super::Fault;

/// Which cluster; left out what kubectl would take.
#[derive(Clone, Default, Debug)]
pub struct Access {
    pub kubeconfig: Option<std::path::PathBuf>,
    pub context: Option<String>,
}

pub struct Cluster {
    runtime: tokio::runtime::Runtime,
    client: Client,
    /// By `apiVersion kind`; `None` where the cluster does not serve it.
    kinds: RefCell<BTreeMap<String, Option<(ApiResource, Scope)>>>,
}

/// What the server says to one question.
#[derive(Clone, PartialEq, Debug)]
pub enum Answer<T> {
    Found(T),
    Missing,
    /// The user may not ask this.
    Forbidden,
    /// The cluster does not know the kind.
    NotServed,
    /// The server will not do it; its words, which may quote values.
    Refused(String),
}

const CONNECT: Duration = Duration::from_secs(10);
const READ: Duration = Duration::from_secs(30);

impl Cluster {
    /// # Errors
    /// Where there is no usable kubeconfig or the server does not answer.
    pub fn connect(access: &Access) -> Result<Cluster, Fault> {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|e| Fault::new(format!("no runtime: {e}")))?;
        let client = runtime.block_on(async {
            let mut config = config(access).await?;
            config.connect_timeout = Some(CONNECT);
            config.read_timeout = Some(READ);
            Client::try_from(config).map_err(|e| e.to_string())
        });
        let client = client.map_err(|e| {
            Fault::new(format!("no access to a cluster: {e}"))
                .help("check KUBECONFIG, --kubeconfig and --context, as with kubectl; or compare with a --snapshot")
        })?;
        let cluster = Cluster { runtime, client, kinds: RefCell::default() };
        cluster
            .run(cluster.client.apiserver_version())
            .map_err(|e| match e {
                // Who may not ask for the version may still ask for objects.
                Error::Api(status) if status.code == 401 => {
                    Fault::new("the cluster does not accept these credentials").help("log in again, as for kubectl")
                }
                Error::Api(_) => Fault::new(String::new()),
                other => {
                    Fault::new(format!("the cluster does not answer: {}", chain(&other))).help("check the context, the network and the VPN")
                }
            })
            .map_or_else(|fault| if fault.message.is_empty() { Ok(()) } else { Err(fault) }, |_| Ok(()))?;
        Ok(cluster)
    }

    fn run<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    /// The resource behind a kind.
    pub fn resource(&self, api_version: &str, kind: &str) -> Result<Option<(ApiResource, Scope)>, Fault> {
        let key = format!("{api_version} {kind}");
        if let Some(known) = self.kinds.borrow().get(&key) {
            return Ok(known.clone());
        }
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        let found = match self.run(discovery::pinned_kind(&self.client, &GroupVersionKind::gvk(group, version, kind))) {
            Ok((resource, capabilities)) => Some((resource, capabilities.scope)),
            Err(Error::Api(status)) if status.code == 404 => None,
            Err(Error::Discovery(_)) => None,
            Err(other) => return Err(unreachable_fault(&other)),
        };
        self.kinds.borrow_mut().insert(key, found.clone());
        Ok(found)
    }

    fn api(&self, resource: &(ApiResource, Scope), namespace: Option<&str>) -> Api<DynamicObject> {
        match (&resource.1, namespace) {
            (Scope::Namespaced, Some(namespace)) => Api::namespaced_with(self.client.clone(), namespace, &resource.0),
            _ => Api::all_with(self.client.clone(), &resource.0),
        }
    }

    /// # Errors
    /// Where the server cannot be reached.
    pub fn get(&self, api_version: &str, kind: &str, namespace: Option<&str>, name: &str) -> Result<Answer<Value>, Fault> {
        let Some(resource) = self.resource(api_version, kind)? else { return Ok(Answer::NotServed) };
        let api = self.api(&resource, namespace);
        answer(self.run(api.get(name)).map(|object| value(&object, &resource.0)))
    }

    /// The objects that a label selector finds.
    ///
    /// # Errors
    /// Where the server cannot be reached.
    pub fn list(&self, api_version: &str, kind: &str, namespace: Option<&str>, labels: &str) -> Result<Answer<Vec<Value>>, Fault> {
        let Some(resource) = self.resource(api_version, kind)? else { return Ok(Answer::NotServed) };
        let api = self.api(&resource, namespace);
        let mut all = Vec::new();
        let mut parameters = ListParams::default().labels(labels).limit(200);
        loop {
            match self.run(api.list(&parameters)) {
                Ok(page) => {
                    all.extend(page.items.iter().map(|object| value(object, &resource.0)));
                    match page.metadata.continue_.filter(|token| !token.is_empty()) {
                        Some(token) => parameters = parameters.continue_token(&token),
                        None => return Ok(Answer::Found(all)),
                    }
                }
                Err(error) => return answer(Err(error)),
            }
        }
    }

    /// What the object would be after a merge patch. Nothing is changed.
    ///
    /// # Errors
    /// Where the server cannot be reached.
    pub fn dry_run(
        &self,
        api_version: &str,
        kind: &str,
        namespace: Option<&str>,
        name: &str,
        patch: &Value,
    ) -> Result<Answer<Value>, Fault> {
        let Some(resource) = self.resource(api_version, kind)? else { return Ok(Answer::NotServed) };
        let api = self.api(&resource, namespace);
        let parameters = PatchParams { dry_run: true, field_manager: Some("gqlgen".to_owned()), ..PatchParams::default() };
        answer(self.run(api.patch(name, &parameters, &Patch::Merge(patch))).map(|object| value(&object, &resource.0)))
    }
}

async fn config(access: &Access) -> Result<Config, String> {
    let options = KubeConfigOptions { context: access.context.clone(), ..KubeConfigOptions::default() };
    let read = |path: &Path| Kubeconfig::read_from(path).map_err(|e| e.to_string());
    match (&access.kubeconfig, &access.context) {
        (Some(path), _) => Config::from_custom_kubeconfig(read(path)?, &options).await.map_err(|e| e.to_string()),
        (None, Some(_)) => Config::from_kubeconfig(&options).await.map_err(|e| e.to_string()),
        (None, None) => Config::infer().await.map_err(|e| e.to_string()),
    }
}

fn answer<T>(result: Result<T, Error>) -> Result<Answer<T>, Fault> {
    match result {
        Ok(found) => Ok(Answer::Found(found)),
        Err(Error::Api(status)) => match status.code {
            404 => Ok(Answer::Missing),
            403 if status.reason == "Forbidden" && !status.message.contains("is invalid") => Ok(Answer::Forbidden),
            401 => Err(Fault::new("the cluster does not accept these credentials").help("log in again, as for kubectl")),
            400 | 403 | 409 | 415 | 422 => Ok(Answer::Refused(status.message.clone())),
            code => Err(Fault::new(format!("the cluster answers with error {code} ({})", status.reason))),
        },
        Err(other) => Err(unreachable_fault(&other)),
    }
}

fn unreachable_fault(error: &Error) -> Fault {
    match error {
        Error::Api(status) => Fault::new(format!("the cluster answers with error {} ({})", status.code, status.reason)),
        other => Fault::new(format!("the cluster does not answer: {}", chain(other))),
    }
}

/// An error with its causes, of which the last one says most.
fn chain(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let text = cause.to_string();
        if !words.contains(&text) {
            words.push_str(": ");
            words.push_str(&text);
        }
        next = cause.source();
    }
    words
}

fn value(object: &DynamicObject, resource: &ApiResource) -> Value {
    let mut value = serde_json::to_value(object).unwrap_or(Value::Null);
    // Items of a list come without the two.
    if let Some(map) = value.as_object_mut() {
        map.entry("apiVersion").or_insert_with(|| Value::String(resource.api_version.clone()));
        map.entry("kind").or_insert_with(|| Value::String(resource.kind.clone()));
    }
    value
}
