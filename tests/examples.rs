//! The deployment guide's cases as examples: short, and what they render to stands beside them and is current.
//!
//! `UPDATE_EXPECTED=1` renders them anew.

mod common;

use std::process::Command;

use common::crate_root;

const EXAMPLES: [&str; 2] = ["fixtures/examples/guide-3.8", "fixtures/examples/guide-3.6"];

fn gqlgen(words: &[&str]) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_gqlgen")).args(words).current_dir(crate_root()).env("NO_COLOR", "1").output().expect("gqlgen runs")
}

#[test]
fn rendered_examples_are_current() {
    for example in EXAMPLES {
        if std::env::var_os("UPDATE_EXPECTED").is_some() {
            assert!(gqlgen(&["render", "-q", example]).status.success(), "{example} renders");
        }
        let checked = gqlgen(&["render", "--check", example]);
        assert!(
            checked.status.success(),
            "{example}: {}{}",
            String::from_utf8_lossy(&checked.stdout),
            String::from_utf8_lossy(&checked.stderr)
        );
    }
}

#[test]
fn examples_are_short_and_say_nothing_worse_than_advice() {
    for example in EXAMPLES {
        let text = std::fs::read_to_string(crate_root().join(example).join("gqlgen.yaml")).expect("readable");
        assert!(text.lines().count() <= 20, "{example} has {} lines", text.lines().count());
        let judged = gqlgen(&["validate", "--fail-on", "warning", example]);
        assert!(judged.status.success(), "{example}: {}", String::from_utf8_lossy(&judged.stdout));
    }
}

/// A runbook names what is left to fill in at its head, and nothing stays where the config had the answer.
#[test]
fn runbooks_of_the_examples_have_no_placeholder_that_the_config_answers() {
    for example in EXAMPLES {
        let text = std::fs::read_to_string(crate_root().join(example).join("rendered/RUNBOOK.md")).expect("rendered");
        for word in ["CLUSTER_NAME", "AWS_REGION", "PRIVATE_SUBNETS", "GRAPHQL_HOST", "<your", "TODO", "{{", "None"] {
            assert!(!text.contains(word), "{example}: {word}");
        }
    }
}
