//! What the integration tests share: real programs that read what gqlgen wrote.
//!
//! Each reader takes many texts and starts its program once. `None` means that the program is not on this machine: the test then says
//! so on stderr and passes.
#![allow(dead_code)] // each test file uses its part

pub mod chart;
pub mod cli;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub fn crate_root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The program, from the environment variable `variable`, else `name` on the PATH or in the cache that `.ci/run` fills; says so where it is missing.
pub fn program(variable: &str, name: &str) -> Option<PathBuf> {
    let given = std::env::var_os(variable).map(PathBuf::from);
    let on_path = || std::env::split_paths(&std::env::var_os("PATH")?).map(|d| d.join(name)).find(|p| p.is_file());
    let cached = || cache("bin").map(|b| b.join(name)).filter(|p| p.is_file());
    let found = given.or_else(on_path).or_else(cached);
    if found.is_none() {
        eprintln!("skipped: no {name} on this machine (PATH or {variable})");
    }
    found
}

/// A folder in the cache that `.ci/run` fills, if it is there.
pub fn cache(below: &str) -> Option<PathBuf> {
    let home = || Some(std::env::home_dir()?.join(".cache"));
    let base = std::env::var_os("XDG_CACHE_HOME").filter(|v| !v.is_empty()).map(PathBuf::from).or_else(home)?;
    Some(base.join("gqlgen-ci").join(below)).filter(|p| p.is_dir())
}

/// Helm's own view of values files: each text becomes the `values.yaml` of a subchart of one chart, byte for byte, and is printed back
/// by the chart in `fixtures/charts/echo`. The texts must hold maps. `global`, which Helm adds, is taken out again where the text has none.
/// Nulls are kept. Helm reads numbers as floats of 64 bits: compare with [`as_helm_numbers`].
pub fn helm_values(texts: &[String]) -> Option<Vec<Value>> {
    let helm = program("GQLGEN_HELM", "helm")?;
    let echo = crate_root().join("fixtures/charts/echo");
    let chart = std::fs::read_to_string(echo.join("Chart.yaml")).expect("the echo chart");
    let template = std::fs::read(echo.join("templates/values.yaml")).expect("the echo chart");
    let mut seen = Vec::with_capacity(texts.len());
    for (batch, part) in texts.chunks(200).enumerate() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let top = folder.path();
        std::fs::write(top.join("Chart.yaml"), &chart).expect("written");
        for (i, text) in part.iter().enumerate() {
            let sub = top.join(format!("charts/c{i:04}"));
            std::fs::create_dir_all(sub.join("templates")).expect("made");
            std::fs::write(sub.join("Chart.yaml"), chart.replace("name: echo", &format!("name: c{i:04}"))).expect("written");
            std::fs::write(sub.join("templates/values.yaml"), &template).expect("written");
            std::fs::write(sub.join("values.yaml"), text).expect("written");
        }
        let done = Command::new(&helm).args(["template", "r"]).arg(top).output().expect("helm runs");
        assert!(done.status.success(), "helm refuses a text of batch {batch}: {}", String::from_utf8_lossy(&done.stderr));
        let out = String::from_utf8(done.stdout).expect("text");
        let read: BTreeMap<&str, Value> = out
            .lines()
            .filter_map(|l| l.strip_prefix("echo: ")?.split_once(' '))
            .map(|(name, data)| (name, serde_json::from_slice(&STANDARD.decode(data).expect("base64")).expect("JSON")))
            .collect();
        assert_eq!(read.len(), part.len(), "helm printed every text of batch {batch}");
        for (mut value, text) in read.into_values().zip(part) {
            if let Some(map) = value.as_object_mut()
                && !text.contains("global")
            {
                map.shift_remove("global");
            }
            seen.push(value);
        }
    }
    Some(seen)
}

/// `value` with its numbers and the order of its keys as a reader shows them that knows only floats of 64 bits and sorted maps.
pub fn as_helm_numbers(value: &Value) -> Value {
    match value {
        Value::Number(n) => {
            let float = n.as_f64().expect("a number of JSON");
            // A float without a fraction is printed as an integer.
            if float.fract() == 0.0 && float.abs() < 1e15 { Value::from(float as i64) } else { Value::from(float) }
        }
        Value::Array(items) => items.iter().map(as_helm_numbers).collect(),
        Value::Object(map) => {
            let sorted: BTreeMap<_, _> = map.iter().map(|(k, v)| (k.clone(), as_helm_numbers(v))).collect();
            Value::Object(sorted.into_iter().collect())
        }
        other => other.clone(),
    }
}

/// What `java.util.Properties` reads from each text.
pub fn java_properties(texts: &[String]) -> Option<Vec<BTreeMap<String, String>>> {
    let java = program("GQLGEN_JAVA", "java")?;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut list = String::new();
    for (i, text) in texts.iter().enumerate() {
        let path = folder.path().join(format!("{i}.properties"));
        std::fs::write(&path, text).expect("written");
        list.push_str(&format!("{}\n", path.display()));
    }
    let source = crate_root().join("tests/java/ReadProperties.java");
    let out = piped(Command::new(java).arg("-Xshare:auto").arg(source), list.trim_end());
    let text = |field: &str| {
        let bytes = STANDARD.decode(field.strip_prefix('=').expect("a field")).expect("base64");
        let units: Vec<u16> = bytes.chunks(2).map(|b| u16::from_be_bytes([b[0], b[1]])).collect();
        String::from_utf16(&units).expect("whole surrogate pairs")
    };
    let mut read: Vec<BTreeMap<String, String>> = Vec::new();
    for line in out.lines() {
        match line.split_once(' ') {
            Some((key, value)) => {
                read.last_mut().expect("a file first").insert(text(key), text(value));
            }
            None => read.push(BTreeMap::new()),
        }
    }
    assert_eq!(read.len(), texts.len());
    Some(read)
}

/// What PyYAML, a reader of YAML 1.1 that is no kin of Helm's, makes of each text (all of its documents).
pub fn pyyaml(texts: &[String]) -> Option<Vec<Vec<Value>>> {
    const SCRIPT: &str = "import json, sys, yaml\n\
        def check(v):\n    \
            if isinstance(v, dict):\n        \
                assert all(isinstance(k, str) for k in v), v\n        \
                [check(x) for x in v.values()]\n    \
            elif isinstance(v, list):\n        \
                [check(x) for x in v]\n    \
            else:\n        \
                assert v is None or isinstance(v, (str, bool, int, float)), v\n    \
            return v\n\
        print(json.dumps([[check(d) for d in yaml.safe_load_all(t)] for t in json.load(sys.stdin)]))\n";
    let python = program("GQLGEN_PYTHON", "python3")?;
    if !Command::new(&python).args(["-c", "import yaml"]).stderr(Stdio::null()).status().is_ok_and(|s| s.success()) {
        eprintln!("skipped: python3 has no PyYAML on this machine");
        return None;
    }
    let out = piped(Command::new(python).args(["-c", SCRIPT]), &serde_json::to_string(texts).expect("JSON"));
    Some(serde_json::from_str(&out).expect("JSON of the reader"))
}

/// Runs the command with `input` on standard input and gives its standard output; fails the test where the command fails.
pub fn piped(command: &mut Command, input: &str) -> String {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("piped");
    let input = input.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let done = child.wait_with_output().expect("the program ends");
    writer.join().expect("joined").expect("all read");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).expect("text")
}

/// A YAML document as the crate's own reader gives it.
pub fn yaml(text: &str) -> Value {
    let document = gqlgen::config::yaml::read("text.yaml", text.as_bytes()).unwrap_or_else(|e| panic!("{e:?}\n{text}"));
    document.root.to_json()
}

/// Compares a text with the file that holds what is expected; `UPDATE_EXPECTED=1` rewrites the file.
pub fn expect_text(path: &Path, text: &str) {
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        std::fs::write(path, text).expect("written");
    }
    let expected = std::fs::read_to_string(path).unwrap_or_default();
    assert!(expected == text, "{} is not current (UPDATE_EXPECTED=1 rewrites it):\n{text}", path.display());
}
