//! The reader and the whole of `validate` on broken input: no panic, no hang, bounded memory.
//!
//! Inputs are configs of this repository, mutated, and random bytes. `GQLGEN_FUZZ_INPUTS` says how many (2,000 otherwise); `.ci/run`
//! asks for 100,000. `GQLGEN_FUZZ_SEED` gives other ones, `GQLGEN_FUZZ_FROM` begins with that one.

mod common;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use common::crate_root;
use gqlgen::commands::pipeline::{self, Options};
use gqlgen::validate::foreign;
use rayon::prelude::*;

/// No input of this size may take longer, on however slow a machine: a hang, not a matter of speed.
const HANG: Duration = Duration::from_secs(30);
/// Address space that the whole test may take, in KiB.
const MEMORY: u64 = 3 << 20;

/// xorshift64*: small, and the same everywhere.
struct Random(u64);

impl Random {
    fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

fn seeds() -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = ["fixtures/rules", "fixtures/compile", "fixtures/invalid", "fixtures/examples"]
        .iter()
        .flat_map(|f| walkdir::WalkDir::new(crate_root().join(f)).sort_by_file_name())
        .filter_map(|e| e.ok())
        .filter(|e| e.file_type().is_file() && e.path().extension().is_some_and(|x| x == "yaml" || x == "json" || x == "properties"))
        .filter(|e| !e.path().to_string_lossy().contains("rendered") && !e.path().to_string_lossy().contains("expected"))
        .map(|e| std::fs::read(e.path()).expect("readable"))
        .collect();
    let corpus = common::cli::shared("corpus").map(|c| walkdir::WalkDir::new(c).sort_by_file_name());
    all.extend(
        corpus
            .into_iter()
            .flatten()
            .filter_map(|e| e.ok())
            .filter(|e| e.file_name() == "gqlgen.yaml")
            .filter_map(|e| std::fs::read(e.path()).ok()),
    );
    all.retain(|text| text.len() < 20_000);
    all
}

/// Bits of syntax that readers trip over.
const PIECES: [&str; 44] = [
    "\n",
    " ",
    "\t",
    ":",
    ": ",
    "- ",
    "-",
    "{",
    "}",
    "[",
    "]",
    ",",
    "\"",
    "'",
    "#",
    " #",
    "&a ",
    "*a",
    "!!str ",
    "!x ",
    "|",
    ">",
    "|2-\n",
    "---\n",
    "...\n",
    "%YAML 1.2\n",
    "? ",
    "<<: *a",
    "null",
    "~",
    "\u{feff}",
    "\0",
    "\u{85}",
    "\u{2028}",
    "\\",
    "\\u0000",
    "9999999999999999999999",
    "-1",
    "1e999",
    "é",
    "\r",
    "${env:A}",
    "*",
    "@",
];

fn mutated(seeds: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut bytes = random.pick(seeds).clone();
    for _ in 0..=random.below(6) {
        let at = random.below(bytes.len() + 1);
        let end = (at + random.below(40)).min(bytes.len());
        match random.below(9) {
            0 => drop(bytes.drain(at..end)),
            1 => drop(bytes.splice(at..at, random.pick(&PIECES).bytes())),
            2 => drop(bytes.splice(at..end, random.pick(&PIECES).bytes())),
            3 => {
                let copy = bytes[at..end].to_vec();
                let to = random.below(bytes.len() + 1);
                drop(bytes.splice(to..to, copy));
            }
            4 => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << random.below(8);
                }
            }
            5 => lines(&mut bytes, random),
            6 => {
                let other = random.pick(seeds);
                let from = random.below(other.len());
                let to = (from + random.below(80)).min(other.len());
                drop(bytes.splice(at..at, other[from..to].iter().copied()));
            }
            7 => scalar(&mut bytes, random),
            _ => bytes.truncate(at),
        }
    }
    bytes
}

/// Moves or doubles one line.
fn lines(bytes: &mut Vec<u8>, random: &mut Random) {
    let mut all: Vec<Vec<u8>> = bytes.split_inclusive(|b| *b == b'\n').map(<[u8]>::to_vec).collect();
    if all.is_empty() {
        return;
    }
    let line = all[random.below(all.len())].clone();
    if random.below(2) == 0 {
        all.remove(random.below(all.len()));
    }
    let to = random.below(all.len() + 1);
    all.insert(to, line);
    *bytes = all.concat();
}

/// Replaces what stands behind a colon, so that the file stays readable and the later stages get something odd.
fn scalar(bytes: &mut Vec<u8>, random: &mut Random) {
    const VALUES: [&str; 22] = [
        "0",
        "-1",
        "99999999999",
        "true",
        "null",
        "\"\"",
        "[]",
        "{}",
        "[null]",
        "\"a b\"",
        "{ a: null }",
        "[[]]",
        "3.10",
        "1e3",
        "60s",
        "\"${\"",
        "\"\\n\"",
        "jdbc:",
        "Ab",
        "\"\\u0000\"",
        "\"%\"",
        "a,,b",
    ];
    let colons: Vec<usize> = bytes.windows(2).enumerate().filter(|(_, w)| w == b": ").map(|(i, _)| i + 2).collect();
    if colons.is_empty() {
        return;
    }
    let from = *random.pick(&colons);
    let to = bytes[from..].iter().position(|b| matches!(b, b'\n' | b',' | b'}' | b']')).map_or(bytes.len(), |i| from + i);
    drop(bytes.splice(from..to, random.pick(&VALUES).bytes()));
}

fn noise(random: &mut Random) -> Vec<u8> {
    let length = random.below(200);
    let binary = random.below(2) == 0;
    (0..length).flat_map(|_| if binary { vec![random.next() as u8] } else { random.pick(&PIECES).as_bytes().to_vec() }).collect()
}

/// Everything that `validate` and `render` do with these bytes.
fn judge(bytes: &[u8], way: usize) {
    let built = pipeline::build(Path::new("-"), Some(bytes), &Options::default());
    for environment in &built.environments {
        std::hint::black_box(environment.files("gqlgen.yaml"));
    }
    let report = gqlgen::commands::report(&built.diagnostics, &built.not_checked);
    std::hint::black_box(match way % 5 {
        0 => gqlgen::report::text::render(&report, true),
        1 => gqlgen::report::json::render(&report),
        2 => gqlgen::report::sarif::render(&report),
        3 => gqlgen::report::github::render(&report),
        _ => gqlgen::report::markdown::render(&report),
    });
    if way.is_multiple_of(4) {
        foreign_files(bytes);
    }
}

/// The same bytes as each kind of file that gqlgen did not make.
fn foreign_files(bytes: &[u8]) {
    std::hint::black_box(foreign::guess("input", bytes));
    let values = foreign::values::Options { chart_version: None, kubernetes: None };
    foreign::values::judge("input", bytes, &values);
    foreign::manifests::judge("input", bytes, None);
    foreign::tables::judge_schema("input", bytes, None, None);
    foreign::tables::judge_properties("input", bytes, None);
}

/// Peak of the process's memory in KiB, where the system says it.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|l| l.strip_prefix("VmHWM:"))?.trim().trim_end_matches(" kB").trim().parse().ok()
}

#[test]
fn no_input_makes_it_panic_hang_or_eat_memory() {
    let number = |name: &str, default: u64| std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(default);
    let (count, seed) = (number("GQLGEN_FUZZ_INPUTS", 2_000), number("GQLGEN_FUZZ_SEED", 1));
    let from = number("GQLGEN_FUZZ_FROM", 0);
    let seeds = seeds();
    assert!(!seeds.is_empty());
    let running: Arc<Running> = Arc::new(Mutex::new(vec![None; rayon::current_num_threads()]));
    let done = Arc::new(AtomicU64::new(from));
    watch(running.clone(), done.clone(), count, seed);
    let failed: Vec<(u64, Vec<u8>)> = (from..count)
        .into_par_iter()
        .filter_map(|i| {
            let mut random = Random::new(seed.wrapping_mul(1 << 32).wrapping_add(i));
            let bytes = if i % 10 == 0 { noise(&mut random) } else { mutated(&seeds, &mut random) };
            let slot = rayon::current_thread_index().unwrap_or(0);
            running.lock().expect("not poisoned")[slot] = Some((i, Instant::now()));
            let outcome = catch_unwind(AssertUnwindSafe(|| judge(&bytes, i as usize)));
            running.lock().expect("not poisoned")[slot] = None;
            done.fetch_add(1, Ordering::Relaxed);
            outcome.is_err().then_some((i, bytes))
        })
        .collect();
    for (i, bytes) in failed.iter().take(5) {
        eprintln!("input {i} of seed {seed} panics:\n{}\n", String::from_utf8_lossy(bytes));
    }
    assert!(failed.is_empty(), "{} of {count} inputs panic", failed.len());
    if let Some(peak) = peak() {
        eprintln!("{count} inputs, peak memory {} MiB", peak >> 10);
        assert!(peak < MEMORY, "{peak} KiB");
    }
}

/// The number of each thread's input, and since when it has it.
type Running = Mutex<Vec<Option<(u64, Instant)>>>;

/// Ends the process, with the input's number, where one does not end.
fn watch(running: Arc<Running>, done: Arc<AtomicU64>, count: u64, seed: u64) {
    std::thread::spawn(move || {
        while done.load(Ordering::Relaxed) < count {
            std::thread::sleep(Duration::from_millis(500));
            let stuck = running.lock().expect("not poisoned").iter().flatten().find(|(_, since)| since.elapsed() > HANG).map(|(i, _)| *i);
            if let Some(i) = stuck {
                eprintln!("input {i} of seed {seed} does not end");
                std::process::abort();
            }
        }
    });
}
