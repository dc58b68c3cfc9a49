//! DB005: no variable is meant to be expanded in a contact point.

use crate::compile::contact_points::PLACEHOLDERS_SINCE;
use crate::diagnostic::Level;
use crate::validate::database::points;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "DB005",
    summary: "no variable is meant to be expanded in a contact point",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("db005.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    for point in points(context) {
        if point.text.contains("{{") {
            context
                .report_at(point.place, "nothing expands templates here: the braces reach the servers as they are")
                .help("write the value; to tell environments apart use `environments`");
        } else if is_guide(&point.text) {
            context.report_at(point.place, "a word in angle brackets is where a guide wants the real name").help("write the real name");
        } else if point.text.contains("$(") {
            context
                .report_at(point.place, "Kubernetes expands `$(NAME)` for variables of the container that come before; the chart sets none, so the text stays as it is")
                .help("write the value; to tell environments apart use `environments`");
        } else if point.text.contains("${") {
            let early = !context.deployment.version.at_least(PLACEHOLDERS_SINCE);
            let message = if early {
                "ScalarDB looks up `${...}` from 3.8 on only: here it is literal text"
            } else {
                "the containers have the chart's own variables only, so gqlgen writes `${...}` as literal text"
            };
            context.report_at(point.place, message).help("write the value; to tell environments apart use `environments`");
        }
    }
}

/// Whether `<name>` stands in the text.
fn is_guide(text: &str) -> bool {
    let word = text.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map(|(word, _)| word);
    word.is_some_and(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"_- ".contains(&b)))
}
