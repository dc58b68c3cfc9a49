//! What a template printed, as objects: the common case without a spanned tree.
//!
//! Templates print plain maps, lists and scalars, some of them twice by an alias. Anything else in their output (tags, merge keys, a key that
//! stands twice, text that is no YAML) is left to the one reader of YAML with its faults; `None` says so. It reads nothing otherwise than
//! that reader does. A file of the chart stands in the text as a [`reference()`], so that its text is neither escaped nor scanned.

use std::collections::HashMap;

use serde_json::{Map, Value};
use serde_saphyr::granit_parser::{Event, Parser, ScalarStyle, options};

use super::helm_yaml;
use crate::source::Pointer;

/// Deepest nesting that is read here.
const MAX_DEPTH: usize = 48;

/// Most aliases of one text: templates have few, and what many of them expand to would have to be counted.
const MAX_ALIASES: usize = 64;

/// What opens a reference: of a private-use area, so that no text begins so by chance.
const REFERENCE: &str = "\u{e000}file:";

/// A text that stands for a file of the chart without its last line break.
pub fn reference(path: &str) -> String {
    format!("{REFERENCE}{path}")
}

/// The path that a text stands for.
pub fn referred(text: &str) -> Option<&str> {
    text.strip_prefix(REFERENCE)
}

/// A document's value, and the texts of its unquoted scalars for which `ambiguous` holds.
pub type Document = (Value, Vec<(Pointer, String)>);

/// The documents of a text that are not null. `file` gives the text of a reference.
pub fn read(text: &str, ambiguous: fn(&str) -> bool, file: &dyn Fn(&str) -> Option<&'static str>) -> Option<Vec<Document>> {
    let options = options! { emit_comments: false, flow_nesting_limit: MAX_DEPTH, block_nesting_limit: MAX_DEPTH };
    let events = Parser::new_from_str_with_options(text, options).map(|e| e.ok().map(|(event, _)| event));
    let mut reader = Reader { events, path: Vec::new(), anchors: HashMap::new(), aliases: 0, ambiguous, file };
    let mut documents = Vec::new();
    loop {
        match reader.events.next()?? {
            Event::DocumentStart(..) => {
                reader.anchors.clear();
                let mut bare = Vec::new();
                let first = reader.events.next()??;
                if matches!(first, Event::DocumentEnd) {
                    continue;
                }
                let value = reader.value(first, &mut bare)?;
                if !value.is_null() {
                    documents.push((value, bare));
                }
            }
            Event::StreamEnd => return Some(documents),
            _ => {}
        }
    }
}

/// A step on the way to the value that is read.
enum Step {
    Key(String),
    Index(usize),
}

struct Reader<'f, P> {
    events: P,
    path: Vec<Step>,
    anchors: HashMap<usize, Value>,
    aliases: usize,
    ambiguous: fn(&str) -> bool,
    file: &'f dyn Fn(&str) -> Option<&'static str>,
}

impl<'i, P: Iterator<Item = Option<Event<'i>>>> Reader<'_, P> {
    fn value(&mut self, event: Event<'i>, bare: &mut Vec<(Pointer, String)>) -> Option<Value> {
        let anchor = match &event {
            Event::Scalar(_, _, anchor, _) | Event::SequenceStart(_, anchor, _) | Event::MappingStart(_, anchor, _) => *anchor,
            _ => 0,
        };
        let before = bare.len();
        let value = self.content(event, bare)?;
        if anchor != 0 {
            // An ambiguous text would have to be named where the alias stands, too.
            if bare.len() > before {
                return None;
            }
            self.anchors.insert(anchor, value.clone());
        }
        Some(value)
    }

    fn content(&mut self, event: Event<'i>, bare: &mut Vec<(Pointer, String)>) -> Option<Value> {
        match event {
            Event::Alias(id) => {
                self.aliases += 1;
                self.anchors.get(&id).filter(|_| self.aliases <= MAX_ALIASES).cloned()
            }
            Event::Scalar(text, ScalarStyle::Plain, _, None) => {
                if (self.ambiguous)(&text) {
                    bare.push((self.pointer(), text.clone().into_owned()));
                }
                Some(helm_yaml::plain(&text))
            }
            Event::Scalar(text, _, _, None) => match referred(&text) {
                Some(path) => (self.file)(path).map(Value::from),
                None => Some(Value::String(text.into_owned())),
            },
            Event::SequenceStart(_, _, None) => {
                let mut items = Vec::new();
                loop {
                    let event = self.events.next()??;
                    if matches!(event, Event::SequenceEnd) {
                        return Some(Value::Array(items));
                    }
                    self.path.push(Step::Index(items.len()));
                    items.push(self.value(event, bare)?);
                    self.path.pop();
                }
            }
            Event::MappingStart(_, _, None) => {
                let mut map = Map::new();
                loop {
                    let key = match self.events.next()?? {
                        Event::MappingEnd => return Some(Value::Object(map)),
                        Event::Scalar(key, _, 0, None) if key != "<<" => key.into_owned(),
                        _ => return None,
                    };
                    let event = self.events.next()??;
                    self.path.push(Step::Key(key));
                    let value = self.value(event, bare)?;
                    let Some(Step::Key(key)) = self.path.pop() else { return None };
                    if map.insert(key, value).is_some() {
                        return None;
                    }
                }
            }
            _ => None,
        }
    }

    fn pointer(&self) -> Pointer {
        self.path.iter().fold(Pointer::root(), |pointer, step| match step {
            Step::Key(key) => pointer.join(key),
            Step::Index(index) => pointer.index(*index),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::yaml;
    use crate::source::Source;

    #[test]
    fn it_reads_what_the_reader_of_configs_reads() {
        for text in [
            "a: 1\nb: [x, 'y', \"z\"]\nc: {d: yes, e: ~}\n---\n---\n# no more\n---\n- 1e+06\n- |\n  two\n  lines\n- >-\n  folded\n  text\n",
            "",
            "# nothing\n",
            "a:\n  - b: 0123\n    c/d: 1:30\n",
            "plain\n",
            "a: {}\nb: []\n? k\n: v\n",
            "a: &x { b: 1 }\nc: *x\nd: &y [z]\ne: [*y, *x]\n",
        ] {
            let documents = yaml::parse_all(&Source::new("t", text)).expect("valid");
            let wanted: Vec<Value> = documents.iter().map(|d| helm_yaml::to_value(&d.root)).collect();
            let read: Vec<Value> = read(text, |_| false, &|_| None).expect("plain").into_iter().map(|(value, _)| value).collect();
            assert_eq!(read, wanted, "{text}");
        }
        let (_, bare) = read("a:\n  - b: 0123\n    c/d: 1:30\n", |text| text != "x", &|_| None).expect("plain").remove(0);
        let places: Vec<&str> = bare.iter().map(|(pointer, _)| pointer.as_str()).collect();
        assert_eq!(places, ["/a/0/b", "/a/0/c~1d"]);
    }

    #[test]
    fn what_is_unusual_is_left_to_the_reader_of_configs() {
        for text in
            ["a: &x 1e3\nb: *x\n", "a: !!str 1\n", "a: &x [*x]\n", "<<: {a: 1}\n", "a: 1\na: 2\n", "a: [\n", "{a: 1}: 2\n", "a: b: c\n"]
        {
            assert_eq!(read(text, |text| text == "1e3", &|_| None), None, "{text}");
        }
        assert_eq!(read(&"[".repeat(100), |_| false, &|_| None), None);
    }

    #[test]
    fn a_reference_becomes_the_text_of_the_file() {
        let text = format!("a: \"{}\"\nb: \"x\"\n", reference("files/x"));
        let file = |path: &str| (path == "files/x").then_some("the \"file\"\n");
        assert_eq!(read(&text, |_| false, &file).expect("plain")[0].0, serde_json::json!({"a": "the \"file\"\n", "b": "x"}));
        assert_eq!(read(&text, |_| false, &|_| None), None);
    }
}
