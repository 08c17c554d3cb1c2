//! Finished code and data to a [`Unit`].

use std::collections::BTreeMap;

use super::super::ir::{DataId, Label, Place, Program};
use super::{Code, Options, Step, Target, aarch64, riscv64, x86};
use crate::elf::records::{Machine, elf};
use crate::isa::x86::direct::{self, Argument};
use crate::source::Span;
use crate::unit::{
    Binding, Branch, Definition, Encoding, Fixup, FixupKind, Fragment, FragmentKind, Item, ItemKind, Items,
    Position, Section, SectionFlags, SectionId, SectionKind, Symbol, SymbolId, Unit, Value,
};

/// Sizes and bytes of x86 instructions.
pub(super) struct Encoder {
    wide: bool,
}

impl Encoder {
    pub(super) fn new(machine: Machine) -> Self {
        Encoder { wide: machine == Machine::X86_64 }
    }

    /// Bytes; of a jump, when it is short.
    pub(super) fn size(&self, inst: &x86::Inst) -> usize {
        if matches!(inst.operands.first(), Some(x86::Operand::Label(_))) {
            2
        } else {
            self.encode(inst).bytes.len()
        }
    }

    fn encode(&self, inst: &x86::Inst) -> direct::Encoded {
        let found = direct::encode(self.wide, inst.name, &arguments(inst));
        found.expect("tests/script compares every form that x86.rs makes with nasm")
    }
}

/// The operands as the encoder takes them.
pub(super) fn arguments(inst: &x86::Inst) -> Vec<Argument> {
    // An instruction without a written size of memory takes that of its register.
    let other = inst.operands.iter().find_map(|operand| match operand {
        x86::Operand::Reg(_, size) => Some(*size),
        _ => None,
    });
    inst.operands
        .iter()
        .map(|operand| match *operand {
            x86::Operand::Reg(reg, size) => Argument::Reg(reg, size),
            x86::Operand::Imm(number) => Argument::Imm(number),
            x86::Operand::Data(..) => Argument::Address,
            x86::Operand::Label(_) => Argument::Imm(0),
            x86::Operand::Mem { size, base, disp, .. } => {
                let size = if size == 0 { other.unwrap_or(0) } else { size };
                match base {
                    Some(base) => Argument::Base(base, size, disp as i32),
                    None => Argument::Datum(size),
                }
            }
        })
        .collect()
}

/// The datum that an instruction refers to.
pub(super) fn datum(inst: &x86::Inst) -> Option<(DataId, i64)> {
    inst.operands.iter().find_map(|operand| match operand {
        x86::Operand::Data(id, offset) => Some((*id, *offset)),
        x86::Operand::Mem { data, .. } => *data,
        _ => None,
    })
}

/// The program's data, placed in sections, as symbols that code refers to.
struct Builder<'a> {
    program: &'a Program,
    unit: Unit,
    text: SectionId,
    /// The symbol and distance of each datum.
    data: Vec<(SymbolId, i64)>,
    labels: BTreeMap<Label, SymbolId>,
    items: Items,
}

impl<'a> Builder<'a> {
    fn new(program: &'a Program, machine: Machine) -> Self {
        let mut unit = Unit::new(machine);
        unit.refuse_overflow = true;
        let text = section(&mut unit, b".text", SectionKind::Progbits, SectionFlags::TEXT);
        let start = symbol(&mut unit, "_start", text, Position::default(), Span::NONE);
        unit.symbols[start.0 as usize].binding = Binding::Global;
        unit.entry = Some(start);
        let mut builder = Builder {
            program,
            unit,
            text,
            data: Vec::new(),
            labels: BTreeMap::new(),
            items: Items::default(),
        };
        builder.place_data();
        builder
    }

    fn place_data(&mut self) {
        let count = self.program.data.len();
        self.data = vec![(SymbolId(0), 0); count];
        let shared = share(self.program);
        let mut sections: [Option<SectionId>; 3] = [None; 3];
        for (at, datum) in self.program.data.iter().enumerate() {
            if shared[at].is_some() {
                continue;
            }
            let (slot, name, kind, flags): (usize, &[u8], _, _) = match datum.place {
                Place::ReadOnly => (0, b".rodata", SectionKind::Progbits, SectionFlags::RODATA),
                Place::Mutable => (1, b".data", SectionKind::Progbits, SectionFlags::DATA),
                Place::Space => (2, b".bss", SectionKind::Nobits, SectionFlags::DATA),
            };
            let id = *sections[slot].get_or_insert_with(|| section(&mut self.unit, name, kind, flags));
            self.place_datum(at, id);
        }
        for (at, owner) in shared.iter().enumerate() {
            if let Some((owner, offset)) = *owner {
                let (symbol, base) = self.data[owner];
                self.data[at] = (symbol, base + offset);
            }
        }
        for (at, datum) in self.program.data.iter().enumerate().filter(|&(at, _)| shared[at].is_none()) {
            self.place_pointers(at, &datum.pointers, datum.span);
        }
    }

    fn place_datum(&mut self, at: usize, id: SectionId) {
        let datum = &self.program.data[at];
        let target = &mut self.unit.sections[id.0 as usize];
        target.align = target.align.max(datum.align);
        align(target, datum.align, datum.span);
        let position = target.end();
        let items = target.items.get_or_insert_with(Items::default);
        items.push(Item { position, kind: ItemKind::Data, span: datum.span });
        if datum.place == Place::Space {
            let size = Value::Const(datum.size.cast_signed());
            target.fragments.push(Fragment {
                literal: position.literal,
                span: datum.span,
                kind: FragmentKind::Reserve { size },
            });
        } else {
            target.literal.extend_from_slice(&datum.bytes);
            if datum.terminated {
                target.literal.push(0);
            }
        }
        let name = datum.name.clone().unwrap_or_else(|| format!("string.{at}"));
        self.data[at] = (symbol(&mut self.unit, &name, id, position, datum.span), 0);
    }

    fn place_pointers(&mut self, at: usize, pointers: &[super::super::ir::Pointer], span: Span) {
        let width = if self.unit.machine == Machine::I386 { 4 } else { 8 };
        let own = self.data[at].0;
        let Definition::Label { section, position } = self.unit.symbol(own).definition else { return };
        for pointer in pointers {
            let value = self.value(Target::Data(pointer.target, pointer.addend));
            let place = Position { literal: position.literal + pointer.offset, ..position };
            let fixup = Fixup { position: place, width, kind: FixupKind::Absolute, value, span };
            self.unit.sections[section.0 as usize].fixups.push(fixup);
        }
    }

    fn value(&mut self, target: Target) -> Value {
        match target {
            Target::Data(DataId(id), offset) => {
                let (symbol, base) = self.data[id as usize];
                Value::Symbol { symbol, addend: base + offset }
            }
            Target::Label(label) => Value::Symbol { symbol: self.label(label), addend: 0 },
        }
    }

    fn label(&mut self, label: Label) -> SymbolId {
        if let Some(&found) = self.labels.get(&label) {
            return found;
        }
        let name = self.unit.names.intern(format!("..@{}", label.0).as_bytes());
        self.unit.symbols.push(Symbol::new(name, Span::NONE));
        let id = last(self.unit.symbols.len());
        self.labels.insert(label, SymbolId(id));
        SymbolId(id)
    }

    fn define_label(&mut self, label: Label) {
        let id = self.label(label);
        let position = self.text().end();
        let section = self.text;
        self.unit.symbols[id.0 as usize].definition = Definition::Label { section, position };
    }

    fn text(&mut self) -> &mut Section {
        &mut self.unit.sections[self.text.0 as usize]
    }

    fn item(&mut self, span: Span) {
        let position = self.text().end();
        self.items.push(Item { position, kind: ItemKind::Instruction, span });
    }

    fn fixup(&mut self, offset: usize, width: u8, kind: FixupKind, value: Value, span: Span) {
        let mut position = self.text().end();
        position.literal += u32::try_from(offset).expect("within an instruction");
        self.text().fixups.push(Fixup { position, width, kind, value, span });
    }

    fn finish(mut self) -> Unit {
        let items = std::mem::take(&mut self.items);
        self.text().items = Some(items);
        self.unit
    }
}

fn last(length: usize) -> u32 {
    u32::try_from(length - 1).expect("fewer than bytes of source")
}

fn section(unit: &mut Unit, name: &[u8], kind: SectionKind, flags: SectionFlags) -> SectionId {
    let name = unit.names.intern(name);
    unit.sections.push(Section::new(name, kind, flags, Span::NONE));
    SectionId(last(unit.sections.len()))
}

fn symbol(unit: &mut Unit, name: &str, section: SectionId, position: Position, span: Span) -> SymbolId {
    let name = unit.names.intern(name.as_bytes());
    let mut symbol = Symbol::new(name, span);
    symbol.definition = Definition::Label { section, position };
    unit.symbols.push(symbol);
    SymbolId(last(unit.symbols.len()))
}

/// Pads a section of known bytes, or reserves up to a boundary.
fn align(target: &mut Section, boundary: u64, span: Span) {
    if boundary <= 1 {
        return;
    }
    if target.kind == SectionKind::Nobits {
        let reserved: u64 = target
            .fragments
            .iter()
            .map(|fragment| match fragment.kind {
                FragmentKind::Reserve { size: Value::Const(size) } => size.unsigned_abs(),
                _ => 0,
            })
            .sum();
        let gap = reserved.next_multiple_of(boundary) - reserved;
        if gap > 0 {
            let position = target.end();
            let items = target.items.get_or_insert_with(Items::default);
            items.push(Item { position, kind: ItemKind::Padding, span });
            let size = Value::Const(gap.cast_signed());
            target.fragments.push(Fragment {
                literal: position.literal,
                span,
                kind: FragmentKind::Reserve { size },
            });
        }
    } else {
        let wanted = target.literal.len().next_multiple_of(usize::try_from(boundary).unwrap_or(1));
        if wanted > target.literal.len() {
            let position = target.end();
            let items = target.items.get_or_insert_with(Items::default);
            items.push(Item { position, kind: ItemKind::Padding, span });
            target.literal.resize(wanted, 0);
        }
    }
}

/// Read-only data that stands inside other read-only data: of each such datum, in which and where.
pub(super) fn share(program: &Program) -> Vec<Option<(usize, i64)>> {
    let contents = |at: usize| {
        let datum = &program.data[at];
        let plain = datum.place == Place::ReadOnly && datum.pointers.is_empty() && datum.align == 1;
        plain.then(|| {
            let mut bytes = datum.bytes.clone();
            if datum.terminated {
                bytes.push(0);
            }
            bytes
        })
    };
    let all: Vec<Option<Vec<u8>>> = (0..program.data.len()).map(contents).collect();
    let mut shared = vec![None; all.len()];
    let mut order: Vec<usize> = (0..all.len()).filter(|&at| all[at].is_some()).collect();
    order.sort_by_key(|&at| std::cmp::Reverse(all[at].as_ref().map_or(0, Vec::len)));
    // Long data is not searched: what repeats is short strings.
    let limit = 4096;
    let mut owners: Vec<usize> = Vec::new();
    for at in order {
        let Some(bytes) = all[at].as_ref().filter(|bytes| bytes.len() <= limit) else { continue };
        let found = owners.iter().find_map(|&owner| {
            let whole = all[owner].as_ref()?;
            let offset = if bytes.is_empty() {
                Some(0)
            } else {
                whole.windows(bytes.len()).position(|window| window == &bytes[..])
            };
            Some((owner, i64::try_from(offset?).ok()?))
        });
        shared[at] = found;
        if found.is_none() {
            owners.push(at);
        }
    }
    shared
}

pub(super) fn x86(program: &Program, code: &Code<x86::Inst>, options: &Options) -> Unit {
    let mut builder = Builder::new(program, options.machine);
    let encoder = Encoder::new(options.machine);
    for (step, span) in &code.steps {
        match step {
            Step::Label(label) => builder.define_label(*label),
            Step::Inst(inst) => match inst.operands.first() {
                Some(x86::Operand::Label(target)) => x86_jump(&mut builder, inst.name, *target, *span),
                _ => x86_inst(&mut builder, &encoder, inst, *span),
            },
        }
    }
    builder.finish()
}

fn x86_jump(builder: &mut Builder<'_>, name: &str, target: Label, span: Span) {
    let Some((short, near, length)) = direct::jump(name) else { return };
    let encoding = |bytes: &[u8]| Encoding::new(bytes).expect("an opcode has at most two bytes");
    builder.item(span);
    let target = builder.value(Target::Label(target));
    let branch = Branch { target, short: encoding(short), near: encoding(&near[..length]), near_width: 4 };
    let literal = builder.text().end().literal;
    builder.text().fragments.push(Fragment { literal, span, kind: FragmentKind::Branch(branch) });
}

fn x86_inst(builder: &mut Builder<'_>, encoder: &Encoder, inst: &x86::Inst, span: Span) {
    let encoded = encoder.encode(inst);
    builder.item(span);
    if let (Some(place), Some((id, offset))) = (encoded.place, datum(inst)) {
        let value = builder.value(Target::Data(id, offset));
        let end = u8::try_from(encoded.bytes.len()).expect("at most 15") - place.offset;
        let kind = if place.relative { FixupKind::Relative { end } } else { FixupKind::Absolute };
        builder.fixup(place.offset.into(), 4, kind, value, span);
    }
    builder.text().literal.extend_from_slice(&encoded.bytes);
}

pub(super) fn aarch64(program: &Program, code: &Code<aarch64::Inst>, options: &Options) -> Unit {
    let mut builder = Builder::new(program, options.machine);
    builder.text().align = 4;
    for (step, span) in &code.steps {
        match step {
            Step::Label(label) => builder.define_label(*label),
            Step::Inst(inst) => {
                builder.item(*span);
                if let Some((target, kind)) = inst.target {
                    let value = builder.value(target);
                    builder.fixup(0, 4, FixupKind::Psabi(kind), value, *span);
                }
                let bytes = inst.instruction.encode().to_le_bytes();
                builder.text().literal.extend_from_slice(&bytes);
            }
        }
    }
    builder.finish()
}

pub(super) fn riscv64(program: &Program, code: &Code<riscv64::Inst>, options: &Options) -> Unit {
    use crate::isa::riscv64::{Encoded, Instruction, Register};
    let mut builder = Builder::new(program, options.machine);
    builder.text().align = 2;
    let reach = riscv64_reach(code);
    for (at, (step, span)) in code.steps.iter().enumerate() {
        let inst = match step {
            Step::Label(label) => {
                builder.define_label(*label);
                continue;
            }
            Step::Inst(inst) => inst,
        };
        builder.item(*span);
        let Some((target, fixup)) = inst.target else {
            inst.instruction.encode().write(&mut builder.text().literal);
            continue;
        };
        let value = builder.value(target);
        let (kind, width, encoded) = match (fixup, inst.instruction) {
            (riscv64::Fixup::High, instruction) => (elf::R_RISCV_HI20, 4, Encoded::Long(instruction.full())),
            (riscv64::Fixup::ShortHigh, Instruction::Lui { rd: Register(rd), .. }) => {
                (elf::R_RISCV_RVC_LUI, 2, Encoded::Short(0x6001 | u16::from(rd) << 7))
            }
            (riscv64::Fixup::ShortHigh | riscv64::Fixup::Low, instruction) => {
                (elf::R_RISCV_LO12_I, 4, Encoded::Long(instruction.full()))
            }
            (riscv64::Fixup::Jump, instruction) => riscv64_jump(&mut builder, instruction, reach[at], *span),
        };
        builder.fixup(0, width, FixupKind::Psabi(kind.0), value, *span);
        encoded.write(&mut builder.text().literal);
    }
    builder.finish()
}

/// How far a branch has to reach: it grows until all do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reach {
    /// 2 bytes: ±256 bytes for a branch, ±2 KiB for a jump.
    Short,
    /// 4 bytes: ±4 KiB, ±1 MiB.
    Near,
    /// A branch the other way over a jump: 8 bytes.
    Far,
}

fn riscv64_jump(
    builder: &mut Builder<'_>,
    instruction: crate::isa::riscv64::Instruction,
    reach: Reach,
    span: Span,
) -> (elf::RelocationType, u8, crate::isa::riscv64::Encoded) {
    use crate::isa::riscv64::{Encoded, Instruction, ZERO};
    let short = |instruction: Instruction| instruction.compressed().map(Encoded::Short);
    match (instruction, reach) {
        (Instruction::Branch { .. }, Reach::Short) if short(instruction).is_some() => {
            let encoded = instruction.encode();
            (elf::R_RISCV_RVC_BRANCH, 2, encoded)
        }
        (Instruction::Branch { cond, rs1, rs2, .. }, Reach::Far) => {
            let over = Instruction::Branch { cond: cond.inverted(), rs1, rs2, offset: 8 };
            let bytes = over.full().to_le_bytes();
            builder.text().literal.extend_from_slice(&bytes);
            builder.item(span);
            (elf::R_RISCV_JAL, 4, Encoded::Long(Instruction::Jal { rd: ZERO, offset: 0 }.full()))
        }
        (Instruction::Branch { .. }, _) => (elf::R_RISCV_BRANCH, 4, Encoded::Long(instruction.full())),
        (_, Reach::Short) => (elf::R_RISCV_RVC_JUMP, 2, instruction.encode()),
        _ => (elf::R_RISCV_JAL, 4, Encoded::Long(instruction.full())),
    }
}

/// The reach that every jump needs, found by growing from the shortest.
pub(super) fn riscv64_reach(code: &Code<riscv64::Inst>) -> Vec<Reach> {
    use crate::isa::riscv64::Instruction;
    let mut reach = vec![Reach::Short; code.steps.len()];
    let is_branch = |inst: &riscv64::Inst| matches!(inst.instruction, Instruction::Branch { .. });
    for (at, (step, _)) in code.steps.iter().enumerate() {
        // Only a comparison of x8 to x15 with zero has a short form.
        if let Step::Inst(inst) = step
            && is_branch(inst)
            && inst.instruction.compressed().is_none()
        {
            reach[at] = Reach::Near;
        }
    }
    loop {
        let mut labels: BTreeMap<Label, i64> = BTreeMap::new();
        let mut places = Vec::with_capacity(code.steps.len());
        let mut place = 0_i64;
        for (at, (step, _)) in code.steps.iter().enumerate() {
            places.push(place);
            place += match step {
                Step::Label(label) => {
                    labels.insert(*label, place);
                    0
                }
                Step::Inst(riscv64::Inst { target: Some((_, riscv64::Fixup::Jump)), .. }) => {
                    match reach[at] {
                        Reach::Short => 2,
                        Reach::Near => 4,
                        Reach::Far => 8,
                    }
                }
                Step::Inst(riscv64::Inst { target: Some((_, riscv64::Fixup::ShortHigh)), .. }) => 2,
                Step::Inst(riscv64::Inst { target: Some(_), .. }) => 4,
                Step::Inst(inst) => inst.instruction.encode().len() as i64,
            };
        }
        let mut grown = false;
        for (at, (step, _)) in code.steps.iter().enumerate() {
            let Step::Inst(inst @ riscv64::Inst { target: Some((Target::Label(label), _)), .. }) = step
            else {
                continue;
            };
            let distance = labels.get(label).copied().unwrap_or(0) - places[at];
            let limit = match (is_branch(inst), reach[at]) {
                (true, Reach::Short) => 256,
                (true, Reach::Near) => 4096,
                (false, Reach::Short) => 2048,
                _ => continue,
            };
            if !(-limit..limit).contains(&distance) {
                reach[at] = if reach[at] == Reach::Short { Reach::Near } else { Reach::Far };
                grown = true;
            }
        }
        if !grown {
            return reach;
        }
    }
}
