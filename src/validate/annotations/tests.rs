use serde_json::{Value, json};

use super::*;
use crate::compile::ingress::catalogue;
use crate::model::IngressClass;

fn values(class: &str, annotations: &Value) -> Value {
    json!({
        "replicaCount": 3,
        "service": { "type": "ClusterIP", "port": 8080 },
        "scalarDbGraphQlConfiguration": { "path": "/graphql", "graphiql": "false" },
        "ingress": {
            "enabled": true,
            "className": class,
            "annotations": annotations,
            "hosts": [{ "host": "a.example.com", "paths": [{ "path": "/graphql", "pathType": "Exact" }] }],
        },
    })
}

/// Rules and levels that annotations of an ALB give, beside those that stickiness and the health check need.
fn alb(more: &Value) -> Vec<String> {
    let mut annotations = json!({
        "alb.ingress.kubernetes.io/scheme": "internal",
        "alb.ingress.kubernetes.io/target-type": "ip",
        "alb.ingress.kubernetes.io/target-group-attributes": "stickiness.enabled=true,stickiness.lb_cookie.duration_seconds=60",
        "alb.ingress.kubernetes.io/healthcheck-path": "/graphql?query=%7B__typename%7D",
    });
    for (key, value) in more.as_object().expect("an object") {
        let key = if key.contains('/') { key.clone() } else { format!("alb.ingress.kubernetes.io/{key}") };
        annotations[key] = value.clone();
    }
    found(&values("alb", &annotations))
}

fn found(values: &Value) -> Vec<String> {
    let subject = Subject::of_values(values, "shop".into(), Some("ap-northeast-1")).expect("an Ingress");
    check(&subject).into_iter().map(|f| format!("{} {}", f.rule, f.level.as_str())).collect()
}

#[test]
fn a_plain_ingress_has_no_findings() {
    assert_eq!(alb(&json!({})), Vec::<String>::new());
    assert_eq!(alb(&json!({ "example.com/owner": "shop", "ip-address-type": "ipv4" })), Vec::<String>::new());
}

#[test]
fn each_mistake_has_its_rule() {
    let sticky = "stickiness.enabled=true,stickiness.lb_cookie.duration_seconds=300";
    for (key, value, rule) in [
        ("a b/c", "x", "ING001 error"),
        ("listenPorts", "[]", "ING002 error"),
        ("whitelist-source-range", "10.0.0.0/8", "ING002 error"),
        ("certificate-arns", "x", "ING002 error"),
        ("action.split", "{}", "ING002 error"),
        ("brand-new-thing", "x", "ING002 warning"),
        ("nginx.ingress.kubernetes.io/affinity", "cookie", "ING003 warning"),
        ("scheme", "public", "ING004 error"),
        ("target-type", "ip\n", "ING004 error"),
        ("shield-advanced-protection", "yes", "ING004 error"),
        ("target-group-attributes", &format!("{sticky},slow_start.duration_seconds=10"), "ING004 error"),
        ("tags", "Owner=a,b", "ING005 error"),
        ("tags", "a=1,a=2", "ING005 warning"),
        ("load-balancer-attributes", "idle_timeout.timeout_seconds=60,", "ING005 error"),
        ("load-balancer-attributes", "idle_timeout.seconds=60", "ING006 error"),
        ("listen-ports", "[{\"HTTP\":\"80\"}]", "ING008 error"),
        ("listen-ports", "[{\"HTTP\":80,\"HTTP\":8080}]", "ING008 warning"),
        ("listen-ports", "[{\"HTTP\":443},{\"HTTPS\":443}]", "ING008 warning"),
        ("kubernetes.io/ingress.class", "nginx", "ING009 error"),
        ("frontend-nlb-scheme", "internal", "ING010 warning"),
        ("conditions.other", "[]", "ING010 warning"),
        ("target-group-attributes", "stickiness.enabled=false", "ING013 warning"),
        ("target-group-attributes", "stickiness.enabled=true,stickiness.lb_cookie.duration_seconds=5", "ING014 warning"),
        ("target-group-attributes", "stickiness.enabled=true,stickiness.lb_cookie.duration_seconds=604801", "ING014 error"),
        ("target-type", "instance", "ING016 error"),
        ("target-group-attributes", "stickiness.enabled=true,stickiness.type=app_cookie", "ING017 error"),
        ("target-group-attributes", &format!("{sticky},load_balancing.algorithm.type=weighted_random"), "ING018 error"),
        ("target-group-attributes", &format!("{sticky},deregistration_delay.timeout_seconds=300"), "ING019 advice"),
        ("healthcheck-interval-seconds", "5", "ING020 error"),
        ("healthcheck-path", "/", "ING021 warning"),
        ("healthcheck-path", "/graphql", "ING021 warning"),
        ("success-codes", "200,500", "ING022 error"),
        ("healthcheck-port", "graphql", "ING023 error"),
        ("backend-protocol", "HTTPS", "ING024 warning"),
        ("backend-protocol-version", "GRPC", "ING024 error"),
        ("group.name", "A", "ING025 error"),
        ("load-balancer-name", "internal-a", "ING027 error"),
        ("certificate-arn", "a.example.com", "ING028 error"),
        ("certificate-arn", "arn:aws:acm:us-east-1:123456789012:certificate/a", "ING028 error"),
        ("ssl-redirect", "443", "ING029 error"),
        ("ssl-redirect", "true", "ING029 error"),
        ("ssl-policy", "TLS13", "ING030 error"),
        ("subnets", "subnet-0a", "ING032 error"),
        ("security-groups", "sg-0a", "ING034 warning"),
        ("inbound-cidrs", "10.0.0.1", "ING035 error"),
        ("inbound-cidrs", "::/0", "ING035 warning"),
        ("tags", "aws:a=b", "ING036 error"),
        ("wafv2-acl-arn", "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/a/b", "ING037 error"),
        ("load-balancer-attributes", "access_logs.s3.enabled=true", "ING038 error"),
        ("jwt-validation", "{\"jwksEndpoint\":\"https://a\",\"issuer\":\"b\"}", "ING041 error"),
        ("scheme", "internet-facing", "SEC010 warning"),
    ] {
        let found = alb(&json!({ key: value }));
        assert!(found.contains(&rule.to_owned()), "{key}: {value} gives {found:?}, not {rule}");
    }
}

#[test]
fn a_used_action_is_judged() {
    let split = |more: &str| {
        format!(
            "{{\"type\":\"forward\",\"forwardConfig\":{{\"targetGroups\":[{{\"serviceName\":\"a\",\"servicePort\":80,\"weight\":1}},{{\"serviceName\":\"b\",\"servicePort\":80,\"weight\":1}}]{more}}}}}"
        )
    };
    let ingress = |action: &str| {
        json!({
            "metadata": { "annotations": {
                "alb.ingress.kubernetes.io/actions.split": action,
                "alb.ingress.kubernetes.io/target-type": "ip",
                "alb.ingress.kubernetes.io/target-group-attributes": "stickiness.enabled=true",
            } },
            "spec": { "ingressClassName": "alb", "rules": [{ "http": { "paths": [{
                "path": "/graphql", "pathType": "Exact", "backend": { "service": { "name": "split", "port": { "name": "use-annotation" } } },
            }] } }] },
        })
    };
    let rules = |action: &str| {
        let object = ingress(action);
        let subject = Subject::of_object(&object, None, None).expect("an Ingress");
        check(&subject).into_iter().map(|f| f.rule).collect::<Vec<_>>()
    };
    assert_eq!(rules(&split("")), ["ING043"]);
    assert_eq!(rules(&split(",\"targetGroupStickinessConfig\":{\"enabled\":true,\"durationSeconds\":60}")), Vec::<&str>::new());
    assert_eq!(rules("{\"type\":\"forwards\"}"), ["ING008"]);
}

#[test]
fn every_grammar_and_shape_of_the_catalogue_is_known() {
    let shapes: std::collections::BTreeMap<String, Value> =
        serde_json::from_str(include_str!("../../../schemas/annotation-shapes.json")).expect("the shapes");
    for schema in shapes.values() {
        jsonschema::validator_for(schema).expect("a schema");
    }
    for class in [IngressClass::Alb, IngressClass::Nginx, IngressClass::Agic] {
        for entry in catalogue::class(class).annotations.iter().flat_map(|e| std::iter::once(e).chain(&e.attributes)) {
            assert!(entry.grammar.as_deref().is_none_or(|g| grammar::NAMES.contains(&g)), "{}", entry.key);
            assert!(entry.open.as_deref().is_none_or(|g| g == "tag" || grammar::NAMES.contains(&g)), "{}", entry.key);
            assert!(entry.shape.as_deref().is_none_or(|s| s == "listenPorts" || shapes.contains_key(s)), "{}", entry.key);
            assert!(CHECKS.iter().any(|(id, _)| *id == entry.rule()), "{}: {}", entry.key, entry.rule());
        }
    }
}
