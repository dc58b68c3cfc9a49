//! A credential planted in every place that takes one, also where the file is broken, is in no output but the values file where it is allowed.

use crate::common::cli::{gqlgen, gqlgen_with_input, tree};
use crate::{GOOD, with_config};

const SECRET: &str = "Planted-9f3c-Secret";
const FORMATS: [&str; 5] = ["text", "json", "sarif", "github", "markdown"];

/// What is wrong with these is a warning, so that files are written.
const IN_ADDRESS: [&str; 2] = ["in a URL", "before the host"];

fn with_login(login: &str) -> String {
    GOOD.replace("{ existingSecret: scalardb-credentials }", login)
}

/// Configs with the secret in them; most are wrong in some way, so that excerpts are shown.
fn configs() -> Vec<(&'static str, String)> {
    let plain = format!("{{ username: shop, password: {SECRET} }}");
    vec![
        ("plain", with_login(&plain)),
        ("allowed", with_login(&plain) + "lint: { allowPlainCredentials: true }\n"),
        ("beside a Secret", with_login(&format!("{{ existingSecret: a, username: shop, password: {SECRET} }}"))),
        ("half", with_login(&format!("{{ password: {SECRET} }}"))),
        ("misspelt key", with_login(&format!("{{ username: shop, pasword: {SECRET} }}"))),
        ("a list", with_login(&format!("{{ username: shop, password: [{SECRET}] }}"))),
        ("a map", with_login(&format!("{{ username: shop, password: {{ a: {SECRET} }} }}"))),
        ("as the user", with_login(&format!("{{ username: {SECRET}, password: [] }}"))),
        ("twice", with_login(&format!("{{ password: {SECRET}, password: {SECRET} }}"))),
        ("not closed", with_login(&format!("{{ username: shop, password: \"{SECRET}"))),
        ("not closed, plain", with_login(&format!("{{ username: shop, password: {SECRET}"))),
        ("block", with_login(&format!("\n    username: shop\n    password: |\n      {SECRET}\n   broken: [\n"))),
        ("an unknown tag", with_login(&format!("{{ username: shop, password: !vault {SECRET} }}"))),
        (
            IN_ADDRESS[0],
            GOOD.replace("dynamo", "jdbc").replace("ap-northeast-1", &format!("\"jdbc:mysql://db/shop?user=a&password={SECRET}\"")),
        ),
        (IN_ADDRESS[1], GOOD.replace("dynamo", "jdbc").replace("ap-northeast-1", &format!("\"jdbc:postgresql://a:{SECRET}@db/shop\""))),
        ("a property", GOOD.replace("  storage", &format!("  properties: {{ scalar.db.password: {SECRET} }}\n  storage"))),
        ("raw values", format!("{GOOD}values: {{ scalarDbGraphQlConfiguration: {{ password: {SECRET} }} }}\n")),
        ("raw values of another type", format!("{GOOD}values: {{ scalarDbGraphQlConfiguration: {{ password: [{SECRET}] }} }}\n")),
        ("an overlay", format!("{GOOD}environments: {{ prod: {{ database: {{ credentials: {plain} }} }} }}\n")),
        ("a broken overlay", format!("{GOOD}environments: {{ prod: {{ database: {{ credentials: {plain} }} }}\n")),
        ("wrong depth", format!("{GOOD}password: {SECRET}\n")),
        ("same line as a fault", with_login(&format!("{{ username: shop, password: {SECRET}, passwrd: x }}"))),
    ]
}

#[test]
fn reports_hold_no_credential() {
    for (what, text) in configs() {
        let folder = with_config(&text);
        for format in FORMATS {
            let said = gqlgen(folder.path(), ["validate", "--format", format, "-v"]).said();
            assert!(!said.contains(SECRET), "{what}, {format}:\n{said}");
            assert!(!IN_ADDRESS.contains(&what) || said.contains("DB023"), "{what}, {format}:\n{said}");
        }
        let said = gqlgen(folder.path(), ["render", "-v", "-o", "out"]).said();
        assert!(!said.contains(SECRET), "{what}, render:\n{said}");
        let said = gqlgen_with_input(folder.path(), ["validate", "-"], text.as_bytes()).said();
        assert!(!said.contains(SECRET), "{what}, standard input:\n{said}");
        // Nothing may have been written.
        std::fs::create_dir_all(folder.path().join("out")).expect("made");
        for (path, bytes) in tree(&folder.path().join("out")) {
            let holds = String::from_utf8_lossy(&bytes).contains(SECRET);
            // An address is written as it is given.
            let allowed = path.ends_with("scalardb-graphql-custom-values.yaml") || IN_ADDRESS.contains(&what);
            assert!(!holds || allowed, "{what}: {path}");
        }
    }
}

#[test]
fn an_allowed_credential_stands_in_the_values_alone() {
    let (_, text) = configs().swap_remove(1);
    let folder = with_config(text);
    gqlgen(folder.path(), ["render"]).ends(0);
    let made = tree(&folder.path().join("rendered"));
    let holding: Vec<&String> = made.iter().filter(|(_, b)| String::from_utf8_lossy(b).contains(SECRET)).map(|(p, _)| p).collect();
    assert_eq!(holding, ["scalardb-graphql-custom-values.yaml"]);
}

#[test]
fn a_credential_on_the_command_line_is_not_repeated() {
    let folder = with_config(GOOD);
    let sets = [
        format!("database.credentials.password={SECRET}"),
        format!("database.credentials={{ username: a, password: {SECRET} }}"),
        format!("database.credentials.pasword={SECRET}"),
        format!("database.credentials.password=[{SECRET}"),
        format!("database.credentials.password.x={SECRET}"),
        format!("values.scalarDbGraphQlConfiguration.password={SECRET}"),
    ];
    for set in sets {
        for format in FORMATS {
            let said = gqlgen(folder.path(), ["validate", "--format", format, "--set", &set]).said();
            assert!(!said.contains(SECRET), "{set}, {format}:\n{said}");
        }
    }
}
