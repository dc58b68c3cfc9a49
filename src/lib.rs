//! gqlgen compiles one compact `gqlgen.yaml` into what a ScalarDB GraphQL deployment on Kubernetes needs.
//!
//! The way of the data, which is also the order of the modules:
//! a config is read into a spanned tree and merged ([`config`]), resolved into a [`model`], compiled into outputs ([`compile`], with the
//! Helm [`chart`] rendered natively), judged ([`validate`]), then written ([`output`]) or compared with what is deployed ([`diff`]).
//! Every stage gives [`diagnostic`]s, which [`report`] shows. Only [`commands`] knows all stages.
#![warn(clippy::print_stdout, clippy::print_stderr)]
#![allow(rustdoc::private_intra_doc_links)] // The documentation is for those who work on it, and has the private items too.

pub mod chart;
pub mod cli;
pub mod clock;
pub mod commands;
pub mod compile;
pub mod config;
pub mod diagnostic;
pub mod diff;
pub mod model;
pub mod output;
pub mod redact;
pub mod report;
pub mod resolve;
pub mod scalardb;
pub mod source;
pub mod validate;
