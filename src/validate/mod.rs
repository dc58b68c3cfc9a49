//! Judges a deployment before anything is written: rules over the merged config, the model, the compiled values and the objects.
//!
//! A rule is one value and one file ([`rules`]); [`rule`] is what a rule sees and says. [`kubernetes`] judges objects as the API server does.

pub mod annotations;
pub mod consequence;
pub mod database;
pub mod foreign;
pub mod kubernetes;
pub mod provenance;
pub mod rule;
pub mod rules;
pub mod suppress;
pub mod tables;
