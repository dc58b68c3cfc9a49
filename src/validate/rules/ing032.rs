//! ING032: the subnets are ones that an ALB takes.

use crate::diagnostic::Level;
use crate::model::{IngressClass, Scheme};
use crate::validate::annotations::config;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "ING032",
    summary: "the subnets are ones that an ALB takes",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("ing032.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    config::report(context, "ING032");
    config::empty_items(context, "/ingress/subnets", "subnet");
    let (Some(ingress), Some(vpc)) = (&context.deployment.ingress, context.deployment.cluster.as_ref().and_then(|c| c.vpc.as_ref())) else {
        return;
    };
    if ingress.class != IngressClass::Alb {
        return;
    }
    let public = ingress.scheme == Scheme::InternetFacing;
    let (wrong, right, kind, other) = if public {
        (&vpc.private_subnets, &vpc.public_subnets, "private", "an internet-facing load balancer there is not reached from outside")
    } else {
        (&vpc.public_subnets, &vpc.private_subnets, "public", "an internal load balancer belongs into the private ones")
    };
    for (index, subnet) in ingress.subnets.iter().enumerate() {
        if wrong.contains(subnet) && !right.contains(subnet) {
            context
                .report(&format!("/ingress/subnets/{index}"), format!("`{subnet}` is one of the cluster's {kind} subnets: {other}"))
                .level(if public { Level::Warning } else { Level::Advice })
                .see("/ingress/scheme", "the scheme");
        }
    }
}
