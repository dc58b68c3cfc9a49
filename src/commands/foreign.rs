//! The part of `gqlgen validate` for files that gqlgen did not make.

use std::io;

use super::inputs::{self, Input};
use super::standard_input;
use crate::cli::{KindArg, ValidateArgs};
use crate::config::layers;
use crate::diagnostic::Diagnostic;
use crate::source::{Place, Source};
use crate::validate::foreign::{self, Judged, Kind, manifests, values};
use crate::validate::kubernetes::KubeMinor;

/// The findings of an input that is no config; none for a config. The bytes of standard input are given back for it.
pub fn judge(input: &Input, args: &ValidateArgs) -> io::Result<Result<Judged, Option<Vec<u8>>>> {
    let stdin = standard_input(&input.path)?;
    let named = stdin.is_none() && inputs::is_config(&input.path);
    if args.kind == Some(KindArg::Config) || (args.kind.is_none() && named) {
        return Ok(Err(stdin));
    }
    let name = if stdin.is_some() { "<stdin>".to_owned() } else { layers::display(&input.path) };
    let bytes = match &stdin {
        Some(bytes) => bytes.clone(),
        None => match layers::read_limited(&input.path) {
            Ok(bytes) => bytes,
            Err(error) => {
                let fault = Diagnostic::error(
                    layers::UNREADABLE_FILE,
                    Place::whole(&Source::new(&name, "")),
                    format!("the file cannot be read: {error}"),
                );
                return Ok(Ok(Judged { diagnostics: vec![fault], unreadable: true, ..Judged::default() }));
            }
        },
    };
    let kind = args.kind.map_or_else(|| foreign::guess(&name, &bytes), Kind::from);
    let judged = match kind {
        Kind::Config => return Ok(Err(stdin)),
        Kind::Values => {
            values::judge(&name, &bytes, &values::Options { chart_version: args.chart_version.clone(), kubernetes: args.kube_version })
        }
        Kind::Manifests => {
            let minor = args.kube_version.and_then(|v| u8::try_from(v.minor).ok()).map(KubeMinor);
            manifests::judge(&name, &bytes, minor)
        }
        Kind::Schema => foreign::tables::judge_schema(&name, &bytes, args.scalardb.as_deref(), args.storage.as_deref()),
        Kind::Properties => foreign::tables::judge_properties(&name, &bytes, args.scalardb.as_deref()),
    };
    Ok(Ok(judged))
}
