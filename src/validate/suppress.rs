//! Findings that the user does not want: `lint.ignore`, and `# gqlgen: ignore[ID] reason` on the line.
//!
//! No error of the language is hidden, nor one that makes rendering impossible: those of rules that a stage reports. What hides
//! nothing, names no rule, or has run out is reported itself, as a warning; one that has run out no longer hides.

use std::collections::BTreeSet;

use crate::clock::Date;
use crate::config::decode::{nearest, shown};
use crate::config::raw::{IgnoreInput, Settings};
use crate::config::yaml::Document;
use crate::diagnostic::{Diagnostic, Level};
use crate::source::{Place, Pointer, Span};

use super::rule::Check;
use super::rules;

pub const UNKNOWN: &str = "CFG013";
pub const UNUSED: &str = "CFG014";
pub const EXPIRED: &str = "CFG015";
pub const BAD_DATE: &str = "CFG016";

/// One suppression.
struct Suppression {
    rules: Vec<String>,
    /// Where it stands itself.
    place: Place,
    scope: Scope,
    used: bool,
    active: bool,
}

enum Scope {
    /// Findings of these environments; of the config itself where it has none.
    Environments(BTreeSet<Option<String>>),
    /// Findings on this line of this source.
    Line { source: String, line: u32 },
}

/// Takes suppressed findings out and adds what is to be said of the suppressions. `whole` is false where not all environments were
/// built: then nothing can be said to hide nothing.
pub fn apply<'a>(
    found: Vec<Diagnostic>,
    environments: impl IntoIterator<Item = (Option<&'a str>, &'a Settings)>,
    documents: &[Document],
    whole: bool,
    today: Date,
) -> Vec<Diagnostic> {
    let mut said = Vec::new();
    let mut suppressions = of_settings(environments, today, &mut said);
    suppressions.extend(documents.iter().flat_map(|d| of_comments(d, &mut said)));
    if suppressions.is_empty() && said.is_empty() {
        return found;
    }
    let mut kept: Vec<Diagnostic> = found.into_iter().filter(|diagnostic| !hidden(diagnostic, &mut suppressions)).collect();
    for suppression in suppressions.iter().filter(|s| whole && s.active && !s.used) {
        said.push(
            Diagnostic::warning(
                UNUSED,
                suppression.place.clone(),
                format!("this suppression of {} hides nothing", suppression.rules.join(", ")),
            )
            .help("remove it: the finding is gone, or never was one"),
        );
    }
    kept.extend(said);
    kept
}

fn hidden(diagnostic: &Diagnostic, suppressions: &mut [Suppression]) -> bool {
    let by_stage = rules::find(diagnostic.rule).is_none_or(|rule| matches!(rule.check, Check::Stage));
    let can_be_hidden = !(diagnostic.level == Level::Error && by_stage);
    let mut hidden = false;
    for suppression in suppressions.iter_mut().filter(|s| s.active && s.rules.iter().any(|r| r == diagnostic.rule)) {
        let applies = match &suppression.scope {
            Scope::Environments(names) => match diagnostic.environments.as_slice() {
                [] => true,
                some => some.iter().all(|e| names.contains(&Some(e.clone()))),
            },
            Scope::Line { source, line } => *source == diagnostic.place.source.name && *line == diagnostic.place.span.start.line,
        };
        if applies {
            suppression.used |= can_be_hidden;
            hidden |= can_be_hidden;
        }
    }
    hidden
}

fn of_settings<'a>(
    environments: impl IntoIterator<Item = (Option<&'a str>, &'a Settings)>,
    today: Date,
    said: &mut Vec<Diagnostic>,
) -> Vec<Suppression> {
    let mut found: Vec<Suppression> = Vec::new();
    for (name, settings) in environments {
        let entries = settings.lint.iter().filter_map(|l| l.value.ignore.as_ref()).flat_map(|i| i.value.iter());
        for entry in entries {
            let (rule, until) = match &entry.value {
                IgnoreInput::Rule(rule) => (Some(rule), None),
                IgnoreInput::Object(object) => (object.rule.as_ref(), object.until.as_ref()),
            };
            // The same entry counts for all environments that inherit it.
            if let Some(Suppression { scope: Scope::Environments(names), .. }) = found.iter_mut().find(|s| s.place == entry.place) {
                names.insert(name.map(str::to_owned));
                continue;
            }
            let Some(rule) = rule else {
                said.push(
                    Diagnostic::error(crate::resolve::MISSING, entry.place.clone(), "the suppression names no `rule`")
                        .help("`{ rule: ING004, reason: why, until: 2030-12-31 }`"),
                );
                continue;
            };
            let known = check_rule(&rule.value.0, &rule.place, said);
            let mut active = known;
            if let Some(until) = until {
                match Date::parse(&until.value.0) {
                    None => {
                        said.push(
                            Diagnostic::error(
                                BAD_DATE,
                                until.place.clone(),
                                format!("`{}` is no date, so that the suppression would have no end", shown(&until.value.0)),
                            )
                            .label("expected YYYY-MM-DD")
                            .help("for instance `until: 2030-12-31`"),
                        );
                        active = false;
                    }
                    Some(last) if last < today => {
                        said.push(
                            Diagnostic::warning(
                                EXPIRED,
                                until.place.clone(),
                                format!("the suppression of {} ran out on {last}, and hides nothing any more", rule.value.0),
                            )
                            .help("mend the finding, or give a later date"),
                        );
                        active = false;
                    }
                    Some(_) => {}
                }
            }
            let names = BTreeSet::from([name.map(str::to_owned)]);
            found.push(Suppression {
                rules: vec![rule.value.0.clone()],
                place: entry.place.clone(),
                scope: Scope::Environments(names),
                used: false,
                active,
            });
        }
    }
    found
}

fn check_rule(id: &str, place: &Place, said: &mut Vec<Diagnostic>) -> bool {
    if rules::find(id).is_some() {
        return true;
    }
    let mut fault = Diagnostic::warning(UNKNOWN, place.clone(), format!("there is no rule `{}`", shown(id)));
    let near = nearest(id, rules::ALL.iter().map(|r| r.id)).map(|n| format!("did you mean `{n}`? "));
    fault.help = Some(format!("{}`gqlgen explain --list` lists them", near.unwrap_or_default()));
    said.push(fault);
    false
}

fn of_comments(document: &Document, said: &mut Vec<Diagnostic>) -> Vec<Suppression> {
    document.comments.iter().filter_map(|comment| of_comment(document, comment.span, &comment.text, said)).collect()
}

fn of_comment(document: &Document, span: Span, text: &str, said: &mut Vec<Diagnostic>) -> Option<Suppression> {
    let place = Place { source: document.source.clone(), span, pointer: Pointer::root() };
    let directive = text.trim().strip_prefix("gqlgen:")?.trim_start();
    let ids = directive
        .strip_prefix("ignore")
        .map(str::trim_start)
        .and_then(|rest| rest.strip_prefix('['))
        .and_then(|rest| rest.split_once(']'))
        .map(|(ids, _)| ids);
    let Some(ids) = ids else {
        said.push(
            Diagnostic::warning(UNKNOWN, place, "this comment is no suppression that gqlgen knows")
                .help("`# gqlgen: ignore[ING004] reason`; several ids are separated by commas"),
        );
        return None;
    };
    let rules: Vec<String> = ids.split(',').map(|id| id.trim().to_owned()).filter(|id| check_rule(id, &place, said)).collect();
    let line = applies_to(&document.source.text, span);
    let active = !rules.is_empty();
    Some(Suppression { rules, place, scope: Scope::Line { source: document.source.name.clone(), line }, used: false, active })
}

/// The comment's own line; the next one that holds more than a comment, where it stands alone.
fn applies_to(text: &str, span: Span) -> u32 {
    let mut lines = text.lines().enumerate().skip(span.start.line.saturating_sub(1) as usize);
    let alone = lines.next().is_some_and(|(_, line)| line.trim_start().starts_with('#'));
    if !alone {
        return span.start.line;
    }
    let next = lines.find(|(_, line)| !line.trim().is_empty() && !line.trim_start().starts_with('#'));
    next.map_or(span.start.line, |(index, _)| index as u32 + 1)
}
