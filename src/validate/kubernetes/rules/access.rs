//! Roles and their bindings.

use super::super::names;
use super::super::walk::{Object, Walk};
use super::{list, text};

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

/// A ServiceAccount belongs to no API group and has an object's name; users and groups belong to RBAC's.
pub fn subject<'v>(walk: &mut Walk<'v>, object: &'v Object) {
    let (group, name) = (text(object, "apiGroup"), text(object, "name"));
    let (wanted, account) = match text(object, "kind") {
        "ServiceAccount" => ("", true),
        "User" | "Group" => ("rbac.authorization.k8s.io", false),
        _ => return,
    };
    if !group.is_empty() && group != wanted {
        walk.at_key("apiGroup", |walk| {
            walk.bad(format!("{group:?} is not the group of this kind of subject: it is {wanted:?}"));
        });
    }
    if !account || name.is_empty() {
        return;
    }
    if let Err(reason) = names::dns1123_subdomain(name) {
        walk.at_key("name", |walk| {
            walk.bad(format!("{name:?} {reason}"));
        });
    }
}
