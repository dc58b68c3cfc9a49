//! The diff on plain data: `fixtures/diff`, and the laws that hold for every case there.

mod facts;
mod fixture;
mod formats;
mod laws;
mod refusals;
mod secrets;

use fixture::Case;

#[test]
fn cases_show_what_is_expected() {
    let cases = Case::all();
    assert!(cases.len() >= 40, "{} cases", cases.len());
    let update = std::env::var_os("UPDATE_EXPECTED").is_some();
    let mut wrong = Vec::new();
    for case in &cases {
        let diff = case.diff();
        let files = [
            ("expected.json", gqlgen::report::diff_json::render(&diff)),
            ("expected.txt", gqlgen::report::diff_text::render(&diff, false)),
        ];
        for (name, text) in files {
            let path = case.folder.join(name);
            if update {
                std::fs::write(&path, &text).unwrap();
            } else if std::fs::read_to_string(&path).ok().as_deref() != Some(&text) {
                wrong.push(format!("{}/{name}", case.name));
            }
        }
    }
    assert!(wrong.is_empty(), "differ (UPDATE_EXPECTED=1 writes them anew): {wrong:?}");
}
