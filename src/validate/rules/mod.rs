//! The one list of all rules, sorted by id. A rule is one file here and one page beside it.

use super::rule::Rule;

macro_rules! rules {
    ($($name:ident),* $(,)?) => {
        $(mod $name;)*
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
}

/// The rule with this id.
pub fn find(id: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.id == id)
}
