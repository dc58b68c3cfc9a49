//! `run.sh`: the docker command of the deployment guide, filled in. It holds no secret and puts none on a command line.

use super::{LOGIN, Login, PROPERTIES, Run, SCHEMA, arguments, job};
use crate::model::Storage;

/// The script, `#!` first, then the header.
pub fn text(run: &Run<'_>, header: &str) -> String {
    let mut out = format!("#!/bin/sh\n{header}");
    out.push_str("# Runs the Schema Loader with docker, from a machine that reaches the database.\n");
    if let Some(secret) = run.login.secret() {
        out.push_str(&format!(
            "# The login is taken from the variables SCALAR_DB_USERNAME and SCALAR_DB_PASSWORD. In the cluster it is in the Secret {secret}.\n"
        ));
    }
    out.push_str("set -eu\n\nhere=$(CDPATH='' cd -- \"$(dirname -- \"$0\")\" && pwd)\n");
    if run.login != Login::None {
        out.push_str(&login(run));
    }
    let mut properties = format!("$here/{PROPERTIES}");
    let mut start = "exec docker run --rm";
    let mut options = String::new();
    match run.login {
        Login::None => {}
        Login::Placeholders(_) => LOGIN.iter().for_each(|(variable, _, _)| options.push_str(&format!(" \\\n  --env {variable}"))),
        Login::Lines(_) => {
            out.push_str(&temporary());
            properties = format!("$folder/{PROPERTIES}");
            // No `exec`: the trap has to run. The file is the caller's alone, so the loader runs as the caller.
            start = "docker run --rm";
            options.push_str(" \\\n  --user \"$(id -u):$(id -g)\"");
        }
    }
    out.push_str(&format!("\n{start}{options} \\\n  --volume \"{properties}:/{PROPERTIES}:ro\""));
    if run.schema.is_some() {
        out.push_str(&format!(" \\\n  --volume \"$here/{SCHEMA}:/{SCHEMA}:ro\""));
    }
    out.push_str(&format!(" \\\n  {} \\\n ", quoted(&run.image)));
    for word in arguments::of(run, &format!("/{PROPERTIES}"), &format!("/{SCHEMA}")) {
        out.push(' ');
        out.push_str(&quoted(&word));
    }
    out.push('\n');
    out
}

fn login(run: &Run<'_>) -> String {
    let mut text = String::new();
    for (variable, key, _) in LOGIN {
        if run.deployment.database.storage == Storage::Cosmos && key == "db-username" {
            // Cosmos DB has an account key and no user name.
            text.push_str(&format!(": \"${{{variable}=}}\"\n"));
        } else {
            text.push_str(&format!(": \"${{{variable}?set it to the login of the database}}\"\n"));
        }
    }
    if matches!(run.login, Login::Placeholders(_)) {
        text.push_str("export SCALAR_DB_USERNAME SCALAR_DB_PASSWORD\n");
    }
    text
}

/// A file with the login in it, which nobody else can read and which goes away with the script.
fn temporary() -> String {
    let lines = job::login_lines(&format!("\"$here/{PROPERTIES}\""), &format!("\"$folder/{PROPERTIES}\""));
    format!(
        "umask 077\nfolder=$(mktemp -d)\ntrap 'rm -rf -- \"$folder\"' EXIT\ntrap 'exit 129' HUP\ntrap 'exit 130' INT\ntrap 'exit 143' TERM\n{lines}"
    )
}

/// A word of the shell that stands for exactly this text.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@+,".contains(c);
    if !text.is_empty() && text.chars().all(plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) }
}
