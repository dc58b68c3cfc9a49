//! Paths of the tables and of `--ignore`: JSON pointers with wildcards, or annotation keys.

use crate::source::Pointer;

/// One pattern. `*` inside a segment stands for any text, a segment `*` for any segment, a last `**` for any rest, also none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Pattern {
    Path {
        segments: Vec<String>,
        open: bool,
    },
    /// Without a leading slash: an annotation of the object, or an attribute inside it.
    Annotation(String),
}

const ANNOTATIONS: [&str; 2] = ["metadata", "annotations"];

impl Pattern {
    pub fn parse(text: &str) -> Pattern {
        if text.is_empty() {
            return Pattern::Path { segments: Vec::new(), open: false };
        }
        if !text.starts_with('/') {
            return Pattern::Annotation(text.to_owned());
        }
        let mut segments: Vec<String> = Pointer::parse(text).segments().collect();
        let open = segments.last().is_some_and(|s| s == "**");
        if open {
            segments.pop();
        }
        Pattern::Path { segments, open }
    }

    pub fn fits(&self, path: &[String]) -> bool {
        match self {
            Pattern::Path { segments, open } => {
                (path.len() == segments.len() || *open && path.len() > segments.len())
                    && segments.iter().zip(path).all(|(want, have)| glob(want, have))
            }
            Pattern::Annotation(key) => path.len() >= 3 && path[0] == ANNOTATIONS[0] && path[1] == ANNOTATIONS[1] && glob(key, &path[2]),
        }
    }

    /// Whether it names `path` or a parent of it.
    pub fn covers(&self, path: &[String]) -> bool {
        match self {
            Pattern::Path { segments, .. } => {
                path.len() >= segments.len() && segments.iter().zip(path).all(|(want, have)| glob(want, have))
            }
            Pattern::Annotation(_) => self.fits(path),
        }
    }

    /// How many wildcards it has: none names one thing.
    pub fn is_exact(&self) -> bool {
        match self {
            Pattern::Path { segments, open } => !open && segments.iter().all(|s| !s.contains('*')),
            Pattern::Annotation(key) => !key.contains('*'),
        }
    }
}

/// `*` in `want` stands for any text, also none.
pub fn glob(want: &str, have: &str) -> bool {
    // Most words of the tables are plain, and most differ at once: this is asked millions of times.
    if want == have || want == "*" {
        return true;
    }
    if want.bytes().next().is_some_and(|first| first != b'*' && have.bytes().next() != Some(first)) {
        return false;
    }
    match want.split_once('*') {
        None => want == have,
        Some((start, rest)) => {
            let Some(mut left) = have.strip_prefix(start) else { return false };
            if rest.is_empty() {
                return true;
            }
            loop {
                if glob(rest, left) {
                    return true;
                }
                let mut chars = left.chars();
                if chars.next().is_none() {
                    return false;
                }
                left = chars.as_str();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(pattern: &str, path: &str) -> bool {
        Pattern::parse(pattern).fits(&Pointer::parse(path).segments().collect::<Vec<_>>())
    }

    #[test]
    fn patterns_fit_as_the_tables_say() {
        assert!(fits("", ""));
        assert!(!fits("", "/spec"));
        assert!(fits("/spec/**", "/spec") && fits("/spec/**", "/spec/a/b") && !fits("/spec/**", "/data"));
        assert!(fits("/spec/*/port", "/spec/0/port") && !fits("/spec/*/port", "/spec/0/port/name"));
        assert!(fits("/data/*.json", "/data/schema.json") && !fits("/data/*.json", "/data/a.json.txt"));
        assert!(fits("a.io/tags", "/metadata/annotations/a.io~1tags") && fits("a.io/tags", "/metadata/annotations/a.io~1tags/Team"));
        assert!(fits("a.io/*", "/metadata/annotations/a.io~1x") && !fits("a.io/*", "/metadata/labels/a.io~1x"));
        assert!(Pattern::parse("/spec").covers(&["spec".into(), "replicas".into()]));
    }
}
