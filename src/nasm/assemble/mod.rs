//! The assembler: one logical line after the other becomes bytes, fragments, symbols of a [`Unit`].
//!
//! | file | what it knows |
//! | --- | --- |
//! | `program` | symbols, the current section, which distances are known |
//! | `answers` | numbers that are needed before every size is known |
//! | `cursor` | the tokens of one line, and how to complain about them |
//! | `statement` | labels, `times`, `equ`, which kind of line it is |
//! | `data` | `db … dz`, `resb … resz`, `incbin` |
//! | `directive` | `section`, `align`, `bits` … |
//! | `declare` | `extern`, `global`, `common` and their kin |
//! | `host` | what the preprocessor may ask of all this |
//! | `section`, `flat_section` | the attributes of sections in ELF and in flat output |
//! | `pragma` | what stands around the names of symbols |
//! | `instruction` | prefixes and operands, and what encoding made of them |

mod answers;
mod cursor;
mod data;
mod declare;
mod directive;
mod flat_section;
mod host;
mod instruction;
mod padding;
mod pragma;
mod program;
mod section;
mod statement;

use std::path::PathBuf;

pub use answers::Answers;
pub(super) use cursor::{Cursor, Failure};
pub(super) use host::evaluate_alone;
pub(super) use program::Program;

use super::foreign;
use super::line::Line;
use super::preproc::{self, Host as _, Preprocessor};
use crate::elf::records::Machine;
use crate::isa::x86::{Bits, Optimize};
use crate::source::{Diagnostic, Diagnostics, FileId, Loader, SourceMap, Span};
use crate::unit::{Binding, Definition, Shown, Unit, flat_symbol};

/// Sources up to this many bytes always get an item table.
const SMALL_SOURCE: usize = 64 << 10;

/// A mistake in a loop is no better understood by more messages, which take memory.
const MOST_ERRORS: usize = 10_000;

/// No output is larger: a section's bytes are counted in 32 bits, and a mistyped count should not fill the disk.
pub const MOST_BYTES: u64 = 2 << 30;

/// How a source is assembled.
#[derive(Clone, Debug)]
pub struct Options {
    /// What it runs on.
    pub machine: Machine,
    /// The mode before the first `bits`.
    pub bits: Bits,
    /// `-f bin`: sections and default attributes are those of flat output.
    pub flat: bool,
    /// Whether a value that does not fit is an error even where NASM only warns.
    pub strict: bool,
    /// `-O`.
    pub optimize: Optimize,
    /// Whether the item table is wanted however large the source is.
    pub items: bool,
    /// Whether local symbols with data behind them are marked as data, for debuggers.
    pub data_types: bool,
    /// Where `incbin` and `%include` look, after the path as written.
    pub include_paths: Vec<PathBuf>,
    /// What the preprocessor is told: settings of the command line, environment, time, limits.
    pub preprocessor: preproc::Options,
    /// What stands around the names of symbols in the output.
    pub affixes: Affixes,
    /// A section may have so many bytes, at most [`MOST_BYTES`].
    pub most_bytes: u64,
}

/// Text before and after the names of symbols (`--prefix`, `--postfix`, `--lprefix`, `--lpostfix`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Affixes {
    /// Of what `global`, `extern`, `required` and `static` name.
    pub global: [String; 2],
    /// Of all others; as in nasm, `common` is among them.
    pub local: [String; 2],
}

impl Affixes {
    fn put(program: &mut Program) {
        let this = std::mem::take(&mut program.affixes);
        if this == Affixes::default() {
            return;
        }
        let (unit, statics) = (&mut program.unit, &program.statics);
        for (index, symbol) in unit.symbols.iter_mut().enumerate() {
            let name = unit.names.get(symbol.name);
            if flat_symbol(name).is_some() {
                continue;
            }
            let common = matches!(symbol.definition, Definition::Common { .. });
            let global = symbol.binding != Binding::Local && !common || statics.contains(&index);
            let [before, after] = if global { &this.global } else { &this.local };
            let whole = [before.as_bytes(), name, after.as_bytes()].concat();
            symbol.name = unit.names.intern(&whole);
        }
    }
}

impl Options {
    /// An executable or relocatable file for a machine.
    pub fn new(machine: Machine) -> Self {
        let bits = if machine == Machine::I386 { Bits::B32 } else { Bits::B64 };
        Options {
            machine,
            bits,
            flat: false,
            strict: false,
            optimize: Optimize::default(),
            items: false,
            data_types: false,
            include_paths: Vec::new(),
            preprocessor: preproc::Options::default(),
            affixes: Affixes::default(),
            most_bytes: MOST_BYTES,
        }
    }

    /// Flat output: 16-bit code until the source says otherwise.
    pub fn flat(machine: Machine) -> Self {
        Options { bits: Bits::B16, flat: true, ..Self::new(machine) }
    }
}

/// Assembles a file of the map; `None` after an error was recorded.
///
/// `answers` are those of the run before, empty at first; see [`Answers`].
pub fn assemble(
    map: &mut SourceMap,
    loader: &dyn Loader,
    file: FileId,
    options: &Options,
    answers: &mut Answers,
    diagnostics: &mut Diagnostics,
) -> Option<Unit> {
    let before = diagnostics.error_count();
    let mark = diagnostics.len();
    let mut unit = Unit::new(options.machine);
    unit.refuse_overflow = options.strict;
    let mut program = Program::new(unit, options.bits, options.flat);
    if options.preprocessor.format == b"elfx32" {
        program.pointer = 4;
    }
    let text = map.file(file).text.clone();
    let start = map.file(file).start;
    if let Some(foreign) = foreign::binary(&text) {
        diagnostics.push(foreign.diagnostic(start));
        return None;
    }
    program.tasm = options.preprocessor.tasm;
    program.items = options.items || text.len() < SMALL_SOURCE;
    program.answers = std::mem::take(answers);
    program.answers.begin();
    program.affixes = options.affixes.clone();
    program.given_warnings = diagnostics.policy().clone();
    program.section_named(b".text", Span::NONE);
    let encoder = instruction::Encoder::new(options.optimize);
    let mut assembler = Assembler { map, loader, diagnostics, options, program, encoder };
    let mut lines = Preprocessor::new(preprocessor_options(options), file, &mut assembler);
    while let Some(line) = lines.next_line(&mut assembler) {
        assembler.line(line);
        if assembler.diagnostics.error_count() >= before + MOST_ERRORS {
            let message = format!("more than {MOST_ERRORS} errors; what follows is not read");
            let last = assembler.diagnostics.span_at(assembler.diagnostics.len() - 1);
            assembler.diagnostics.error(last.unwrap_or(Span::NONE), message);
            break;
        }
    }
    if options.preprocessor.lists {
        assembler.list_line(Shown::Source, Span::NONE, 0);
    }
    assembler.program.unit.list_flags = lines.list_flags();
    let Assembler { mut program, diagnostics, .. } = assembler;
    *diagnostics.policy_mut() = std::mem::take(&mut program.given_warnings);
    program.adopt_orphans().into_iter().for_each(|error| diagnostics.push(error));
    finish(&program, diagnostics);
    *answers = std::mem::take(&mut program.answers);
    if diagnostics.error_count() > before
        && let Some(foreign) = foreign::recognise(&text)
    {
        // One message for the whole text instead of one for each of its lines.
        diagnostics.truncate(mark);
        diagnostics.push(foreign.diagnostic(start));
    } else if let Some(span) = program.other_mode
        && (options.bits, options.flat) == (Bits::B64, false)
        && foreign::int_80(&text).is_some()
    {
        diagnostics.add_note(
            span,
            "the program calls the kernel with `int 0x80`: `-f elf32` builds it as a 32-bit one",
        );
    }
    if options.data_types {
        program.type_data();
    }
    Affixes::put(&mut program);
    (diagnostics.error_count() == before).then_some(program.unit)
}

/// What every line of a source is assembled with.
struct Assembler<'a> {
    map: &'a mut SourceMap,
    loader: &'a dyn Loader,
    diagnostics: &'a mut Diagnostics,
    options: &'a Options,
    program: Program,
    encoder: instruction::Encoder,
}

impl Assembler<'_> {
    fn cursor<'l>(&'l mut self, line: Line<'l>) -> Cursor<'l, 'l> {
        let Assembler { loader, diagnostics, options, program, encoder, .. } = self;
        Cursor::new(line, program, encoder, diagnostics, *loader, options)
    }

    #[inline]
    fn line(&mut self, line: Line<'_>) {
        if let Err(failure) = self.cursor(line).statement() {
            self.diagnostics.push(*failure.0);
        }
    }
}

/// What the preprocessor is told, completed by what follows from the other options.
fn preprocessor_options(options: &Options) -> preproc::Options {
    let mut told = options.preprocessor.clone();
    if told.include.is_empty() {
        told.include.clone_from(&options.include_paths);
    }
    if told.format.is_empty() {
        told.format = match (options.flat, options.machine) {
            (true, _) => b"bin".to_vec(),
            (false, Machine::I386) => b"elf32".to_vec(),
            (false, _) => b"elf64".to_vec(),
        };
    }
    told
}

/// What can only be said at the end: symbols that are used or promised and not there.
fn finish(program: &Program, diagnostics: &mut Diagnostics) {
    for &index in &program.flat_attributes {
        let symbol = &program.unit.symbols[index];
        if !matches!(symbol.definition, Definition::Undefined) {
            let problem = "symbols of flat output have no types, visibilities or sizes";
            diagnostics.push(Diagnostic::error(symbol.span, problem));
        }
    }
    for (index, symbol) in program.unit.symbols.iter().enumerate() {
        if !matches!(symbol.definition, Definition::Undefined) {
            continue;
        }
        let name = program.unit.names.get(symbol.name);
        if program.flat && flat_symbol(name).is_some() {
            continue;
        }
        let name = String::from_utf8_lossy(name);
        let used = program.used[index];
        if symbol.external {
            if !used {
                let message = format!("`extern {name}` is never used");
                diagnostics.push(Diagnostic::warning("unused-extern", symbol.span, message));
            }
        } else if used {
            let mut error = Diagnostic::error(symbol.span, format!("undefined symbol `{name}`"));
            if let Some(hint) = near_symbols(program, &name) {
                error = error.hint(hint);
            }
            diagnostics.push(error);
        } else if symbol.binding != Binding::Local {
            let message = format!("`global {name}`, but `{name}` is not defined here");
            diagnostics.push(Diagnostic::warning("undefined-global", symbol.span, message));
        }
    }
}

/// Names that are defined and spelt nearly so.
fn near_symbols(program: &Program, name: &str) -> Option<String> {
    let defined = program.unit.symbols.iter().filter(|one| !matches!(one.definition, Definition::Undefined));
    let names = defined.map(|one| program.unit.names.get(one.name));
    crate::source::did_you_mean(name.as_bytes(), names)
}
