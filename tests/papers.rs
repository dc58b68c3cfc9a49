//! What is generated into the repository is current: the README's parts, the JSON Schema of the language, the rendered examples.

mod common;

use std::path::Path;

use common::cli::{copy_tree, expect_file, gqlgen, updating};
use common::crate_root;

/// The README's own words for rendering the example, after `gqlgen`.
const EXAMPLE: &str = "render fixtures/examples/shop -o target/shop";

/// Replaces what stands between `<!-- generated: NAME -->` and `<!-- end -->`.
fn fill(text: &str, name: &str, content: &str) -> String {
    let start = format!("<!-- generated: {name} -->\n");
    let (before, rest) = text.split_once(&start).unwrap_or_else(|| panic!("README.md has no part `{name}`"));
    let (_, after) = rest.split_once("<!-- end -->").expect("a part has an end");
    format!("{before}{start}{content}<!-- end -->{after}")
}

/// What the README's example of a diff prints.
fn diff(folder: &Path, readme: &str) -> String {
    let arguments =
        readme.lines().find_map(|line| line.strip_prefix("cargo run --release -- diff ")).expect("README.md compares the example");
    let ran = gqlgen(folder, std::iter::once("diff").chain(arguments.split(' '))).ends(1);
    assert_eq!(ran.err, "");
    ran.out
}

/// What the example prints, and the folder where it was run.
fn example() -> (String, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let shop = "fixtures/examples/shop";
    copy_tree(&crate_root().join(shop), &folder.path().join(shop));
    let ran = gqlgen(folder.path(), EXAMPLE.split(' ')).ends(0);
    (ran.said(), folder)
}

fn help() -> String {
    let here = Path::new(".");
    let mut text = format!("```text\n{}```\n", gqlgen(here, ["--help"]).ends(0).out);
    for name in ["render", "validate", "diff", "template", "init", "explain", "schema", "completions"] {
        let help = gqlgen(here, [name, "--help"]).ends(0).out;
        text.push_str(&format!("\n<details><summary><code>gqlgen {name} --help</code></summary>\n\n```text\n{help}```\n\n</details>\n"));
    }
    text
}

#[test]
fn the_readme_is_current() {
    let path = crate_root().join("README.md");
    let readme = std::fs::read_to_string(&path).expect("README.md");
    assert!(readme.contains(&format!("cargo run --release -- {EXAMPLE}\n")), "README.md says how the example is rendered");
    let (printed, folder) = example();
    let values = folder.path().join("target/shop/dev/scalardb-graphql-custom-values.yaml");
    let values = std::fs::read_to_string(values).expect("the example's values");
    let mut text = fill(&readme, "example", &format!("```text\n{printed}```\n"));
    text = fill(&text, "example values", &format!("```yaml\n{values}```\n"));
    text = fill(&text, "diff", &format!("```text\n{}```\n", diff(folder.path(), &readme)));
    text = fill(&text, "help", &help());
    expect_file(&path, &text);
}

#[test]
fn every_dependency_has_a_reason_in_the_readme() {
    let readme = std::fs::read_to_string(crate_root().join("README.md")).expect("README.md");
    let table = readme.split("## Dependencies").nth(1).and_then(|t| t.split("\n## ").next()).expect("the table");
    let cargo = std::fs::read_to_string(crate_root().join("Cargo.toml")).expect("Cargo.toml");
    let mut inside = false;
    for line in cargo.lines() {
        if line.starts_with('[') {
            inside = line.contains("dependencies]");
        } else if let (true, Some((name, _))) = (inside, line.split_once(" = ")) {
            assert!(table.contains(name), "README.md does not say why `{name}` is a dependency");
        }
    }
}

#[test]
fn the_schema_of_the_language_is_current() {
    let schema = gqlgen(Path::new("."), ["schema"]).ends(0);
    expect_file(&crate_root().join("schemas/gqlgen.schema.json"), &schema.out);
}

#[test]
fn the_rendered_examples_are_current() {
    if updating() {
        gqlgen(crate_root(), ["render", "fixtures/examples"]).ends(0);
    }
    let ran = gqlgen(crate_root(), ["render", "--check", "fixtures/examples"]).ends(0);
    assert_eq!(ran.said(), "", "the examples are clean");
}

#[test]
fn the_examples_are_clean() {
    let ran = gqlgen(crate_root(), ["validate", "--fail-on", "warning", "fixtures/examples"]).ends(0);
    assert!(ran.err.is_empty(), "{}", ran.err);
}
