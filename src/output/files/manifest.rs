//! `.gqlgen.json`: which files a config generated, and the SHA-256 of their bytes.
//!
//! While a set is being written a file may hold its earlier bytes or the new ones, so a path may have several hashes: the newest stands under
//! `files`, the others under `unfinished`, which is gone when the set is whole. Limits: it may come from a stranger's branch, so its paths
//! are checked before anything is done with them.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(super) struct Manifest {
    pub config: String,
    /// Hashes by path, the newest last, never none.
    pub files: BTreeMap<String, Vec<String>>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Raw {
    schema_version: u32,
    generated_by: String,
    config: String,
    files: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    unfinished: BTreeMap<String, Vec<String>>,
}

impl Manifest {
    /// # Errors
    /// Says what is wrong with the text, in words that fit after its path.
    pub fn parse(bytes: &[u8]) -> Result<Manifest, String> {
        let raw: Raw = serde_json::from_slice(bytes).map_err(|e| format!("not a list of generated files ({e})"))?;
        if raw.schema_version != 1 {
            return Err(format!("a list of generated files of version {}, which this gqlgen does not know", raw.schema_version));
        }
        let mut files: BTreeMap<String, Vec<String>> = raw.unfinished;
        for (path, hash) in raw.files {
            files.entry(path).or_default().push(hash);
        }
        match files.iter().find(|(path, hashes)| !is_path(path) || hashes.is_empty()) {
            Some((path, _)) => Err(format!("it lists {path:?}, which is no file below the output folder")),
            None => Ok(Manifest { config: raw.config, files }),
        }
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        let mut raw = Raw {
            schema_version: 1,
            generated_by: "gqlgen".to_owned(),
            config: self.config.clone(),
            files: BTreeMap::new(),
            unfinished: BTreeMap::new(),
        };
        for (path, hashes) in &self.files {
            if let Some((newest, others)) = hashes.split_last() {
                raw.files.insert(path.clone(), newest.clone());
                if !others.is_empty() {
                    raw.unfinished.insert(path.clone(), others.to_vec());
                }
            }
        }
        let mut bytes = serde_json::to_vec_pretty(&raw).expect("texts and numbers alone");
        bytes.push(b'\n');
        bytes
    }
}

/// SHA-256 in hexadecimal, as `sha256sum` prints it.
pub(super) fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut text, byte| {
        for digit in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
        }
        text
    })
}

/// A relative path with `/` that stays below the output folder and is not the list itself.
pub(super) fn is_path(path: &str) -> bool {
    path != super::MANIFEST
        && !path.contains(['\\', '\0'])
        && path.split('/').all(|s| !matches!(s, "" | "." | "..") && !super::is_leftover(s))
        && !(cfg!(windows) && path.contains(':'))
}
