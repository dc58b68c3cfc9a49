//! ING028: a certificate is one that the load balancer can use.

use crate::diagnostic::Level;
use crate::validate::annotations::config;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "ING028",
    summary: "a certificate is one that the load balancer can use",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("ing028.md"),
    check: Check::Environment(|context| {
        config::report(context, "ING028");
        config::empty_items(context, "/ingress/tls/certificateArns", "certificate");
    }),
};
