//! Fields that are never a difference, because controllers and tools write them (`schemas/diff/noise.json`, with a reason each).

use std::sync::OnceLock;

use serde::Deserialize;

use super::pattern::{Pattern, glob};

#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// Wherever it stands.
    Always,
    /// Where only the cluster's object has it.
    Live,
}

#[derive(Deserialize)]
struct Table {
    rows: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    object: String,
    path: String,
    side: Side,
    #[cfg(test)]
    why: String,
}

pub struct Noise {
    object: String,
    pattern: Pattern,
    pub side: Side,
    /// Why it is no difference.
    #[cfg(test)]
    pub why: String,
}

pub fn rows() -> &'static [Noise] {
    static ROWS: OnceLock<Vec<Noise>> = OnceLock::new();
    ROWS.get_or_init(|| {
        let table: Table = serde_json::from_str(include_str!("../../schemas/diff/noise.json")).expect("the table is well-formed");
        let noise = |r: Row| Noise {
            pattern: Pattern::parse(&r.path),
            object: r.object,
            side: r.side,
            #[cfg(test)]
            why: r.why,
        };
        table.rows.into_iter().map(noise).collect()
    })
}

pub fn is_noise(kind: &str, path: &[String], side: Side) -> bool {
    rows().iter().any(|n| n.side == side && glob(&n.object, kind) && n.pattern.covers(path))
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_row_has_a_reason() {
        assert!(super::rows().iter().all(|row| row.why.len() > 5));
    }
}
