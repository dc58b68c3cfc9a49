//! OPS009: the VPC is one that the cluster can use.

use crate::diagnostic::Level;
use crate::model::Vpc;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "OPS009",
    summary: "the VPC is one that the cluster can use",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("ops009.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let Some(vpc) = context.deployment.cluster.as_ref().and_then(|c| c.vpc.as_ref()) else { return };
    cidr(context, vpc);
    for (pointer, id, prefix) in [("/cluster/vpc/id", &vpc.id, "vpc"), ("/cluster/vpc/securityGroup", &vpc.security_group, "sg")] {
        if let Some(id) = id.as_ref().filter(|id| !is_id(id, prefix)) {
            wrong_id(context, pointer, id, prefix);
        }
    }
    if vpc.security_group.is_some() && vpc.id.is_none() {
        context
            .report(
                "/cluster/vpc/securityGroup",
                "a security group belongs to a VPC: without `vpc.id` eksctl makes a new one, which cannot use it",
            )
            .level(Level::Warning)
            .help("add `cluster.vpc.id`, or leave the group out");
    }
    subnets(context, vpc);
}

/// An id of AWS: the prefix and 8 or 17 hexadecimal digits.
pub fn is_id(text: &str, prefix: &str) -> bool {
    let digits = text.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('-'));
    digits.is_some_and(|d| matches!(d.len(), 8 | 17) && d.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')))
}

fn wrong_id(context: &Context<'_>, pointer: &str, id: &str, prefix: &str) {
    let shown: String = id.chars().take(40).collect();
    context
        .report(pointer, format!("`{shown}` is no id of that kind"))
        .label(format!("expected `{prefix}-` and 8 or 17 hexadecimal digits"));
}

fn cidr(context: &Context<'_>, vpc: &Vpc) {
    let Some(text) = &vpc.cidr else { return };
    let shown: String = text.chars().take(40).collect();
    let Some((address, prefix)) = text.split_once('/') else {
        context
            .report("/cluster/vpc/cidr", format!("`{shown}` has no prefix length"))
            .label("expected an address range, such as `10.1.0.0/16`");
        return;
    };
    let length = Some(prefix).filter(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit())).and_then(|p| p.parse::<u8>().ok());
    let (Ok(_), Some(length)) = (address.parse::<std::net::Ipv4Addr>(), length.filter(|l| *l <= 32)) else {
        context
            .report("/cluster/vpc/cidr", format!("`{shown}` is no IPv4 range"))
            .label("expected an address range, such as `10.1.0.0/16`");
        return;
    };
    let existing = vpc.id.is_some() || !vpc.private_subnets.is_empty() || !vpc.public_subnets.is_empty();
    let smallest = if existing { 28 } else { 24 };
    if !(16..=smallest).contains(&length) {
        let whose = if existing { "a VPC has /16 to /28" } else { "eksctl makes VPCs of /16 to /24" };
        context.report("/cluster/vpc/cidr", format!("a range of /{length}: {whose}"));
    }
}

fn subnets(context: &Context<'_>, vpc: &Vpc) {
    let kinds = [("/cluster/vpc/privateSubnets", &vpc.private_subnets), ("/cluster/vpc/publicSubnets", &vpc.public_subnets)];
    let mut seen: Vec<&String> = Vec::new();
    for (at, ids) in kinds {
        for (index, id) in ids.iter().enumerate() {
            let pointer = format!("{at}/{index}");
            if !is_id(id, "subnet") {
                wrong_id(context, &pointer, id, "subnet");
            } else if seen.contains(&id) {
                context.report(&pointer, format!("`{id}` stands twice: a subnet is private or public, and counts once"));
            }
            seen.push(id);
        }
    }
    let given = kinds.iter().find(|(_, ids)| !ids.is_empty());
    match (given, &vpc.id) {
        (Some((at, _)), _) if kinds.iter().all(|(_, ids)| ids.len() < 2) => {
            context.report(at, "EKS wants subnets in two zones: eksctl asks for at least two private or two public ones");
        }
        (Some((at, _)), None) => {
            context
                .report(at, "subnets without the id of their VPC: eksctl finds subnets by free names only where `vpc.id` is given")
                .level(Level::Warning)
                .help("add `cluster.vpc.id`");
        }
        (None, Some(_)) => {
            context
                .report("/cluster/vpc/id", "an existing VPC without its subnets: eksctl does not choose among them")
                .level(Level::Warning)
                .help("list `privateSubnets`, two or more in different zones");
        }
        _ => {}
    }
}
