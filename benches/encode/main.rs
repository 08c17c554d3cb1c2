//! How many instructions a second are chosen and encoded, on one core.
//!
//! ```text
//! cargo bench --bench encode
//! ```
//!
//! The lines are those of `tests/data/x86`, taken apart by the decoder before the clock starts: operands in, bytes
//! out, neither text nor layout.  `mixed` is the program of the same name that `peers` measures; `typed` is what people
//! write, over and over; `every form` is each of the generated 64-bit lines in turn, most of
//! them vector instructions that no program has so close together.  The best of several runs is told.

#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

#[path = "../../tests/support/decoded.rs"]
mod decoded;
#[allow(dead_code, reason = "the other programs are for assemblers of text")]
#[path = "../peers/sources.rs"]
mod sources;

use std::hint::black_box;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use decoded::{Line, instructions, lines};
use tinyelf::elf::records::Machine;
use tinyelf::isa::x86::{Assembler, Bits, Options};
use tinyelf::pipeline::{self, Format, Language, Source};
use tinyelf::source::{Diagnostics, DiskLoader, SourceMap};

const ROUNDS: usize = 15;

fn main() {
    // `cargo test --benches` only builds it.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    measure("mixed", program(&sources::mixed(200_000, sources::Dialect::Nasm)), 5);
    measure("typed", lines(Bits::B64, include_str!("../../tests/data/x86/idioms64.tsv")), 3000);
    measure("every form", lines(Bits::B64, include_str!("../../tests/data/x86/nasm64.tsv")), 20);
}

/// The instructions of a source.
fn program(text: &str) -> Vec<Line> {
    let (name, text) = (PathBuf::from("mixed"), Arc::from(text.as_bytes()));
    let source = Source { name, text, strict: false, language: Language::Nasm };
    let mut options = pipeline::Options::new(Machine::X86_64);
    options.format = Format::Flat;
    let (mut map, mut diagnostics) = (SourceMap::new(), Diagnostics::new());
    let made = pipeline::build(&[source], &options, &DiskLoader, &mut map, &mut diagnostics);
    instructions(Bits::B64, &made.expect("a program without errors"))
}

fn measure(name: &str, mut lines: Vec<Line>, turns: usize) {
    let mut assembler = Assembler::new();
    let options = Options::default();
    lines.retain(|line| assembler.assemble(line.bits, &options, &line.instruction()).is_ok());
    let mut best = Duration::MAX;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        for _ in 0..turns {
            for line in &lines {
                let _ = black_box(assembler.assemble(line.bits, &options, black_box(&line.instruction())));
            }
        }
        best = best.min(start.elapsed());
    }
    let rate = (turns * lines.len()) as f64 / best.as_secs_f64() / 1e6;
    println!("{name:12} {rate:6.1} million instructions/s ({} different lines)", lines.len());
}
