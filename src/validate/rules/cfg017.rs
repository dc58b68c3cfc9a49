//! CFG017: a field that the diff passes over is named so that it can be found.

use crate::diagnostic::Level;
use crate::diff::Ignore;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "CFG017",
    summary: "a field that the diff passes over is named so that it can be found",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("cfg017.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let ignored = context.settings.diff.as_ref().and_then(|diff| diff.value.ignore.as_ref());
    for (index, path) in ignored.into_iter().flat_map(|list| &list.value).enumerate() {
        if let Err(why) = Ignore::parse(&path.value) {
            context
                .report(&format!("/diff/ignore/{index}"), why)
                .help("for instance `Deployment:/spec/replicas`, `/metadata/labels` or `alb.ingress.kubernetes.io/tags`");
        }
    }
}
