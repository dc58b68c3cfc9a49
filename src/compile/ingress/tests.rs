use serde_json::json;

use super::*;
use crate::config::raw::{LogLevel, PathType, Scheme, Storage};
use crate::model::*;

fn plain(class: IngressClass) -> Ingress {
    Ingress {
        class,
        scheme: Scheme::of("internal").expect("a scheme"),
        hosts: vec![String::new()],
        path_type: PathType::Exact,
        stickiness: Some(Stickiness { duration: 60, cookie: None }),
        tls: None,
        health_check: HealthCheck::default(),
        deregistration_delay: None,
        slow_start: None,
        idle_timeout: None,
        subnets: vec![],
        security_groups: vec![],
        inbound_cidrs: vec![],
        tags: vec![],
        group_name: None,
        group_order: None,
        load_balancer_name: None,
        deletion_protection: None,
        waf: None,
        access_logs: None,
        annotations: vec![],
    }
}

fn with(ingress: Ingress) -> Deployment {
    Deployment {
        environment: None,
        release: "shop".into(),
        namespace: "default".into(),
        version: Version { minor: 8, patch: 7 },
        chart_version: "1.3.7".into(),
        replicas: 3,
        image: Image {
            repository: "r".into(),
            tag: "3.8.7".into(),
            pull_policy: None,
            pull_secrets: None,
            registry: None,
            source: "r".into(),
        },
        database: Database {
            storage: Storage::of("dynamo").expect("a storage"),
            contact_points: vec!["ap-northeast-1".into()],
            contact_port: None,
            credentials: Credentials::None,
            transaction: Transaction { manager: "consensus-commit".into(), isolation: None, serializable_strategy: None },
            properties: vec![],
        },
        graphql: Graphql { path: "/graphql".into(), namespaces: vec![], graphiql: true, log_level: LogLevel::of("INFO").expect("a level") },
        loader: None,
        ingress: Some(ingress),
        nodes: Nodes {
            pool: None,
            label: "agentpool".into(),
            dedicated: false,
            taint: "kubernetes.io/app".into(),
            capacity: None,
            fargate: None,
            spread: None,
            affinity: None,
            tolerations: vec![],
            selector: vec![],
        },
        resources: None,
        monitoring: Monitoring::default(),
        security: Security::default(),
        strategy: None,
        service: Service::default(),
        cluster: None,
        autoscaling: None,
        values: json!({}),
    }
}

fn lines(ingress: Ingress) -> Vec<String> {
    annotations(&with(ingress))
        .into_iter()
        .map(|a| format!("{}: {} <{}>", a.key.replace(".ingress.kubernetes.io", ""), a.value, a.cause))
        .collect()
}

#[test]
fn alb_default() {
    assert_eq!(
        lines(plain(IngressClass::Alb)),
        [
            "alb/scheme: internal </ingress/scheme>",
            "alb/target-type: ip </ingress/class>",
            "alb/target-group-attributes: stickiness.enabled=true,stickiness.lb_cookie.duration_seconds=60 </ingress/stickiness>",
            "alb/healthcheck-path: /graphql?query=%7B__typename%7D </ingress/healthCheck/path>",
        ]
    );
}

#[test]
fn alb_tls_redirects_unless_told_otherwise() {
    let arn = "arn:aws:acm:eu-west-1:123456789012:certificate/0a1b2c3d-0000-4000-8000-000000000000";
    let mut ingress = plain(IngressClass::Alb);
    ingress.tls = Some(Tls { certificate_arns: vec![arn.into()], ..Tls::default() });
    let found = lines(ingress.clone());
    assert!(found.contains(&r#"alb/listen-ports: [{"HTTP":80},{"HTTPS":443}] </ingress/tls>"#.to_owned()), "{found:?}");
    assert!(found.contains(&"alb/ssl-redirect: 443 </ingress/tls/redirect>".to_owned()), "{found:?}");
    assert!(found.contains(&format!("alb/certificate-arn: {arn} </ingress/tls/certificateArns>")), "{found:?}");
    assert_eq!(tls(&with(ingress.clone())), None);
    ingress.tls = Some(Tls { redirect: Some(false), hosts: vec!["a.example.com".into()], ..Tls::default() });
    let found = lines(ingress.clone());
    assert!(found.contains(&r#"alb/listen-ports: [{"HTTPS":443}] </ingress/tls>"#.to_owned()), "{found:?}");
    assert!(!found.iter().any(|l| l.contains("ssl-redirect")), "{found:?}");
    assert_eq!(tls(&with(ingress)), Some(vec![json!({ "hosts": ["a.example.com"] })]));
}

#[test]
fn an_explicit_false_is_written() {
    let mut ingress = plain(IngressClass::Alb);
    ingress.stickiness = None;
    ingress.deletion_protection = Some(false);
    let found = lines(ingress);
    assert!(found.contains(&"alb/target-group-attributes: stickiness.enabled=false </ingress/stickiness>".to_owned()), "{found:?}");
    assert!(
        found.contains(&"alb/load-balancer-attributes: deletion_protection.enabled=false </ingress/deletionProtection>".to_owned()),
        "{found:?}"
    );
}

#[test]
fn application_cookie_and_attributes_of_several_keys() {
    let mut ingress = plain(IngressClass::Alb);
    ingress.stickiness = Some(Stickiness { duration: 900, cookie: Some("SHOP".into()) });
    ingress.slow_start = Some(60);
    let found = lines(ingress);
    let attributes = "stickiness.enabled=true,stickiness.type=app_cookie,stickiness.app_cookie.cookie_name=SHOP,\
                      stickiness.app_cookie.duration_seconds=900,slow_start.duration_seconds=60";
    assert!(found.contains(&format!("alb/target-group-attributes: {attributes} </ingress>")), "{found:?}");
}

#[test]
fn users_attributes_are_laid_over_one_by_one() {
    let mut ingress = plain(IngressClass::Alb);
    ingress.tags = vec![("Team".into(), "shop".into())];
    let own = |key: &str, value: &str| (format!("alb.ingress.kubernetes.io/{key}"), value.to_owned());
    ingress.annotations = vec![
        own("target-group-attributes", "stickiness.lb_cookie.duration_seconds=600, load_balancing.algorithm.type=round_robin"),
        own("tags", "Stage=test,Team=web"),
        own("scheme", "internet-facing"),
        own("load-balancer-attributes", "broken"),
        ("example.com/owner".into(), "shop".into()),
    ];
    let found = lines(ingress);
    for expected in [
        "alb/scheme: internet-facing </ingress/annotations/alb.ingress.kubernetes.io~1scheme>",
        "alb/tags: Team=web,Stage=test </ingress/annotations/alb.ingress.kubernetes.io~1tags>",
        "alb/target-group-attributes: stickiness.enabled=true,stickiness.lb_cookie.duration_seconds=600,load_balancing.algorithm.type=round_robin </ingress>",
        "alb/load-balancer-attributes: broken </ingress/annotations/alb.ingress.kubernetes.io~1load-balancer-attributes>",
        "example.com/owner: shop </ingress/annotations/example.com~1owner>",
    ] {
        assert!(found.contains(&expected.to_owned()), "{expected} in {found:#?}");
    }
}

#[test]
fn nginx_and_application_gateway() {
    let mut ingress = plain(IngressClass::Nginx);
    ingress.hosts = vec!["a.example.com".into()];
    ingress.tls = Some(Tls { secret_name: Some("a-tls".into()), redirect: Some(false), ..Tls::default() });
    assert_eq!(
        lines(ingress.clone()),
        [
            "nginx/affinity: cookie </ingress/stickiness>",
            "nginx/session-cookie-name: INGRESSCOOKIE </ingress/stickiness/cookie>",
            "nginx/session-cookie-path: / </ingress/stickiness>",
            "nginx/session-cookie-max-age: 60 </ingress/stickiness>",
            "nginx/ssl-redirect: false </ingress/tls/redirect>",
        ]
    );
    assert_eq!(tls(&with(ingress)), Some(vec![json!({ "secretName": "a-tls", "hosts": ["a.example.com"] })]));
    let mut ingress = plain(IngressClass::Agic);
    ingress.health_check.interval = Some(20);
    ingress.tls = Some(Tls { secret_name: Some("a-tls".into()), ..Tls::default() });
    assert_eq!(
        lines(ingress),
        [
            "appgw/cookie-based-affinity: true </ingress/stickiness>",
            "appgw/health-probe-path: /graphql?query=%7B__typename%7D </ingress/healthCheck/path>",
            "appgw/health-probe-interval: 20 </ingress/healthCheck/interval>",
            "appgw/ssl-redirect: true </ingress/tls/redirect>",
        ]
    );
}

#[test]
fn the_catalogue_names_only_known_values() {
    let classes = [IngressClass::Alb, IngressClass::Nginx, IngressClass::Agic];
    let entries = classes.into_iter().flat_map(|c| &catalogue::class(c).annotations).flat_map(|e| std::iter::once(e).chain(&e.attributes));
    let named: std::collections::BTreeSet<&str> = entries.filter_map(|e| e.value.as_deref()).collect();
    let known: std::collections::BTreeSet<&str> = settings::NAMES.iter().copied().collect();
    assert_eq!(named, known);
}
