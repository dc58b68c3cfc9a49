//! The load balancer as a whole: its network, its name tags, its firewall, and who can reach it.

use super::{At, Findings, Subject, grammar};
use crate::config::decode::shown;

/// Tags on a resource, those of the controller itself, and the longest key and value.
const TAGS: usize = 50;
const OWN_TAGS: [&str; 3] = ["elbv2.k8s.aws/cluster", "ingress.k8s.aws/stack", "ingress.k8s.aws/resource"];
const TAG_KEY: usize = 128;
const TAG_VALUE: usize = 256;

pub fn protected_member(subject: &Subject<'_>, findings: &mut Findings) {
    const PROTECTION: &str = "deletion_protection.enabled";
    let protected = subject.attribute("load-balancer-attributes", PROTECTION).as_deref() == Some("true");
    if subject.is_alb() && protected && subject.get("group.name").is_some() {
        findings
            .warning(
                subject.at_attribute("load-balancer-attributes", PROTECTION),
                "deletion protection in a group: deleting this Ingress hangs until the protection is off, and meanwhile no other member of the group is updated",
            )
            .see(subject.at("group.name"), "the group")
            .help("before deleting, set `deletionProtection: false` and apply");
    }
}

pub fn subnets(subject: &Subject<'_>, findings: &mut Findings) {
    for name in ["subnets"] {
        let given = subject.list(name);
        let key = subject.key(name);
        for (index, subnet) in given.iter().enumerate() {
            if given[..index].contains(subnet) {
                findings.error(
                    At::item(&key, index),
                    format!("the subnet `{}` is given twice: an ALB takes one subnet of a zone", shown(subnet)),
                );
            }
        }
        if given.len() == 1 {
            findings
                .error(subject.at(name), "one subnet: an ALB needs subnets of at least two zones")
                .help("give two or more, or leave `subnets` out: the controller then finds them by their tags");
        } else if given.is_empty() && subject.get(name).is_some() {
            findings
                .error(subject.at(name), "the list of subnets is empty")
                .help("leave it out: the controller then finds subnets by their tags");
        }
    }
}

pub fn security_groups(subject: &Subject<'_>, findings: &mut Findings) {
    if !subject.is_alb() || subject.list("security-groups").is_empty() {
        return;
    }
    for name in ["inbound-cidrs", "security-group-prefix-lists"] {
        if subject.get(name).is_some() {
            findings
                .warning(
                    subject.at(name),
                    "with security groups of your own the controller ignores address ranges: who gets in is decided by the groups alone",
                )
                .see(subject.at("security-groups"), "the security groups")
                .help("put the ranges into the security group, or leave `securityGroups` out");
        }
    }
    if !subject.get("manage-backend-security-group-rules").is_some_and(grammar::is_true) {
        findings
            .warning(
                subject.at(if subject.get("manage-backend-security-group-rules").is_some() {
                    "manage-backend-security-group-rules"
                } else {
                    "security-groups"
                }),
                "own security groups without management of the backend rules: unless the nodes' groups admit them, no target is reached",
            )
            .help("set `manage-backend-security-group-rules: \"true\"`, as gqlgen does by itself");
    }
}

pub fn cidrs(subject: &Subject<'_>, findings: &mut Findings) {
    if !subject.is_alb() {
        return;
    }
    let key = subject.key("inbound-cidrs");
    let dual = subject.get("ip-address-type").is_some_and(|kind| kind.starts_with("dualstack"));
    for (index, range) in subject.list("inbound-cidrs").into_iter().enumerate() {
        if grammar::cidr(range).is_err() {
            continue;
        }
        if range.contains(':') && !dual {
            findings
                .warning(
                    At::item(&key, index),
                    format!("`{range}` is IPv6, and the load balancer has no IPv6 address: the controller leaves the range out"),
                )
                .help("add the annotation `alb.ingress.kubernetes.io/ip-address-type: dualstack`, or leave the range out");
        } else if is_all(range) && !subject.is_public() {
            findings
                .advice(At::item(&key, index), format!("`{range}` admits everyone who reaches the internal load balancer"))
                .help("name the networks of the clients");
        }
    }
}

fn is_all(range: &str) -> bool {
    range.ends_with("/0")
}

pub fn tags(subject: &Subject<'_>, findings: &mut Findings) {
    for name in ["tags", "frontend-nlb-tags"] {
        let given = subject.map(name);
        if given.len() + OWN_TAGS.len() > TAGS {
            findings.error(
                subject.at(name),
                format!("{} tags: AWS takes {TAGS} on a resource, and the controller needs {} of them", given.len(), OWN_TAGS.len()),
            );
        }
        for (key, value) in &given {
            tag(subject, name, key, value, findings);
        }
    }
}

fn tag(subject: &Subject<'_>, name: &str, key: &str, value: &str, findings: &mut Findings) {
    let at = || subject.at_attribute(name, key);
    let allowed = |c: char| c.is_alphanumeric() || c == ' ' || (c.is_whitespace() && !c.is_control()) || "_.:/=+-@".contains(c);
    let (long_key, long_value) = (key.chars().count(), value.chars().count());
    if key.to_ascii_lowercase().starts_with("aws:") {
        findings.error(at(), format!("the tag key `{}` begins with `aws:`, which AWS keeps for itself", shown(key)));
    } else if OWN_TAGS.contains(&key) {
        findings.warning(at(), format!("the tag `{}` is the controller's own, which finds its resources by it", shown(key)));
    }
    if let Some(bad) = key.chars().chain(value.chars()).find(|c| !allowed(*c)) {
        findings
            .error(
                at(),
                format!(
                    "the tag `{}` has the character `{}`; AWS takes letters, digits, blanks and `_.:/=+-@`",
                    shown(key),
                    bad.escape_default()
                ),
            )
            .help("leave the character out");
    }
    if long_key > TAG_KEY || long_value > TAG_VALUE {
        findings.error(
            at(),
            format!("a tag of {long_key} and {long_value} characters; AWS takes {TAG_KEY} for the key and {TAG_VALUE} for the value"),
        );
    }
}

pub fn waf(subject: &Subject<'_>, findings: &mut Findings) {
    if !subject.is_alb() {
        return;
    }
    let arn = subject.get("wafv2-acl-arn");
    if let (Some(arn), Some(region)) = (arn.and_then(grammar::Arn::parse), subject.region)
        && arn.service == "wafv2"
        && arn.region != region
        && !arn.resource.starts_with("global/")
    {
        findings.error(
            subject.at("wafv2-acl-arn"),
            format!("the web ACL is in {} and the cluster in {region}: an ALB takes one of its own region only", shown(arn.region)),
        );
    }
    if arn == Some("") {
        findings
            .warning(subject.at("wafv2-acl-arn"), "an empty ARN takes the web ACL away from the load balancer")
            .help("write `none` if that is meant");
    }
    let newer = if arn.is_some() { Some("wafv2-acl-arn") } else { subject.get("wafv2-acl-name").map(|_| "wafv2-acl-name") };
    for classic in ["waf-acl-id", "web-acl-id"] {
        if let Some(newer) = newer.filter(|_| subject.get(classic).is_some_and(|id| id != "none")) {
            findings
                .warning(
                    subject.at(classic),
                    "a WAF Classic ACL beside a WAFv2 one: both associations are tried, and which one holds is not defined",
                )
                .see(subject.at(newer), "the WAFv2 ACL")
                .help("keep the WAFv2 one");
        }
    }
    if arn.is_some() && subject.get("wafv2-acl-name").is_some_and(|name| !name.is_empty()) {
        findings
            .warning(subject.at("wafv2-acl-arn"), "with `wafv2-acl-name` the controller ignores this ARN")
            .see(subject.at("wafv2-acl-name"), "the name");
    }
}

pub fn logs(subject: &Subject<'_>, findings: &mut Findings) {
    const MAP: &str = "load-balancer-attributes";
    for logs in ["access_logs", "connection_logs", "health_check_logs"] {
        let value = |part: &str| subject.attribute(MAP, &format!("{logs}.s3.{part}"));
        let bucket = subject.at_attribute(MAP, &format!("{logs}.s3.bucket"));
        let has_bucket = value("bucket").is_some_and(|b| !b.is_empty());
        if value("enabled").as_deref() == Some("true") && !has_bucket {
            findings
                .error(
                    bucket,
                    format!("`{logs}` are on without a bucket: AWS refuses it, and the controller stops updating everything else"),
                )
                .help("name the bucket; it must be in the load balancer's region and let the ELB service write");
        } else if has_bucket && value("enabled").is_none() {
            findings
                .warning(bucket, format!("`{logs}` name a bucket but are not switched on"))
                .help(format!("add `{logs}.s3.enabled=true`"));
        }
    }
}

pub fn public_console(subject: &Subject<'_>, findings: &mut Findings) {
    if !subject.is_public() || subject.graphiql != Some(true) {
        return;
    }
    if is_restricted(subject) {
        findings
            .advice(
                At::Graphiql,
                "GraphiQL, which shows the whole schema, is on behind an internet-facing load balancer that admits some networks only",
            )
            .help("set `graphql.graphiql: false`");
    } else {
        findings
            .warning(At::Graphiql, "GraphiQL is open to the internet: everyone can read the whole schema and run queries from a browser")
            .see(subject.at("scheme"), "internet-facing")
            .help("set `graphql.graphiql: false`");
    }
}

/// Whether only some networks get in.
fn is_restricted(subject: &Subject<'_>) -> bool {
    let ranges = subject.list("inbound-cidrs");
    let named = !ranges.is_empty() && !ranges.iter().any(|range| is_all(range));
    named || !subject.list("security-groups").is_empty() || !subject.list("security-group-prefix-lists").is_empty()
}

pub fn open_to_all(subject: &Subject<'_>, findings: &mut Findings) {
    let guarded = ["wafv2-acl-arn", "wafv2-acl-name", "waf-acl-id", "web-acl-id"]
        .iter()
        .any(|name| subject.get(name).is_some_and(|v| !v.is_empty() && v != "none"));
    let login = subject.get("jwt-validation").is_some() || subject.get("auth-type").is_some_and(|kind| kind != "none");
    if !subject.is_public() || is_restricted(subject) || guarded || login {
        return;
    }
    let message = "everyone on the internet reaches the GraphQL server, which has no login of its own: there is no address range, no firewall, no authentication";
    let help = "name the clients' networks by `ingress.inboundCidrs`, or put a web ACL in front by `ingress.waf`";
    if subject.list("inbound-cidrs").is_empty() {
        findings.warning(subject.at("scheme"), message).help(help);
    } else {
        findings.advice(subject.at("inbound-cidrs"), message).help(help);
    }
}
