//! ING035: address ranges are ranges that the load balancer has.

use crate::diagnostic::Level;
use crate::validate::annotations::config;
use crate::validate::rule::{Check, Rule};

pub static RULE: Rule = Rule {
    id: "ING035",
    summary: "address ranges are ranges that the load balancer has",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("ing035.md"),
    check: Check::Environment(|context| {
        config::report(context, "ING035");
        config::empty_items(context, "/ingress/inboundCidrs", "address range");
    }),
};
