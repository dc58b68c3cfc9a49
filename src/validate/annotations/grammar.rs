//! The named grammars of the annotation catalogue. Each says what a text must be, as a clause after "must be".

use std::net::IpAddr;

use crate::config::decode::shown;

/// Whether Go's `strconv.ParseBool` takes it for true; `is_bool` whether it takes it at all.
pub fn is_true(text: &str) -> bool {
    matches!(text, "1" | "t" | "T" | "TRUE" | "true" | "True")
}

pub fn is_bool(text: &str) -> bool {
    is_true(text) || matches!(text, "0" | "f" | "F" | "FALSE" | "false" | "False")
}

/// Checks a text by a grammar's name. `Err` completes "X must be ...".
pub fn check(grammar: &str, text: &str) -> Result<(), String> {
    let (ok, clause) = match grammar {
        "bucket" => (is_bucket(text), "the name of an S3 bucket: 3 to 63 lower-case letters, digits, `.` and `-`"),
        "logPrefix" => (!text.contains("AWSLogs"), "a prefix without the word AWSLogs, which AWS adds itself"),
        "awsCookie" => return aws_cookie(text),
        "cookie" => (is_token(text), "a cookie name: letters, digits and some signs, no blank, `=`, `;` or `,`"),
        "nginxCookie" => {
            (all(text, |b| b.is_ascii_alphanumeric() || b"/-._~:".contains(&b)), "letters, digits, `-`, `.`, `_`, `~`, `:` and `/`")
        }
        "probePath" => (text.starts_with('/') && !text.contains(char::is_whitespace), "a path that starts with `/` and has no blank"),
        "absolutePath" => (text.starts_with('/'), "a path that starts with `/`"),
        "urlPath" => (text.bytes().all(|b| b.is_ascii_graphic()), "a path without blanks"),
        "balancerName" => return balancer_name(text),
        "groupName" => return group_name(text),
        "subnet" => (is_id_or_name(text, "subnet-"), "a subnet's id (`subnet-` and hexadecimal digits) or the value of its Name tag"),
        "securityGroup" => {
            (is_id_or_name(text, "sg-"), "a security group's id (`sg-` and hexadecimal digits) or the value of its Name tag")
        }
        "prefixList" => (is_id(text, "pl-"), "a prefix list's id (`pl-` and hexadecimal digits)"),
        "eip" => (is_id(text, "eipalloc-"), "an allocation's id (`eipalloc-` and hexadecimal digits)"),
        "coipPool" => (is_alnum_after(text, "ipv4pool-coip-"), "a pool's id (`ipv4pool-coip-...`)"),
        "ipamPool" => (text.is_empty() || is_alnum_after(text, "ipam-pool-"), "a pool's id (`ipam-pool-...`)"),
        "cidr" => return cidr(text),
        "cidrOrAddress" => (text.parse::<IpAddr>().is_ok() || cidr(text).is_ok(), "an address or a range such as 10.0.0.0/8"),
        "certificateArn" => return certificate(text),
        "arn" => (Arn::parse(text).is_some(), "an ARN such as arn:aws:acm-pca:REGION:ACCOUNT:certificate-authority/ID"),
        "webAclArn" => return web_acl(text),
        "webAclName" => (is_web_acl_name(text), "the name of a web ACL: 1 to 128 letters, digits, `_` and `-`"),
        "uuid" => (text == "none" || is_uuid(text), "the id of a regional WAF Classic ACL (a UUID), or none"),
        "tlsPolicy" => {
            let ok = text
                .strip_prefix("ELBSecurityPolicy-")
                .is_some_and(|rest| !rest.is_empty() && all(rest, |b| b.is_ascii_alphanumeric() || b == b'-'));
            (ok, "the name of an AWS policy, such as ELBSecurityPolicy-TLS13-1-2-2021-06")
        }
        "successCodes" => return codes(text, 200, 499),
        "grpcCodes" => return codes(text, 0, 99),
        "statusRange" => return status_range(text),
        "probePort" => (is_probe_port(text), "traffic-port, a port number or the name of a Service port"),
        "port" => (is_port(text), "a port number, 1 to 65535"),
        "label" => return crate::validate::kubernetes::names::label_key(text).map_err(|r| format!("a label key: it {r}")),
        "scope" => (!text.contains(','), "claims with blanks between them, not commas"),
        "nginxSize" => (is_nginx_size(text), "a size such as 8m: digits and k, m or g"),
        "nginxVariable" => {
            (all(text, |b| b.is_ascii_alphanumeric() || b"-_${}".contains(&b)), "letters, digits and variables such as $request_uri")
        }
        "nextUpstream" => (text.split_ascii_whitespace().all(is_next_upstream), "words such as `error timeout http_502`"),
        // An unknown name is a fault of the catalogue, which a test finds.
        _ => (true, ""),
    };
    if ok { Ok(()) } else { Err(clause.to_owned()) }
}

/// Names that [`check`] knows; for the test of the catalogue.
#[cfg(test)]
pub const NAMES: &[&str] = &[
    "bucket",
    "logPrefix",
    "awsCookie",
    "cookie",
    "nginxCookie",
    "probePath",
    "absolutePath",
    "urlPath",
    "balancerName",
    "groupName",
    "subnet",
    "securityGroup",
    "prefixList",
    "eip",
    "coipPool",
    "ipamPool",
    "cidr",
    "cidrOrAddress",
    "certificateArn",
    "arn",
    "webAclArn",
    "webAclName",
    "uuid",
    "tlsPolicy",
    "successCodes",
    "statusRange",
    "probePort",
    "port",
    "label",
    "scope",
    "nginxSize",
    "nginxVariable",
    "nextUpstream",
];

fn all(text: &str, good: impl Fn(u8) -> bool) -> bool {
    text.bytes().all(good)
}

fn is_hex(text: &str) -> bool {
    !text.is_empty() && all(text, |b| b.is_ascii_hexdigit())
}

fn is_id(text: &str, prefix: &str) -> bool {
    text.strip_prefix(prefix).is_some_and(is_hex)
}

fn is_id_or_name(text: &str, prefix: &str) -> bool {
    !text.is_empty() && text.chars().count() <= 256 && (!text.starts_with(prefix) || is_id(text, prefix))
}

fn is_alnum_after(text: &str, prefix: &str) -> bool {
    text.strip_prefix(prefix).is_some_and(|rest| !rest.is_empty() && all(rest, |b| b.is_ascii_alphanumeric()))
}

/// RFC 6265's cookie-name.
fn is_token(text: &str) -> bool {
    !text.is_empty() && all(text, |b| b.is_ascii_graphic() && !b"()<>@,;:\\\"/[]?={}".contains(&b))
}

fn aws_cookie(text: &str) -> Result<(), String> {
    if text.starts_with("AWSALB") {
        return Err("a name that does not start with AWSALB, which AWS keeps for its own cookies".into());
    }
    check("cookie", text)
}

fn is_bucket(text: &str) -> bool {
    let bytes = text.as_bytes();
    let edge = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    (3..=63).contains(&bytes.len())
        && bytes.first().is_some_and(edge)
        && bytes.last().is_some_and(edge)
        && all(text, |b| edge(&b) || b == b'.' || b == b'-')
        && !text.contains("..")
}

fn balancer_name(text: &str) -> Result<(), String> {
    let clause = if text.chars().count() > 32 {
        format!("at most 32 characters long, and has {}", text.chars().count())
    } else if text.starts_with("internal-") {
        "a name that does not start with `internal-`, which AWS keeps for itself".to_owned()
    } else if text.is_empty() || text.starts_with('-') || text.ends_with('-') || !all(text, |b| b.is_ascii_alphanumeric() || b == b'-') {
        "letters, digits and inner hyphens".to_owned()
    } else {
        return Ok(());
    };
    Err(clause)
}

fn group_name(text: &str) -> Result<(), String> {
    let edge = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let bytes = text.as_bytes();
    if text.len() > 63 {
        return Err(format!("at most 63 characters long, and has {}", text.len()));
    }
    let inner = all(text, |b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'.');
    if inner && edge(bytes.first()) && edge(bytes.last()) {
        Ok(())
    } else {
        Err("lower-case letters, digits, `-` and `.`, with a letter or digit at both ends".into())
    }
}

/// An address range, with its prefix length.
pub fn cidr(text: &str) -> Result<(), String> {
    if let Ok(address) = text.parse::<IpAddr>() {
        let length = if address.is_ipv4() { 32 } else { 128 };
        return Err(format!("a range with a prefix length; this one address is `{address}/{length}`"));
    }
    let parsed = text.split_once('/').and_then(|(address, length)| Some((address.parse::<IpAddr>().ok()?, length)));
    let Some((address, length)) = parsed else {
        return Err("an address range such as 10.0.0.0/8".into());
    };
    let most = if address.is_ipv4() { 32 } else { 128 };
    let canonical = !length.is_empty() && all(length, |b| b.is_ascii_digit()) && (length == "0" || !length.starts_with('0'));
    match length.parse::<u8>() {
        Ok(length) if canonical && length <= most => Ok(()),
        _ => Err(format!("a range whose prefix length is 0 to {most}")),
    }
}

/// The parts of an ARN that matter here.
pub struct Arn<'a> {
    pub partition: &'a str,
    pub service: &'a str,
    pub region: &'a str,
    pub account: &'a str,
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    pub fn parse(text: &'a str) -> Option<Arn<'a>> {
        let mut parts = text.splitn(6, ':');
        let (arn, partition) = (parts.next()?, parts.next()?);
        let partition_ok = partition.strip_prefix("aws").is_some_and(|rest| all(rest, |b| b.is_ascii_lowercase() || b == b'-'));
        let parsed = Arn { partition, service: parts.next()?, region: parts.next()?, account: parts.next()?, resource: parts.next()? };
        (arn == "arn" && partition_ok).then_some(parsed)
    }

    /// Whether the partition is the one of the ARN's region.
    pub fn is_in_partition(&self) -> bool {
        let own = match self.region {
            region if region.starts_with("cn-") => "aws-cn",
            region if region.starts_with("us-gov-") => "aws-us-gov",
            // Isolated regions have partitions of their own.
            region if region.contains("-iso") => return true,
            _ => "aws",
        };
        self.region.is_empty() || self.partition == own
    }

    pub fn has_account(&self) -> bool {
        self.account.len() == 12 && all(self.account, |b| b.is_ascii_digit())
    }

    fn has_region(&self) -> bool {
        let mut parts = self.region.split('-');
        let word = |part: Option<&str>| part.is_some_and(|p| !p.is_empty() && all(p, |b| b.is_ascii_lowercase()));
        word(parts.next()) && word(parts.next()) && self.region.bytes().last().is_some_and(|b| b.is_ascii_digit())
    }
}

fn certificate(text: &str) -> Result<(), String> {
    let example = "an ARN such as arn:aws:acm:REGION:ACCOUNT:certificate/ID";
    let Some(arn) = Arn::parse(text) else { return Err(example.into()) };
    if !arn.has_account() {
        return Err(format!(
            "an ARN whose account is 12 digits, not `{}`; a number from a template needs quotes there",
            shown(arn.account)
        ));
    }
    let id_ok = |prefix: &str| arn.resource.strip_prefix(prefix).is_some_and(|id| !id.is_empty() && all(id, |b| b.is_ascii_graphic()));
    match arn.service {
        "acm" if !arn.has_region() => Err("an ARN with a region such as ap-northeast-1".into()),
        "acm" if is_cut_uuid(arn.resource.strip_prefix("certificate/").unwrap_or_default()) => {
            Err("an ARN with the whole id of the certificate: 8, 4, 4, 4 and 12 hexadecimal digits".into())
        }
        "acm" if id_ok("certificate/") => Ok(()),
        "iam" if id_ok("server-certificate/") => Ok(()),
        "acm" | "iam" => Err(example.into()),
        _ => Err(format!("an ARN of ACM or an IAM server certificate, not of `{}`", shown(arn.service))),
    }
}

fn web_acl(text: &str) -> Result<(), String> {
    let example = "the ARN of a regional web ACL, arn:aws:wafv2:REGION:ACCOUNT:regional/webacl/NAME/ID";
    // An empty text takes the ACL away as `none` does; that is a warning of its own.
    if matches!(text, "none" | "") {
        return Ok(());
    }
    let Some(arn) = Arn::parse(text) else { return Err(example.into()) };
    if arn.resource.starts_with("global/") {
        return Err("a regional web ACL; a global one serves CloudFront only".into());
    }
    let mut id = arn.resource.strip_prefix("regional/webacl/").unwrap_or_default().split('/');
    let named = id.next().is_some_and(|name| !name.is_empty()) && id.next().is_some_and(|id| !id.is_empty()) && id.next().is_none();
    if arn.service == "wafv2" && arn.has_region() && arn.has_account() && named { Ok(()) } else { Err(example.into()) }
}

fn is_web_acl_name(text: &str) -> bool {
    !text.is_empty() && text.len() <= 128 && all(text, |b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

fn is_uuid(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && all(text, |b| b.is_ascii_hexdigit() || b == b'-')
}

/// An id that has the look of a UUID, but not its digits.
fn is_cut_uuid(text: &str) -> bool {
    text.split('-').count() == 5 && all(text, |b| b.is_ascii_hexdigit() || b == b'-') && !is_uuid(text)
}

/// Codes and ranges of codes with commas between them.
fn codes(text: &str, low: u16, high: u16) -> Result<(), String> {
    let digits = if low >= 100 { 3..=3 } else { 1..=2 };
    let code = |text: &str| (digits.contains(&text.len()) && all(text, |b| b.is_ascii_digit())).then(|| text.parse::<u16>().ok()).flatten();
    let clause =
        || format!("codes of {low} to {high}: one, a list such as `{low},{}` or a range such as `{low}-{high}`, without blanks", low + 2);
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (Some(first), Some(last)) = (code(first), code(last)) else { return Err(clause()) };
        if first < low || last > high {
            return Err(clause());
        }
        if first > last {
            return Err(format!("ranges from the lower to the higher code, not `{first}-{last}`"));
        }
    }
    Ok(())
}

fn status_range(text: &str) -> Result<(), String> {
    codes(text, 100, 599)
}

fn is_port(text: &str) -> bool {
    !text.starts_with('0') && all(text, |b| b.is_ascii_digit()) && text.parse::<u16>().is_ok_and(|p| p > 0)
}

fn is_probe_port(text: &str) -> bool {
    let number = !text.is_empty() && all(text, |b| b.is_ascii_digit());
    if number { is_port(text) } else { crate::validate::kubernetes::names::port_name(text).is_ok() }
}

fn is_nginx_size(text: &str) -> bool {
    let digits = text.strip_suffix(['b', 'k', 'm', 'g', 'B', 'K', 'M', 'G']).unwrap_or(text);
    !digits.is_empty() && all(digits, |b| b.is_ascii_digit())
}

fn is_next_upstream(word: &str) -> bool {
    const WORDS: [&str; 12] = [
        "error",
        "timeout",
        "invalid_header",
        "http_500",
        "http_502",
        "http_503",
        "http_504",
        "http_403",
        "http_404",
        "http_429",
        "non_idempotent",
        "off",
    ];
    WORDS.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_and_refuses() {
        for (grammar, good, bad) in [
            ("bucket", vec!["a-b.c", "abc"], vec!["Ab", "-abc", "a..b", "ab"]),
            ("awsCookie", vec!["SESSION"], vec!["AWSALB", "AWSALBAPP-0", "a b", "a=b", ""]),
            (
                "balancerName",
                vec!["Graphql-Internal-LoadBalancer-01"],
                vec!["internal-x", "-a", "a_b", "Graphql-Internal-LoadBalancer-001"],
            ),
            ("groupName", vec!["a.b-c", "0"], vec!["A", "-a", "a_b", ""]),
            ("subnet", vec!["subnet-0a1b2c3d4e5f60718", "private a"], vec!["subnet-0b2c3d4e5f60718zz", "subnet-", ""]),
            ("cidr", vec!["10.0.0.0/8", "::/0", "192.0.2.7/32"], vec!["10.0.0.1", "10.0.0.0/33", "10.0.0/8", "10.0.0.0/08", "x", "::/129"]),
            (
                "certificateArn",
                vec![
                    "arn:aws:acm:us-east-1:012345678901:certificate/a-1",
                    "arn:aws:iam::777788889999:server-certificate/graphql/prod",
                    "arn:aws-cn:acm:cn-north-1:012345678901:certificate/a",
                ],
                vec![
                    "a.example.com",
                    "arn:aws:acm:us-east-1:1.23456789012e+11:certificate/a",
                    "arn:aws:acm::012345678901:certificate/a",
                    "arn:aws:s3:::bucket",
                    "arn:aws:acm:us-east-1:012345678901:certificate/",
                    "arn:aws:acm:us-east-1:012345678901:certificate/0a1b2c3d-0000-4000-8000-00000000000",
                ],
            ),
            (
                "webAclArn",
                vec!["none", "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/net/0a"],
                vec![
                    "arn:aws:wafv2:us-east-1:123456789012:global/webacl/net/0a",
                    "net",
                    "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/net",
                ],
            ),
            (
                "successCodes",
                vec!["200", "200-299", "200,204", "200-204,301"],
                vec!["2xx", "200 - 399", "200|302", "500", "299-200", "200,", "", "0200"],
            ),
            ("probePort", vec!["traffic-port", "8080", "http"], vec!["0", "65536", "HTTP", "a_b"]),
            (
                "tlsPolicy",
                vec!["ELBSecurityPolicy-TLS13-1-2-2021-06"],
                vec!["TLS13-1-2-2021-06", "ELBSecurityPolicy-", "elbsecuritypolicy-x"],
            ),
            ("uuid", vec!["020bfebb-c067-4990-87cb-57910129a8c1", "none"], vec!["arn:aws:wafv2", "x"]),
            ("nginxSize", vec!["8m", "0", "10G"], vec!["m", "8 m", "8mb"]),
        ] {
            for text in good {
                assert_eq!(check(grammar, text), Ok(()), "{grammar} {text}");
            }
            for text in bad {
                assert!(check(grammar, text).is_err(), "{grammar} {text}");
            }
        }
    }
}
