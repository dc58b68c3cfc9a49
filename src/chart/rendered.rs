//! What a template printed, as objects: the common case without a spanned tree.
//!
//! Templates print plain maps, lists and scalars. Anything else in their output (anchors, tags, merge keys, a key that stands twice, text that
//! is no YAML) is left to the one reader of YAML with its faults; `None` says so. It reads nothing otherwise than that reader does.

use serde_json::{Map, Value};
use serde_saphyr::granit_parser::{Event, Parser, ScalarStyle, options};

use super::helm_yaml;
use crate::source::Pointer;

/// Deepest nesting that is read here.
const MAX_DEPTH: usize = 48;

/// A document's value, and the texts of its unquoted scalars for which `ambiguous` holds.
pub type Document = (Value, Vec<(Pointer, String)>);

/// The documents of a text that are not null.
pub fn read(text: &str, ambiguous: fn(&str) -> bool) -> Option<Vec<Document>> {
    let options = options! { emit_comments: false, flow_nesting_limit: MAX_DEPTH, block_nesting_limit: MAX_DEPTH };
    let mut reader =
        Reader { events: Parser::new_from_str_with_options(text, options).map(|e| e.ok().map(|(event, _)| event)), path: Vec::new(), ambiguous };
    let mut documents = Vec::new();
    loop {
        match reader.events.next()?? {
            Event::DocumentStart(..) => {
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

struct Reader<P> {
    events: P,
    path: Vec<Step>,
    ambiguous: fn(&str) -> bool,
}

impl<'i, P: Iterator<Item = Option<Event<'i>>>> Reader<P> {
    fn value(&mut self, event: Event<'i>, bare: &mut Vec<(Pointer, String)>) -> Option<Value> {
        match event {
            Event::Scalar(text, ScalarStyle::Plain, 0, None) => {
                if (self.ambiguous)(&text) {
                    bare.push((self.pointer(), text.clone().into_owned()));
                }
                Some(helm_yaml::plain(&text))
            }
            Event::Scalar(text, _, 0, None) => Some(Value::String(text.into_owned())),
            Event::SequenceStart(_, 0, None) => {
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
            Event::MappingStart(_, 0, None) => {
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
        ] {
            let documents = yaml::parse_all(&Source::new("t", text)).expect("valid");
            let wanted: Vec<Value> = documents.iter().map(|d| helm_yaml::to_value(&d.root)).collect();
            let read: Vec<Value> = read(text, |_| false).expect("plain").into_iter().map(|(value, _)| value).collect();
            assert_eq!(read, wanted, "{text}");
        }
        let (_, bare) = read("a:\n  - b: 0123\n    c/d: 1:30\n", |text| text != "x").expect("plain").remove(0);
        let places: Vec<&str> = bare.iter().map(|(pointer, _)| pointer.as_str()).collect();
        assert_eq!(places, ["/a/0/b", "/a/0/c~1d"]);
    }

    #[test]
    fn what_is_unusual_is_left_to_the_reader_of_configs() {
        for text in ["a: &x 1\n", "a: &x {}\nb: *x\n", "a: !!str 1\n", "<<: {a: 1}\n", "a: 1\na: 2\n", "a: [\n", "{a: 1}: 2\n", "a: b: c\n"] {
            assert_eq!(read(text, |_| false), None, "{text}");
        }
        assert_eq!(read(&"[".repeat(100), |_| false), None);
    }
}
