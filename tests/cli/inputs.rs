//! What may be given as an input: standard input, directories, parents, names that are no UTF-8, huge and empty files.

use std::fs;

use crate::common::cli::{command, finish, gqlgen, gqlgen_with_input, tree};
use crate::{GOOD, with_config};

#[test]
fn standard_input_is_a_config() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let said = gqlgen_with_input(folder.path(), ["validate", "-"], GOOD.as_bytes()).ends(0).out;
    assert!(said.ends_with("1 file: no findings\n"), "{said}");
    let documents = gqlgen_with_input(folder.path(), ["render", "-o", "-", "-"], GOOD.as_bytes()).ends(0).out;
    assert!(documents.starts_with("# file: ") && documents.contains("scalardb-graphql-custom-values.yaml"), "{documents}");
    assert!(tree(folder.path()).is_empty(), "nothing is written");
    let faulty = gqlgen_with_input(folder.path(), ["validate", "-"], GOOD.replace("3.8", "3.99").as_bytes()).ends(1);
    assert!(faulty.said().contains("<stdin>:2:"), "{}", faulty.said());
}

#[test]
fn documents_on_standard_output_are_one_yaml_stream() {
    let folder = with_config(format!("{GOOD}environments: {{ dev: {{}}, prod: {{}} }}\n"));
    let text = gqlgen(folder.path(), ["render", "-o", "-"]).ends(0).out;
    let read = serde_saphyr::from_multiple::<serde_json::Value>(&text).expect("YAML documents");
    assert!(read.len() > 2);
    assert_eq!(text.matches("# file: dev/scalardb-graphql-custom-values.yaml\n").count(), 1);
    assert_eq!(text.matches("# file: prod/scalardb-graphql-custom-values.yaml\n").count(), 1);
}

#[test]
fn directories_are_searched_and_hidden_ones_are_not() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for below in ["a", "b/c", ".hidden", "target"] {
        fs::create_dir_all(folder.path().join(below)).expect("made");
        fs::write(folder.path().join(below).join("gqlgen.yaml"), GOOD).expect("written");
    }
    fs::write(folder.path().join("a/shop.gqlgen.yaml"), GOOD).expect("written");
    gqlgen(folder.path(), ["render", "-q", "-o", "out", "."]).ends(0);
    let made = tree(&folder.path().join("out"));
    let values: Vec<&str> = made.keys().filter(|p| p.ends_with("values.yaml")).map(String::as_str).collect();
    let name = "scalardb-graphql-custom-values.yaml";
    assert_eq!(values, [format!("a/{name}"), format!("a/shop/{name}"), format!("b/c/{name}")]);
}

#[test]
fn without_an_input_parents_are_searched_up_to_the_repository() {
    let folder = with_config(GOOD);
    fs::create_dir_all(folder.path().join("docs/deep")).expect("made");
    gqlgen(&folder.path().join("docs/deep"), ["validate"]).ends(0);
    fs::create_dir(folder.path().join("docs/.git")).expect("made");
    gqlgen(&folder.path().join("docs/deep"), ["validate"]).ends(2);
}

#[test]
fn one_bad_config_of_a_thousand_does_not_stop_the_others() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for i in 0..1000 {
        let below = folder.path().join(format!("c{i:04}"));
        fs::create_dir(&below).expect("made");
        let text = if i == 500 { GOOD.replace("dynamo", "dynamite") } else { GOOD.replace("shop", &format!("shop{i}")) };
        fs::write(below.join("gqlgen.yaml"), text).expect("written");
    }
    let ran = gqlgen(folder.path(), ["render", "-q", "-o", "out", "."]).ends(1);
    assert!(ran.err.contains("c0500/gqlgen.yaml") && ran.err.contains("dynamo"), "{}", ran.err);
    let made = tree(&folder.path().join("out"));
    assert_eq!(made.keys().filter(|p| p.ends_with("values.yaml")).count(), 999);
    assert!(!made.keys().any(|p| p.starts_with("c0500/")));
}

#[cfg(unix)]
#[test]
fn names_that_are_no_utf8_are_inputs_as_well() {
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let below = folder.path().join(std::ffi::OsStr::from_bytes(b"sh\xffp"));
    // Some file systems take no such name.
    if fs::create_dir(&below).is_err() {
        return;
    }
    fs::write(below.join("gqlgen.yaml"), GOOD).expect("written");
    finish(command(folder.path()).args(["render", "-q"]).arg(&below)).ends(0);
    assert!(below.join("rendered/scalardb-graphql-custom-values.yaml").is_file());
    finish(command(folder.path()).args(["validate"]).arg(below.join("gqlgen.yaml"))).ends(0);
}

#[test]
fn huge_and_odd_files_are_refused_with_a_message() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for i in 1..12 {
        let below = format!("*a{}, ", i - 1).repeat(9);
        bomb.push_str(&format!("a{i}: &a{i} [{}]\n", below.trim_end_matches(", ")));
    }
    let odd: [(&str, Vec<u8>); 8] = [
        ("five megabytes", vec![b'#'; 5 << 20]),
        ("deep", deep.into_bytes()),
        ("bomb", bomb.into_bytes()),
        ("no UTF-8", b"apiVersion: gqlgen/v1\n# \xff\n".to_vec()),
        ("NUL", b"apiVersion: gqlgen/v1\nrelease: a\0b\n".to_vec()),
        ("a long line", format!("release: {}\n", "a".repeat(3 << 20)).into_bytes()),
        ("two documents", format!("{GOOD}---\n{GOOD}").into_bytes()),
        ("a picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec()),
    ];
    for (what, bytes) in odd {
        let folder = with_config(bytes);
        let ran = gqlgen(folder.path(), ["validate"]);
        assert!(matches!(ran.code, 1 | 2), "{what}: {}\n{}", ran.code, ran.said());
        assert!(!ran.said().is_empty() && ran.said().len() < 20_000, "{what}: {} bytes are said", ran.said().len());
    }
    for empty in ["", "# nothing\n", "---\n", "null\n", "{}\n"] {
        gqlgen(with_config(empty).path(), ["render"]).ends(1);
    }
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_no_error() {
    use std::io::Read;
    use std::process::Stdio;
    let folder = with_config(GOOD);
    for args in
        [&["schema"][..], &["completions", "bash"], &["render", "-o", "-"], &["explain", "--list"], &["validate", "--format", "json"]]
    {
        let mut child = command(folder.path()).args(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("started");
        drop(child.stdout.take());
        let mut said = String::new();
        child.stderr.take().expect("piped").read_to_string(&mut said).expect("text");
        let status = child.wait().expect("ended");
        assert!(status.code() == Some(0) && !said.contains("panicked"), "{args:?}: {status} {said}");
    }
}

#[test]
fn paths_leave_the_tree_only_where_that_is_allowed() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::create_dir(folder.path().join("shop")).expect("made");
    fs::write(folder.path().join("base.yaml"), GOOD).expect("written");
    fs::write(folder.path().join("shop/gqlgen.yaml"), "apiVersion: gqlgen/v1\nextends: ../base.yaml\n").expect("written");
    let refused = gqlgen(folder.path(), ["validate", "shop"]).ends(1);
    assert!(refused.out.contains("CFG008") && refused.out.contains("--allow-outside"), "{}", refused.out);
    gqlgen(folder.path(), ["validate", "--allow-outside", "shop"]).ends(0);
}
