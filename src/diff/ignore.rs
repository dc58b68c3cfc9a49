//! `--ignore`: paths that the user does not want to see compared.

use super::identity::ObjectId;
use super::pattern::{Pattern, glob};

/// `/spec/replicas` for every object, `Deployment:/spec/replicas` for a kind, `Deployment/my-app:/spec/replicas` for one object;
/// an annotation by its key (`alb.ingress.kubernetes.io/tags`, or `Ingress:alb.ingress.kubernetes.io/tags`). `*` is a wildcard.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ignore {
    kind: Option<String>,
    name: Option<String>,
    pattern: Pattern,
}

impl Ignore {
    /// # Errors
    /// What is wrong with the text, for its author.
    pub fn parse(text: &str) -> Result<Ignore, String> {
        let (object, path) = match text.split_once(':') {
            Some((object, path)) => (Some(object), path),
            None => (None, text),
        };
        if path.is_empty() && object.is_none() {
            return Err("an empty path would ignore everything; name a kind (Kind:) or a path".to_owned());
        }
        let bad_escape =
            path.starts_with('/') && path.match_indices('~').any(|(i, _)| !matches!(path.as_bytes().get(i + 1), Some(b'0' | b'1')));
        if bad_escape {
            return Err(format!("{path:?} is no JSON pointer: ~ is written ~0, and / in a name ~1"));
        }
        let (kind, name) = match object.map(|o| o.split_once('/').unwrap_or((o, ""))) {
            Some(("", _)) => return Err(format!("{text:?} names no kind before the colon")),
            Some((kind, name)) => (Some(kind.to_owned()), (!name.is_empty()).then(|| name.to_owned())),
            None => (None, None),
        };
        Ok(Ignore { kind, name, pattern: Pattern::parse(path) })
    }

    pub fn covers(&self, object: &ObjectId, path: &[String]) -> bool {
        self.kind.as_ref().is_none_or(|kind| glob(kind, &object.kind))
            && self.name.as_ref().is_none_or(|name| glob(name, &object.name))
            && self.pattern.covers(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ignores_by_kind_name_and_path() {
        let object = ObjectId { kind: "Deployment".into(), group: "apps".into(), namespace: Some("shop".into()), name: "web".into() };
        let covers = |text: &str, path: &str| {
            Ignore::parse(text).unwrap().covers(&object, &crate::source::Pointer::parse(path).segments().collect::<Vec<_>>())
        };
        assert!(covers("/spec/replicas", "/spec/replicas") && !covers("/spec/replicas", "/spec"));
        assert!(covers("Deployment:/spec", "/spec/replicas") && !covers("Service:/spec", "/spec/replicas"));
        assert!(covers("Deployment/web:", "/spec") && !covers("Deployment/other:", "/spec"));
        assert!(covers("a.io/x", "/metadata/annotations/a.io~1x"));
        assert!(Ignore::parse("").is_err() && Ignore::parse(":/x").is_err() && Ignore::parse("/a~b").is_err());
    }
}
