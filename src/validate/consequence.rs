//! Findings that say nothing of their own: what follows from a value that could not be read, and what an object's fault says again.

use crate::config::decode::nearest;
use crate::config::raw::Settings;
use crate::config::tree::Node;
use crate::diagnostic::{Diagnostic, Level};
use crate::resolve;
use crate::source::Pointer;

/// The rule of objects that Kubernetes refuses. It says again, in Kubernetes' words, what another rule has said of the config.
pub const OBJECTS: &str = "K8S002";

/// Those of `judged` that are worth telling beside what was found while reading. `trees` are the merged configs of all environments.
pub fn without(read: &[Diagnostic], judged: Vec<Diagnostic>, trees: &[&Node]) -> Vec<Diagnostic> {
    let (objects, mut kept): (Vec<_>, Vec<_>) = judged.into_iter().partition(|d| d.rule == OBJECTS);
    let is_told = |object: &Diagnostic| kept.iter().any(|other| says(other, object));
    let objects: Vec<Diagnostic> = objects.into_iter().filter(|object| !is_told(object)).collect();
    kept.extend(objects);
    let wrong = wrong_sections(read);
    kept.retain(|d| {
        let is_unread = || read.iter().any(|r| r.place.pointer == d.place.pointer);
        d.rule == resolve::MISSING
            || section(&d.place.pointer).is_none_or(|s| !wrong.contains(&s))
            // That a value beside the unread one is wrong does not follow from it.
            || d.level == Level::Error && !is_unread() && is_scalar(trees, &d.place.pointer)
    });
    kept
}

fn says(other: &Diagnostic, object: &Diagnostic) -> bool {
    other.level == Level::Error && other.place == object.place || object.message.contains(&other.message)
}

/// Sections of the config (`database`, `ingress`) with a value that could not be read.
fn wrong_sections(found: &[Diagnostic]) -> Vec<String> {
    let mut wrong: Vec<String> = Vec::new();
    for pointer in found.iter().filter(|d| d.level == Level::Error).map(|d| &d.place.pointer) {
        let Some(section) = section(pointer) else { continue };
        // A misspelt section is missing under its right name, and its defaults say nothing of what was meant.
        wrong.extend(nearest(&section, Settings::KEYS.iter().copied()).map(str::to_owned));
        wrong.push(section);
    }
    wrong
}

/// The top key that a pointer lies below, in an overlay too.
fn section(pointer: &Pointer) -> Option<String> {
    let mut segments = pointer.segments();
    match segments.next() {
        Some(first) if first == "environments" => segments.nth(1),
        first => first,
    }
}

/// Whether the config holds a scalar there, in some environment.
fn is_scalar(trees: &[&Node], pointer: &Pointer) -> bool {
    let segments: Vec<_> = pointer.segments().collect();
    let own = if segments.first().is_some_and(|s| s == "environments") { segments.get(2..).unwrap_or_default() } else { &segments };
    let pointer = own.iter().fold(Pointer::root(), |pointer, segment| pointer.join(segment));
    trees.iter().any(|tree| tree.at(&pointer).is_some_and(|node| node.as_scalar().is_some()))
}
