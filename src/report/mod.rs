//! Shows diagnostics: one renderer a file, all on the same [`Report`], all through [`crate::redact`].
//!
//! Every renderer is a pure function to a text; who asked for it prints it and chooses the exit code from [`Summary`]. Limits: the diagnostics
//! are shown in the order given (see [`crate::diagnostic::settle`]), and excerpts are of one line.

pub mod diff_github;
pub mod diff_html;
pub mod diff_json;
pub mod diff_markdown;
pub mod diff_text;
mod diff_view;
mod excerpt;
pub mod github;
pub mod json;
pub mod markdown;
pub mod sarif;
pub mod text;

use crate::diagnostic::{Diagnostic, Level, RuleId};
use crate::output::yaml::is_printable;
use crate::redact::Secrets;
use crate::source::{Place, Source};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Something that this run did not check.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct NotChecked {
    /// "the manifests of prod"
    pub what: String,
    /// "Kubernetes 1.20 is older than the schemas"
    pub why: String,
}

/// What a report needs of a rule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RuleInfo {
    /// One line, without the rule's id.
    pub summary: String,
    /// Where its documentation stands: an address, or a path such as `docs/rules.md#ing004`.
    pub url: String,
}

/// What is to be shown. `rules` gives what is known of a rule's id.
pub struct Report<'a> {
    pub diagnostics: &'a [Diagnostic],
    pub not_checked: &'a [NotChecked],
    pub rules: &'a dyn Fn(RuleId) -> Option<RuleInfo>,
    /// How many files were judged, where a person wants to know.
    pub files: Option<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Summary {
    pub errors: usize,
    pub warnings: usize,
    pub advice: usize,
}

impl Summary {
    pub fn of(diagnostics: &[Diagnostic]) -> Summary {
        let mut summary = Summary::default();
        for diagnostic in diagnostics {
            *match diagnostic.level {
                Level::Error => &mut summary.errors,
                Level::Warning => &mut summary.warnings,
                Level::Advice => &mut summary.advice,
            } += 1;
        }
        summary
    }

    /// How many are at least of this level.
    pub fn at_least(self, level: Level) -> usize {
        match level {
            Level::Error => self.errors,
            Level::Warning => self.errors + self.warnings,
            Level::Advice => self.errors + self.warnings + self.advice,
        }
    }

    /// `2 errors, 1 warning`; `no findings`.
    pub fn words(self) -> String {
        let mut parts = Vec::new();
        for (count, one, many) in
            [(self.errors, "error", "errors"), (self.warnings, "warning", "warnings"), (self.advice, "piece of advice", "pieces of advice")]
        {
            match count {
                0 => {}
                1 => parts.push(format!("1 {one}")),
                n => parts.push(format!("{n} {many}")),
            }
        }
        if parts.is_empty() { "no findings".to_owned() } else { parts.join(", ") }
    }
}

/// Longest message that is shown, in characters: a message may quote a text of the user's, and that may be any.
const LONGEST: usize = 1000;

/// A diagnostic whose texts may be shown.
struct Finding<'a> {
    rule: RuleId,
    level: Level,
    message: String,
    label: Option<String>,
    help: Option<String>,
    url: Option<String>,
    place: &'a Place,
    environments: &'a [String],
    related: Vec<(&'a Place, String)>,
}

impl Finding<'_> {
    /// The rule's page, where it can be opened from anywhere.
    fn link(&self) -> Option<&str> {
        self.url.as_deref().filter(|url| url.contains("://"))
    }
}

/// A report whose texts went through the redaction.
struct Shown<'a> {
    findings: Vec<Finding<'a>>,
    not_checked: Vec<NotChecked>,
    /// By address of the source.
    secrets: BTreeMap<usize, Secrets>,
}

impl<'a> Report<'a> {
    fn shown(&self) -> Shown<'a> {
        let mut secrets: BTreeMap<usize, Secrets> = BTreeMap::new();
        for diagnostic in self.diagnostics {
            for place in std::iter::once(&diagnostic.place).chain(diagnostic.related.iter().map(|r| &r.place)) {
                secrets.entry(address(&place.source)).or_insert_with(|| Secrets::of(&place.source.text));
            }
        }
        let all = Secrets::union(secrets.values());
        let clean = |text: &str| shorten(&all.mask_message(text));
        let mut rules: BTreeMap<RuleId, Option<RuleInfo>> = BTreeMap::new();
        let findings = self
            .diagnostics
            .iter()
            .map(|d| Finding {
                rule: d.rule,
                level: d.level,
                message: clean(&d.message),
                label: d.label.as_deref().map(clean),
                help: d.help.as_deref().map(clean),
                url: rules.entry(d.rule).or_insert_with(|| (self.rules)(d.rule)).as_ref().map(|r| r.url.clone()),
                place: &d.place,
                environments: &d.environments,
                related: d.related.iter().map(|r| (&r.place, clean(&r.message))).collect(),
            })
            .collect();
        let not_checked = self.not_checked.iter().map(|n| NotChecked { what: clean(&n.what), why: clean(&n.why) }).collect();
        Shown { findings, not_checked, secrets }
    }

    fn summary(&self) -> Summary {
        Summary::of(self.diagnostics)
    }
}

fn address(source: &Arc<Source>) -> usize {
    Arc::as_ptr(source).addr()
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// A text in which nothing acts: control characters, marks of direction and what has no shape stand as `\u{1b}`. Line breaks stay.
fn visible(text: &str) -> String {
    let mut seen = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => seen.push('\n'),
            '\t' => seen.push_str("    "),
            c if is_printable(c) => seen.push(c),
            c => seen.extend(c.escape_unicode()),
        }
    }
    seen
}

/// The same on one line.
fn one_line(text: &str) -> String {
    visible(text).split('\n').map(str::trim).filter(|l| !l.is_empty()).collect::<Vec<_>>().join(" ")
}
