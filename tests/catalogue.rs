//! The catalogue of rules is whole: every rule has its page, a config that breaks it and one that does not, and stands in `RULES.md`.
//!
//! A fixture is `fixtures/rules/<id>/bad*.yaml` or `good*.yaml`, or a folder of that name with a `gqlgen.yaml`; `NAME.args` beside it
//! holds further arguments of `gqlgen validate`, one on each line. Other files are what the fixtures name.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use common::cli::{expect_file, gqlgen};
use common::crate_root;
use gqlgen::validate::rule::Rule;
use gqlgen::validate::rules;
use rayon::prelude::*;
use serde_json::Value;

/// The parts of a page, in their order.
const PARTS: [&str; 5] = ["## What it finds", "## Why", "## Fails", "## Passes", "## How to fix it"];
const AREAS: [&str; 9] = ["CFG", "CHART", "DB", "ING", "K8S", "NODE", "OPS", "SCH", "SEC"];

fn name(rule: &Rule) -> String {
    rule.id.to_lowercase()
}

/// Collects what is wrong over all rules, so that one run names all of it.
fn assert_none(mut faults: Vec<String>) {
    faults.sort();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn ids_are_an_area_and_a_number_in_order_and_unique() {
    let ids: Vec<&str> = rules::ALL.iter().map(|r| r.id).collect();
    assert!(ids.is_sorted(), "the list of rules is sorted by id");
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "an id stands once");
    for id in ids {
        let (area, number) = id.split_at(id.len() - 3);
        assert!(AREAS.contains(&area) && number.bytes().all(|b| b.is_ascii_digit()), "{id}");
    }
}

#[test]
fn a_rule_is_one_file_and_one_page_and_one_folder_of_fixtures() {
    let known: BTreeSet<String> = rules::ALL.iter().map(|r| name(r)).collect();
    let stems = |folder: &str, ending: &str| -> BTreeSet<String> {
        std::fs::read_dir(crate_root().join(folder))
            .expect(folder)
            .map(|e| e.expect("readable").file_name().to_string_lossy().into_owned())
            .filter_map(|n| n.strip_suffix(ending).map(str::to_owned))
            .filter(|n| n != "mod" && !n.starts_with('.'))
            .collect()
    };
    assert_eq!(stems("src/validate/rules", ".md"), known);
    assert!(stems("src/validate/rules", ".rs").is_superset(&known));
    assert_eq!(stems("fixtures/rules", ""), known);
}

#[test]
fn every_page_says_what_why_and_how_to_fix_it() {
    let mut faults = Vec::new();
    for rule in rules::ALL {
        let mut fault = |what: &str| faults.push(format!("{}: {what}", rule.id));
        if rule.doc.lines().next() != Some(&format!("# {}: {}", rule.id, rule.summary)) {
            fault("its page begins with `# ID: summary`, the summary being the rule's own");
        }
        let parts: Vec<&str> = rule.doc.lines().filter(|l| l.starts_with("## ")).collect();
        if parts != PARTS {
            fault(&format!("its page has the parts {parts:?}"));
        }
        for part in rule.doc.split("\n## ").skip(1) {
            let (title, text) = part.split_once('\n').unwrap_or((part, ""));
            if text.trim().is_empty() {
                fault(&format!("`{title}` is empty"));
            }
            if matches!(title, "Fails" | "Passes") && !text.contains("```") {
                fault(&format!("`{title}` has no example"));
            }
        }
        if rule.summary.ends_with('.') || rule.summary.contains('\n') {
            fault("its summary is one line without a full stop");
        }
    }
    assert_none(faults);
}

/// Fixtures of a rule: the config, and what the rule should make of it.
fn fixtures(rule: &Rule) -> Vec<(PathBuf, bool)> {
    let folder = crate_root().join("fixtures/rules").join(name(rule));
    let mut found = Vec::new();
    for entry in std::fs::read_dir(&folder).into_iter().flatten() {
        let path = entry.expect("readable").path();
        let stem = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let is_fixture = path.is_dir() || path.extension().is_some_and(|e| e != "args");
        if is_fixture && (stem.starts_with("bad") || stem.starts_with("good")) {
            found.push((path, stem.starts_with("bad")));
        }
    }
    found.sort();
    found
}

/// Rules of the findings in a fixture.
fn findings(fixture: &Path) -> Result<Vec<String>, String> {
    let args = std::fs::read_to_string(fixture.with_extension("args")).unwrap_or_default();
    let folder = fixture.parent().unwrap_or(Path::new("."));
    let file = fixture.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let all = ["validate", "--format", "json"].into_iter().chain(args.lines()).chain([file.as_str()]);
    let ran = gqlgen(folder, all);
    let report: Value = serde_json::from_str(&ran.out).map_err(|e| format!("no report ({e}): {}", ran.err))?;
    let diagnostics = report["diagnostics"].as_array().ok_or("no diagnostics")?;
    Ok(diagnostics.iter().map(|d| d["rule"].as_str().unwrap_or_default().to_owned()).collect())
}

#[test]
fn bad_fixtures_break_their_rule_and_good_ones_do_not() {
    let faults = rules::ALL.par_iter().flat_map_iter(|rule| {
        let all = fixtures(rule);
        let mut faults = Vec::new();
        for wanted in [true, false] {
            if !all.iter().any(|(_, bad)| *bad == wanted) {
                faults.push(format!("{}: no {} fixture", rule.id, if wanted { "bad" } else { "good" }));
            }
        }
        for (fixture, bad) in all {
            let shown = fixture.strip_prefix(crate_root()).unwrap_or(&fixture).display().to_string();
            match findings(&fixture) {
                Ok(found) if found.iter().any(|f| f == rule.id) != bad => {
                    faults.push(format!("{}: {shown} gives {found:?}", rule.id));
                }
                Ok(_) => {}
                Err(error) => faults.push(format!("{}: {shown}: {error}", rule.id)),
            }
        }
        faults
    });
    assert_none(faults.collect());
}

/// All pages as one document. Headings of a page go one level down, so that a rule's anchor is its id.
fn document() -> String {
    let mut text = String::from(
        "<!-- Generated from src/validate/rules/*.md; `UPDATE_EXPECTED=1 cargo test --test catalogue` rewrites it. -->\n\n# Rules\n\n\
         `gqlgen explain ID` prints the same page, offline.\n\n| rule | level | |\n|---|---|---|\n",
    );
    for rule in rules::ALL {
        text.push_str(&format!("| [{}](#{}) | {} | {} |\n", rule.id, name(rule), rule.level.as_str(), rule.summary.replace('|', "\\|")));
    }
    for rule in rules::ALL {
        text.push_str(&format!("\n<a id=\"{}\"></a>\n\n", name(rule)));
        let mut code = false;
        for (number, line) in rule.doc.trim_end().lines().enumerate() {
            code ^= line.starts_with("```");
            let deeper = if !code && line.starts_with('#') { "#" } else { "" };
            text.push_str(&format!("{deeper}{line}\n"));
            if number == 0 {
                text.push_str(&format!("\nLevel: {}. Since {}.\n", rule.level.as_str(), rule.since));
            }
        }
    }
    text
}

#[test]
fn the_document_of_all_rules_is_current() {
    expect_file(&crate_root().join("RULES.md"), &document());
}

#[test]
fn explain_gives_every_page() {
    let list = gqlgen(crate_root(), ["explain", "--list"]).ends(0).out;
    for rule in rules::ALL {
        assert!(list.lines().any(|l| l.split(' ').next() == Some(rule.id) && l.ends_with(rule.summary)), "{}", rule.id);
    }
    let some = rules::ALL.first().expect("a rule");
    assert_eq!(gqlgen(crate_root(), ["explain", &name(some)]).ends(0).out.trim_end(), some.doc.trim_end());
}

/// What becomes of one pitfall.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Pitfall {
    /// The rules that see it.
    rules: Option<Vec<String>>,
    /// Why it cannot be seen in gqlgen's inputs.
    unseen: Option<String>,
}

#[test]
fn every_pitfall_has_a_rule_or_a_reason() {
    let known: BTreeSet<&str> = rules::ALL.iter().map(|r| r.id).collect();
    let mut faults = Vec::new();
    for (name, count) in [("alb-pitfalls", 115), ("eks-pitfalls", 40), ("scalardb-pitfalls", 131)] {
        let text = std::fs::read_to_string(crate_root().join(format!("fixtures/catalogue/{name}.yaml"))).expect("readable");
        let table: BTreeMap<u32, Pitfall> = serde_saphyr::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(table.keys().copied().eq(1..=count), "{name} has the numbers 1 to {count}");
        for (number, pitfall) in &table {
            let mut fault = |what: String| faults.push(format!("{name} {number}: {what}"));
            match (&pitfall.rules, &pitfall.unseen) {
                (Some(rules), None) if !rules.is_empty() => {
                    rules.iter().filter(|r| !known.contains(r.as_str())).for_each(|r| fault(format!("no rule {r}")));
                }
                (None, Some(why)) if why.len() > 20 => {}
                _ => fault("either rules or a reason".to_owned()),
            }
        }
    }
    assert_none(faults);
}
