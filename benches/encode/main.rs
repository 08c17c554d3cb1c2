//! How many instructions a second are chosen and encoded, on one core.
//!
//! ```text
//! cargo bench --bench encode                   # a few seconds
//! cargo bench --bench encode -- mixed          # only this
//! ```
//!
//! The lines are those of `tests/data/x86`, taken apart by the decoder before the clock starts: operands in, bytes
//! out, neither text nor layout.  `mixed` is the program of the same name that `peers` measures; `typed` is what people
//! write, over and over; `forms` is each of the generated 64-bit lines in turn, most of
//! them vector instructions that no program has so close together.

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

/// How long each is measured; the best round is told.
const TIME: Duration = Duration::from_secs(3);

/// Instructions in a round, so few that a round seldom meets the machine's other work.
const ROUND: usize = 20_000;

fn main() {
    let asked: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let wanted = |name: &str| asked.is_empty() || asked.iter().any(|one| one == name);
    if wanted("mixed") {
        measure("mixed", program(&sources::mixed(ROUND, sources::Dialect::Nasm)));
    }
    if wanted("typed") {
        measure("typed", lines(Bits::B64, include_str!("../../tests/data/x86/idioms64.tsv")));
    }
    if wanted("forms") {
        measure("forms", lines(Bits::B64, include_str!("../../tests/data/x86/nasm64.tsv")));
    }
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

fn measure(name: &str, mut lines: Vec<Line>) {
    let mut assembler = Assembler::new();
    let options = Options::default();
    lines.retain(|line| assembler.assemble(line.bits, &options, &line.instruction()).is_ok());
    let turns = ROUND.div_ceil(lines.len());
    let (begin, mut best) = (Instant::now(), Duration::MAX);
    while begin.elapsed() < TIME {
        let start = Instant::now();
        for line in (0..turns).flat_map(|_| &lines) {
            let _ = black_box(assembler.assemble(line.bits, &options, black_box(&line.instruction())));
        }
        best = best.min(start.elapsed());
    }
    let rate = (turns * lines.len()) as f64 / best.as_secs_f64() / 1e6;
    println!("{name:8} {rate:6.1} million instructions/s ({} different lines)", lines.len());
}
