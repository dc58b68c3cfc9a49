//! Planted secrets stand in no output of any format.

use crate::fixture::Case;

/// In the fixtures, in plain and in base64.
const PLANTED: [&str; 6] = [
    "lynch-basalt-77",
    "bHluY2gtYmFzYWx0LTc3",
    "planted-marten-31",
    "planted-osprey-58",
    "cGxhbnRlZC1vc3ByZXktNTg=",
    "cGxhbnRlZC1tYXJ0ZW4tMzE=",
];

#[test]
fn planted_secrets_are_never_shown() {
    for case in Case::all() {
        let diff = case.diff();
        for text in outputs(&diff) {
            for secret in PLANTED {
                assert!(!text.contains(secret), "{}: {secret} in {text}", case.name);
            }
        }
    }
}

fn outputs(diff: &gqlgen::diff::Diff) -> Vec<String> {
    use gqlgen::report::{diff_github, diff_html, diff_json, diff_markdown, diff_text};
    vec![
        diff_json::render(diff),
        diff_text::render(diff, true),
        diff_text::render(diff, false),
        diff_github::render(diff),
        diff_markdown::render(diff),
        diff_html::render(diff),
        format!("{diff:?}"),
    ]
}
