//! `fixtures/invalid/*`: configs that are refused, with their arguments (`args`), and all that is said of them (`expected.txt`).

use crate::args_of;
use crate::common::cli::{copy_tree, differs, folders, gqlgen};
use crate::common::crate_root;

#[test]
fn faults_are_said_with_their_place_and_nothing_is_written() {
    let mut faults = Vec::new();
    for fixture in folders(&crate_root().join("fixtures/invalid")) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let inside = folder.path().join("case");
        copy_tree(&fixture, &inside);
        std::fs::remove_file(inside.join("expected.txt")).ok();
        let mut args = vec!["render".to_owned(), "-o".into(), "out".into(), "gqlgen.yaml".into()];
        args.extend(args_of(&fixture));
        let ran = gqlgen(&inside, args);
        if !matches!(ran.code, 1 | 2) {
            faults.push(format!("{}: exit code {}", fixture.display(), ran.code));
        }
        if inside.join("out").exists() {
            faults.push(format!("{}: something was written", fixture.display()));
        }
        faults.extend(differs(&fixture.join("expected.txt"), &ran.snapshot(&inside)));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
