//! `gqlgen diff` from outside: sources, selection, exit codes, and what it never says.

mod common;

use std::path::Path;

use base64::Engine as _;
use common::cli::{Ran, gqlgen, gqlgen_with_input};
use serde_json::Value;

const SECRETS: [&str; 2] = ["Planted-4c1b-Before", "Planted-8e7a-After"];
const FORMATS: [&str; 5] = ["text", "json", "markdown", "html", "github"];

const PLAIN: &str = "apiVersion: gqlgen/v1\n\
    scalardb: \"3.8\"\n\
    release: shop\n\
    namespace: shop\n\
    database: { storage: dynamo, contactPoints: ap-northeast-1, credentials: { username: app, password: SECRET } }\n\
    graphql: { namespaces: [shop] }\n\
    lint: { allowPlainCredentials: true }\n";

/// Configs that hold a secret where SECRET stands; what a diff is asked to show differs in it.
fn configs() -> Vec<(&'static str, String)> {
    let url = |url: &str| PLAIN.replace("dynamo", "jdbc").replace("ap-northeast-1", &format!("\"{url}\""));
    let without = PLAIN.replace("{ username: app, password: SECRET }", "{ existingSecret: login }");
    vec![
        ("a password", PLAIN.to_owned()),
        ("a user", PLAIN.replace("username: app", "username: SECRET").replace("password: SECRET", "password: x")),
        ("in a URL", url("jdbc:mysql://db/shop?user=a&password=SECRET").replace("password: SECRET }", "password: x }")),
        ("a raw value", format!("{without}values: {{ scalarDbGraphQlConfiguration: {{ password: SECRET }} }}\n")),
        (
            "an environment",
            format!("{without}environments: {{ prod: {{ database: {{ credentials: {{ username: app, password: SECRET }} }} }} }}\n"),
        ),
        ("cannot be parsed", format!("{PLAIN}broken: [SECRET\n")),
        ("is refused", PLAIN.replace("lint:", "password: SECRET\nlint:")),
    ]
}

fn manifests(secret: &str) -> String {
    let encoded = base64::engine::general_purpose::STANDARD.encode(secret);
    format!(
        "apiVersion: v1\nkind: Secret\nmetadata: {{ name: shop-scalardb-graphql-secret, namespace: shop, annotations: {{ \
         kubectl.kubernetes.io/last-applied-configuration: '{{\"data\":{{\"db-password\":\"{encoded}\"}}}}' }} }}\ndata: {{ db-password: {encoded} }}\n\
         stringData: {{ db-username: {secret} }}\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{ name: shop-scalardb-graphql, namespace: shop }}\n\
         spec: {{ template: {{ spec: {{ containers: [ {{ name: scalardb-graphql, env: [ {{ name: SCALAR_DB_PASSWORD, value: {secret} }} ] }} ] }} }} }}\n"
    )
}

fn is_clean(what: &str, ran: &Ran) {
    for secret in SECRETS {
        let encoded = base64::engine::general_purpose::STANDARD.encode(secret);
        for text in [secret, encoded.as_str()] {
            assert!(!ran.said().contains(text), "{what}: {text} in\n{}", ran.said());
        }
    }
}

fn git(folder: &Path, arguments: &[&str]) {
    let mut command = std::process::Command::new("git");
    command.current_dir(folder).env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
    command.args(["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main"]).args(arguments);
    let done = command.output().expect("git runs");
    assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().expect("below the folder")).expect("made");
    std::fs::write(path, text).expect("written");
}

/// The program, with git where it needs it: the environment is empty otherwise.
fn with_path(folder: &Path, arguments: &[&str]) -> Ran {
    let path = std::env::var_os("PATH").expect("a PATH");
    common::cli::finish(common::cli::command(folder).env("PATH", path).args(arguments))
}

#[test]
fn no_secret_is_shown_in_any_format() {
    for (what, text) in configs() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = folder.path();
        let (before, after) = (text.replace("SECRET", SECRETS[0]), text.replace("SECRET", SECRETS[1]));
        write(at, "gqlgen.yaml", &before);
        git(at, &["init", "--quiet"]);
        git(at, &["add", "."]);
        git(at, &["commit", "--quiet", "-m", "one"]);
        gqlgen(at, ["render", "-q"]);
        write(at, "gqlgen.yaml", &after);
        write(
            at,
            "values.yaml",
            &format!("scalarDbGraphQlConfiguration:\n  password: {0}\n  contactPoints: \"jdbc:x://a:{0}@db/x?password={0}\"\n", SECRETS[0]),
        );
        write(at, "manifests.yaml", &manifests(SECRETS[0]));
        write(at, "broken.yaml", &format!("kind: Secret\ndata: {{ password: {}\n  - [\n", SECRETS[0]));
        write(at, "strange.json", &format!("{{\"kind\": \"List\", \"items\": [\"{}\"]}}", SECRETS[0]));
        for source in ["git:HEAD", "git:HEAD~9", "values.yaml", "manifests.yaml", "broken.yaml", "strange.json", "rendered", "nowhere"] {
            for format in FORMATS {
                let ran = with_path(at, &["diff", "-v", "--against", source, "--format", format]);
                is_clean(&format!("{what}, {source}, {format}"), &ran);
            }
            for level in ["-q", "-vv"] {
                is_clean(&format!("{what}, {source}, {level}"), &with_path(at, &["diff", level, "--against", source]));
            }
        }
        let input = manifests(SECRETS[0]);
        is_clean(what, &gqlgen_with_input(at, ["diff", "--against", "-"], input.as_bytes()));
        is_clean(what, &gqlgen(at, ["diff", "--against", "live", "--kubeconfig", "gqlgen.yaml"]));
    }
}

#[test]
fn a_changed_secret_is_told_and_shown_on_demand_only() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "old.yaml", &format!("scalarDbGraphQlConfiguration: {{ username: app, password: {} }}\n", SECRETS[0]));
    write(folder.path(), "gqlgen.yaml", &PLAIN.replace("SECRET", SECRETS[1]));
    let told = gqlgen(folder.path(), ["diff", "--against", "old.yaml", "--format", "json"]).ends(1);
    let report: Value = serde_json::from_str(&told.out).expect("JSON");
    let change = report["changes"].as_array().expect("changes").iter().find(|c| c["path"] == "/data/db-password").expect("the password");
    assert_eq!((&change["before"], &change["after"]), (&"*** (before)".into(), &"*** (after)".into()));
    assert_eq!(change["notPickedUp"], true);
    let shown = gqlgen(folder.path(), ["diff", "--against", "old.yaml", "--show-secrets"]).ends(1);
    let encoded = base64::engine::general_purpose::STANDARD.encode(SECRETS[1]);
    assert!(shown.out.contains(&encoded) || shown.out.contains(SECRETS[1]), "{}", shown.out);
}

/// Three configs: one extends a base, one names a table, one stands alone.
fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let plain = PLAIN.replace("{ username: app, password: SECRET }", "{ existingSecret: login }");
    let named = |name: &str| plain.replace("release: shop", &format!("release: {name}"));
    write(at, "base.yaml", "replicas: 3\n");
    write(at, "one/gqlgen.yaml", &named("one"));
    write(at, "extends.gqlgen.yaml", &named("extends").replace("scalardb:", "extends: base.yaml\nscalardb:"));
    write(at, "table.gqlgen.yaml", &format!("{}schema: table.json\n", named("table")));
    write(at, "table.json", r#"{"shop.item": {"transaction": true, "partition-key": ["id"], "columns": {"id": "TEXT"}}}"#);
    git(at, &["init", "--quiet"]);
    git(at, &["add", "."]);
    git(at, &["commit", "--quiet", "-m", "one"]);
    folder
}

/// Names of the releases that a diff of what changed since HEAD speaks of.
fn touched(folder: &Path, more: &[&str]) -> Vec<String> {
    let ran = with_path(folder, &[&["diff", "--changed-since", "HEAD", "--against", "git:HEAD", "--format", "json"], more].concat());
    let report: Value = serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{}", ran.err));
    let names = report["changes"].as_array().expect("changes").iter().map(|c| c["object"]["name"].as_str().expect("a name"));
    let mut names: Vec<String> = names.map(|name| name.split('-').next().expect("a part").to_owned()).collect();
    names.sort();
    names.dedup();
    names
}

#[test]
fn only_configs_that_the_change_touches_are_compared() {
    let folder = repository();
    let at = folder.path();
    assert!(touched(at, &[]).is_empty());
    write(at, "base.yaml", "replicas: 4\n");
    assert_eq!(touched(at, &[]), ["extends"]);
    write(at, "table.json", r#"{"shop.item": {"transaction": true, "partition-key": ["id"], "columns": {"id": "TEXT", "n": "INT"}}}"#);
    assert_eq!(touched(at, &[]), ["extends", "table"]);
    let text = std::fs::read_to_string(at.join("one/gqlgen.yaml")).expect("there");
    write(at, "one/gqlgen.yaml", &text.replace("release: one", "release: two"));
    assert_eq!(touched(at, &[]), ["extends", "one", "table", "two"]);
    assert_eq!(touched(at, &["one"]), ["one", "two"]);
}

#[test]
fn configs_that_go_and_come_are_shown() {
    let folder = repository();
    let at = folder.path();
    std::fs::remove_dir_all(at.join("one")).expect("removed");
    let ran = with_path(at, &["diff", "--changed-since", "HEAD", "--against", "git:HEAD"]).ends(1);
    assert!(ran.err.contains("one/gqlgen.yaml is gone"), "{}", ran.err);
    assert_eq!(touched(at, &[]), ["one"]);
    assert_eq!(touched(at, &["one"]), ["one"]);
    let text = std::fs::read_to_string(at.join("table.gqlgen.yaml")).expect("there");
    write(at, "new.gqlgen.yaml", &text.replace("release: table", "release: new"));
    assert_eq!(touched(at, &[]), ["new", "one"]);
    for name in ["table.gqlgen.yaml", "extends.gqlgen.yaml", "new.gqlgen.yaml"] {
        std::fs::remove_file(at.join(name)).expect("removed");
    }
    assert_eq!(touched(at, &[]), ["extends", "one", "table"]);
}

#[test]
fn exit_codes_follow_the_impact() {
    let folder = repository();
    let at = folder.path();
    let text = std::fs::read_to_string(at.join("one/gqlgen.yaml")).expect("there");
    let fails = |levels: &[&str]| {
        for level in ["none", "in-place", "traffic", "restart", "replace", "refused", "never"] {
            let ran = with_path(at, &["diff", "one", "--against", "git:HEAD", "--fail-on", level]);
            assert_eq!(ran.code, i32::from(levels.contains(&level)), "{level}: {}", ran.said());
        }
    };
    fails(&[]);
    write(at, "one/gqlgen.yaml", &format!("{text}replicas: 1\n"));
    fails(&["none", "in-place", "traffic", "restart"]);
    write(at, "one/gqlgen.yaml", &format!("{text}replicas: 5\n"));
    fails(&["none", "in-place"]);
    with_path(at, &["diff", "one", "--against", "git:nowhere", "--fail-on", "never"]).ends(2);
    with_path(at, &["diff", "one", "--against", "git:HEAD", "--against", "release"]).ends(2);
    with_path(at, &["diff", "one"]).ends(2);
    let ignored = with_path(
        at,
        &["diff", "one", "--against", "git:HEAD", "--ignore", "Deployment:/spec/replicas", "--ignore", "PodDisruptionBudget"],
    );
    assert_eq!((ignored.code, ignored.out.as_str()), (0, ""), "{}", ignored.err);
    // The config's own list says the same.
    let list = "diff: { ignore: [\"Deployment:/spec/replicas\", \"PodDisruptionBudget:\"] }\n";
    write(at, "one/gqlgen.yaml", &format!("{text}replicas: 5\n{list}"));
    let ignored = with_path(at, &["diff", "one", "--against", "git:HEAD"]);
    assert_eq!((ignored.code, ignored.out.as_str()), (0, ""), "{}", ignored.err);
    write(at, "one/gqlgen.yaml", &format!("{text}replicas: 1\n{list}"));
    assert_eq!(with_path(at, &["diff", "one", "--against", "git:HEAD"]).code, 0);
    write(at, "one/gqlgen.yaml", &format!("{text}monitoring: true\n{list}"));
    assert_eq!(with_path(at, &["diff", "one", "--against", "git:HEAD"]).code, 1);
}
