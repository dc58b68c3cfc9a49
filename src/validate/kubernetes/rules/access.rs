//! Roles.

use super::super::walk::{Object, Walk};
use super::list;

/// A rule is about resources (with their groups) or about URLs.
pub fn policy_rule<'v>(walk: &mut Walk<'v>, object: &'v Object) {
    if !list(object, "nonResourceURLs").is_empty() {
        return;
    }
    for key in ["apiGroups", "resources"] {
        if list(object, key).is_empty() {
            walk.missing(key, "a rule");
        }
    }
}
