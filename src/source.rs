//! Texts that gqlgen read, and places in them.
//!
//! A [`Place`] is what every diagnostic, every node of a config and every cause of a change points at: a source, a span in it,
//! and the JSON pointer of the node there. Nothing here reads a file or knows a format.

use std::fmt;
use std::sync::Arc;

/// A position in a text: line and column from 1 (the column counts characters), offset in bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Position {
    pub line: u32,
    pub column: u32,
    pub offset: u32,
}

impl Position {
    pub const START: Position = Position { line: 1, column: 1, offset: 0 };
}

/// From `start` up to, not including, `end`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Span {
    pub start: Position,
    pub end: Position,
}

impl Span {
    pub const START: Span = Span { start: Position::START, end: Position::START };
}

/// A text with the name under which it is shown.
#[derive(PartialEq, Eq)]
pub struct Source {
    /// Path as the user gave it or as it follows from that, with `/`; `<stdin>` for standard input.
    pub name: String,
    pub text: String,
}

impl Source {
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Arc<Source> {
        Arc::new(Source { name: name.into(), text: text.into() })
    }

    /// The position of a byte offset; an offset inside a character or beyond the end is moved back to a valid one.
    pub fn position(&self, offset: usize) -> Position {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = &self.text[..offset];
        let line_start = before.rfind('\n').map_or(0, |i| i + 1);
        Position {
            line: 1 + before.bytes().filter(|b| *b == b'\n').count() as u32,
            column: 1 + before[line_start..].chars().count() as u32,
            offset: offset as u32,
        }
    }
}

impl fmt::Debug for Source {
    // The text may hold credentials.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Source({})", self.name)
    }
}

/// A JSON pointer (RFC 6901). Equality is that of the escaped text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct Pointer(String);

impl Pointer {
    /// The whole document.
    pub fn root() -> Pointer {
        Pointer::default()
    }

    /// Takes an already escaped pointer, such as `/ingress/hosts/0`.
    pub fn parse(text: &str) -> Pointer {
        Pointer(text.to_owned())
    }

    /// The pointer of a child; `segment` is given as it is, unescaped.
    pub fn join(&self, segment: &str) -> Pointer {
        let mut text = String::with_capacity(self.0.len() + segment.len() + 1);
        text.push_str(&self.0);
        text.push('/');
        for c in segment.chars() {
            match c {
                '~' => text.push_str("~0"),
                '/' => text.push_str("~1"),
                c => text.push(c),
            }
        }
        Pointer(text)
    }

    pub fn index(&self, index: usize) -> Pointer {
        Pointer(format!("{}/{index}", self.0))
    }

    /// `tail`, a pointer itself, below this one.
    pub fn append(&self, tail: &Pointer) -> Pointer {
        Pointer(format!("{}{}", self.0, tail.0))
    }

    pub fn parent(&self) -> Option<Pointer> {
        self.0.rfind('/').map(|i| Pointer(self.0[..i].to_owned()))
    }

    /// Unescaped segments, from the root.
    pub fn segments(&self) -> impl Iterator<Item = String> + '_ {
        self.0.split('/').skip(1).map(|s| s.replace("~1", "/").replace("~0", "~"))
    }

    pub fn last(&self) -> Option<String> {
        self.segments().last()
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A node of a source: where it stands and what its route is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    pub source: Arc<Source>,
    pub span: Span,
    pub pointer: Pointer,
}

impl Place {
    /// The whole source, shown at its first character.
    pub fn whole(source: &Arc<Source>) -> Place {
        Place { source: source.clone(), span: Span::START, pointer: Pointer::root() }
    }
}
