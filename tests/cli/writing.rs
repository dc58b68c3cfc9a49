//! What `render` leaves on the disk: the same bytes each time, whole files after a kill, and nobody else's files touched.

use std::fs;
use std::process::Stdio;
use std::time::Duration;

use crate::common::cli::{command, copy_tree, gqlgen, tree};
use crate::common::crate_root;
use crate::{GOOD, with_config};

const VALUES: &str = "scalardb-graphql-custom-values.yaml";

#[test]
fn the_same_input_gives_the_same_bytes() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    copy_tree(&crate_root().join("fixtures/examples"), &folder.path().join("in"));
    let mut results = Vec::new();
    for out in ["one", "two"] {
        gqlgen(folder.path(), ["render", "-q", "-o", out, "in"]).ends(0);
        results.push(tree(&folder.path().join(out)));
    }
    assert!(!results[0].is_empty());
    assert_eq!(results[0], results[1]);
    // The same files, made in another order: directories list them as they were made.
    let shuffled = folder.path().join("shuffled/in");
    let files = tree(&folder.path().join("in"));
    for (path, bytes) in files.iter().rev() {
        let to = shuffled.join(path);
        fs::create_dir_all(to.parent().expect("a folder")).expect("made");
        fs::write(to, bytes).expect("written");
    }
    gqlgen(&folder.path().join("shuffled"), ["render", "-q", "-o", "out", "in"]).ends(0);
    assert_eq!(tree(&folder.path().join("shuffled/out")), results[0]);
}

#[test]
fn what_is_no_longer_generated_goes_and_what_is_foreign_stays() {
    let folder = with_config(format!("{GOOD}environments: {{ dev: {{}}, prod: {{}} }}\n"));
    gqlgen(folder.path(), ["render"]).ends(0);
    let rendered = folder.path().join("rendered");
    fs::write(rendered.join("prod/notes.txt"), "mine").expect("written");
    fs::write(folder.path().join("gqlgen.yaml"), format!("{GOOD}environments: {{ dev: {{}} }}\n")).expect("written");
    gqlgen(folder.path(), ["render"]).ends(0);
    assert!(rendered.join("dev").join(VALUES).is_file());
    assert!(!rendered.join("prod").join(VALUES).exists());
    assert_eq!(fs::read_to_string(rendered.join("prod/notes.txt")).expect("still there"), "mine");
}

#[test]
fn a_foreign_file_in_the_way_is_named_and_stays() {
    let folder = with_config(GOOD);
    fs::create_dir(folder.path().join("rendered")).expect("made");
    let file = folder.path().join("rendered").join(VALUES);
    fs::write(&file, "replicaCount: 7\n").expect("written");
    let ran = gqlgen(folder.path(), ["render"]).ends(2);
    assert!(ran.err.contains(VALUES), "{}", ran.err);
    assert_eq!(fs::read_to_string(&file).expect("still there"), "replicaCount: 7\n");
    assert_eq!(tree(&folder.path().join("rendered")).len(), 1, "nothing of the set was written");
}

#[test]
fn an_edit_by_hand_is_seen_and_said() {
    let folder = with_config(GOOD);
    gqlgen(folder.path(), ["render"]).ends(0);
    let file = folder.path().join("rendered").join(VALUES);
    let text = fs::read_to_string(&file).expect("there");
    fs::write(&file, format!("{text}extra: 1\n")).expect("written");
    let check = gqlgen(folder.path(), ["render", "--check"]).ends(1);
    assert!(check.out.contains(VALUES) && check.out.contains("edited by hand"), "{}", check.out);
    let render = gqlgen(folder.path(), ["render"]).ends(0);
    assert!(render.err.contains("edited by hand"), "{}", render.err);
    assert_eq!(fs::read_to_string(&file).expect("there"), text);
    assert_eq!(gqlgen(folder.path(), ["render"]).ends(0).out, "", "nothing changed, nothing is said");
}

#[test]
fn quiet_is_quiet() {
    let folder = with_config(GOOD);
    assert_eq!(gqlgen(folder.path(), ["render", "-q"]).ends(0).said(), "");
}

#[test]
fn places_that_cannot_be_written_are_named() {
    let folder = with_config(GOOD);
    fs::write(folder.path().join("file"), "mine").expect("written");
    for out in ["file", "file/below", "/proc/gqlgen/out"] {
        if out.starts_with("/proc") && !std::path::Path::new("/proc").is_dir() {
            continue;
        }
        let ran = gqlgen(folder.path(), ["render", "-o", out]).ends(2);
        assert!(ran.err.contains(out.split('/').find(|p| !p.is_empty()).expect("a name")), "{}", ran.err);
    }
    assert_eq!(fs::read_to_string(folder.path().join("file")).expect("there"), "mine");
}

#[cfg(unix)]
#[test]
fn a_read_only_folder_is_named_and_nothing_is_half_written() {
    use std::os::unix::fs::PermissionsExt;
    let folder = with_config(GOOD);
    let out = folder.path().join("out");
    fs::create_dir(&out).expect("made");
    fs::set_permissions(&out, fs::Permissions::from_mode(0o555)).expect("set");
    // Nothing is read-only for root.
    let is_root = fs::write(out.join("probe"), "").is_ok();
    if !is_root {
        let ran = gqlgen(folder.path(), ["render", "-o", "out"]).ends(2);
        assert!(ran.err.contains("out"), "{}", ran.err);
        assert!(tree(&out).is_empty());
    }
    fs::set_permissions(&out, fs::Permissions::from_mode(0o755)).expect("set");
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_folder_is_not_written_through() {
    let folder = with_config(GOOD);
    fs::write(folder.path().join("precious"), "mine").expect("written");
    fs::create_dir(folder.path().join("rendered")).expect("made");
    std::os::unix::fs::symlink(folder.path().join("precious"), folder.path().join("rendered").join(VALUES)).expect("linked");
    gqlgen(folder.path(), ["render"]);
    assert_eq!(fs::read_to_string(folder.path().join("precious")).expect("there"), "mine");
}

/// A kill at many moments: every file is that of one of the two configs, and the next run repairs the set without a word of foreign files.
#[test]
fn a_killed_render_leaves_whole_files() {
    let folder = with_config(GOOD);
    let environments = "environments: { a: {}, b: {}, c: {}, d: {} }\n";
    let texts = [
        format!("{GOOD}{environments}"),
        format!("{}{environments}replicas: 5\n", GOOD.replace("namespaces: [shop]", "namespaces: [shop, billing]")),
    ];
    let rendered = folder.path().join("rendered");
    let write = |text: &str| fs::write(folder.path().join("gqlgen.yaml"), text).expect("written");
    let mut wanted = Vec::new();
    for text in &texts {
        write(text);
        gqlgen(folder.path(), ["render", "-q"]).ends(0);
        wanted.push(tree(&rendered));
    }
    for round in 0..40_u64 {
        write(&texts[(round % 2) as usize]);
        let mut child = command(folder.path()).args(["render", "-q"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("started");
        std::thread::sleep(Duration::from_micros(1500 * round));
        child.kill().expect("killed");
        child.wait().expect("ended");
        for (path, bytes) in tree(&rendered) {
            let is_manifest = path.ends_with(".gqlgen.json");
            let whole = wanted.iter().any(|w| w.get(&path) == Some(&bytes));
            let temporary = !wanted.iter().any(|w| w.contains_key(&path));
            assert!(whole || temporary || is_manifest, "round {round}: {path} is neither old nor new");
        }
        let repaired = gqlgen(folder.path(), ["render", "-q"]).ends(0);
        assert_eq!(repaired.said(), "", "round {round}");
        assert_eq!(tree(&rendered), wanted[(round % 2) as usize], "round {round}");
    }
}
