//! The diff for a terminal: by impact, the gravest first; nothing at all where nothing differs.

use std::fmt::Write as _;

use super::diff_view::{self as view, Line, Shown};
use crate::diff::{Change, Diff, Impact, Op};

/// Colours are ANSI escapes, or none.
pub fn render(diff: &Diff, colour: bool) -> String {
    let mut report = Text { out: String::new(), colour };
    for (impact, changes) in view::by_impact(diff) {
        report.group(impact, changes);
    }
    if !diff.changes.is_empty() {
        let summary = report.paint(Style::Bold, &view::summary(diff));
        let _ = writeln!(report.out, "{summary}");
    }
    report.out
}

#[derive(Clone, Copy)]
enum Style {
    Bold,
    Dim,
    Red,
    Green,
    Yellow,
    Magenta,
    Blue,
}

struct Text {
    out: String,
    colour: bool,
}

impl Text {
    fn paint(&self, style: Style, text: &str) -> String {
        if !self.colour {
            return text.to_owned();
        }
        let code = match style {
            Style::Bold => "1",
            Style::Dim => "2",
            Style::Red => "31",
            Style::Green => "32",
            Style::Yellow => "33",
            Style::Magenta => "35",
            Style::Blue => "34",
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }

    fn group(&mut self, impact: Impact, changes: &[Change]) {
        let style = match impact {
            Impact::Refused | Impact::Replace => Style::Red,
            Impact::Restart => Style::Magenta,
            Impact::Traffic => Style::Yellow,
            Impact::InPlace => Style::Blue,
            Impact::None => Style::Dim,
        };
        let head = self.paint(style, &impact.as_str().to_uppercase());
        let meaning = self.paint(Style::Dim, impact.meaning());
        let _ = writeln!(self.out, "{head}  {meaning}");
        for object in view::by_object(changes) {
            let title = self.paint(Style::Bold, &view::title(&object[0]));
            let _ = writeln!(self.out, "  {title}");
            self.object(object);
        }
        self.out.push('\n');
    }

    fn object(&mut self, changes: &[Change]) {
        // Values that fit beside their path stand in one column.
        let widest = changes.iter().map(|c| view::path(c).chars().count()).filter(|w| *w <= 60).max().unwrap_or(0);
        for (i, change) in changes.iter().enumerate() {
            self.change(change, widest);
            let same = changes
                .get(i + 1)
                .is_some_and(|next| next.consequence == change.consequence && next.cause == change.cause && next.state == change.state);
            if !same {
                self.remarks(change);
            }
        }
    }

    fn change(&mut self, change: &Change, widest: usize) {
        let style = match change.op {
            Op::Add => Style::Green,
            Op::Remove => Style::Red,
            Op::Replace => Style::Yellow,
        };
        let sign = self.paint(style, &view::sign(change.op).to_string());
        let path = view::path(change);
        let pad = " ".repeat(widest.saturating_sub(path.chars().count()));
        match view::shown(change) {
            Shown::Whole => {
                let _ = writeln!(self.out, "    {sign} {path}");
            }
            Shown::Inline(before, after) => {
                let before = before.map(|b| self.paint(Style::Red, &b));
                let after = after.map(|a| self.paint(Style::Green, &a));
                let value = match (before, after) {
                    (Some(before), Some(after)) => format!("{before} -> {after}"),
                    (before, after) => before.or(after).unwrap_or_default(),
                };
                let _ = writeln!(self.out, "    {sign} {path}{pad}  {value}");
            }
            Shown::Lines(lines) => {
                let _ = writeln!(self.out, "    {sign} {path}");
                for line in lines {
                    self.line(&line);
                }
            }
        }
    }

    fn line(&mut self, line: &Line) {
        let text = match line {
            Line::Same(text) => self.paint(Style::Dim, &format!("  {text}")),
            Line::Added(text) => self.paint(Style::Green, &format!("+ {text}")),
            Line::Removed(text) => self.paint(Style::Red, &format!("- {text}")),
            Line::Gap => self.paint(Style::Dim, "  ..."),
        };
        let _ = writeln!(self.out, "        {}", text.trim_end());
    }

    fn remarks(&mut self, change: &Change) {
        let mut say = |text: &str| {
            let text = self.paint(Style::Dim, text);
            let _ = writeln!(self.out, "        {text}");
        };
        if let Some(state) = change.state {
            say(&format!("{}: {}", state.as_str(), state.meaning()));
        }
        if !change.consequence.is_empty() {
            say(change.consequence);
        }
        if change.not_picked_up {
            say("Not picked up by running pods until they restart.");
        }
        if let Some(cause) = view::cause(change) {
            say(&format!("from {cause}"));
        }
    }
}
