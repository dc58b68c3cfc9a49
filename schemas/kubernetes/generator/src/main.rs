//! Writes `../types.txt` and `../kinds.txt`: the fields of Kubernetes' types for each minor version, read from the *source* of several
//! k8s-openapi releases (each is generated from the OpenAPI documents of the Kubernetes versions it covers).
//!
//! Nothing of k8s-openapi is compiled: its structs say the fields and their types, its deserialisers the keys, `Option` what is required.
//! That makes a run over seventeen versions a matter of seconds. Limits: descriptions are dropped, and what those sources do not say (enum values,
//! lengths) is not here either.
//!
//! Run as `cargo run --release` in this folder. The output is a function of `Cargo.lock` alone.

mod source;
mod table;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// Which release gives which versions: always the newest release that still has the version, since it follows the later patches.
const RELEASES: [(&str, std::ops::RangeInclusive<u8>); 4] = [("0.18", 21..=23), ("0.22", 24..=27), ("0.24", 28..=32), ("0.29", 33..=37)];

/// Groups whose kinds are written, with all that they reach.
const GROUPS: [&str; 10] = [
    "",
    "apps",
    "autoscaling",
    "batch",
    "coordination.k8s.io",
    "extensions",
    "networking.k8s.io",
    "policy",
    "rbac.authorization.k8s.io",
    "scheduling.k8s.io",
];

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let packages = packages(here)?;
    let mut versions = BTreeMap::new();
    let mut provenance = Vec::new();
    for (release, minors) in RELEASES {
        let (version, root) = packages
            .iter()
            .find(|(version, _)| version.starts_with(&format!("{release}.")))
            .ok_or(format!("no k8s-openapi {release} in Cargo.lock"))?;
        for minor in minors.clone() {
            eprintln!("1.{minor} from k8s-openapi {version}");
            versions.insert(minor, source::read(&root.join("src").join(format!("v1_{minor}")))?);
        }
        provenance.push(serde_json::json!({
            "crate": "k8s-openapi", "version": version, "license": "Apache-2.0",
            "kubernetes": minors.map(|minor| format!("1.{minor}")).collect::<Vec<_>>(),
        }));
    }
    let (types, kinds) = table::merge(&versions, &GROUPS);
    let folder = here.join("..");
    std::fs::write(folder.join("types.txt"), &types)?;
    std::fs::write(folder.join("kinds.txt"), &kinds)?;
    let note = serde_json::json!({
        "generator": "schemas/kubernetes/generator (cargo run --release there)",
        "sources": provenance,
        "files": { "types.txt": digest(&types), "kinds.txt": digest(&kinds) },
        "handWritten": ["apis.json", "rules.json", "monitoring.txt"],
    });
    std::fs::write(folder.join("provenance.json"), format!("{note:#}\n"))?;
    eprintln!("types.txt {} bytes, kinds.txt {} bytes", types.len(), kinds.len());
    Ok(())
}

/// The k8s-openapi releases of `Cargo.lock`: version and folder of the unpacked source.
fn packages(here: &Path) -> Result<Vec<(String, PathBuf)>, Failure> {
    let metadata = cargo_metadata::MetadataCommand::new()
        .manifest_path(here.join("Cargo.toml"))
        .features(cargo_metadata::CargoOpt::SomeFeatures(vec!["sources".into()]))
        .other_options(vec!["--locked".into()])
        .exec()?;
    let wanted = metadata.packages.into_iter().filter(|package| package.name.as_str() == "k8s-openapi");
    Ok(wanted.filter_map(|package| Some((package.version.to_string(), package.manifest_path.parent()?.as_std_path().to_owned()))).collect())
}

fn digest(text: &str) -> String {
    let hash = Sha256::digest(text.as_bytes());
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}
