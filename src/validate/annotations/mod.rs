//! Judges the Ingress annotations of any origin: a config, a hand-written values file, a rendered Ingress object.
//!
//! Each check is a pure function over a [`Subject`] and belongs to one rule. It sees texts only; values of other types are judged
//! where the values or the object are.

mod actions;
mod balancer;
pub mod config;
mod effect;
pub mod files;
pub mod grammar;
mod health;
mod json;
mod keys;
mod listeners;
mod nginx;
mod stickiness;
mod subject;
mod values;

pub use subject::{Subject, TlsEntry};

use crate::diagnostic::{Level, RuleId};

/// What a finding points at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum At {
    /// An annotation by its whole key; an attribute of its map or an item of its list where one is meant.
    Annotation {
        key: String,
        attribute: Option<String>,
        item: Option<usize>,
    },
    /// Host of the rule with this index.
    Host(usize),
    /// Path of the rules.
    Path,
    /// Host of the first `tls` entry.
    TlsHost(usize),
    /// Secret of the first `tls` entry.
    TlsSecret,
    Replicas,
    ServiceType,
    Graphiql,
}

impl At {
    pub fn key(key: impl Into<String>) -> At {
        At::Annotation { key: key.into(), attribute: None, item: None }
    }

    pub fn attribute(key: impl Into<String>, attribute: impl Into<String>) -> At {
        At::Annotation { key: key.into(), attribute: Some(attribute.into()), item: None }
    }

    pub fn item(key: impl Into<String>, item: usize) -> At {
        At::Annotation { key: key.into(), attribute: None, item: Some(item) }
    }
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    pub rule: RuleId,
    pub level: Level,
    pub at: At,
    /// An annotation that explains it, with a few words.
    pub see: Option<(At, String)>,
    pub message: String,
    pub help: Option<String>,
}

/// Collects the findings of one rule.
pub struct Findings {
    rule: RuleId,
    found: Vec<Finding>,
}

impl Findings {
    fn add(&mut self, level: Level, at: At, message: impl Into<String>) -> &mut Finding {
        self.found.push(Finding { rule: self.rule, level, at, see: None, message: message.into(), help: None });
        self.found.last_mut().expect("just pushed")
    }

    pub fn error(&mut self, at: At, message: impl Into<String>) -> &mut Finding {
        self.add(Level::Error, at, message)
    }

    pub fn warning(&mut self, at: At, message: impl Into<String>) -> &mut Finding {
        self.add(Level::Warning, at, message)
    }

    pub fn advice(&mut self, at: At, message: impl Into<String>) -> &mut Finding {
        self.add(Level::Advice, at, message)
    }
}

impl Finding {
    fn help(&mut self, help: impl Into<String>) -> &mut Finding {
        self.help = Some(help.into());
        self
    }

    fn see(&mut self, at: At, words: impl Into<String>) -> &mut Finding {
        self.see = Some((at, words.into()));
        self
    }
}

type Check = fn(&Subject<'_>, &mut Findings);

/// All checks, by the rule that they belong to. Rules whose id stands here twice have two checks.
static CHECKS: &[(RuleId, Check)] = &[
    ("ING001", keys::grammar),
    ("ING002", keys::unknown),
    ("ING003", keys::foreign),
    ("ING004", values::check),
    ("ING005", values::maps),
    ("ING006", values::attributes),
    ("ING008", json::check),
    ("ING009", keys::legacy_class),
    ("ING010", effect::check),
    ("ING011", keys::hosts),
    ("ING012", keys::paths),
    ("ING013", stickiness::missing),
    ("ING014", stickiness::duration),
    ("ING014", values::check),
    ("ING015", stickiness::instance_targets),
    ("ING016", stickiness::instance_service),
    ("ING017", stickiness::cookie),
    ("ING017", values::check),
    ("ING018", stickiness::exclusive),
    ("ING019", values::check),
    ("ING019", health::deregistration),
    ("ING020", values::check),
    ("ING020", health::timing),
    ("ING021", values::check),
    ("ING021", health::path),
    ("ING022", values::check),
    ("ING022", health::success_codes),
    ("ING023", values::check),
    ("ING023", health::port),
    ("ING024", health::protocol),
    ("ING025", values::check),
    ("ING026", balancer::protected_member),
    ("ING027", values::check),
    ("ING028", values::check),
    ("ING028", listeners::certificates),
    ("ING029", values::check),
    ("ING029", listeners::https),
    ("ING030", values::check),
    ("ING030", listeners::policy),
    ("ING031", listeners::secret),
    ("ING032", values::check),
    ("ING032", balancer::subnets),
    ("ING034", values::check),
    ("ING034", balancer::security_groups),
    ("ING035", values::check),
    ("ING035", balancer::cidrs),
    ("ING036", balancer::tags),
    ("ING037", values::check),
    ("ING037", balancer::waf),
    ("ING038", values::check),
    ("ING038", balancer::logs),
    ("ING041", listeners::authentication),
    ("ING042", nginx::affinity),
    ("ING043", actions::weighted),
    ("SEC010", listeners::public_without_tls),
    ("SEC011", balancer::public_console),
    ("SEC012", balancer::open_to_all),
];

/// The findings of one rule.
pub fn check_rule(subject: &Subject<'_>, rule: RuleId) -> Vec<Finding> {
    let mut findings = Findings { rule, found: Vec::new() };
    CHECKS.iter().filter(|(id, _)| *id == rule).for_each(|(_, check)| check(subject, &mut findings));
    findings.found
}

/// Rules that know what the GraphQL servers are like; of another application's Ingress they would say what does not hold.
const OF_GRAPHQL: &[RuleId] = &["ING013", "ING014", "ING015", "ING017", "ING019", "ING022", "ING023", "ING024", "SEC012"];

/// The findings of all rules, in the order of their ids.
pub fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let mut ids: Vec<RuleId> = CHECKS.iter().map(|(id, _)| *id).collect();
    ids.dedup();
    let holds = |finding: &Finding| subject.graphql || finding.level == Level::Error || !OF_GRAPHQL.contains(&finding.rule);
    ids.into_iter().flat_map(|id| check_rule(subject, id)).filter(holds).collect()
}

#[cfg(test)]
mod tests;
