//! SEC020: the Kubernetes API is open to those who need it.

use crate::diagnostic::Level;
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "SEC020",
    summary: "the Kubernetes API is open to those who need it",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("sec020.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let Some(cidrs) = context.deployment.cluster.as_ref().and_then(|c| c.endpoint_cidrs.as_ref()) else { return };
    for (index, text) in cidrs.iter().enumerate() {
        let pointer = format!("/cluster/endpointCidrs/{index}");
        let shown: String = text.chars().take(50).collect();
        let range = text.split_once('/').and_then(|(address, prefix)| {
            let length: u8 = Some(prefix).filter(|p| p.bytes().all(|b| b.is_ascii_digit()))?.parse().ok()?;
            let most = match address.parse().ok()? {
                std::net::IpAddr::V4(_) => 32,
                std::net::IpAddr::V6(_) => 128,
            };
            (length <= most).then_some(length)
        });
        match range {
            None => drop(
                context
                    .report(&pointer, format!("`{shown}` is no address range"))
                    .label("expected an address and a prefix length, such as `203.0.113.0/24`"),
            ),
            Some(0) => drop(
                context
                    .report(&pointer, "the Kubernetes API is open to the whole internet")
                    .level(Level::Warning)
                    .help("list the ranges that need it"),
            ),
            Some(_) if is_private(text) => drop(
                context
                    .report(&pointer, format!("`{shown}` is a private range: no request from outside of the VPC comes from it"))
                    .level(Level::Warning)
                    .help("list public ranges; from inside the VPC the API is always reached"),
            ),
            Some(_) if cidrs[..index].contains(text) => {
                drop(context.report(&pointer, format!("`{shown}` stands twice")).level(Level::Warning))
            }
            Some(_) => {}
        }
    }
}

/// Whether the range lies in one that is never routed in the internet.
fn is_private(range: &str) -> bool {
    match range.split_once('/').and_then(|(address, _)| address.parse().ok()) {
        Some(std::net::IpAddr::V4(address)) => address.is_private() || address.is_loopback() || address.is_link_local(),
        Some(std::net::IpAddr::V6(address)) => address.is_loopback() || address.is_unique_local(),
        None => false,
    }
}
