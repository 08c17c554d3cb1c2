//! Finished code and data to source text that the machine's assembler turns into the same bytes: NASM for x86,
//! GNU as for the others.
//!
//! Every choice is written out (sizes, compressed forms), but for the length of jumps to labels: both assemblers
//! find the shortest that reach, as [`super::unit`] does.

use std::fmt::Write as _;

use super::super::ir::{DataId, Datum, Place, Program};
use super::unit::{self, Reach};
use super::{Code, Options, Step, Target, aarch64, riscv64, x86};
use crate::elf::records::Machine;
use crate::isa::riscv64 as rv;
use crate::isa::x86::direct;
use crate::source::Span;

/// The line of the script that a span begins in: its number and text.
pub(super) type Lines<'a> = &'a dyn Fn(Span) -> Option<(u32, String)>;

/// Text that grows, in the words of one assembler.
pub(super) struct Writer<'a> {
    program: &'a Program,
    machine: Machine,
    /// Of each datum: which it stands in, and where.
    shared: Vec<Option<(usize, i64)>>,
    lines: Lines<'a>,
    /// The line of the script that was shown last.
    line: u32,
    out: String,
}

/// What differs between the assemblers.
struct Words {
    comment: &'static str,
    global: &'static str,
    bytes: &'static str,
    text: &'static str,
    reserve: &'static str,
}

const NASM: Words = Words { comment: ";", global: "global", bytes: "db", text: "db", reserve: "resb" };
/// GNU as takes a number behind a single `#` for the place of a line.
const GNU: Words =
    Words { comment: "##", global: ".globl", bytes: ".byte", text: ".ascii", reserve: ".zero" };

impl<'a> Writer<'a> {
    pub(super) fn new(program: &'a Program, options: &Options, lines: Lines<'a>) -> Self {
        let shared = unit::share(program);
        let mut writer =
            Writer { program, machine: options.machine, shared, lines, line: 0, out: String::new() };
        let how = match options.machine {
            Machine::X86_64 => "nasm -f elf64 -o p.o p.asm && ld -o p p.o",
            Machine::I386 => "nasm -f elf32 -o p.o p.asm && ld -m elf_i386 -o p p.o",
            Machine::Aarch64 => "aarch64-linux-gnu-as -o p.o p.s && aarch64-linux-gnu-ld -o p p.o",
            Machine::Riscv64 => {
                "riscv64-linux-gnu-as -march=rv64gc -o p.o p.s && riscv64-linux-gnu-ld -o p p.o"
            }
        };
        let words = writer.words();
        let _ = writeln!(writer.out, "{} {how}", words.comment);
        if options.machine == Machine::Riscv64 {
            writer.out.push_str(".option norelax\n");
        }
        let _ = writeln!(writer.out, "{} _start", words.global);
        writer.section(".text", 1);
        writer.out.push_str("_start:\n");
        writer
    }

    fn is_nasm(&self) -> bool {
        matches!(self.machine, Machine::X86_64 | Machine::I386)
    }

    fn words(&self) -> &'static Words {
        if self.is_nasm() { &NASM } else { &GNU }
    }

    fn section(&mut self, name: &str, align: u64) {
        let _ = match (self.is_nasm(), name) {
            (true, _) => writeln!(self.out, "section {name} align={align}"),
            (false, ".rodata") => writeln!(self.out, ".section .rodata\n.balign {align}"),
            (false, ".text") => writeln!(self.out, "{name}"),
            (false, _) => writeln!(self.out, "{name}\n.balign {align}"),
        };
    }

    fn line(&mut self, text: &str, span: Span) {
        if let Some((number, shown)) = (self.lines)(span).filter(|(number, _)| *number != self.line) {
            self.line = number;
            let _ = writeln!(self.out, "{} {shown}", self.words().comment);
        }
        let _ = writeln!(self.out, "    {text}");
    }

    /// The steps of the code, each put in words by `text`.
    fn code<I>(&mut self, code: &Code<I>, mut text: impl FnMut(&Self, usize, &I) -> Vec<String>) {
        for (at, (step, span)) in code.steps.iter().enumerate() {
            match step {
                Step::Label(label) => {
                    let _ = writeln!(self.out, ".L{}:", label.0);
                }
                Step::Inst(inst) => {
                    text(self, at, inst).iter().for_each(|line| self.line(line, *span));
                }
            }
        }
    }

    /// A place as an operand.
    fn place(&self, target: Target) -> String {
        match target {
            Target::Label(label) => format!(".L{}", label.0),
            Target::Data(DataId(id), offset) => {
                let at = id as usize;
                let (owner, base) = self.shared[at].unwrap_or((at, 0));
                match base + offset {
                    0 => self.name(owner),
                    distance => format!("{}{distance:+}", self.name(owner)),
                }
            }
        }
    }

    /// No register or word of an assembler begins so.
    fn name(&self, at: usize) -> String {
        match &self.program.data[at].name {
            Some(name) => format!("data_{name}"),
            None => format!("string_{at}"),
        }
    }

    /// The data, and all that was written.
    fn finish(mut self) -> String {
        let program = self.program;
        for (place, name) in [(Place::ReadOnly, ".rodata"), (Place::Mutable, ".data"), (Place::Space, ".bss")]
        {
            let all: Vec<(usize, &Datum)> = program
                .data
                .iter()
                .enumerate()
                .filter(|&(at, datum)| datum.place == place && self.shared[at].is_none())
                .collect();
            let Some(align) = all.iter().map(|(_, datum)| datum.align).max() else { continue };
            self.section(name, align);
            for (at, datum) in all {
                self.datum(at, datum);
            }
        }
        self.out
    }

    fn datum(&mut self, at: usize, datum: &Datum) {
        if datum.align > 1 {
            let directive = match (self.is_nasm(), datum.place) {
                (true, Place::Space) => format!("alignb {}", datum.align),
                (true, _) => format!("align {}, db 0", datum.align),
                (false, _) => format!(".balign {}", datum.align),
            };
            let _ = writeln!(self.out, "{directive}");
        }
        let name = self.name(at);
        let _ = writeln!(self.out, "{name}:");
        if datum.place == Place::Space {
            return self.line(&format!("{} {}", self.words().reserve, datum.size), datum.span);
        }
        let mut bytes = datum.bytes.clone();
        if datum.terminated {
            bytes.push(0);
        }
        let (word, width) = match (self.machine, self.is_nasm()) {
            (Machine::I386, _) => ("dd", 4),
            (_, true) => ("dq", 8),
            (_, false) => (".8byte", 8),
        };
        let mut from = 0;
        for pointer in &datum.pointers {
            let at = pointer.offset as usize;
            self.bytes(&bytes[from..at], datum.span);
            let target = self.place(Target::Data(pointer.target, pointer.addend));
            self.line(&format!("{word} {target}"), datum.span);
            from = at + width;
        }
        self.bytes(&bytes[from..], datum.span);
    }

    /// Text as text, the rest as numbers.
    fn bytes(&mut self, bytes: &[u8], span: Span) {
        let is_text = |byte: &u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\');
        for run in bytes.chunk_by(|left, right| is_text(left) == is_text(right)) {
            let words = self.words();
            for part in run.chunks(if is_text(&run[0]) { 100 } else { 16 }) {
                if is_text(&part[0]) {
                    let shown = String::from_utf8_lossy(part);
                    self.line(&format!("{} \"{shown}\"", words.text), span);
                } else {
                    let numbers: Vec<String> = part.iter().map(u8::to_string).collect();
                    self.line(&format!("{} {}", words.bytes, numbers.join(", ")), span);
                }
            }
        }
    }
}

pub(super) fn x86(mut writer: Writer<'_>, code: &Code<x86::Inst>) -> String {
    let wide = writer.machine == Machine::X86_64;
    writer.code(code, |writer, _, inst| {
        if let Some(x86::Operand::Label(label)) = inst.operands.first() {
            return vec![format!("{} {}", inst.name, writer.place(Target::Label(*label)))];
        }
        let datum = unit::datum(inst).map(|(id, offset)| writer.place(Target::Data(id, offset)));
        vec![direct::text(wide, inst.name, &unit::arguments(inst), &datum.unwrap_or_default())]
    });
    writer.finish()
}

pub(super) fn aarch64(mut writer: Writer<'_>, code: &Code<aarch64::Inst>) -> String {
    writer.code(code, |writer, _, inst| {
        let target = inst.target.map(|(target, _)| writer.place(target));
        vec![inst.instruction.text(target.as_deref())]
    });
    writer.finish()
}

pub(super) fn riscv64(mut writer: Writer<'_>, code: &Code<riscv64::Inst>) -> String {
    let reach = unit::riscv64_reach(code);
    writer.code(code, |writer, at, inst| {
        let Some((target, fixup)) = inst.target else { return vec![inst.instruction.text(None)] };
        let place = writer.place(target);
        match (fixup, inst.instruction) {
            (riscv64::Fixup::Jump, instruction) => riscv64_jump(instruction, reach[at], &place),
            (riscv64::Fixup::ShortHigh, rv::Instruction::Lui { rd, .. }) => {
                // The assembler has no word for the short form's part of an address; the linker has.
                vec![format!(".reloc ., R_RISCV_RVC_LUI, {place}"), format!("c.lui {rd}, 1")]
            }
            (riscv64::Fixup::High, instruction) => vec![instruction.text(Some(&format!("%hi({place})")))],
            (_, instruction) => vec![instruction.text(Some(&format!("%lo({place})")))],
        }
    });
    writer.finish()
}

fn riscv64_jump(instruction: rv::Instruction, reach: Reach, place: &str) -> Vec<String> {
    match (instruction, reach) {
        (rv::Instruction::Branch { cond, rs1, .. }, Reach::Short) if instruction.compressed().is_some() => {
            let name = if cond == rv::Cond::Beq { "c.beqz" } else { "c.bnez" };
            vec![format!("{name} {rs1}, {place}")]
        }
        (rv::Instruction::Branch { cond, rs1, rs2, .. }, Reach::Far) => {
            let over = rv::Instruction::Branch { cond: cond.inverted(), rs1, rs2, offset: 8 };
            vec![over.text(None), format!("jal zero, {place}")]
        }
        (rv::Instruction::Branch { .. }, _) => vec![instruction.text(Some(place))],
        (_, Reach::Short) => vec![format!("c.j {place}")],
        _ => vec![format!("jal zero, {place}")],
    }
}
