//! Every renderer on the same diagnostics. Expected texts stand in `fixtures/report/`; `UPDATE_EXPECTED=1` rewrites them.

use gqlgen::diagnostic::{Diagnostic, Level};
use gqlgen::report::{NotChecked, Report, RuleInfo, Summary, github, json, markdown, sarif, text};
use gqlgen::source::{Place, Pointer, Source, Span};
use serde_json::Value;
use std::path::Path;
use std::sync::Arc;

const CONFIG: &str = "apiVersion: gqlgen/v1
database:
  contactPoints: \"jdbc:postgresql://alice:S3cr3tPw@db/shop?password=0therPw&ssl=true\"
  credentials: { username: alice, password: \"hunter-22\" }
ingress:
\tstickines: 5m
  hosts: [a.example.com, \u{1b}[31mred]
  loadBalancerName: \"100%, ::done::\"
nodes:
  pool: |
    日本
environments: {}";

/// Passwords of `CONFIG`, which no report may hold.
const SECRETS: [&str; 3] = ["S3cr3tPw", "0therPw", "hunter-22"];

fn place(source: &Arc<Source>, needle: &str, pointer: &str) -> Place {
    let at = source.text.find(needle).expect(needle);
    let span = Span { start: source.position(at), end: source.position(at + needle.len()) };
    Place { source: source.clone(), span, pointer: Pointer::parse(pointer) }
}

fn diagnostics() -> Vec<Diagnostic> {
    let config = Source::new("shop/gqlgen.yaml", CONFIG);
    let schema = Source::new("sch éma.json", format!("{{\"a\": \"{}\", \"b\": 1}}", "x".repeat(100_000)));
    let stdin = Source::new("<stdin>", "");
    let mut list = vec![
        Diagnostic::error("CFG003", place(&config, "stickines", "/ingress/stickines"), "unknown key `stickines` under `ingress`")
            .label("did you mean `stickiness`?")
            .help("write it so:\n  stickiness: 5m"),
        Diagnostic::warning(
            "SEC001",
            place(&config, "\"hunter-22\"", "/database/credentials/password"),
            "the password `hunter-22` stands in the file",
        )
        .related(place(&config, "jdbc:postgresql", "/database/contactPoints"), "and S3cr3tPw stands here")
        .help("use `existingSecret`; jdbc:postgresql://db/?password=0therPw is no better"),
        Diagnostic::advice(
            "ING004",
            place(&config, "100%", "/ingress/loadBalancerName"),
            "a, b: 100% of\r\n::error::<b>@team</b> | #1 `x` \u{202e}\u{1b}[2J",
        ),
        Diagnostic::error("SCH001", place(&schema, "\"b\"", "/b"), format!("far away: {}", "y".repeat(5_000)))
            .related(place(&config, "日本", "/nodes/pool"), "the pool is set here"),
        Diagnostic::error("CFG001", Place::whole(&stdin), "the file is empty"),
    ];
    list[1].environments = vec!["dev".into(), "prod".into()];
    list
}

fn rules(id: &str) -> Option<RuleInfo> {
    match id {
        "CFG001" => None,
        "SEC001" => Some(RuleInfo { summary: "A credential in the config".into(), url: "https://example.com/rules#sec001".into() }),
        _ => Some(RuleInfo { summary: format!("Summary of {id}"), url: format!("docs/rules.md#{}", id.to_lowercase()) }),
    }
}

/// The output of one renderer on the list, compared with its file.
fn compare(file: &str, render: impl Fn(&Report) -> String) -> String {
    let not_checked = [NotChecked { what: "the manifests of prod".into(), why: "Kubernetes 1.20 is older than\nthe schemas".into() }];
    let list = diagnostics();
    let found = render(&Report { diagnostics: &list, not_checked: &not_checked, rules: &rules, files: None });
    for secret in SECRETS {
        assert!(!found.contains(secret), "{secret} stands in {file}:\n{found}");
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/report").join(file);
    let stable = found.replace(&format!("\"{}\"", env!("CARGO_PKG_VERSION")), "\"[VERSION]\"");
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        std::fs::write(&path, &stable).expect("written");
    }
    let wanted = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(stable, wanted, "{file} differs; UPDATE_EXPECTED=1 rewrites it");
    let none = render(&Report { diagnostics: &[], not_checked: &[], rules: &rules, files: None });
    assert!(none.is_empty() || none.ends_with('\n'), "{none}");
    found
}

#[test]
fn text_report() {
    let found = compare("report.txt", |r| text::render(r, false));
    assert!(found.chars().all(|c| c == '\n' || !c.is_control()), "no control character reaches the terminal");
    assert!(found.lines().all(|l| l.chars().count() < 1100));
    assert_eq!(text::render(&Report { diagnostics: &[], not_checked: &[], rules: &rules, files: None }, false), "no findings\n");
}

#[test]
fn text_report_in_colors() {
    let colored = compare("report.ansi.txt", |r| text::render(r, true));
    let list = diagnostics();
    let plain = text::render(&Report { diagnostics: &list, not_checked: &[], rules: &rules, files: None }, false);
    // Without its colours it is the same report.
    let mut bare = String::new();
    for part in colored.split('\u{1b}') {
        bare.push_str(if bare.is_empty() && !colored.starts_with('\u{1b}') {
            part
        } else {
            part.split_once('m').map_or(part, |(_, rest)| rest)
        });
    }
    let lines = |text: &str| text.lines().map(|l| l.trim_end().to_owned()).filter(|l| !l.starts_with("not checked")).collect::<Vec<_>>();
    assert_eq!(lines(&bare), lines(&plain));
}

#[test]
fn json_report() {
    let found: Value = serde_json::from_str(&compare("report.json", json::render)).expect("JSON");
    assert_eq!(found["schemaVersion"], 1);
    assert_eq!(found["summary"], serde_json::json!({"errors": 3, "warnings": 1, "advice": 1}));
    assert_eq!(found["diagnostics"][0]["line"], 6);
    assert_eq!(found["diagnostics"][0]["column"], 2);
    assert!(found["diagnostics"][0].get("environments").is_none());
}

#[test]
fn sarif_report() {
    let text = compare("report.sarif", sarif::render);
    let typed: serde_sarif::sarif::Sarif = serde_json::from_str(&text).expect("the types of the standard take it");
    assert_eq!(typed.runs[0].results.as_ref().map(Vec::len), Some(5));
    let schema = sarif_schema();
    let value: Value = serde_json::from_str(&text).expect("JSON");
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).expect("a schema");
    let faults: Vec<String> = validator.iter_errors(&value).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert_eq!(faults, Vec::<String>::new());
}

/// The official JSON Schema, as the crate serde-sarif ships it among its sources: it was built for this test, so it is there.
fn sarif_schema() -> Value {
    let said = |command: &str, arguments: &[&str]| {
        let output = std::process::Command::new(command).args(arguments).output().expect("a program of the toolchain");
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let toolchain = said("rustc", &["-vV"]);
    let host = toolchain.lines().find_map(|line| line.strip_prefix("host: ")).expect("rustc names its host");
    // Without the filter the packages of other platforms would have to be there, too.
    let metadata = said(env!("CARGO"), &["metadata", "--format-version", "1", "--offline", "--filter-platform", host]);
    let metadata: Value = serde_json::from_str(&metadata).expect("cargo's own JSON");
    let package = metadata["packages"].as_array().into_iter().flatten().find(|p| p["name"] == "serde-sarif").expect("a dependency");
    let manifest = package["manifest_path"].as_str().expect("a path");
    let text = std::fs::read_to_string(Path::new(manifest).with_file_name("src").join("schema.json")).expect("the crate ships the schema");
    // One pattern of the schema is no regular expression to a strict reader.
    let text = text.replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}\\\\]?$");
    serde_json::from_str(&text).expect("JSON")
}

#[test]
fn github_report() {
    let found = compare("report.github.txt", github::render);
    assert_eq!(found.lines().count(), diagnostics().len() + 1, "one line for each");
    for line in found.lines() {
        assert!(["::error ", "::warning ", "::notice "].iter().any(|c| line.starts_with(c)), "{line}");
        let (properties, _) = line[2..].split_once("::").expect("a command");
        for property in properties.split_once(' ').expect("properties").1.split(',') {
            assert!(
                property.split_once('=').is_some_and(|(name, _)| ["file", "line", "col", "endColumn", "title"].contains(&name)),
                "{line}"
            );
        }
    }
}

#[test]
fn markdown_report() {
    let found = compare("report.md", markdown::render);
    assert!(!found.contains('@') && !found.contains("<b>"));
    let many = vec![diagnostics().remove(3); 500];
    let long = markdown::render(&Report { diagnostics: &many, not_checked: &[], rules: &rules, files: None });
    assert!(long.len() < 65_536 && long.contains("more."), "{}", long.len());
}

#[test]
fn sums() {
    let sum = Summary::of(&diagnostics());
    assert_eq!((sum.at_least(Level::Error), sum.at_least(Level::Warning), sum.at_least(Level::Advice)), (3, 4, 5));
    assert_eq!(sum.words(), "3 errors, 1 warning, 1 piece of advice");
    assert_eq!(Summary::default().words(), "no findings");
}
