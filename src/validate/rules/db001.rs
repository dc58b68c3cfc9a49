//! DB001: contact points fit the storage.

use crate::config::decode::{nearest, shown};
use crate::diagnostic::Level;
use crate::model::Storage;
use crate::scalardb;
use crate::validate::database::{Point, points, storage, used_points};
use crate::validate::rule::{Check, Context, Rule};

pub static RULE: Rule = Rule {
    id: "DB001",
    summary: "contact points fit the storage",
    level: Level::Error,
    since: "0.1.0",
    doc: include_str!("db001.md"),
    check: Check::Environment(check),
};

fn check(context: &Context<'_>) {
    let Some(storage) = storage(context) else { return };
    let all = points(context);
    if all.iter().all(|p| p.text.is_empty()) && context.given("/database/contactPoints") {
        context.report("/database/contactPoints", "there is no contact point: the servers stop at the start").label("empty");
        return;
    }
    // What follows the last comma of a text is no contact point for ScalarDB either.
    for point in all.iter().filter(|p| p.text.is_empty() && !p.last && storage == Storage::Cassandra) {
        context.report_at(point.place.clone(), "an empty contact point stands between the others").help("take one of the commas out");
    }
    for point in used_points(context).iter().filter(|p| !p.is_open()) {
        match storage {
            Storage::Cassandra | Storage::Grpc => host(context, point, storage),
            Storage::Cosmos => account(context, point),
            Storage::Dynamo => region(context, point),
            Storage::Jdbc => url(context, point),
        }
    }
}

fn host(context: &Context<'_>, point: &Point, storage: Storage) {
    let text = point.text.as_str();
    let report = |message: String| context.report_at(point.place.clone(), message);
    let word = shown(text);
    if text.contains("://") || text.starts_with("jdbc:") {
        report(format!(
            "`{word}` is a URL; with storage {storage} a contact point is a host name or an address",
            storage = storage.as_str()
        ))
        .help("write the host alone, and its port under `contactPort`");
    } else if text.contains(char::is_whitespace) {
        report(format!("`{word}` is one name with blanks in it: only commas separate contact points"))
            .help("write a list, or put commas between them");
    } else if text.parse::<std::net::Ipv6Addr>().is_ok()
        || text.strip_prefix('[').and_then(|t| t.strip_suffix(']')).is_some_and(|t| t.parse::<std::net::Ipv6Addr>().is_ok())
    {
        // Its colons are no port.
    } else if text.contains(':') {
        let port = text.rsplit(':').next().unwrap_or_default();
        let help = if port.parse::<u16>().is_ok() {
            format!("the port is one for all of them: `contactPort: {port}`")
        } else {
            "write the host alone".into()
        };
        report(format!("`{word}` would be looked up as a host name, with its colon: a contact point has no port")).help(help);
    } else if text.split('.').count() == 4
        && text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && text.parse::<std::net::Ipv4Addr>().is_err()
    {
        report(format!("`{word}` is no IPv4 address")).help("each of its four numbers is from 0 to 255");
    } else if !text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b)) {
        report(format!("`{word}` is no host name and no address"));
    } else if storage == Storage::Cassandra && scalardb::facts().dynamo_regions.iter().any(|r| r == text) {
        report(format!("`{word}` is an AWS region, which no Cassandra node is called")).help("for DynamoDB: `storage: dynamo`");
    }
}

fn account(context: &Context<'_>, point: &Point) {
    let text = point.text.as_str();
    let report = |message: &str| context.report_at(point.place.clone(), message);
    const HELP: &str = "for instance https://NAME.documents.azure.com:443/";
    if text.contains("AccountEndpoint=") || text.contains("AccountKey=") {
        report("this is a connection string; the contact point is the account's URI alone, and its key is the password of the login")
            .help(HELP);
        return;
    }
    let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
    let host = rest.split(['/', ':', '?']).next().unwrap_or_default();
    let azure = [".documents.azure.com", ".documents.azure.cn", ".documents.azure.us"].iter().any(|end| host.ends_with(end));
    if scheme.is_empty() {
        report("with storage cosmos the contact point is the account's URI, with its scheme").help(HELP);
    } else if scheme != "https" && (scheme != "http" || azure) {
        report("the account's URI begins with https://").help(HELP);
    } else if host.is_empty() || host.contains(char::is_whitespace) || !host.is_ascii() {
        report("the account's URI has no host").help(HELP);
    } else if azure && !host.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.') && !text.contains('<') {
        report("an account's name has lower-case letters, digits and hyphens only").help(HELP);
    } else if host.ends_with(".cosmos.azure.com") {
        report("this host serves another API of Cosmos DB: ScalarDB speaks the NoSQL API, whose hosts end in documents.azure.com")
            .help(HELP);
    } else if host.contains(".azure.") && !azure && !host.contains("privatelink") {
        report("this host is no endpoint of the NoSQL API, whose hosts end in documents.azure.com (.cn, .us)")
            .level(Level::Warning)
            .help(HELP);
    }
}

fn region(context: &Context<'_>, point: &Point) {
    let regions = &scalardb::facts().dynamo_regions;
    let text = point.text.as_str();
    if regions.iter().any(|region| region == text) {
        return;
    }
    let word = shown(text);
    let within = regions.iter().filter(|r| text.to_lowercase().contains(r.as_str())).max_by_key(|r| r.len()).map(String::as_str);
    let help = match within.or_else(|| nearest(text, regions.iter().map(String::as_str))) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "for instance us-east-1".into(),
    };
    // Without AWS behind it any word may stand for the region.
    let elsewhere = ["_", "-"].iter().any(|c| context.given(&format!("/database/properties/scalar.db.dynamo.endpoint{c}override")));
    let (level, message) = if is_region(text) {
        // New regions come.
        (
            Level::Warning,
            format!(
                "`{word}` is no AWS region that gqlgen knows: a wrong one is taken as it is, and every call goes to a host that does not exist"
            ),
        )
    } else {
        (Level::Error, format!("`{word}` is no AWS region; with storage dynamo the contact point is the region's code"))
    };
    context.report_at(point.place.clone(), message).level(if elsewhere { Level::Advice } else { level }).help(help);
}

fn is_region(text: &str) -> bool {
    const DIRECTIONS: [&str; 9] = ["north", "south", "east", "west", "central", "northeast", "northwest", "southeast", "southwest"];
    let parts: Vec<&str> = text.split('-').collect();
    let letters = |part: &str| (2..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_lowercase());
    match parts.as_slice() {
        [area @ .., direction, number] => {
            !area.is_empty()
                && area.len() <= 2
                && area.iter().all(|part| letters(part))
                && DIRECTIONS.contains(direction)
                && number.len() == 1
                && number.bytes().all(|b| (b'1'..=b'9').contains(&b))
        }
        _ => false,
    }
}

fn url(context: &Context<'_>, point: &Point) {
    let text = point.text.as_str();
    let urls = &scalardb::facts().jdbc_urls;
    let version = context.deployment.version;
    let report = |message: String| context.report_at(point.place.clone(), message);
    let example = |prefix: &str| urls.iter().find(|u| u.prefix == prefix).map_or(String::new(), |u| format!("for instance {}", u.example));
    if !text.starts_with("jdbc:") {
        let scheme = text.split(':').next().unwrap_or_default().to_lowercase();
        let meant = urls.iter().find(|u| {
            u.range.contains(version)
                && (u.prefix == format!("jdbc:{scheme}:") || (scheme.starts_with("postgres") && u.prefix == "jdbc:postgresql:"))
        });
        let help = meant.map_or_else(|| example("jdbc:postgresql:"), |u| format!("for instance {}", u.example));
        report("with storage jdbc the contact point is a whole JDBC URL, which begins with `jdbc:` and the engine, in lower case".into())
            .help(help);
        return;
    }
    let Some(engine) = urls.iter().find(|u| text.starts_with(&u.prefix)) else { return };
    let rest = &text[engine.prefix.len()..];
    let authority = rest.strip_prefix("//").map(|r| r.split(['/', ';', '?']).next().unwrap_or_default());
    match engine.prefix.as_str() {
        "jdbc:oracle:" => {
            let driver = rest.split(':').next().unwrap_or_default();
            if !["thin", "oci", "oci8", "kprb"].contains(&driver) {
                report("an Oracle URL names its driver type: the driver refuses this one".into()).help(example("jdbc:oracle:"));
            } else if driver == "thin" && !rest.contains('@') {
                report("an Oracle thin URL has an `@` before the host: the driver refuses this one".into()).help(example("jdbc:oracle:"));
            }
        }
        "jdbc:sqlserver:" if authority.is_none() => {
            report("a SQL Server URL has `//` after its prefix".into()).help(example("jdbc:sqlserver:"));
        }
        "jdbc:sqlserver:" if rest[2..].split(';').next().is_some_and(|host| host.contains('/')) => {
            report("a SQL Server URL names the database as a property, not after a slash: the driver refuses the port with it".into())
                .help(example("jdbc:sqlserver:"));
        }
        "jdbc:mysql:" | "jdbc:yugabytedb:" | "jdbc:mariadb:"
            if authority.is_none() && !["loadbalance:", "replication:", "aws:"].iter().any(|p| rest.starts_with(p)) =>
        {
            report("the URL has no `//` before its host".into()).help(example(&engine.prefix));
        }
        "jdbc:postgresql:" if authority.is_none() && rest.trim_start_matches('/').contains([':', '.', '/']) => {
            report("without `//` all of this is the name of a database on localhost".into()).help(example(&engine.prefix));
        }
        _ => {}
    }
    for host in authority.into_iter().flat_map(|a| a.split(',')) {
        let port = host
            .rsplit('@')
            .next()
            .and_then(|h| if h.contains(']') { h.split_once("]:").map(|(_, p)| p) } else { h.split_once(':').map(|(_, p)| p) });
        if host.contains(char::is_whitespace) {
            report("a blank in the host: no name has one".into());
        } else if port.is_some_and(|p| p.bytes().any(|b| b.is_ascii_alphabetic()) && p.bytes().all(|b| b.is_ascii_alphanumeric())) {
            report("the port is no number".into()).help(example(&engine.prefix));
        }
        if port.is_some_and(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()) && p.parse::<u16>().is_err()) {
            report("no TCP port is above 65535".into());
        }
    }
}
