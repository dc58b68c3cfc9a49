//! The one reader of YAML: bytes to a spanned tree, on the event parser of serde-saphyr.
//!
//! It refuses what no config needs and what hides mistakes: several documents, duplicate keys, unknown tags, keys that are no
//! scalars, bytes that are no UTF-8, NUL, texts over [`MAX_BYTES`], and aliases that expand beyond [`MAX_NODES`]. Faults are
//! diagnostics of rule `CFG001`. It knows nothing of the config language.

use std::collections::HashMap;
use std::sync::Arc;

use serde_saphyr::granit_parser::{Event, Parser, ScanError, Span as EventSpan, Tag, options};

use super::tree::{Entry, Kind, Mapping, Node, Scalar, Style};
use crate::diagnostic::Diagnostic;
use crate::source::{Place, Pointer, Position, Source, Span};

/// Largest text that is read, in bytes.
pub const MAX_BYTES: usize = 4 * 1024 * 1024;
/// Most nodes of one text after its aliases are expanded.
pub const MAX_NODES: usize = 250_000;
/// Most bytes that the pointers of all nodes of one text may take together, so that long keys above many nodes stay harmless.
pub const MAX_POINTER_BYTES: usize = 64 * 1024 * 1024;
/// Deepest nesting.
pub const MAX_DEPTH: usize = 64;
/// Rule of every fault of this reader.
pub const RULE: &str = "CFG001";

/// A comment of a text, for suppressions.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Comment {
    pub span: Span,
    /// Without the `#`.
    pub text: String,
}

/// One read document.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Document {
    pub source: Arc<Source>,
    pub root: Node,
    /// Only the comments that hold `gqlgen:`.
    pub comments: Vec<Comment>,
}

type Fault = Box<Diagnostic>;

/// Bytes to text: an optional byte order mark, UTF-8, no NUL, at most [`MAX_BYTES`].
pub fn decode(name: &str, bytes: &[u8]) -> Result<Arc<Source>, Fault> {
    let at_start = |message: String| {
        let place = Place::whole(&Source::new(name, ""));
        Box::new(Diagnostic::error(RULE, place, message))
    };
    if bytes.len() > MAX_BYTES {
        return Err(Box::new(*at_start(format!(
            "the file has {} bytes, more than the {} MiB that are read",
            bytes.len(),
            MAX_BYTES >> 20
        ))));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let source = Source::new(name, String::from_utf8_lossy(bytes));
            // Everything before the bad byte is unchanged by the lossy reading.
            let place = point(&source, error.valid_up_to());
            let help = if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
                "the file looks like UTF-16: save it as UTF-8"
            } else {
                "save the file as UTF-8"
            };
            return Err(Box::new(
                Diagnostic::error(
                    RULE,
                    place,
                    format!("the file is no UTF-8: byte 0x{:02x} cannot stand here", bytes[error.valid_up_to()]),
                )
                .help(help),
            ));
        }
    };
    let source = Source::new(name, text);
    if let Some(offset) = text.find('\0') {
        let place = point(&source, offset);
        return Err(Box::new(
            Diagnostic::error(RULE, place, "the file holds a NUL character, which no text has").help("remove it; the file may be binary"),
        ));
    }
    Ok(source)
}

/// Reads bytes as one YAML document.
pub fn read(name: &str, bytes: &[u8]) -> Result<Document, Fault> {
    parse(&decode(name, bytes)?)
}

/// Reads a text as one YAML document; an empty one is null.
pub fn parse(source: &Arc<Source>) -> Result<Document, Fault> {
    let mut documents = compose(source, false)?;
    Ok(documents.pop().unwrap_or_else(|| empty(source)))
}

/// Reads a text as a stream of documents, as manifests are. Empty documents are left out.
pub fn parse_all(source: &Arc<Source>) -> Result<Vec<Document>, Fault> {
    compose(source, true)
}

fn empty(source: &Arc<Source>) -> Document {
    let root = Node { place: Place::whole(source), kind: Kind::Scalar(Scalar { text: String::new(), style: Style::Plain }) };
    Document { source: source.clone(), root, comments: Vec::new() }
}

fn point(source: &Arc<Source>, offset: usize) -> Place {
    let at = source.position(offset);
    Place { source: source.clone(), span: Span { start: at, end: at }, pointer: Pointer::root() }
}

/// Composition recurses; the parser's nesting limits bound the depth.
struct Composer<'s, P> {
    source: &'s Arc<Source>,
    events: P,
    anchors: HashMap<usize, Node>,
    nodes: usize,
    pointer_bytes: usize,
    comments: Vec<Comment>,
}

fn compose(source: &Arc<Source>, many: bool) -> Result<Vec<Document>, Fault> {
    let text = source.text.as_str();
    let options = options! {
        emit_comments: text.contains("gqlgen:"),
        max_buffered_comment_events: usize::MAX,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    let events = Parser::new_from_str_with_options(text, options);
    let mut composer = Composer { source, events, anchors: HashMap::new(), nodes: 0, pointer_bytes: 0, comments: Vec::new() };
    let mut documents = Vec::new();
    while let Some((event, span)) = composer.next()? {
        match event {
            Event::DocumentStart(..) => {
                if !many && !documents.is_empty() {
                    return Err(composer.fault(span, "a second document begins here, and would be dropped").with_help(
                        "one file describes one deployment: move the second document to a file of its own, `NAME.gqlgen.yaml`",
                    ));
                }
                composer.anchors.clear();
                let root = composer.document()?;
                let comments = std::mem::take(&mut composer.comments);
                if !(many && root.is_null()) {
                    documents.push(Document { source: source.clone(), root, comments });
                }
            }
            Event::StreamEnd => break,
            _ => {}
        }
    }
    // Comments behind the document's end belong to it.
    if let Some(last) = documents.last_mut() {
        last.comments.append(&mut composer.comments);
    }
    Ok(documents)
}

trait WithHelp {
    fn with_help(self, help: &str) -> Self;
}

impl WithHelp for Fault {
    fn with_help(mut self, help: &str) -> Fault {
        self.help = Some(help.to_owned());
        self
    }
}

impl<'i, P: Iterator<Item = Result<(Event<'i>, EventSpan), ScanError>>> Composer<'_, P> {
    /// The next event that is no comment.
    fn next(&mut self) -> Result<Option<(Event<'i>, EventSpan)>, Fault> {
        loop {
            match self.events.next() {
                None => return Ok(None),
                Some(Err(error)) => return Err(self.syntax_fault(&error)),
                Some(Ok((Event::Comment(text, _), span))) => {
                    if text.contains("gqlgen:") {
                        let span = self.span(span);
                        self.comments.push(Comment { span, text: text.into_owned() });
                    }
                }
                Some(Ok(next)) => return Ok(Some(next)),
            }
        }
    }

    fn document(&mut self) -> Result<Node, Fault> {
        let Some((event, span)) = self.next()? else { return Ok(empty(self.source).root) };
        if matches!(event, Event::DocumentEnd) {
            return Ok(empty(self.source).root);
        }
        self.node(event, span, &Pointer::root(), 0)
    }

    fn node(&mut self, event: Event<'i>, span: EventSpan, pointer: &Pointer, depth: usize) -> Result<Node, Fault> {
        self.pointer_bytes += pointer.as_str().len();
        self.count(span)?;
        if depth > MAX_DEPTH {
            return Err(self.fault(span, &format!("the nesting is deeper than {MAX_DEPTH} levels")));
        }
        let place = |span: Span| Place { source: self.source.clone(), span, pointer: pointer.clone() };
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let plain = matches!(style, serde_saphyr::granit_parser::ScalarStyle::Plain);
                let style = self.scalar_style(plain, tag.as_deref(), span)?;
                let node = Node { place: place(self.span(span)), kind: Kind::Scalar(Scalar { text: text.into_owned(), style }) };
                Ok(self.anchored(anchor, node))
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.check_collection_tag(tag.as_deref(), "seq", span)?;
                let mut items = Vec::new();
                let end = loop {
                    let Some((event, at)) = self.next()? else { break span };
                    if matches!(event, Event::SequenceEnd) {
                        break at;
                    }
                    items.push(self.node(event, at, &pointer.index(items.len()), depth + 1)?);
                };
                let span = self.collection_span(span, end, items.last().map(|n| n.place.span));
                let node =
                    Node { place: Place { source: self.source.clone(), span, pointer: pointer.clone() }, kind: Kind::Sequence(items) };
                Ok(self.anchored(anchor, node))
            }
            Event::MappingStart(_, anchor, tag) => {
                self.check_collection_tag(tag.as_deref(), "map", span)?;
                let (mapping, end) = self.mapping(span, pointer, depth)?;
                let span = self.collection_span(span, end, mapping.last().map(|(_, e)| e.value.place.span));
                let node =
                    Node { place: Place { source: self.source.clone(), span, pointer: pointer.clone() }, kind: Kind::Mapping(mapping) };
                Ok(self.anchored(anchor, node))
            }
            Event::Alias(id) => {
                let Some(node) = self.anchors.get(&id) else {
                    return Err(self.fault(span, "the alias stands inside the node that it names, which would never end"));
                };
                let node = node.rebased(pointer);
                let size = size_of(&node, MAX_NODES);
                self.nodes += size;
                self.pointer_bytes += size * pointer.as_str().len();
                self.count(span)?;
                Ok(node)
            }
            _ => Err(self.fault(span, "the document ends in the middle of a value")),
        }
    }

    fn mapping(&mut self, start: EventSpan, pointer: &Pointer, depth: usize) -> Result<(Mapping, EventSpan), Fault> {
        let mut mapping = Mapping::new();
        let mut merged: Vec<Node> = Vec::new();
        loop {
            let Some((event, at)) = self.next()? else { return Ok((mapping, start)) };
            let (key, plain) = match event {
                Event::MappingEnd => {
                    for source in merged {
                        merge_into(&mut mapping, source, pointer);
                    }
                    return Ok((mapping, at));
                }
                Event::Scalar(text, style, _, _) => (text.into_owned(), matches!(style, serde_saphyr::granit_parser::ScalarStyle::Plain)),
                Event::Alias(id) if self.anchors.get(&id).is_some_and(|n| n.as_scalar().is_some()) => {
                    let text = self.anchors[&id].as_scalar().map(|s| s.text.clone()).unwrap_or_default();
                    (text, false)
                }
                _ => {
                    return Err(self.fault(at, "a key has to be a text, here stands a map or a list").with_help(
                        "text that begins with `{` or `[` needs quotes, such as \"{{ ... }}\"; nothing expands templates here",
                    ));
                }
            };
            let key_span = self.span(at);
            let below = pointer.join(&key);
            let Some((event, value_at)) = self.next()? else { return Ok((mapping, at)) };
            let value = self.node(event, value_at, &below, depth + 1)?;
            if plain && key == "<<" {
                self.collect_merge(&mut merged, value, at)?;
                continue;
            }
            let key_place = Place { source: self.source.clone(), span: key_span, pointer: below };
            if let Some(first) = mapping.get(&key) {
                let first = first.key.clone();
                let shown = key.escape_debug().to_string();
                return Err(Box::new(
                    Diagnostic::error(
                        RULE,
                        key_place,
                        format!("the key `{shown}` stands twice in this map, and only one of them would count"),
                    )
                    .related(first, "it stands here first")
                    .help("remove one of them, or join what they say"),
                ));
            }
            mapping.insert(key, Entry { key: key_place, value });
        }
    }

    fn collect_merge(&self, merged: &mut Vec<Node>, value: Node, at: EventSpan) -> Result<(), Fault> {
        let all = match value.kind {
            Kind::Sequence(items) => items,
            _ => vec![value],
        };
        if all.iter().any(|n| n.as_mapping().is_none()) {
            return Err(self.fault(at, "a merge key `<<` takes a map, or a list of maps"));
        }
        merged.extend(all);
        Ok(())
    }

    fn anchored(&mut self, anchor: usize, node: Node) -> Node {
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        node
    }

    fn count(&mut self, span: EventSpan) -> Result<(), Fault> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(self
                .fault(span, &format!("the document has more than {MAX_NODES} nodes once its aliases are expanded"))
                .with_help("aliases of aliases grow with each level: write the values out, or split the file"));
        }
        if self.pointer_bytes > MAX_POINTER_BYTES {
            return Err(self.fault(span, "the keys on the way to here are too long for the number of values below them"));
        }
        Ok(())
    }

    fn scalar_style(&self, plain: bool, tag: Option<&Tag>, span: EventSpan) -> Result<Style, Fault> {
        let untagged = if plain { Style::Plain } else { Style::Text };
        let Some(tag) = tag else { return Ok(untagged) };
        match tag.core_suffix() {
            Some("str") => Ok(Style::Text),
            Some("int" | "float" | "bool" | "null") => Ok(Style::Plain),
            _ if tag.original() == "!" => Ok(Style::Text),
            _ => Err(self.unknown_tag(tag, span)),
        }
    }

    fn check_collection_tag(&self, tag: Option<&Tag>, wanted: &str, span: EventSpan) -> Result<(), Fault> {
        match tag {
            Some(tag) if tag.core_suffix() != Some(wanted) && tag.original() != "!" => Err(self.unknown_tag(tag, span)),
            _ => Ok(()),
        }
    }

    fn unknown_tag(&self, tag: &Tag, span: EventSpan) -> Fault {
        let shown: String = tag.original().chars().take(60).collect();
        let mut fault = self.fault(span, &format!("the tag `{}` has no meaning here", shown.escape_debug()));
        if let Some(start) = span.tag_start {
            fault.place.span = Span { start: position(start), end: self.span(span).start };
        }
        fault.with_help("remove the tag; text that begins with `!` needs quotes")
    }

    fn span(&self, span: EventSpan) -> Span {
        let (start, mut end) = (position(span.start), position(span.end));
        if end < start {
            end = start;
        }
        Span { start, end }
    }

    /// A block collection's end event stands at the next token, lines below: its last child ends it.
    fn collection_span(&self, start: EventSpan, end: EventSpan, last: Option<Span>) -> Span {
        let start = self.span(start);
        let end = self.span(end);
        let closing = self.source.text.as_bytes().get(end.start.offset as usize).copied();
        let flow = matches!(self.source.text.as_bytes().get(start.start.offset as usize), Some(b'{' | b'['));
        let end = if flow && matches!(closing, Some(b'}' | b']')) { end.end } else { last.map_or(start.end, |l| l.end.max(start.end)) };
        Span { start: start.start, end }
    }

    fn fault(&self, span: EventSpan, message: &str) -> Fault {
        let place = Place { source: self.source.clone(), span: self.span(span), pointer: Pointer::root() };
        Box::new(Diagnostic::error(RULE, place, message))
    }

    fn syntax_fault(&self, error: &ScanError) -> Fault {
        let at = position(*error.marker());
        let place = Place { source: self.source.clone(), span: Span { start: at, end: at }, pointer: Pointer::root() };
        let info = error.info();
        let line = self.source.text.lines().nth(at.line.saturating_sub(1) as usize).unwrap_or("");
        let help = if info.contains("tab") || line.starts_with('\t') {
            Some("YAML takes blanks, not tabs, for indentation")
        } else if info.contains("alias") || info.contains("anchor") {
            Some("define the anchor before its use as `&NAME`; a text that begins with `*` needs quotes")
        } else {
            None
        };
        let mut fault = Box::new(Diagnostic::error(RULE, place, format!("this is no YAML: {info}")));
        fault.help = help.map(str::to_owned);
        fault
    }
}

fn position(mark: serde_saphyr::granit_parser::Marker) -> Position {
    // The parser reads from a string, so that it knows the byte offset; its columns begin at 0.
    Position { line: mark.line() as u32, column: mark.col() as u32 + 1, offset: mark.byte_offset().unwrap_or_else(|| mark.index()) as u32 }
}

fn merge_into(mapping: &mut Mapping, source: Node, pointer: &Pointer) {
    if let Kind::Mapping(entries) = source.kind {
        for (key, entry) in entries {
            let below = pointer.join(&key);
            mapping
                .entry(key)
                .or_insert_with(|| Entry { key: Place { pointer: below.clone(), ..entry.key }, value: entry.value.rebased(&below) });
        }
    }
}

/// Nodes of a tree, counted no further than `limit`.
fn size_of(node: &Node, limit: usize) -> usize {
    match &node.kind {
        Kind::Scalar(_) => 1,
        Kind::Sequence(items) => items.iter().fold(1, |n, item| if n > limit { n } else { n + size_of(item, limit - n.min(limit)) }),
        Kind::Mapping(mapping) => mapping.values().fold(1, |n, e| if n > limit { n } else { n + size_of(&e.value, limit - n.min(limit)) }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Document, Fault> {
        read("t.yaml", text.as_bytes())
    }

    #[test]
    fn nodes_know_their_lines_and_pointers() {
        let document = read_text("a:\n  b: [1, {c: x}]\nd: &n {e: 1}\nf: *n\n").expect("valid");
        let c = document.root.at(&Pointer::parse("/a/b/1/c")).expect("there");
        assert_eq!((c.place.span.start.line, c.place.span.start.column, c.place.pointer.as_str()), (2, 14, "/a/b/1/c"));
        let a = document.root.get("a").expect("there");
        assert_eq!((a.place.span.start.line, a.place.span.start.column, a.place.span.end.line), (2, 3, 2));
        let alias = document.root.at(&Pointer::parse("/f/e")).expect("there");
        assert_eq!((alias.place.span.start.line, alias.place.pointer.as_str()), (3, "/f/e"));
    }

    #[test]
    fn merge_keys_fill_in_and_do_not_override() {
        let document = read_text("base: &b {x: 1, y: 2}\nuse:\n  <<: *b\n  y: 3\n").expect("valid");
        let used = document.root.get("use").expect("there").to_json();
        assert_eq!(used, serde_json::json!({"y": 3, "x": 1}));
    }

    #[test]
    fn what_no_config_needs_is_refused_at_its_line() {
        for (text, line, word) in [
            ("a: 1\nb: 2\na: 3\n", 3, "twice"),
            ("a: 1\n---\nb: 1\n", 2, "second document"),
            ("a: !foo x\n", 1, "tag"),
            ("a: {{ .Release.Name }}\n", 1, "key has to be a text"),
            ("a: *nope\n", 1, "no YAML"),
            ("a: &x [*x]\n", 1, "never end"),
            ("a:\n\tb: 1\n", 2, "no YAML"),
            ("a: \"b\n", 0, "no YAML"),
            ("a: b\0c\n", 1, "NUL"),
            ("<<: 3\n", 1, "merge key"),
        ] {
            let fault = read_text(text).expect_err(text);
            assert!(fault.message.contains(word), "{text:?}: {}", fault.message);
            if line > 0 {
                assert_eq!(fault.place.span.start.line, line, "{text:?}: {}", fault.message);
            }
        }
        let fault = read("t", b"a: 1\nb: caf\xe9\n").expect_err("Latin-1");
        assert_eq!((fault.place.span.start.line, fault.place.span.start.column), (2, 7));
        assert!(read("t", &vec![b'a'; MAX_BYTES + 1]).is_err());
    }

    #[test]
    fn small_files_stay_small() {
        let mut bomb = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for level in 1..12 {
            let before = format!("*a{},", level - 1).repeat(10);
            bomb.push_str(&format!("a{level}: &a{level} [{}]\n", before.trim_end_matches(',')));
        }
        assert!(read_text(&bomb).expect_err("bomb").message.contains("nodes"));
        assert!(read_text(&"[".repeat(100_000)).is_err());
        assert!(read_text(&"- ".repeat(100_000)).is_err());
        assert!(read_text(&"? ".repeat(100_000)).is_err());
        assert!(read_text(&"a: &a\n".repeat(10_000)).is_err());
    }

    #[test]
    fn core_tags_are_read() {
        let document = read_text("a: !!str 3.10\nb: !!int \"3\"\nc: ! 12\n").expect("valid");
        assert_eq!(document.root.to_json(), serde_json::json!({"a": "3.10", "b": 3, "c": "12"}));
    }

    #[test]
    fn an_empty_text_is_null_and_a_bom_is_nothing() {
        assert!(read_text("").expect("valid").root.is_null());
        assert!(read_text("# only a comment\n").expect("valid").root.is_null());
        assert_eq!(read("t", b"\xef\xbb\xbfa: 1\r\nb: 2\r\n").expect("valid").root.to_json(), serde_json::json!({"a": 1, "b": 2}));
    }
}
