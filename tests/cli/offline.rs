//! `init`, `explain`, `completions`, and the exit codes of the command line itself.

use std::path::Path;

use crate::common::cli::{TODAY, gqlgen};
use crate::{GOOD, with_config};

const STORAGES: [&str; 5] = ["cassandra", "cosmos", "dynamo", "jdbc", "grpc"];
const CLASSES: [&str; 3] = ["alb", "nginx", "azure-application-gateway"];

#[test]
fn every_starter_file_is_clean_and_renders() {
    for storage in STORAGES {
        for class in CLASSES {
            let folder = tempfile::tempdir().expect("a temporary folder");
            let made = gqlgen(folder.path(), ["init", "--storage", storage, "--class", class, "-o", "gqlgen.yaml"]).ends(0);
            assert_eq!(made.out, "created gqlgen.yaml\n");
            let said = gqlgen(folder.path(), ["validate", "--fail-on", "warning"]).ends(0).said();
            assert!(said.contains("0 errors") || !said.contains("error"), "{said}");
            gqlgen(folder.path(), ["render"]).ends(0);
            gqlgen(folder.path(), ["render", "--check"]).ends(0);
            let text = std::fs::read_to_string(folder.path().join("gqlgen.yaml")).expect("readable");
            assert_eq!(text, gqlgen(folder.path(), ["init", "--storage", storage, "--class", class]).ends(0).out);
        }
    }
}

#[test]
fn init_does_not_touch_a_file_that_is_there() {
    let folder = with_config(GOOD);
    let ran = gqlgen(folder.path(), ["init", "-o", "gqlgen.yaml"]).ends(2);
    assert!(ran.err.contains("gqlgen.yaml"), "{}", ran.err);
    assert_eq!(std::fs::read_to_string(folder.path().join("gqlgen.yaml")).expect("readable"), GOOD);
}

#[test]
fn explain_knows_keys_and_rules_and_near_names() {
    let here = Path::new(".");
    let key = gqlgen(here, ["explain", "ingress.stickiness"]).ends(0).out;
    assert!(key.starts_with("ingress.stickiness\n") && key.contains("60s"), "{key}");
    let rule = gqlgen(here, ["explain", "cfg002"]).ends(0).out;
    assert!(rule.starts_with("# CFG002"), "{rule}");
    for (wrong, right) in [("ingress.stickyness", "ingress.stickiness"), ("CFG02", "CFG002"), ("stickiness", "ingress.stickiness")] {
        let ran = gqlgen(here, ["explain", wrong]).ends(2);
        assert!(ran.out.is_empty() && ran.err.contains(&format!("did you mean `{right}`?")), "{}", ran.err);
    }
}

#[test]
fn completions_name_every_command() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = gqlgen(Path::new("."), ["completions", shell]).ends(0).out;
        for command in ["render", "validate", "diff", "template", "init", "explain", "schema"] {
            assert!(script.contains(command), "{shell} does not complete {command}");
        }
    }
}

#[test]
fn a_wrong_command_line_is_exit_code_2() {
    let here = Path::new(".");
    let wrong: [&[&str]; 6] =
        [&[], &["rendr"], &["render", "--outpt", "x"], &["validate", "--format", "xml"], &["init", "--storage", "mysql"], &["explain"]];
    for args in wrong {
        let ran = gqlgen(here, args).ends(2);
        assert!(!ran.err.is_empty() && ran.out.is_empty(), "{args:?}: {}", ran.out);
    }
    gqlgen(here, ["--version"]).ends(0);
    gqlgen(here, ["render", "--help"]).ends(0);
}

#[test]
fn exit_codes_are_those_of_the_table() {
    let clean = with_config(GOOD);
    gqlgen(clean.path(), ["validate"]).ends(0);
    gqlgen(clean.path(), ["validate", "--fail-on", "advice"]).ends(0);
    let advised = with_config(GOOD.replace("3.8", "3.13"));
    gqlgen(advised.path(), ["validate"]).ends(0);
    gqlgen(advised.path(), ["validate", "--fail-on", "advice"]).ends(1);
    gqlgen(clean.path(), ["render", "--check"]).ends(1);
    gqlgen(clean.path(), ["render"]).ends(0);
    gqlgen(clean.path(), ["render", "--check"]).ends(0);
    let faulty = with_config(GOOD.replace("storage", "storag"));
    gqlgen(faulty.path(), ["validate"]).ends(1);
    gqlgen(faulty.path(), ["render"]).ends(1);
    let broken = with_config("a: [\n");
    gqlgen(broken.path(), ["validate"]).ends(2);
    gqlgen(broken.path(), ["render"]).ends(2);
    gqlgen(broken.path(), ["render", "missing.yaml"]).ends(2);
    let empty = tempfile::tempdir().expect("a temporary folder");
    std::fs::create_dir(empty.path().join(".git")).expect("made");
    gqlgen(empty.path(), ["render"]).ends(2);
    gqlgen(clean.path(), ["render", "-e", "prod"]).ends(2);
}

#[test]
fn the_clock_can_be_set() {
    let dated = with_config(format!("{GOOD}lint: {{ ignore: [{{ rule: CHART010, until: 2026-12-31 }}] }}\n"));
    assert!(TODAY.parse::<u64>().is_ok());
    assert!(!gqlgen(dated.path(), ["validate"]).ends(0).out.contains("CFG015"));
    let later =
        crate::common::cli::finish(crate::common::cli::command(dated.path()).arg("validate").env("SOURCE_DATE_EPOCH", "1900000000"));
    assert!(later.out.contains("CFG015"), "{}", later.out);
}
