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
    ing001,
    ing002,
    ing003,
    ing004,
    ing005,
    ing006,
    ing007,
    ing008,
    ing009,
    ing010,
    ing011,
    ing012,
    ing013,
    ing014,
    ing015,
    ing016,
    ing017,
    ing018,
    ing019,
    ing020,
    ing021,
    ing022,
    ing023,
    ing024,
    ing025,
    ing026,
    ing027,
    ing028,
    ing029,
    ing030,
    ing031,
    ing032,
    ing033,
    ing034,
    ing035,
    ing036,
    ing037,
    ing038,
    ing039,
    ing040,
    ing041,
    ing042,
    ing043,
    k8s001,
    k8s002,
    k8s003,
    k8s004,
    k8s005,
    k8s006,
    sec001,
    sec002,
    sec010,
    sec011,
    sec012,
}

/// The rule with this id.
pub fn find(id: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.id == id)
}

/// Where the page of a rule stands in the repository.
pub fn url(rule: &Rule) -> String {
    format!("RULES.md#{}", rule.id.to_lowercase())
}
