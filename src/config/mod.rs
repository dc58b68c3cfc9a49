//! Reads a config: files to one spanned, merged tree for each environment, and the raw mirror of it.
//!
//! [`yaml`] reads, [`layers`] merges, [`raw`] mirrors the file in types, from which the JSON Schema of the language ([`schema`]) is derived.

pub mod decode;
pub mod json;
pub mod layers;
pub mod properties;
pub mod raw;
pub mod schema;
pub mod tree;
pub mod yaml;
