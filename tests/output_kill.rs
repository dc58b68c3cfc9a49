//! A kill at any moment of the writing leaves every file old or new, and the next run repairs the set without a word of warning.
//!
//! The writer is this test binary itself, started again with a test that is ignored otherwise.

use gqlgen::output::files::{FileSet, MANIFEST, Options, write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

const ROOT: &str = "GQLGEN_TEST_KILL_ROOT";
const GENERATIONS: u64 = 1_000_000;

/// Files of some hundred kilobytes, so that a kill finds one half written. Odd generations have another folder than even ones.
fn set(root: &Path, generation: u64) -> FileSet {
    let mut set = FileSet::new(root, "gqlgen.yaml");
    for i in 0..8 {
        let line = format!("{generation} {i}\n");
        set.add(format!("prod/{i}.yaml"), line.repeat(40_000));
    }
    set.add(format!("{}/x/y.yaml", if generation.is_multiple_of(2) { "even" } else { "odd" }), generation.to_string());
    set
}

#[test]
#[ignore = "the writer of the other test"]
fn writer() {
    let Some(root) = std::env::var_os(ROOT) else { return };
    for generation in 1..GENERATIONS {
        write(&set(Path::new(&root), generation), &Options::default()).expect("written");
    }
}

/// The generation of a file, which it has to hold from its first to its last line.
fn whole(path: &Path) -> u64 {
    let text = std::fs::read_to_string(path).expect("text");
    let first = text.split(['\n', ' ']).next().and_then(|n| n.parse().ok()).expect("a generation");
    let index: u64 = path.file_stem().and_then(|n| n.to_str()).and_then(|n| n.parse().ok()).expect("a number");
    assert!(text == format!("{first} {index}\n").repeat(40_000), "{} is neither old nor new", path.display());
    first
}

#[test]
fn killed_writers_leave_whole_files() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path().join("rendered");
    let mut half_way = 0;
    for round in 0..30_u64 {
        let mut child = Command::new(std::env::current_exe().expect("this binary"))
            .args(["--exact", "writer", "--ignored"])
            .env(ROOT, &root)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("starts");
        std::thread::sleep(Duration::from_micros(20_000 + round * 1_731));
        child.kill().expect("killed");
        child.wait().expect("ended");
        let Ok(entries) = std::fs::read_dir(root.join("prod")) else { continue };
        let mut generations = std::collections::BTreeSet::new();
        for entry in entries {
            let path = entry.expect("listed").path();
            if path.extension().is_some_and(|e| e == "yaml") {
                generations.insert(whole(&path));
            }
        }
        assert!(generations.len() <= 2, "{generations:?}");
        half_way += usize::from(generations.len() == 2);
        // The next run, with another content still, neither warns nor refuses, and leaves nothing behind.
        let next = set(&root, GENERATIONS + round);
        let report = write(&next, &Options::default()).expect("its own files are not foreign");
        assert!(report.changes.iter().all(|c| !c.done.was_edited()), "{report:?}");
        let mut wanted: Vec<String> = next.iter().map(|(path, _)| path.to_owned()).chain([MANIFEST.to_owned()]).collect();
        wanted.sort();
        assert_eq!(files_below(&root), wanted);
        assert!(!std::fs::read_to_string(root.join(MANIFEST)).expect("listed").contains("unfinished"));
        assert!(write(&next, &Options { check: true, scope: None }).expect("checked").changes.is_empty());
    }
    // Says whether the test tested anything; a machine too slow or too fast for it is no fault.
    eprintln!("{half_way} of 30 kills came between two files");
}

fn files_below(root: &Path) -> Vec<String> {
    let mut found: Vec<String> = walkdir::WalkDir::new(root)
        .into_iter()
        .map(|e| e.expect("listed"))
        .filter(|e| !e.file_type().is_dir())
        .map(|e| e.path().strip_prefix(root).expect("below").to_string_lossy().into_owned())
        .collect();
    found.sort();
    found
}
