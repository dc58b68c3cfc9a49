//! The one diagnostic that every stage makes and every report shows. It always has a place.

use crate::source::Place;

/// How grave a finding is. An error is surely an error.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Level {
    Advice,
    Warning,
    Error,
}

impl Level {
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Advice => "advice",
            Level::Warning => "warning",
            Level::Error => "error",
        }
    }
}

/// Id of a rule, letters for the area and three digits: `ING004`.
pub type RuleId = &'static str;

/// Another place that explains a finding: "the path is set here".
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Related {
    pub place: Place,
    pub message: String,
}

/// One finding. `message` says what is wrong, `label` (a few words, under the caret) what was expected there, `help` how to mend it.
/// No text of it may hold a credential.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    pub rule: RuleId,
    pub level: Level,
    pub message: String,
    pub place: Place,
    pub label: Option<String>,
    pub help: Option<String>,
    pub related: Vec<Related>,
    /// The environments it was found in, sorted; empty where all (or where the config has none).
    pub environments: Vec<String>,
}

impl Diagnostic {
    pub fn new(rule: RuleId, level: Level, place: Place, message: impl Into<String>) -> Diagnostic {
        Diagnostic { rule, level, message: message.into(), place, label: None, help: None, related: Vec::new(), environments: Vec::new() }
    }

    pub fn error(rule: RuleId, place: Place, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(rule, Level::Error, place, message)
    }

    pub fn warning(rule: RuleId, place: Place, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(rule, Level::Warning, place, message)
    }

    pub fn advice(rule: RuleId, place: Place, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(rule, Level::Advice, place, message)
    }

    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Diagnostic {
        self.label = Some(label.into());
        self
    }

    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }

    #[must_use]
    pub fn related(mut self, place: Place, message: impl Into<String>) -> Diagnostic {
        self.related.push(Related { place, message: message.into() });
        self
    }
}

/// Sorts by file, place, rule and message, and merges findings that differ in their environments only.
/// A finding that stands in all `environments` of the config (more than one) names none.
pub fn settle(mut found: Vec<Diagnostic>, environments: &[String]) -> Vec<Diagnostic> {
    let key = |d: &Diagnostic| {
        (
            d.place.source.name.clone(),
            d.place.span.start.offset,
            d.rule,
            std::cmp::Reverse(d.level),
            d.message.clone(),
            d.place.pointer.clone(),
        )
    };
    found.sort_by_cached_key(key);
    let mut settled: Vec<Diagnostic> = Vec::with_capacity(found.len());
    for next in found {
        match settled.last_mut() {
            Some(last) if key(last) == key(&next) => {
                // Without environments it is a finding of the file itself, which stands for all of them.
                if last.environments.is_empty() || next.environments.is_empty() {
                    last.environments.clear();
                } else {
                    last.environments.extend(next.environments);
                }
            }
            _ => settled.push(next),
        }
    }
    for one in &mut settled {
        one.environments.sort();
        one.environments.dedup();
        if one.environments.len() == environments.len() {
            one.environments.clear();
        }
    }
    settled
}
