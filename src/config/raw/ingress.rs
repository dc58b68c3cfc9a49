//! `ingress`.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::super::decode::{Decode, Duration, Faults, Located, Map, Text, choice, record, wrong_type};
use super::super::tree::{Kind, Node, Style};
use super::CountOrZero;

/// `false` is no Ingress, `true` the default one.
#[derive(Clone, Debug, PartialEq)]
pub enum IngressInput {
    Switch(bool),
    Object(Box<Ingress>),
}

impl Decode for IngressInput {
    fn expected() -> String {
        "a map, true or false".into()
    }
    fn decode(node: &Node, faults: &mut Faults) -> Option<Self> {
        match &node.kind {
            Kind::Mapping(_) => Ingress::decode(node, faults).map(|i| IngressInput::Object(Box::new(i))),
            Kind::Scalar(scalar) if scalar.style == Style::Plain && (scalar.text == "true" || scalar.text == "false") => {
                Some(IngressInput::Switch(scalar.text == "true"))
            }
            kind => {
                let mut fault = wrong_type(node, &Self::expected());
                if let Kind::Scalar(scalar) = kind
                    && IngressClass::of(&scalar.text).is_some()
                {
                    fault.help = Some(format!("the class is a key of its own: `ingress: {{ class: {} }}`", scalar.text));
                }
                faults.push(fault);
                None
            }
        }
    }
}

impl JsonSchema for IngressInput {
    fn schema_name() -> Cow<'static, str> {
        "IngressInput".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let object = generator.subschema_for::<Ingress>();
        json_schema!({ "anyOf": [{ "type": "boolean" }, object] })
    }
}

choice! {
    /// Which controller serves the Ingress.
    IngressClass {
        /// AWS Load Balancer Controller: an Application Load Balancer.
        Alb = "alb",
        /// ingress-nginx.
        Nginx = "nginx",
        /// Application Gateway Ingress Controller.
        Agic = "azure-application-gateway",
    }
}

choice! {
    /// Who can reach the load balancer.
    Scheme {
        /// From inside the VPC.
        Internal = "internal",
        /// From the internet.
        InternetFacing = "internet-facing",
    }
}

choice! {
    /// How the path of a request is compared.
    PathType {
        /// The same path.
        Exact = "Exact",
        /// The path and what is below it.
        Prefix = "Prefix",
        /// As the controller decides.
        ImplementationSpecific = "ImplementationSpecific",
    }
}

record! {
    /// The Ingress and its load balancer.
    Ingress {
        /// The Ingress class; it decides which annotations are written.
        #[schemars(extend("default" = "alb"))]
        class "class": IngressClass,
        /// Who can reach the ALB.
        #[schemars(extend("default" = "internal"))]
        scheme "scheme": Scheme,
        /// Host names that are served; `""` is any host.
        #[schemars(extend("default" = [""], "examples" = [["graphql.shop.example.com"]]))]
        hosts "hosts": Vec<Located<Text>>,
        /// How the path is compared.
        #[schemars(extend("default" = "Exact"))]
        path_type "pathType": PathType,
        /// How long a client stays on its pod, which holds its transactions in memory: a duration, a map with the cookie's name, or `false`.
        #[schemars(extend("default" = "60s"))]
        stickiness "stickiness": StickinessInput,
        /// TLS at the load balancer.
        tls "tls": Tls,
        /// The load balancer's health check.
        health_check "healthCheck": HealthCheck,
        /// How long the ALB keeps sending to a pod that goes away.
        deregistration_delay "deregistrationDelay": Duration,
        /// How long a new pod is given a growing share of requests.
        slow_start "slowStart": Duration,
        /// How long an idle connection is kept.
        idle_timeout "idleTimeout": Duration,
        /// Subnets of the ALB, by id or name.
        subnets "subnets": Vec<Located<Text>>,
        /// Security groups of the ALB, by id or name.
        security_groups "securityGroups": Vec<Located<Text>>,
        /// Address ranges that may reach the load balancer.
        inbound_cidrs "inboundCidrs": Vec<Located<Text>>,
        /// Tags of the AWS resources.
        tags "tags": Map<Text>,
        /// Share one ALB with other Ingresses (IngressGroup).
        group "group": IngressGroup,
        /// Name of the ALB, at most 32 characters.
        load_balancer_name "loadBalancerName": Text,
        /// Refuse the deletion of the ALB.
        deletion_protection "deletionProtection": bool,
        /// ARN of a WAFv2 web ACL.
        waf "waf": Text,
        /// Access logs of the ALB.
        access_logs "accessLogs": AccessLogs,
        /// Further annotations, checked against the catalogue. They win over derived ones.
        #[schemars(extend("default" = {}))]
        annotations "annotations": Map<Text>,
    }
}

/// `false`, a duration, or a duration and a cookie.
#[derive(Clone, Debug, PartialEq)]
pub enum StickinessInput {
    Off,
    For(Duration),
    Object(Stickiness),
}

record! {
    /// Stickiness with its cookie.
    Stickiness {
        /// How long a client stays on its pod.
        #[schemars(extend("default" = "60s"))]
        duration "duration": Duration,
        /// Name of the cookie: the application's own on an ALB, nginx's on nginx.
        cookie "cookie": Text,
    }
}

impl Decode for StickinessInput {
    fn expected() -> String {
        "a duration, a map with `duration` and `cookie`, or false".into()
    }
    fn decode(node: &Node, faults: &mut Faults) -> Option<Self> {
        match &node.kind {
            Kind::Mapping(_) => Stickiness::decode(node, faults).map(StickinessInput::Object),
            Kind::Scalar(scalar) if scalar.style == Style::Plain && scalar.text == "false" => Some(StickinessInput::Off),
            Kind::Scalar(scalar) if scalar.style == Style::Plain && scalar.text == "true" => {
                faults.push(wrong_type(node, &Self::expected()).help("stickiness is on by default, for 60s; say how long, such as `5m`"));
                None
            }
            Kind::Scalar(_) => Duration::decode(node, faults).map(StickinessInput::For),
            Kind::Sequence(_) => {
                faults.push(wrong_type(node, &Self::expected()));
                None
            }
        }
    }
}

impl JsonSchema for StickinessInput {
    fn schema_name() -> Cow<'static, str> {
        "StickinessInput".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let duration = generator.subschema_for::<Duration>();
        let object = generator.subschema_for::<Stickiness>();
        json_schema!({ "anyOf": [duration, { "const": false }, object] })
    }
}

record! {
    /// TLS at the load balancer.
    Tls {
        /// ALB: ARNs of certificates.
        certificate_arns "certificateArns": Vec<Located<Text>>,
        /// ALB: name of the security policy.
        #[schemars(extend("examples" = ["ELBSecurityPolicy-TLS13-1-2-2021-06"]))]
        policy "policy": Text,
        /// Redirect HTTP to HTTPS. True unless said otherwise.
        #[schemars(extend("default" = true))]
        redirect "redirect": bool,
        /// nginx and Application Gateway: name of the Secret with the certificate.
        secret_name "secretName": Text,
        /// Host names of the certificate; on an ALB they discover certificates.
        hosts "hosts": Vec<Located<Text>>,
    }
}

record! {
    /// The load balancer's health check.
    HealthCheck {
        /// Time between two checks.
        interval "interval": Duration,
        /// How long an answer may take.
        timeout "timeout": Duration,
        /// Good answers in a row that make a target healthy.
        healthy_threshold "healthyThreshold": CountOrZero,
        /// Bad answers in a row that make a target unhealthy.
        unhealthy_threshold "unhealthyThreshold": CountOrZero,
        /// HTTP codes that are good answers.
        #[schemars(extend("examples" = ["200", "200-299", "200,204"]))]
        success_codes "successCodes": Text,
        /// Path of the check; by default the GraphQL path with a query that reads no data.
        path "path": Text,
    }
}

record! {
    /// One ALB for several Ingresses.
    IngressGroup {
        /// Name of the group.
        name "name": Text,
        /// Order of this Ingress's rules in the group.
        order "order": Order,
    }
}

/// Order in an IngressGroup, -1000 to 1000.
pub type Order = super::super::decode::Int<-1000, 1000>;

record! {
    /// Access logs of the ALB.
    AccessLogs {
        /// S3 bucket.
        bucket "bucket": Text,
        /// Prefix in the bucket.
        prefix "prefix": Text,
    }
}

/// The Ingress object of an input, located; none for a switch.
pub fn ingress_object(input: Option<&Located<IngressInput>>) -> Option<&Ingress> {
    match input.map(|i| &i.value) {
        Some(IngressInput::Object(object)) => Some(object),
        _ => None,
    }
}
