//! `gqlgen init`: a commented starter file for a storage and an Ingress class. What it prints is valid as it stands.

use std::io::{self, Write};

use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, UndefinedBehavior, context};

use super::{CLEAN, FAILED, Streams};
use crate::cli::InitArgs;

const TEMPLATE: &str = include_str!("init.yaml.j2");

pub fn run(args: &InitArgs, streams: &mut Streams<'_>) -> io::Result<u8> {
    let text = starter(&args.storage, &args.class).map_err(io::Error::other)?;
    let Some(path) = &args.output else {
        streams.out.write_all(text.as_bytes())?;
        return Ok(CLEAN);
    };
    let made = std::fs::OpenOptions::new().write(true).create_new(true).open(path).and_then(|mut file| file.write_all(text.as_bytes()));
    match made {
        Ok(()) => {
            writeln!(streams.out, "created {}", path.display())?;
            Ok(CLEAN)
        }
        Err(error) => {
            let why = if error.kind() == io::ErrorKind::AlreadyExists {
                "it is there already, and is not touched".to_owned()
            } else {
                error.to_string()
            };
            writeln!(streams.err, "gqlgen: {}: {why}", path.display())?;
            Ok(FAILED)
        }
    }
}

/// The starter file.
pub fn starter(storage: &str, class: &str) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build()?;
    environment.set_syntax(syntax);
    environment.render_str(TEMPLATE, context! { storage, class })
}
