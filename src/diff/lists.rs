//! Which items of two lists are the same item (`schemas/diff/lists.json`).

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Table {
    lists: Vec<ListKind>,
}

#[derive(Deserialize)]
struct ListKind {
    field: String,
    object: Option<String>,
    /// Each a set of fields; `field=default` and `a/b` for a nested one.
    keys: Vec<Vec<String>>,
    /// Why order has no meaning, where it has none.
    unordered: Option<String>,
}

fn kinds() -> &'static [ListKind] {
    static KINDS: OnceLock<Vec<ListKind>> = OnceLock::new();
    KINDS.get_or_init(|| {
        let table: Table = serde_json::from_str(include_str!("../../schemas/diff/lists.json")).expect("the table is well-formed");
        table.lists
    })
}

/// Index in the old list and index in the new one.
pub type Pair = (Option<usize>, Option<usize>);

pub struct Matched {
    /// New items in their order, each with its old index where it had one, then the old items that are gone.
    pub pairs: Vec<Pair>,
    /// The items that stay stand in another order, and the order has a meaning.
    pub reordered: bool,
}

/// Pairs the items of two lists of maps that stand at a field called `field` of an object of `kind`.
pub fn pair(kind: &str, field: &str, old: &[Value], new: &[Value]) -> Matched {
    let known = kinds().iter().find(|l| l.field == field && l.object.as_ref().is_none_or(|o| o == kind));
    let mut of_new: Vec<Option<usize>> = vec![None; new.len()];
    let mut taken = vec![false; old.len()];
    let guessed: Vec<Vec<String>> = ["name", "key", "id"].map(|k| vec![k.to_owned()]).to_vec();
    for keys in known.map_or(&guessed, |k| &k.keys) {
        by_key(keys, old, new, &mut of_new, &mut taken);
    }
    by_equality(old, new, &mut of_new, &mut taken);
    by_position(known.is_some(), old, new, &mut of_new, &mut taken);
    let mut last = None;
    let mut reordered = false;
    for index in of_new.iter().flatten() {
        reordered |= last > Some(*index);
        last = last.max(Some(*index));
    }
    let mut pairs: Vec<Pair> = of_new.into_iter().enumerate().map(|(j, i)| (i, Some(j))).collect();
    pairs.extend(taken.iter().enumerate().filter(|(_, taken)| !**taken).map(|(i, _)| (Some(i), None)));
    Matched { pairs, reordered: reordered && known.is_none_or(|k| k.unordered.is_none()) }
}

/// A path in which indices of items stand as the items' identities, so that it is the same in two objects with other neighbours.
pub fn stable(kind: &str, object: &Value, path: &[String]) -> Vec<String> {
    let mut at = Some(object);
    let mut field = "";
    let mut found = Vec::with_capacity(path.len());
    for segment in path {
        let next = at.and_then(|value| match value {
            Value::Array(items) => segment.parse::<usize>().ok().and_then(|index| items.get(index)),
            other => other.get(segment),
        });
        let name = match (at, next) {
            (Some(Value::Array(_)), Some(item)) => {
                let known = kinds().iter().find(|l| l.field == field && l.object.as_ref().is_none_or(|o| o == kind));
                let keys = known.and_then(|k| k.keys.last()).cloned().unwrap_or_else(|| vec!["name".to_owned()]);
                key_of(&keys, item).map_or_else(|| segment.clone(), |key| Value::Array(key).to_string())
            }
            _ => segment.clone(),
        };
        found.push(name);
        field = segment;
        at = next;
    }
    found
}

/// The identity of an item by a set of fields; `None` where it has none of them.
fn key_of(keys: &[String], item: &Value) -> Option<Vec<Value>> {
    let mut any = false;
    let mut values = Vec::with_capacity(keys.len());
    for key in keys {
        let (path, default) = match key.split_once('=') {
            Some((path, default)) => (path, Some(default)),
            None => (key.as_str(), None),
        };
        let found = path.split('/').try_fold(item, |value, segment| value.get(segment)).filter(|v| !v.is_null());
        any |= found.is_some() || default == Some("");
        values.push(found.cloned().unwrap_or_else(|| Value::String(default.unwrap_or("").to_owned())));
    }
    any.then_some(values)
}

/// The same as one text.
fn text_of<'a>(keys: &[String], item: &'a Value) -> Option<Cow<'a, str>> {
    // Nearly all keys are one plain field that holds a text.
    if let [key] = keys
        && let Some(Value::String(text)) = item.get(key.as_str())
    {
        return Some(Cow::Borrowed(text));
    }
    Some(Cow::Owned(Value::Array(key_of(keys, item)?).to_string()))
}

/// The free items by their keys; one whose key stands twice is told as none.
fn by_text<'a>(keys: &[String], items: &'a [Value], free: &dyn Fn(usize) -> bool) -> HashMap<Cow<'a, str>, Option<usize>> {
    let mut found: HashMap<Cow<'a, str>, Option<usize>> = HashMap::new();
    for (i, item) in items.iter().enumerate().filter(|(i, _)| free(*i)) {
        if let Some(key) = text_of(keys, item) {
            found.entry(key).and_modify(|at| *at = None).or_insert(Some(i));
        }
    }
    found
}

/// Pairs items whose key is the only one of its like among those left on each side.
fn by_key(keys: &[String], old: &[Value], new: &[Value], of_new: &mut [Option<usize>], taken: &mut [bool]) {
    let olds = by_text(keys, old, &|i| !taken[i]);
    let news = by_text(keys, new, &|j| of_new[j].is_none());
    for (key, j) in news {
        if let (Some(j), Some(Some(i))) = (j, olds.get(&key)) {
            of_new[j] = Some(*i);
            taken[*i] = true;
        }
    }
}

fn by_equality(old: &[Value], new: &[Value], of_new: &mut [Option<usize>], taken: &mut [bool]) {
    for j in 0..new.len() {
        if of_new[j].is_none()
            && let Some(i) = (0..old.len()).find(|i| !taken[*i] && old[*i] == new[j])
        {
            of_new[j] = Some(i);
            taken[i] = true;
        }
    }
}

/// What is left: in lists with keys a single item that is mostly the same was renamed; in lists without, items go by their order.
fn by_position(keyed: bool, old: &[Value], new: &[Value], of_new: &mut [Option<usize>], taken: &mut [bool]) {
    let olds: Vec<usize> = (0..old.len()).filter(|i| !taken[*i]).collect();
    let news: Vec<usize> = (0..new.len()).filter(|j| of_new[*j].is_none()).collect();
    if keyed && !(olds.len() == 1 && news.len() == 1 && alike(&old[olds[0]], &new[news[0]])) {
        return;
    }
    for (i, j) in olds.into_iter().zip(news) {
        of_new[j] = Some(i);
        taken[i] = true;
    }
}

/// At least half of the fields of both are equal.
fn alike(a: &Value, b: &Value) -> bool {
    let (Value::Object(a), Value::Object(b)) = (a, b) else { return false };
    let equal = a.iter().filter(|(key, value)| b.get(*key) == Some(value)).count();
    equal * 2 >= a.len().max(b.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn pairs(kind: &str, field: &str, old: Value, new: Value) -> (Vec<Pair>, bool) {
        let matched = pair(kind, field, old.as_array().unwrap(), new.as_array().unwrap());
        (matched.pairs, matched.reordered)
    }

    #[test]
    fn items_are_found_by_their_keys() {
        let env = |names: &[&str]| Value::Array(names.iter().map(|n| json!({"name": n, "value": "x"})).collect());
        assert_eq!(
            pairs("Deployment", "env", env(&["a", "b"]), env(&["a", "c", "b"])),
            (vec![(Some(0), Some(0)), (None, Some(1)), (Some(1), Some(2))], false)
        );
        assert!(pairs("Deployment", "env", env(&["a", "b"]), env(&["b", "a"])).1);
        let port = |number: u16, name: &str| json!({"port": number, "name": name, "targetPort": 1});
        assert_eq!(pairs("Service", "ports", json!([port(80, "web")]), json!([port(81, "web")])).0, vec![(Some(0), Some(0))]);
        assert_eq!(
            pairs("Service", "ports", json!([port(80, "a"), port(81, "b")]), json!([port(81, "b")])).0,
            vec![(Some(1), Some(0)), (Some(0), None)]
        );
    }

    #[test]
    fn a_changed_host_is_still_the_same_rule() {
        let rule = |host: &str| json!({"host": host, "http": {"paths": []}});
        assert_eq!(pairs("Ingress", "rules", json!([rule("a")]), json!([rule("b")])).0, vec![(Some(0), Some(0))]);
        assert_eq!(pairs("Ingress", "rules", json!([rule("a")]), json!([rule("b"), rule("c")])).0.len(), 3);
    }
}
