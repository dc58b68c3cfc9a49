//! ING040: environments of one cluster do not claim the same load balancer, host or place.

use crate::diagnostic::Level;
use crate::model::{Ingress, IngressClass};
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "ING040",
    summary: "environments of one cluster do not claim the same load balancer, host or place",
    level: Level::Warning,
    since: "0.1.0",
    doc: include_str!("ing040.md"),
    check: Check::Config(check),
};

fn check(contexts: &[Context<'_>]) {
    for (index, context) in contexts.iter().enumerate() {
        for earlier in &contexts[..index] {
            if let (Some(one), Some(other)) = (&earlier.deployment.ingress, &context.deployment.ingress)
                && one.class == other.class
                && !differ(cluster(earlier), cluster(context))
            {
                balancers(earlier, context, one, other);
                members(earlier, context, one, other);
                hosts(earlier, context, one, other);
            }
        }
    }
}

fn cluster<'a>(context: &Context<'a>) -> (Option<&'a str>, Option<&'a str>, Option<&'a str>) {
    let cluster = context.deployment.cluster.as_ref();
    let text = |field: Option<&'a Option<String>>| field.and_then(|f| f.as_deref());
    (text(cluster.map(|c| &c.name)), text(cluster.map(|c| &c.region)), text(cluster.map(|c| &c.account)))
}

type Cluster<'a> = (Option<&'a str>, Option<&'a str>, Option<&'a str>);

/// Whether two environments are known to be in different clusters.
fn differ(one: Cluster<'_>, other: Cluster<'_>) -> bool {
    let apart = |a: Option<&str>, b: Option<&str>| a.is_some() && b.is_some() && a != b;
    apart(one.0, other.0) || apart(one.1, other.1) || apart(one.2, other.2)
}

fn is_same_cluster(one: &Context<'_>, other: &Context<'_>) -> bool {
    cluster(one).0.is_some() && cluster(one) == cluster(other)
}

fn name<'a>(context: &Context<'a>) -> &'a str {
    context.environment.unwrap_or("the other")
}

/// A load balancer's name is unique in account and region, unless the Ingresses share a group.
fn balancers(earlier: &Context<'_>, later: &Context<'_>, one: &Ingress, other: &Ingress) {
    let shared = one.group_name.is_some() && one.group_name == other.group_name;
    if let (Some(a), Some(b)) = (&one.load_balancer_name, &other.load_balancer_name)
        && a == b
        && !shared
        && one.class == IngressClass::Alb
    {
        later
            .report(
                "/ingress/loadBalancerName",
                format!("{} and {} name the load balancer `{a}`: AWS refuses the second one of that name", name(earlier), name(later)),
            )
            .help("give each environment its own name, or leave the name out");
    }
}

/// Members of one group share one load balancer, so they have to agree on what belongs to it.
fn members<'a>(earlier: &Context<'a>, later: &Context<'a>, one: &Ingress, other: &Ingress) {
    if one.group_name.is_none() || one.group_name != other.group_name || one.class != IngressClass::Alb {
        return;
    }
    let sorted = |items: &[String]| {
        let mut items = items.to_vec();
        items.sort();
        items
    };
    let policy = |i: &Ingress| i.tls.as_ref().and_then(|t| t.policy.clone());
    let redirects = |i: &Ingress| i.tls.as_ref().map(|t| t.redirect.unwrap_or(true)).unwrap_or_default();
    let both = |a: &Option<String>, b: &Option<String>| a.is_some() && b.is_some() && a != b;
    let conflicts = [
        ("/ingress/scheme", one.scheme != other.scheme),
        ("/ingress/subnets", !one.subnets.is_empty() && !other.subnets.is_empty() && sorted(&one.subnets) != sorted(&other.subnets)),
        ("/ingress/loadBalancerName", both(&one.load_balancer_name, &other.load_balancer_name)),
        (
            "/ingress/securityGroups",
            !one.security_groups.is_empty() && !other.security_groups.is_empty() && one.security_groups != other.security_groups,
        ),
        (
            "/ingress/inboundCidrs",
            !one.inbound_cidrs.is_empty() && !other.inbound_cidrs.is_empty() && sorted(&one.inbound_cidrs) != sorted(&other.inbound_cidrs),
        ),
        ("/ingress/tls/policy", both(&policy(one), &policy(other))),
        ("/ingress/waf", both(&one.waf, &other.waf)),
    ];
    // Where the cluster is not known, the environments may well have one each.
    let level = if is_same_cluster(earlier, later) { Level::Warning } else { Level::Advice };
    for (pointer, conflict) in conflicts {
        if conflict {
            let key = pointer.trim_start_matches('/').replace('/', ".");
            later
                .report(
                    pointer,
                    format!(
                        "{} and {} are members of one group and disagree on `{key}`: the controller refuses the whole group",
                        name(earlier),
                        name(later)
                    ),
                )
                .level(level)
                .see("/ingress/group/name", "the group")
                .help("say the same in both, or give each environment its own group");
        }
    }
    for (redirecting, plain) in [(earlier, later), (later, earlier)] {
        let (from, to) = if std::ptr::eq(redirecting, earlier) { (one, other) } else { (other, one) };
        if redirects(from) && to.tls.is_none() {
            plain
                .report(
                    "/ingress/group/name",
                    format!(
                        "{} redirects HTTP to HTTPS for the whole group, and {} has no HTTPS listener: it is not reached",
                        name(redirecting),
                        name(plain)
                    ),
                )
                .level(level);
        }
    }
    if one.group_order == other.group_order {
        later
            .report(
                "/ingress/group/order",
                format!(
                    "{} and {} have the same order in one group: their names decide which rule comes first",
                    name(earlier),
                    name(later)
                ),
            )
            .level(Level::Advice);
    }
}

/// The same host twice: nginx refuses the second Ingress, an ALB of its own only needs another DNS record.
fn hosts(earlier: &Context<'_>, later: &Context<'_>, one: &Ingress, other: &Ingress) {
    let grouped = one.group_name.is_some() && one.group_name == other.group_name;
    if earlier.deployment.graphql.path != later.deployment.graphql.path || !(grouped || is_same_cluster(earlier, later)) {
        return;
    }
    let Some(index) =
        other.hosts.iter().position(|host| one.hosts.contains(host) && (!host.is_empty() || grouped || one.class == IngressClass::Nginx))
    else {
        return;
    };
    let host = if other.hosts[index].is_empty() { "any host".to_owned() } else { format!("the host `{}`", other.hosts[index]) };
    let (level, consequence) = match one.class {
        IngressClass::Alb if grouped && is_same_cluster(earlier, later) => {
            (Level::Warning, "in one group only the first of the two is reached")
        }
        IngressClass::Alb if grouped => (Level::Advice, "in one group of one cluster only the first of the two is reached"),
        IngressClass::Alb => (Level::Advice, "a DNS record can lead to one of the two load balancers only"),
        IngressClass::Nginx => (Level::Warning, "ingress-nginx refuses the second Ingress with that host and path"),
        IngressClass::Agic => (Level::Warning, "the gateway serves one of the two only"),
    };
    later
        .report(
            &format!("/ingress/hosts/{index}"),
            format!("{} and {} both serve {host} and the same path: {consequence}", name(earlier), name(later)),
        )
        .level(level)
        .help("give each environment its own host");
}
