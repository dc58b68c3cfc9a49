//! OPS018: ARNs are of the partition and the account of the cluster.

use crate::compile::cluster::facts;
use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "OPS018",
    summary: "ARNs are of the partition and the account of the cluster",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("ops018.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let Some(ingress) = &context.deployment.ingress else { return };
    let certificates = ingress.tls.iter().flat_map(|tls| &tls.certificate_arns).enumerate();
    for (index, arn) in certificates {
        judge(context, &format!("/ingress/tls/certificateArns/{index}"), arn, "a certificate");
    }
    if let Some(arn) = &ingress.waf {
        judge(context, "/ingress/waf", arn, "a web ACL");
    }
}

fn judge(context: &Context<'_>, pointer: &str, arn: &str, what: &str) {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let ["arn", partition, _, region, account, _] = parts.as_slice() else { return };
    let cluster = context.deployment.cluster.as_ref();
    // A certificate of IAM has no region: then the cluster's counts.
    let (place, whose) =
        if region.is_empty() { (cluster.and_then(|c| c.region.as_deref()), "the cluster is in") } else { (Some(*region), "it names") };
    if let Some(region) = place.filter(|region| facts::region(region).is_some()) {
        let right = facts::partition(Some(region)).arn.as_str();
        if *partition != right {
            context
                .report(pointer, format!("{whose} `{region}`, where ARNs begin with `arn:{right}:`, not with `arn:{partition}:`"))
                .help(format!("write `arn:{right}:`"));
            return;
        }
    }
    let own = cluster.and_then(|c| c.account.as_deref());
    if let Some(own) = own.filter(|own| own != account && !account.is_empty()) {
        context
            .report(
                pointer,
                format!("{what} of account {account}, and the cluster is in {own}: a load balancer uses those of its own account only"),
            )
            .see("/cluster/account", "the cluster's");
    }
}
