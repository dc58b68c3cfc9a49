//! The file set on a real disk.

use super::*;
use std::fs;

fn set(root: &Path, files: &[(&str, &str)]) -> FileSet {
    let mut set = FileSet::new(root, "gqlgen.yaml");
    for (path, text) in files {
        if path.ends_with(".sh") { set.add_executable(*path, *text) } else { set.add(*path, *text) }
    }
    set
}

fn put_all(root: &Path, files: &[(&str, &str)]) -> Result<Vec<(String, Done)>, WriteFault> {
    run(root, files, &Options::default())
}

fn check(root: &Path, files: &[(&str, &str)]) -> Result<Vec<(String, Done)>, WriteFault> {
    run(root, files, &Options { check: true, ..Options::default() })
}

fn run(root: &Path, files: &[(&str, &str)], options: &Options) -> Result<Vec<(String, Done)>, WriteFault> {
    Ok(write(&set(root, files), options)?.changes.into_iter().map(|c| (c.path, c.done)).collect())
}

/// Every file below the folder with its text, and every folder with a `/`.
fn all(root: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for entry in walkdir::WalkDir::new(root).min_depth(1) {
        let entry = entry.expect("listed");
        let name = entry.path().strip_prefix(root).expect("below").to_string_lossy().into_owned();
        if entry.file_type().is_dir() {
            found.insert(name + "/", String::new());
        } else {
            found.insert(name, fs::read_to_string(entry.path()).expect("text"));
        }
    }
    found
}

fn names(root: &Path) -> Vec<String> {
    all(root).into_keys().collect()
}

const FIRST: [(&str, &str); 3] = [("dev/a.yaml", "1"), ("dev/s/run.sh", "#!/bin/sh"), ("prod/a.yaml", "2")];

#[test]
fn a_set_is_written_kept_changed_and_pruned() {
    let folder = tempfile::tempdir().expect("folder");
    let root = folder.path().join("x/rendered");
    let created = put_all(&root, &FIRST).expect("written");
    assert_eq!(created, FIRST.map(|(p, _)| (p.to_owned(), Done::Created)));
    assert_eq!(names(&root), [".gqlgen.json", "dev/", "dev/a.yaml", "dev/s/", "dev/s/run.sh", "prod/", "prod/a.yaml"]);
    let manifest = fs::read_to_string(root.join(MANIFEST)).expect("listed");
    assert!(manifest.contains("\"prod/a.yaml\": \"d4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35\""), "{manifest}");
    assert!(!manifest.contains("unfinished"));

    let before = fs::metadata(root.join("dev/a.yaml")).and_then(|m| m.modified()).expect("time");
    assert_eq!(check(&root, &FIRST).expect("checked"), []);
    assert_eq!(put_all(&root, &FIRST).expect("written"), []);
    assert_eq!(fs::metadata(root.join("dev/a.yaml")).and_then(|m| m.modified()).expect("time"), before);

    fs::write(root.join("dev/note.txt"), "mine").expect("written");
    let second = [("dev/a.yaml", "3"), ("prod/b.yaml", "4")];
    let expected = [
        ("dev/a.yaml".to_owned(), Done::Updated),
        ("dev/s/run.sh".to_owned(), Done::Removed),
        ("prod/a.yaml".to_owned(), Done::Removed),
        ("prod/b.yaml".to_owned(), Done::Created),
    ];
    let untouched = all(&root);
    assert_eq!(check(&root, &second).expect("checked"), expected);
    assert_eq!(all(&root), untouched);
    assert_eq!(put_all(&root, &second).expect("written"), expected);
    assert_eq!(names(&root), [".gqlgen.json", "dev/", "dev/a.yaml", "dev/note.txt", "prod/", "prod/b.yaml"]);
    assert_eq!(put_all(&root, &second[..1]).expect("written"), [("prod/b.yaml".to_owned(), Done::Removed)]);
    assert_eq!(names(&root), [".gqlgen.json", "dev/", "dev/a.yaml", "dev/note.txt"]);
}

#[test]
fn the_same_set_gives_the_same_list_whatever_the_way() {
    let (one, two) = (tempfile::tempdir().expect("folder"), tempfile::tempdir().expect("folder"));
    put_all(one.path(), &FIRST).expect("written");
    put_all(two.path(), &[("dev/a.yaml", "9"), ("old", "x")]).expect("written");
    put_all(two.path(), &FIRST).expect("written");
    assert_eq!(all(one.path()), all(two.path()));
}

#[test]
fn hand_edited_files_are_replaced_and_said() {
    let folder = tempfile::tempdir().expect("folder");
    put_all(folder.path(), &FIRST).expect("written");
    for path in ["dev/a.yaml", "prod/a.yaml"] {
        fs::write(folder.path().join(path), "edited").expect("written");
    }
    let expected = [("dev/a.yaml".to_owned(), Done::UpdatedEdited), ("prod/a.yaml".to_owned(), Done::RemovedEdited)];
    assert_eq!(check(folder.path(), &FIRST[..2]).expect("checked"), expected);
    assert_eq!(put_all(folder.path(), &FIRST[..2]).expect("written"), expected);
    // Edited to what is wanted: nothing to say.
    fs::write(folder.path().join("dev/a.yaml"), "5").expect("written");
    assert_eq!(put_all(folder.path(), &[("dev/a.yaml", "5"), FIRST[1]]).expect("written"), []);
    assert_eq!(check(folder.path(), &[("dev/a.yaml", "5"), FIRST[1]]).expect("checked"), []);
}

#[test]
fn foreign_files_stop_everything() {
    let folder = tempfile::tempdir().expect("folder");
    fs::create_dir(folder.path().join("dev")).expect("made");
    fs::write(folder.path().join("dev/a.yaml"), "mine").expect("written");
    let before = all(folder.path());
    for options in [Options::default(), Options { check: true, scope: None }] {
        let fault = run(folder.path(), &FIRST, &options).expect_err("foreign");
        assert!(matches!(&fault, WriteFault::Foreign(paths) if *paths == [folder.path().join("dev/a.yaml")]), "{fault}");
        assert_eq!(all(folder.path()), before);
    }
    // The same bytes are no reason to refuse.
    assert_eq!(put_all(folder.path(), &[("dev/a.yaml", "mine")]).expect("written"), []);
    assert_eq!(check(folder.path(), &[("dev/a.yaml", "mine")]).expect("checked"), []);
}

#[test]
fn a_lost_or_broken_list() {
    let folder = tempfile::tempdir().expect("folder");
    let (old, new) = (crate::output::header("gqlgen.yaml") + "1", crate::output::header("gqlgen.yaml") + "2");
    put_all(folder.path(), &[("a.yaml", &old)]).expect("written");
    fs::remove_file(folder.path().join(MANIFEST)).expect("removed");
    assert_eq!(check(folder.path(), &[("a.yaml", &old)]).expect("checked"), [(MANIFEST.to_owned(), Done::Created)]);
    assert_eq!(put_all(folder.path(), &[("a.yaml", &new)]).expect("written"), [("a.yaml".to_owned(), Done::UpdatedEdited)]);
    for text in [
        "<<<<<<< HEAD\n{}",
        r#"{"schemaVersion":1,"generatedBy":"gqlgen","config":"gqlgen.yaml","files":{"../x":"0"}}"#,
        r#"{"schemaVersion":1,"generatedBy":"gqlgen","config":"gqlgen.yaml","files":{"/etc/x":"0"}}"#,
        r#"{"schemaVersion":9,"generatedBy":"gqlgen","config":"gqlgen.yaml","files":{}}"#,
    ] {
        fs::write(folder.path().join(MANIFEST), text).expect("written");
        let fault = put_all(folder.path(), &[("a.yaml", "3")]).expect_err("no list");
        assert!(matches!(fault, WriteFault::Manifest { .. }), "{fault}");
    }
}

#[test]
fn another_configs_folder_is_left_alone() {
    let folder = tempfile::tempdir().expect("folder");
    put_all(folder.path(), &FIRST).expect("written");
    let mut other = FileSet::new(folder.path(), "shop.gqlgen.yaml");
    other.add("dev/b.yaml", "1");
    let fault = write(&other, &Options::default()).expect_err("not its folder");
    assert!(fault.to_string().contains("gqlgen.yaml generated"), "{fault}");
    other.files.clear();
    other.add("../b.yaml", "1");
    assert!(matches!(write(&other, &Options::default()), Err(WriteFault::BadPath(_))));
}

#[test]
fn one_environment_leaves_the_others() {
    let folder = tempfile::tempdir().expect("folder");
    put_all(folder.path(), &[("dev/a", "1"), ("dev/b", "1"), ("prod/a", "1"), ("prod/b", "1")]).expect("written");
    let dev = Options { scope: Some(vec!["dev".to_owned()]), check: false };
    assert_eq!(run(folder.path(), &[("dev/a", "1")], &dev).expect("written"), [("dev/b".to_owned(), Done::Removed)]);
    assert_eq!(names(folder.path()), [".gqlgen.json", "dev/", "dev/a", "prod/", "prod/a", "prod/b"]);
    assert_eq!(check(folder.path(), &[("dev/a", "1"), ("prod/a", "1"), ("prod/b", "1")]).expect("checked"), []);
}

#[test]
fn leftovers_of_a_killed_run_go() {
    let folder = tempfile::tempdir().expect("folder");
    put_all(folder.path(), &FIRST).expect("written");
    for path in [".gqlgen-1-2.tmp", "dev/.gqlgen-1-3.tmp"] {
        fs::write(folder.path().join(path), "ha").expect("written");
    }
    assert_eq!(check(folder.path(), &FIRST).expect("checked"), []);
    assert_eq!(names(folder.path()).len(), 9);
    assert_eq!(put_all(folder.path(), &FIRST).expect("written"), []);
    assert_eq!(names(folder.path()).len(), 7);
}

#[cfg(unix)]
#[test]
fn modes_links_and_folders_in_the_way() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let folder = tempfile::tempdir().expect("folder");
    let (root, outside) = (folder.path().join("rendered"), folder.path().join("outside"));
    fs::create_dir(&outside).expect("made");
    put_all(&root, &FIRST).expect("written");
    let script = root.join("dev/s/run.sh");
    assert_eq!(fs::metadata(&script).expect("there").permissions().mode() & 0o777, 0o755);
    fs::set_permissions(&script, fs::Permissions::from_mode(0o644)).expect("set");
    assert_eq!(put_all(&root, &FIRST).expect("written"), [("dev/s/run.sh".to_owned(), Done::Updated)]);

    // A link out of the root, as a folder and as a file.
    fs::remove_dir_all(root.join("dev")).expect("removed");
    symlink(&outside, root.join("dev")).expect("linked");
    assert!(matches!(put_all(&root, &FIRST), Err(WriteFault::LeavesRoot(_))));
    assert!(matches!(put_all(&root, &[("dev/a.yaml", "1")]), Err(WriteFault::LeavesRoot(_))));
    fs::write(outside.join("a.yaml"), "theirs").expect("written");
    assert_eq!(put_all(&root, &FIRST[2..]).expect("nothing is removed through the link"), []);
    assert_eq!(names(&outside), ["a.yaml"]);
    symlink(outside.join("a.yaml"), root.join("b.yaml")).expect("linked");
    assert!(matches!(put_all(&root, &[("b.yaml", "theirs")]), Err(WriteFault::InTheWay { .. })));
    fs::create_dir(root.join("c.yaml")).expect("made");
    assert!(matches!(put_all(&root, &[("c.yaml", "1")]), Err(WriteFault::InTheWay { .. })));
    assert!(matches!(put_all(&root, &[("prod/a.yaml/x", "1")]), Err(WriteFault::InTheWay { .. })));
    fs::write(folder.path().join("file"), "").expect("written");
    assert!(matches!(put_all(&folder.path().join("file"), &FIRST), Err(WriteFault::InTheWay { .. })));
    // A link to the root itself, and one that stays in it, are the user's choice.
    symlink(&root, folder.path().join("link")).expect("linked");
    symlink(root.join("prod"), root.join("live")).expect("linked");
    let through = [("live/z.yaml", "1"), FIRST[2]];
    assert_eq!(put_all(&folder.path().join("link"), &through).expect("written"), [("live/z.yaml".to_owned(), Done::Created)]);
}
