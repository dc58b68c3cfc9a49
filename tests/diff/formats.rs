//! Reports of a diff that is far too long for a comment.

use gqlgen::diff::{Diff, Options, compare};
use gqlgen::report::{diff_github, diff_html, diff_markdown};

use crate::fixture::Case;

/// The objects of a case many times over, each under a name of its own.
fn long() -> Diff {
    let case = Case::all().into_iter().find(|case| case.name == "several").expect("the case is there");
    let (mut before, mut after) = (case.before(), case.after());
    for side in [&mut before, &mut after] {
        let objects = std::mem::take(&mut side.objects);
        for copy in 0..300 {
            side.objects.extend(objects.iter().cloned().map(|mut object| {
                let name = format!("{}-{copy}", object["metadata"]["name"].as_str().expect("a name"));
                object["metadata"]["name"] = name.into();
                object
            }));
        }
    }
    compare(&[before], &[after], &Options::default())
}

#[test]
fn a_comment_is_cut_where_the_forge_would_refuse_it() {
    let diff = long();
    let text = diff_markdown::render(&diff);
    assert!(text.starts_with(diff_markdown::MARKER), "the line by which it is found again comes first");
    assert!((50_000..65_536).contains(&text.chars().count()), "{}", text.chars().count());
    assert!(text.contains(&format!("of {} changes did not fit", diff.changes.len())));
    assert_eq!(text, diff_markdown::render(&long()), "cut at the same place each time");
    // What is graver stands before what is cut.
    let gravest = diff.changes[0].consequence.split(':').next().expect("a sentence");
    assert!(text[..2000].contains(gravest), "{gravest}");
}

#[test]
fn other_formats_hold_all_of_it() {
    let diff = long();
    assert_eq!(diff_html::render(&diff).matches("<article ").count(), diff.changes.len());
    let lines = diff_github::render(&diff);
    assert!(lines.lines().all(|line| line.starts_with("::") || line.starts_with("gqlgen") || !line.contains("::")), "{lines}");
}
