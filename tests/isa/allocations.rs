//! Choosing and encoding an instruction takes no memory: an allocator counts what a thread asks for.

#![expect(
    unsafe_code,
    reason = "an allocator cannot be written without; it hands everything to the system's"
)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use tinyelf::isa::x86::{Assembler, Bits, Options};

use crate::decoded::{Line, lines};

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

struct Counting;

// SAFETY: every call goes to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // A thread that ends may free and take memory after its counter is gone.
        let _ = COUNT.try_with(|count| count.set(count.get() + 1));
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How often memory is asked for while the lines are assembled, and how many are.
fn assemble(assembler: &mut Assembler, options: &Options, lines: &[Line]) -> (usize, usize) {
    let before = COUNT.get();
    let taken = |line: &&Line| assembler.assemble(line.bits, options, &line.instruction()).is_ok();
    let count = lines.iter().filter(taken).count();
    (COUNT.get() - before, count)
}

/// Every instruction of the tables that is taken; a refusal may have its words.
fn mixed() -> Vec<Line> {
    let mut all = lines(Bits::B64, include_str!("../data/x86/nasm64.tsv"));
    all.extend(lines(Bits::B64, include_str!("../data/x86/idioms64.tsv")));
    all.extend(lines(Bits::B32, include_str!("../data/x86/nasm32.tsv")));
    all.extend(lines(Bits::B16, include_str!("../data/x86/nasm16.tsv")));
    let mut assembler = Assembler::new();
    all.retain(|line| assembler.assemble(line.bits, &Options::default(), &line.instruction()).is_ok());
    all
}

#[test]
fn no_memory_is_taken_for_an_instruction() {
    let lines = mixed();
    assert!(lines.len() > 20_000, "{} lines", lines.len());
    let mut assembler = Assembler::new();
    let options = Options::default();
    let (first, count) = assemble(&mut assembler, &options, &lines);
    assert_eq!(count, lines.len());
    // The first time a kind of instruction comes by, its pattern is made and kept.
    for _ in 0..2 {
        assert_eq!(assemble(&mut assembler, &options, &lines), (0, count), "at first {first}");
    }
}

#[test]
fn no_memory_is_taken_for_an_instruction_without_a_pattern() {
    let lines = mixed();
    let options = Options { optimize: tinyelf::isa::x86::Optimize::One, ..Options::default() };
    let mut assembler = Assembler::new();
    let (first, _) = assemble(&mut assembler, &options, &lines[..lines.len() / 2]);
    // The encoder's own room grows to the longest instruction.
    assert!(first < 100, "{first} times for {} lines", lines.len() / 2);
    assert_eq!(assemble(&mut assembler, &options, &lines[..lines.len() / 2]).0, 0);
}
