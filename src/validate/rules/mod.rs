//! The one list of all rules, sorted by id. A rule is one file here and one page beside it.

use super::rule::Rule;

macro_rules! rules {
    ($($name:ident),* $(,)?) => {
        $(pub mod $name;)*
        /// All rules.
        pub static ALL: &[&Rule] = &[$(&$name::RULE),*];
    };
}

rules! {
    cfg001,
    cfg002,
    cfg003,
    cfg004,
    cfg005,
    cfg006,
    cfg007,
    cfg008,
    cfg009,
    cfg010,
    cfg011,
    cfg012,
    cfg013,
    cfg014,
    cfg015,
    cfg016,
    chart001,
    chart002,
    chart003,
    chart004,
    chart005,
    chart006,
    chart007,
    chart008,
    chart009,
    chart010,
    chart011,
    db090,
    k8s001,
    k8s002,
    k8s003,
    k8s004,
    k8s005,
    k8s006,
    sec001,
    sec002,
}

/// The rule with this id.
pub fn find(id: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.id == id)
}

/// Where the page of a rule stands in the repository.
pub fn url(rule: &Rule) -> String {
    format!("RULES.md#{}", rule.id.to_lowercase())
}
