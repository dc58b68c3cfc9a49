//! What a rule is, what it sees and how it reports.

use std::cell::{OnceCell, RefCell};

use serde_json::Value;

use crate::compile::Compiled;
use crate::compile::cluster::plan::Plan;
use crate::config::raw::Settings;
use crate::config::tree::Node;
use crate::diagnostic::{Diagnostic, Level, RuleId};
use crate::model::Deployment;
use crate::source::{Place, Pointer};
use crate::validate::annotations::{self, Subject};

/// A rule: one value, one file, one page of documentation.
#[derive(Debug)]
pub struct Rule {
    pub id: RuleId,
    /// One line, without a full stop.
    pub summary: &'static str,
    /// Level of its findings unless the rule says otherwise for one of them.
    pub level: Level,
    /// Version of gqlgen that brought it.
    pub since: &'static str,
    /// Its page: what, why with its source, a failing and a passing example, how to fix.
    pub doc: &'static str,
    pub check: Check,
}

/// When a rule runs.
#[derive(Debug)]
pub enum Check {
    /// Its findings are made by an earlier stage (reading, layers, resolving).
    Stage,
    /// Once for each environment.
    Environment(fn(&Context<'_>)),
    /// Once for a config, over all its environments.
    Config(fn(&[Context<'_>])),
}

/// One environment as rules see it.
pub struct Context<'a> {
    pub environment: Option<&'a str>,
    /// All layers merged; every node knows its file.
    pub tree: &'a Node,
    /// The typed mirror of `tree`.
    pub settings: &'a Settings,
    /// The tables of `schema.json`, or of the inline object.
    pub schema: Option<&'a Node>,
    pub deployment: &'a Deployment,
    /// Values and generated files, with what feeds them.
    pub compiled: &'a Compiled,
    findings: RefCell<Vec<Diagnostic>>,
    rule: RefCell<Option<&'static Rule>>,
    ingress: OnceCell<Option<Subject<'a>>>,
    plan: OnceCell<Plan<'a>>,
}

impl<'a> Context<'a> {
    pub fn new(
        environment: Option<&'a str>,
        tree: &'a Node,
        settings: &'a Settings,
        schema: Option<&'a Node>,
        deployment: &'a Deployment,
        compiled: &'a Compiled,
    ) -> Self {
        let (findings, rule, ingress, plan) = Default::default();
        Context { environment, tree, settings, schema, deployment, compiled, findings, rule, ingress, plan }
    }

    /// The chart's values after Helm's merge over the defaults.
    pub fn merged_values(&self) -> &'a Value {
        &self.compiled.merged_values
    }

    /// The Ingress that those values make, if one of a class that is known.
    pub fn ingress(&self) -> Option<&Subject<'a>> {
        self.ingress.get_or_init(|| annotations::config::subject(self.deployment, self.merged_values())).as_ref()
    }

    /// The cluster's side of the deployment.
    pub fn plan(&self) -> &Plan<'a> {
        self.plan.get_or_init(|| Plan::new(self.deployment))
    }

    /// Whether the config gives a value at this pointer (`/ingress/stickiness`).
    pub fn given(&self, pointer: &str) -> bool {
        self.tree.at(&Pointer::parse(pointer)).is_some()
    }

    /// The node at a pointer of the merged config.
    pub fn node(&self, pointer: &str) -> Option<&'a Node> {
        self.tree.at(&Pointer::parse(pointer))
    }

    /// Where a pointer of the merged config stands: its value, or the nearest parent that is written.
    pub fn place(&self, pointer: &str) -> Place {
        self.tree.nearest(&Pointer::parse(pointer)).0.place.clone()
    }

    /// Where the key itself stands, else as [`Context::place`].
    pub fn key_place(&self, pointer: &str) -> Place {
        let pointer_ = Pointer::parse(pointer);
        let parent = pointer_.parent().and_then(|p| self.tree.at(&p));
        let key = pointer_.last().unwrap_or_default();
        parent.and_then(|p| p.as_mapping()).and_then(|m| m.get(&key)).map_or_else(|| self.place(pointer), |entry| entry.key.clone())
    }

    /// Reports at a pointer of the merged config, with the rule's own level.
    pub fn report(&self, pointer: &str, message: impl Into<String>) -> Report<'_, 'a> {
        self.report_at(self.place(pointer), message)
    }

    /// Reports at a place, such as that of a node of the schema.
    pub fn report_at(&self, place: Place, message: impl Into<String>) -> Report<'_, 'a> {
        let rule = self.rule.borrow().expect("a rule is running");
        let mut diagnostic = Diagnostic::new(rule.id, rule.level, place, message);
        diagnostic.environments.extend(self.environment.map(str::to_owned));
        Report { context: self, diagnostic: Some(diagnostic) }
    }

    pub(crate) fn enter(&self, rule: &'static Rule) {
        *self.rule.borrow_mut() = Some(rule);
    }

    pub(crate) fn take(&self) -> Vec<Diagnostic> {
        self.findings.take()
    }
}

/// A finding that is being made; it is added when dropped.
pub struct Report<'c, 'a> {
    context: &'c Context<'a>,
    diagnostic: Option<Diagnostic>,
}

impl Report<'_, '_> {
    fn with(mut self, change: impl FnOnce(&mut Diagnostic)) -> Self {
        if let Some(diagnostic) = &mut self.diagnostic {
            change(diagnostic);
        }
        self
    }

    pub fn level(self, level: Level) -> Self {
        self.with(|d| d.level = level)
    }

    /// A few words under the caret.
    pub fn label(self, label: impl Into<String>) -> Self {
        self.with(|d| d.label = Some(label.into()))
    }

    /// How to mend it.
    pub fn help(self, help: impl Into<String>) -> Self {
        self.with(|d| d.help = Some(help.into()))
    }

    /// Another place of the merged config that explains the finding, if it is written there.
    pub fn see(self, pointer: &str, message: impl Into<String>) -> Self {
        match self.context.node(pointer) {
            Some(node) => {
                let place = node.place.clone();
                self.with(|d| d.related.push(crate::diagnostic::Related { place, message: message.into() }))
            }
            None => self,
        }
    }
}

impl Drop for Report<'_, '_> {
    fn drop(&mut self) {
        if let Some(diagnostic) = self.diagnostic.take() {
            self.context.findings.borrow_mut().push(diagnostic);
        }
    }
}

/// Runs all rules over the environments of one config.
pub fn run(contexts: &[Context<'_>]) -> Vec<Diagnostic> {
    for rule in super::rules::ALL.iter().copied() {
        match rule.check {
            Check::Stage => {}
            Check::Environment(check) => {
                for context in contexts {
                    context.enter(rule);
                    check(context);
                }
            }
            Check::Config(check) => {
                contexts.iter().for_each(|c| c.enter(rule));
                check(contexts);
            }
        }
    }
    contexts.iter().flat_map(Context::take).collect()
}
