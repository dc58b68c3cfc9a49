//! Merges the versions into two tables: one line per field, kept once for all versions in which it is the same.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::source::Version;

type Versions = BTreeMap<u8, Version>;

/// The texts of `types.txt` and `kinds.txt`.
pub fn merge(versions: &Versions, groups: &[&str]) -> (String, String) {
    (types(versions, groups), kinds(versions))
}

fn types(versions: &Versions, groups: &[&str]) -> String {
    let mut lines: BTreeMap<&str, BTreeMap<String, BTreeSet<u8>>> = BTreeMap::new();
    for (minor, version) in versions {
        for name in reached(version, groups) {
            let known = lines.entry(name).or_default();
            for (key, field) in &version.types[name] {
                let mark = if field.required { "!" } else { "" };
                known.entry(format!("{key}{mark} {}", word(&field.kind, version))).or_default().insert(*minor);
            }
        }
    }
    let mut text = String::from(HEAD_TYPES);
    for (name, fields) in lines {
        let _ = writeln!(text, "{name}");
        for (field, minors) in fields {
            let _ = writeln!(text, " {field}{}", range(&minors, versions));
        }
    }
    text
}

/// A reference to a type that is no struct (it wraps a JSON value) is `any`.
fn word<'f>(kind: &'f str, version: &Version) -> &'f str {
    let name = kind.trim_start_matches(['[', ']', '{', '}']);
    if name.contains('.') && !version.types.contains_key(name) { "any" } else { kind }
}

/// The types that the kinds of `groups` reach, and those of every fragment on the way.
fn reached<'v>(version: &'v Version, groups: &[&str]) -> BTreeSet<&'v str> {
    let roots = version.kinds.iter().filter(|kind| groups.contains(&kind.group.as_str())).map(|kind| kind.type_name.as_str());
    let mut open: Vec<&str> = roots.collect();
    let mut seen = BTreeSet::new();
    while let Some(name) = open.pop() {
        let Some((name, fields)) = version.types.get_key_value(name) else { continue };
        if !seen.insert(name.as_str()) {
            continue;
        }
        open.extend(fields.values().map(|field| field.kind.trim_start_matches(['[', ']', '{', '}'])));
    }
    seen
}

fn kinds(versions: &Versions) -> String {
    let mut lines: BTreeMap<String, BTreeSet<u8>> = BTreeMap::new();
    for (minor, version) in versions {
        for kind in &version.kinds {
            let api = if kind.group.is_empty() { kind.version.clone() } else { format!("{}/{}", kind.group, kind.version) };
            let scope = if kind.namespaced { "namespaced" } else { "cluster" };
            lines.entry(format!("{api} {} {} {scope}", kind.kind, kind.type_name)).or_default().insert(*minor);
        }
    }
    let mut text = String::from(HEAD_KINDS);
    for (line, minors) in lines {
        let _ = writeln!(text, "{line}{}", range(&minors, versions));
    }
    text
}

/// ` 23-` from 1.23 on, ` -25` up to 1.25, ` 23-25` between, nothing for all versions. A gap gives several ranges with commas.
fn range(minors: &BTreeSet<u8>, versions: &Versions) -> String {
    let (first, last) = (*versions.keys().next().unwrap_or(&0), *versions.keys().next_back().unwrap_or(&0));
    if minors.len() == versions.len() {
        return String::new();
    }
    let mut runs: Vec<(u8, u8)> = Vec::new();
    for minor in minors {
        match runs.last_mut() {
            Some(run) if run.1 + 1 == *minor => run.1 = *minor,
            _ => runs.push((*minor, *minor)),
        }
    }
    let end = |at: u8, open: u8| if at == open { String::new() } else { at.to_string() };
    let words: Vec<String> = runs.iter().map(|(from, to)| format!("{}-{}", end(*from, first), end(*to, last))).collect();
    format!(" {}", words.join(","))
}

const HEAD_TYPES: &str = "\
# Kubernetes' types by version; generated (see generator/ and provenance.json), not to be edited.
# A type's line starts at the margin, its fields follow: KEY[!] TYPE [MINORS]. `!` is required, []T a list, {}T a map, MINORS the versions 1.N
# that have the field so (nothing: all of them; `23-` from 1.23 on; `-25` up to 1.25). A type allows no other fields than its own.
";
const HEAD_KINDS: &str = "\
# The kinds that the API of each Kubernetes version defines; generated (see generator/ and provenance.json), not to be edited.
# API-VERSION KIND TYPE SCOPE [MINORS], with the words of types.txt.
";
