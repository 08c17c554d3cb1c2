//! The system-call script: a small regular language, the same on every machine, to a [`Unit`].
//!
//! ```text
//! text ─ parse ─> statements ─ lower ─> operations on virtual registers ─ emit ─> instructions ─ unit ─> Unit
//!        (lex)                 (values, calls, data)     (allocate, track, x86 | aarch64 | riscv64)
//! ```
//!
//! `parse` knows the grammar alone.  `lower` resolves names for one machine, checks every call against the tables
//! of [`crate::syscall`] and leaves a list of simple operations.  `emit` gives each virtual register a home and
//! turns operations into the machine's instructions, in the plain form (every register set before each call) or
//! the tracked form, in which what each register is known to hold is used to say the same in fewer bytes.
//!
//! The language is described in `docs/script.md`.

mod ast;
mod data;
mod declare;
mod emit;
mod fold;
mod ir;
mod late;
mod lex;
mod lower;
mod names;
mod params;
mod parse;
mod syscalls;
mod values;

use std::collections::BTreeMap;

use crate::elf::records::Machine;
use crate::source::{Diagnostics, FileId, SourceMap, Span};
use crate::unit::Unit;

/// How a script is compiled.
#[derive(Clone, Debug)]
pub struct Options {
    /// What the program runs on.
    pub machine: Machine,
    /// Plain code: every register set before each call, nothing assumed.
    pub plain: bool,
    /// Whether the program lies low, where layouts put it by default: RISC-V then has addresses of fewer bytes.
    pub low: bool,
    /// Values given to `param` lines at build time, as text; a line's newline is in it.
    pub parameters: BTreeMap<String, Vec<u8>>,
}

impl Options {
    /// The tracked form for a machine, no parameter given.
    pub fn new(machine: Machine) -> Self {
        Options { machine, plain: false, low: true, parameters: BTreeMap::new() }
    }
}

/// A `param` line: an argument of the template that the script is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Given as `--NAME VALUE`, not by its place.
    pub option: bool,
    /// `int`, `string`, `line`, `ip`, `port`, `syscall` or `word`.
    pub kind: &'static str,
    /// The value when none is given, as the script has it; `None` when there is none: then the program reads it
    /// from its own arguments when it runs.
    pub default: Option<String>,
    /// What it is for.
    pub help: String,
}

/// The longest script that is taken, in bytes: programs of this size are not written as scripts.
const MAX_TEXT: usize = 4 << 20;

/// Compiles a file of the map; `None` after an error was recorded.
pub fn compile(
    map: &SourceMap,
    file: FileId,
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> Option<Unit> {
    let program = checked(map, file, options, diagnostics)?;
    Some(emit::emit(&program, options))
}

/// The same program as source text that the machine's assembler (NASM for x86, else GNU as) turns into the same
/// bytes; `None` after an error was recorded.
pub fn assembler_source(
    map: &SourceMap,
    file: FileId,
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> Option<String> {
    let program = checked(map, file, options, diagnostics)?;
    Some(emit::source(&program, options, &|span| line(map, span)))
}

/// The line that a span begins in, as a comment can show it.
fn line(map: &SourceMap, span: Span) -> Option<(u32, String)> {
    let source = map.file(map.file_of(span)?);
    let number = map.line_column(span)?.line;
    let line = source.text.split(|&byte| byte == b'\n').nth(number as usize - 1)?;
    let shown = String::from_utf8_lossy(line);
    // A backslash at its end would take the next line into the comment.
    let plain: String = shown.chars().filter(|c| !c.is_control()).collect();
    Some((number, plain.trim_matches(|c: char| c == '\\' || c.is_whitespace()).to_owned()))
}

/// The parameters of a script, without compiling it.
pub fn parameters(map: &SourceMap, file: FileId, diagnostics: &mut Diagnostics) -> Vec<Parameter> {
    let source = map.file(file);
    params::parameters(&parse::parse(&source.text, source.start, diagnostics))
}

fn checked(
    map: &SourceMap,
    file: FileId,
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> Option<ir::Program> {
    let source = map.file(file);
    if source.text.len() > MAX_TEXT {
        diagnostics.error(Span::NONE, format!("the script is longer than {MAX_TEXT} bytes"));
        return None;
    }
    let before = diagnostics.error_count();
    let block = parse::parse(&source.text, source.start, diagnostics);
    let program = lower::lower(&block, options, diagnostics);
    (diagnostics.error_count() == before).then_some(program)
}
