//! Health checks, and how the load balancer speaks to the pods.

use super::{At, Findings, Subject, listeners};
use crate::config::decode::shown;
use crate::model::IngressClass;

/// Ports of the pods: GraphQL, metrics.
const POD_PORTS: [i64; 2] = [8080, METRICS];
const METRICS: i64 = 9080;
const METRICS_PATH: &str = "/stats/prometheus";

pub fn deregistration(subject: &Subject<'_>, findings: &mut Findings) {
    const DELAY: &str = "deregistration_delay.timeout_seconds";
    if !subject.is_alb() {
        return;
    }
    let delay = subject.attribute("target-group-attributes", DELAY).and_then(|d| d.parse::<u64>().ok());
    if let Some(delay) = delay.filter(|d| *d <= 3600 && *d > subject.grace_period) {
        findings
            .advice(
                subject.at_attribute("target-group-attributes", DELAY),
                format!(
                    "the load balancer sends for up to {delay} s to a pod that is gone after {} s, its grace period",
                    subject.grace_period
                ),
            )
            .help(format!("{}s fits the pods", subject.grace_period));
    }
}

pub fn timing(subject: &Subject<'_>, findings: &mut Findings) {
    let (interval, timeout) = match subject.class {
        IngressClass::Alb => ("healthcheck-interval-seconds", "healthcheck-timeout-seconds"),
        IngressClass::Agic => ("health-probe-interval", "health-probe-timeout"),
        IngressClass::Nginx => return,
    };
    let (Some(every), Some(wait)) = (subject.number(interval), subject.number(timeout)) else { return };
    let at = if subject.get(timeout).is_some() { subject.at(timeout) } else { subject.at(interval) };
    let defaulted = |name| if subject.get(name).is_none() { " (the controller's default)" } else { "" };
    let words =
        format!("the health check waits {wait} s{} for an answer and asks every {every} s{}", defaulted(timeout), defaulted(interval));
    if subject.is_alb() && wait >= every {
        findings.error(at, format!("{words}; AWS wants the timeout below the interval")).see(subject.at(interval), "the interval");
    } else if wait > every {
        findings.advice(at, format!("{words}; Azure recommends a timeout not above the interval"));
    }
}

pub fn path(subject: &Subject<'_>, findings: &mut Findings) {
    let Some(server) = subject.server_path else { return };
    let server = if server.starts_with('/') { server.to_owned() } else { format!("/{server}") };
    let reached = subject.paths.iter().any(|(path, kind)| reaches(path, kind, &server));
    if let Some((path, kind)) = subject.paths.first().filter(|_| !reached) {
        findings
            .warning(At::Path, format!("the Ingress routes `{}` ({kind}) but the server answers only `{}`", shown(path), shown(&server)))
            .help("`graphql.path` sets both");
    }
    let (name, default) = match subject.class {
        IngressClass::Alb => ("healthcheck-path", Some("/")),
        // Without its annotation the gateway takes the path of the readiness probe.
        IngressClass::Agic => ("health-probe-path", None),
        IngressClass::Nginx => return rewritten(subject, &server, findings),
    };
    let elsewhere = subject.get("healthcheck-port").is_some_and(|port| !matches!(port, "traffic-port" | "8080" | "http"));
    let Some(asked) = subject.get(name).or(default).filter(|_| !elsewhere) else { return };
    let (path, query) = asked.split_once('?').unwrap_or((asked, ""));
    if path != server {
        findings
            .warning(
                subject.at(name),
                format!(
                    "the health check asks `{}` but the server answers only `{}`: all targets become unhealthy",
                    shown(path),
                    shown(&server)
                ),
            )
            .help("leave the path out: it is derived from `graphql.path`");
    } else if !query.contains("query=") && subject.graphiql == Some(false) {
        findings
            .warning(
                subject.at(name),
                format!(
                    "the health check asks `{}` without a query, which the server answers with 400 while GraphiQL is off",
                    shown(asked)
                ),
            )
            .help(format!("ask `{server}?query=%7B__typename%7D`, or leave the path out"));
    }
}

/// nginx passes another path on than the one that it was asked for.
fn rewritten(subject: &Subject<'_>, server: &str, findings: &mut Findings) {
    let Some(target) = subject.get("rewrite-target").filter(|target| !target.contains('$') && *target != server) else { return };
    findings
        .warning(
            subject.at("rewrite-target"),
            format!("nginx passes every request on as `{}`, but the server answers only `{}`", shown(target), shown(server)),
        )
        .help("leave it out: the Ingress routes the server's own path");
}

fn reaches(path: &str, kind: &str, server: &str) -> bool {
    match kind {
        "Prefix" => {
            let prefix = path.trim_end_matches('/');
            server == prefix || server.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('/'))
        }
        "ImplementationSpecific" => path.contains(['*', '?', '(']) || path == server || server.starts_with(path),
        // A comma or a wildcard is another rule's business.
        _ => path == server || path.contains(['*', '?', ',']),
    }
}

pub fn success_codes(subject: &Subject<'_>, findings: &mut Findings) {
    let name = match subject.class {
        IngressClass::Alb => "success-codes",
        IngressClass::Agic => "health-probe-status-codes",
        IngressClass::Nginx => return,
    };
    let Some(codes) = subject.get(name) else { return };
    if subject.get("backend-protocol-version") == Some("GRPC") {
        return;
    }
    let high = codes.split(',').filter_map(|part| part.trim().rsplit('-').next()?.parse::<u16>().ok()).max();
    if high.is_some_and(|code| (400..=499).contains(&code)) {
        findings
            .warning(
                subject.at(name),
                format!("`{}` counts errors as healthy: a server that refuses the query would still get requests", shown(codes)),
            )
            .help("the query of the health check is answered with 200");
    }
}

pub fn port(subject: &Subject<'_>, findings: &mut Findings) {
    if subject.class == IngressClass::Agic {
        if let Some(port) = subject.get("health-probe-port").and_then(|p| p.parse::<i64>().ok()).filter(|p| !POD_PORTS.contains(p)) {
            findings.warning(subject.at("health-probe-port"), format!("the pods do not listen on {port}: GraphQL is on 8080"));
        }
        return;
    }
    if !subject.is_alb() {
        return;
    }
    if subject.get("healthcheck-protocol") == Some("HTTPS") && subject.get("backend-protocol").unwrap_or("HTTP") == "HTTP" {
        findings.warning(
            subject.at("healthcheck-protocol"),
            "the pods speak plain HTTP, so a health check over HTTPS fails and all targets become unhealthy",
        );
    }
    let Some(port) = subject.get("healthcheck-port").filter(|p| *p != "traffic-port") else { return };
    let at = subject.at("healthcheck-port");
    let instance = subject.get("target-type") == Some("instance");
    match port.parse::<i64>() {
        Ok(number) if instance && !(30000..=32767).contains(&number) => {
            findings
                .warning(
                    at,
                    format!("on a node only the Service's node port answers, and {number} is outside the usual range of node ports"),
                )
                .help("use `traffic-port`");
        }
        Ok(number) if !instance && !POD_PORTS.contains(&number) => {
            findings
                .warning(at, format!("the pods do not listen on {number}: GraphQL is on 8080"))
                .help("leave it out: the health check goes where the traffic goes");
        }
        Ok(METRICS) if !instance && !subject.get("healthcheck-path").is_some_and(|path| path.starts_with(METRICS_PATH)) => {
            findings
                .warning(at, format!("port {METRICS} serves metrics only, at `{METRICS_PATH}`: GraphQL is on 8080"))
                .help("leave it out: the health check goes where the traffic goes");
        }
        Ok(_) => {}
        Err(_) if !subject.service_ports.is_empty() && !subject.service_ports.iter().any(|(name, _)| *name == port) => {
            let names: Vec<&str> = subject.service_ports.iter().map(|(name, _)| *name).collect();
            findings
                .error(
                    at,
                    format!(
                        "the Service has no port `{}` (it has `{}`): the controller refuses the whole group",
                        shown(port),
                        names.join("`, `")
                    ),
                )
                .help("leave it out: the health check goes where the traffic goes");
        }
        Err(_) if !instance && subject.named_target_port => {
            findings
                .error(at, format!("the Service's port `{}` leads to a port of the pods by name, and with ip targets the controller needs a number there", shown(port)))
                .help("leave it out: the health check goes where the traffic goes");
        }
        Err(_) => {}
    }
}

pub fn protocol(subject: &Subject<'_>, findings: &mut Findings) {
    if let Some(protocol) =
        subject.get("backend-protocol").filter(|p| !["HTTP", "AUTO_HTTP"].iter().any(|plain| p.eq_ignore_ascii_case(plain)))
    {
        let known = subject
            .catalogue()
            .entry(&subject.key("backend-protocol"))
            .is_some_and(|e| e.values.iter().any(|v| v.eq_ignore_ascii_case(protocol)));
        if known && protocol != "http" {
            findings.warning(
                subject.at("backend-protocol"),
                format!("the pods speak plain HTTP; over {protocol} no request and no health check reaches them"),
            );
        }
    }
    let Some(version) = subject.get("backend-protocol-version").filter(|v| subject.is_alb() && matches!(*v, "GRPC" | "HTTP2")) else {
        return;
    };
    let at = subject.at("backend-protocol-version");
    let open = listeners::of(subject).iter().any(|l| l.protocol == "HTTP") && subject.get("ssl-redirect").is_none();
    if open {
        findings.error(at, format!("{version} needs HTTPS listeners only, and there is an HTTP listener; AWS refuses the target group"));
    } else {
        findings.warning(at, format!("the GraphQL server is reached by HTTP/1.1; over {version} the targets become unhealthy"));
    }
}
