//! x86-64 and i386 code for scripts.

use super::super::ir::{Condition, DataId, Label, Op, Operator, Width};
use super::state::{State, Val};
use super::{Emitter, Isa, Reg, RegSet, Registers, Src};
use crate::elf::records::Machine;

/// The machine, in its 64-bit or 32-bit mode.
pub(super) struct X86 {
    pub(super) wide: bool,
    encoder: super::unit::Encoder,
}

/// An operand as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operand {
    /// A register by its number, and its size in bytes.
    Reg(Reg, u8),
    Imm(i64),
    Data(DataId, i64),
    /// Memory of a size (0: none is written), at a register and a datum's address and a number.
    Mem {
        size: u8,
        base: Option<Reg>,
        data: Option<(DataId, i64)>,
        disp: i64,
    },
    Label(Label),
}

/// An instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Inst {
    pub(super) name: &'static str,
    pub(super) operands: Vec<Operand>,
}

const AX: Reg = 0;
const CX: Reg = 1;
const DX: Reg = 2;
const SP: Reg = 4;

/// All general registers but the stack pointer are zero at entry: `ELF_PLAT_INIT` clears them
/// (`elf_common_init`, arch/x86/include/asm/elf.h).  `syscall` destroys rcx and r11 and nothing else
/// (arch/x86/entry/entry_64.S).
static WIDE: Registers = Registers {
    number: 0,
    arguments: [7, 6, 2, 10, 8, 9],
    result: 0,
    clobbered: 1 << 1 | 1 << 11,
    work: [AX, CX],
    homes: &[3, 5, 6, 7, 2, 12, 13, 14, 15, 8, 9, 10, 11],
    general: 0xffef,
    zero_at_entry: 0xffef,
};

/// The same for 32-bit programs; `int 0x80` destroys eax alone (arch/x86/entry/entry_32.S, entry_64_compat.S).
static NARROW: Registers = Registers {
    number: 0,
    arguments: [3, 1, 2, 6, 7, 5],
    result: 0,
    clobbered: 0,
    work: [AX, CX],
    homes: &[6, 7, 5, 3, 2],
    general: 0xef,
    zero_at_entry: 0xef,
};

impl X86 {
    pub(super) fn new(machine: Machine) -> Self {
        X86 { wide: machine == Machine::X86_64, encoder: super::unit::Encoder::new(machine) }
    }

    fn word(&self) -> u8 {
        if self.wide { 8 } else { 4 }
    }

    fn reg(&self, register: Reg) -> Operand {
        Operand::Reg(register, self.word())
    }

    fn two(&self, name: &'static str, to: Reg, from: Reg) -> Inst {
        inst(name, &[self.reg(to), self.reg(from)])
    }

    fn imm(&self, name: &'static str, to: Reg, number: i64) -> Inst {
        inst(name, &[self.reg(to), Operand::Imm(number)])
    }

    fn lea(&self, to: Reg, base: Reg, disp: i64) -> Inst {
        let memory = Operand::Mem { size: 0, base: Some(base), data: None, disp };
        inst("lea", &[self.reg(to), memory])
    }

    /// Ways to a number from what a register of the same or another name holds.
    fn related(&self, to: Reg, value: i64, state: &State, ways: &mut Vec<Vec<Inst>>) {
        let unsigned = |number: i64| if self.wide { number } else { i64::from(number as u32) };
        let fits = |number: i64| u32::try_from(unsigned(number)).is_ok();
        if let Val::Const(held) = state.get(to)
            && fits(held)
            && fits(value)
        {
            let moved = value.wrapping_sub(held);
            if moved == 1 {
                ways.push(vec![inst("inc", &[Operand::Reg(to, 4)])]);
            } else if moved == -1 {
                ways.push(vec![inst("dec", &[Operand::Reg(to, 4)])]);
            } else if i8::try_from(moved).is_ok() {
                ways.push(vec![inst("add", &[Operand::Reg(to, 4), Operand::Imm(moved)])]);
            }
            if unsigned(held ^ value) < 256 && (self.wide || to < 4) {
                ways.push(vec![inst("mov", &[Operand::Reg(to, 1), Operand::Imm(value & 0xff)])]);
            }
        }
        for from in (0..16).filter(|from| self.registers().general & (1 << from) != 0 && *from != to) {
            if let Val::Const(held) = state.get(from)
                && fits(held)
                && fits(value)
                && i8::try_from(value.wrapping_sub(held)).is_ok()
                && held != value
            {
                let disp = value.wrapping_sub(held);
                let memory = Operand::Mem { size: 0, base: Some(from), data: None, disp };
                ways.push(vec![inst("lea", &[Operand::Reg(to, 4), memory])]);
            }
        }
    }

    /// An immediate that the instructions of two operands take: 32 bits, sign-extended.
    fn immediate(&self, source: Src) -> Option<i64> {
        match source {
            Src::Const(number) if !self.wide || i32::try_from(number).is_ok() => Some(number),
            _ => None,
        }
    }
}

fn inst(name: &'static str, operands: &[Operand]) -> Inst {
    Inst { name, operands: operands.to_vec() }
}

impl Isa for X86 {
    type Inst = Inst;

    fn registers(&self) -> &'static Registers {
        if self.wide { &WIDE } else { &NARROW }
    }

    fn clobbers(&self, op: &Op) -> RegSet {
        match op {
            Op::Binary { operator: Operator::Div | Operator::Rem, .. } => 1 << DX,
            _ => 0,
        }
    }

    fn size(&self, inst: &Inst) -> usize {
        self.encoder.size(inst)
    }

    fn constant(&self, to: Reg, value: i64, known: Option<&State>) -> Vec<Vec<Inst>> {
        let fits = !self.wide || u32::try_from(value).is_ok();
        let size = if fits { 4 } else { self.word() };
        let mut ways = Vec::new();
        if value == 0 {
            ways.push(vec![inst("xor", &[Operand::Reg(to, 4), Operand::Reg(to, 4)])]);
        } else {
            let number = if self.wide { value } else { i64::from(value as u32) };
            ways.push(vec![inst("mov", &[Operand::Reg(to, size), Operand::Imm(number)])]);
        }
        if let Some(state) = known {
            if i8::try_from(value).is_ok() {
                ways.push(vec![inst("push", &[Operand::Imm(value)]), inst("pop", &[self.reg(to)])]);
            }
            if value == -1 {
                ways.push(vec![self.imm("or", to, -1)]);
            }
            self.related(to, value, state, &mut ways);
        }
        ways
    }

    fn address(&self, to: Reg, data: DataId, offset: i64, known: Option<&State>) -> Vec<Vec<Inst>> {
        // Programs are linked below 4 GiB, so 32 bits, zero-extended, are the whole address.
        let mut ways = vec![vec![inst("mov", &[Operand::Reg(to, 4), Operand::Data(data, offset)])]];
        for from in (0..16).filter(|from| known.is_some() && self.registers().general & (1 << from) != 0) {
            if let Some(Val::Data(other, at)) = known.map(|state| state.get(from))
                && other == data
                && i8::try_from(offset - at).is_ok()
            {
                let memory = Operand::Mem { size: 0, base: Some(from), data: None, disp: offset - at };
                ways.push(vec![inst("lea", &[Operand::Reg(to, 4), memory])]);
            }
        }
        ways
    }

    fn copy(&self, to: Reg, from: Reg) -> Inst {
        self.two("mov", to, from)
    }

    fn stack_address(&self, to: Reg, offset: i64) -> Vec<Inst> {
        if offset == 0 { vec![self.two("mov", to, SP)] } else { vec![self.lea(to, SP, offset)] }
    }

    fn load_slot(&self, to: Reg, offset: i64) -> Inst {
        let memory = Operand::Mem { size: 0, base: Some(SP), data: None, disp: offset };
        inst("mov", &[self.reg(to), memory])
    }

    fn store_slot(&self, from: Reg, offset: i64) -> Inst {
        let memory = Operand::Mem { size: 0, base: Some(SP), data: None, disp: offset };
        inst("mov", &[memory, self.reg(from)])
    }

    fn reserve(&self, bytes: i64) -> Vec<Inst> {
        vec![self.imm("sub", SP, bytes)]
    }

    fn system_call(&self) -> Inst {
        if self.wide { inst("syscall", &[]) } else { inst("int", &[Operand::Imm(0x80)]) }
    }

    fn jump(&self, target: Label) -> Inst {
        inst("jmp", &[Operand::Label(target)])
    }

    fn binary(&self, out: &mut Emitter<'_, Self>, operator: Operator, to: Reg, left: Src, right: Src) {
        match operator {
            Operator::Div | Operator::Rem => self.divide(out, operator, to, left, right),
            Operator::ShiftLeft | Operator::ShiftRight | Operator::LogicalShiftRight => {
                self.shift(out, operator, to, left, right);
            }
            _ => self.arithmetic(out, operator, to, left, right),
        }
    }

    fn set(&self, out: &mut Emitter<'_, Self>, condition: Condition, to: Reg, left: Src, right: Src) {
        self.compare(out, left, right);
        // In 32-bit mode only the first four registers have a low byte.
        let byte = if self.wide || to < 4 { to } else { AX };
        out.push(inst(set_name(condition), &[Operand::Reg(byte, 1)]));
        out.push(inst("movzx", &[Operand::Reg(to, 4), Operand::Reg(byte, 1)]));
        out.state.forget(byte);
    }

    fn branch(
        &self,
        out: &mut Emitter<'_, Self>,
        condition: Condition,
        left: Src,
        right: Src,
        target: Label,
    ) {
        self.compare(out, left, right);
        out.push(inst(jump_name(condition), &[Operand::Label(target)]));
    }

    fn load(&self, out: &mut Emitter<'_, Self>, width: Width, to: Reg, address: Src, offset: i64) {
        let memory = |size| self.memory(out, address, offset, AX, size);
        let (name, to_size, size) = match (width.bytes, width.signed) {
            (1, false) => ("movzx", 4, 1),
            (1, true) => ("movsx", self.word(), 1),
            (2, false) => ("movzx", 4, 2),
            (2, true) => ("movsx", self.word(), 2),
            (4, true) if self.wide => ("movsxd", 8, 4),
            (4, _) => ("mov", 4, 0),
            _ => ("mov", 8, 0),
        };
        let mut memory = memory;
        let memory = memory(size);
        out.push(inst(name, &[Operand::Reg(to, to_size), memory]));
    }

    fn store(&self, out: &mut Emitter<'_, Self>, width: Width, address: Src, offset: i64, value: Src) {
        let memory = self.memory(out, address, offset, CX, width.bytes);
        if let Some(number) = self.immediate(value) {
            let bits = u32::from(width.bytes) * 8;
            let number = if bits < 64 { number & ((1_i64 << bits) - 1) } else { number };
            let signed = i64::from(number as i32);
            let number = if bits == 64 { signed } else { number };
            return out.push(inst("mov", &[memory, Operand::Imm(number)]));
        }
        let mut value = out.in_register(value, AX);
        if width.bytes == 1 && !self.wide && value >= 4 {
            out.push(self.two("mov", AX, value));
            out.state.set(AX, out.state.get(value));
            value = AX;
        }
        out.push(inst("mov", &[memory, Operand::Reg(value, width.bytes)]));
    }
}

impl X86 {
    fn memory(&self, out: &mut Emitter<'_, Self>, address: Src, offset: i64, work: Reg, size: u8) -> Operand {
        match address {
            Src::Stack(at) => Operand::Mem { size, base: Some(SP), data: None, disp: at + offset },
            Src::Data(id, at) => Operand::Mem { size, base: None, data: Some((id, at + offset)), disp: 0 },
            address => {
                let base = out.in_register(address, work);
                Operand::Mem { size, base: Some(base), data: None, disp: offset }
            }
        }
    }

    fn compare(&self, out: &mut Emitter<'_, Self>, left: Src, right: Src) {
        let first = out.in_register(left, AX);
        if right == Src::Const(0) {
            return out.push(self.two("test", first, first));
        }
        match self.immediate(right) {
            Some(number) => out.push(self.imm("cmp", first, number)),
            None => {
                let second = out.in_register(right, CX);
                out.push(self.two("cmp", first, second));
            }
        }
    }

    fn arithmetic(&self, out: &mut Emitter<'_, Self>, operator: Operator, to: Reg, left: Src, right: Src) {
        let name = match operator {
            Operator::Add => "add",
            Operator::Sub => "sub",
            Operator::Mul => "imul",
            Operator::And => "and",
            Operator::Or => "or",
            _ => "xor",
        };
        // A sum can go to a register of its own.
        if let (Operator::Add, Src::Stack(offset), Some(number)) = (operator, left, self.immediate(right)) {
            return out.push(self.lea(to, SP, offset + number));
        }
        if let (Operator::Add | Operator::Sub, Src::Reg(from), Some(number)) =
            (operator, left, self.immediate(right))
        {
            let moved = if operator == Operator::Sub { number.wrapping_neg() } else { number };
            return match moved {
                1 if from == to => out.push(inst("inc", &[self.reg(to)])),
                -1 if from == to => out.push(inst("dec", &[self.reg(to)])),
                _ if from == to => out.push(self.imm(name, to, number)),
                _ if i32::try_from(moved).is_ok() => out.push(self.lea(to, from, moved)),
                _ => {
                    out.push(self.two("mov", to, from));
                    out.push(self.imm(name, to, number));
                }
            };
        }
        if let (Operator::Mul, Some(number)) = (operator, self.immediate(right)) {
            let from = out.in_register(left, AX);
            return out.push(inst("imul", &[self.reg(to), self.reg(from), Operand::Imm(number)]));
        }
        if left == Src::Const(0) && operator == Operator::Sub && right == Src::Reg(to) {
            return out.push(inst("neg", &[self.reg(to)]));
        }
        if right == Src::Const(-1) && operator == Operator::Xor && left == Src::Reg(to) {
            return out.push(inst("not", &[self.reg(to)]));
        }
        let commutes = operator != Operator::Sub;
        let (left, right) = if commutes && right == Src::Reg(to) { (right, left) } else { (left, right) };
        let immediate = self.immediate(right);
        let second = match immediate {
            Some(_) => None,
            None => Some(out.in_register(right, CX)),
        };
        // The result must not be built where the right side still stands: as itself, or as a value that the
        // register is known to hold.
        let keeps = |build: &Reg| second != Some(*build) || left == Src::Reg(*build);
        let build = [to, AX, CX].into_iter().find(keeps).unwrap_or(to);
        self.bring(out, build, left);
        match (immediate, second) {
            (Some(number), _) => out.push(self.imm(name, build, number)),
            (None, Some(second)) => out.push(self.two(name, build, second)),
            (None, None) => {}
        }
        out.state.forget(build);
        if build != to {
            out.push(self.two("mov", to, build));
        }
    }

    /// Puts a source in a register, whatever it held.
    fn bring(&self, out: &mut Emitter<'_, Self>, to: Reg, source: Src) {
        match source {
            Src::Reg(from) if from == to => {}
            Src::Reg(from) => {
                out.push(self.two("mov", to, from));
                out.state.set(to, out.state.get(from));
            }
            Src::Const(number) => out.set_value(to, Val::Const(number)),
            Src::Data(id, offset) => out.set_value(to, Val::Data(id, offset)),
            Src::Stack(offset) => {
                out.extend(self.stack_address(to, offset));
                out.state.forget(to);
            }
        }
    }

    fn shift(&self, out: &mut Emitter<'_, Self>, operator: Operator, to: Reg, left: Src, right: Src) {
        let name = match operator {
            Operator::ShiftLeft => "shl",
            Operator::ShiftRight => "sar",
            _ => "shr",
        };
        if let Src::Const(number) = right {
            let count = number & if self.wide { 63 } else { 31 };
            self.bring(out, to, left);
            out.push(inst(name, &[self.reg(to), Operand::Imm(count)]));
            return out.state.forget(to);
        }
        // The count goes through cl.
        let build = if right == Src::Reg(to) || to == CX { AX } else { to };
        self.bring(out, CX, right);
        self.bring(out, build, left);
        out.push(inst(name, &[self.reg(build), Operand::Reg(CX, 1)]));
        out.state.forget(build);
        if build != to {
            out.push(self.two("mov", to, build));
        }
    }

    /// `idiv` takes its dividend in (e)dx:(e)ax and leaves quotient and remainder there.
    fn divide(&self, out: &mut Emitter<'_, Self>, operator: Operator, to: Reg, left: Src, right: Src) {
        self.bring(out, CX, right);
        self.bring(out, AX, left);
        out.push(inst(if self.wide { "cqo" } else { "cdq" }, &[]));
        out.push(inst("idiv", &[self.reg(CX)]));
        out.state.forget(AX);
        out.state.forget(DX);
        let from = if operator == Operator::Div { AX } else { DX };
        if from != to {
            out.push(self.two("mov", to, from));
        }
    }
}

fn set_name(condition: Condition) -> &'static str {
    match condition {
        Condition::Equal => "sete",
        Condition::NotEqual => "setne",
        Condition::Less => "setl",
        Condition::LessEqual => "setle",
        Condition::Greater => "setg",
        Condition::GreaterEqual => "setge",
        Condition::Below => "setb",
        Condition::BelowEqual => "setbe",
        Condition::Above => "seta",
        Condition::AboveEqual => "setae",
    }
}

fn jump_name(condition: Condition) -> &'static str {
    match condition {
        Condition::Equal => "je",
        Condition::NotEqual => "jne",
        Condition::Less => "jl",
        Condition::LessEqual => "jle",
        Condition::Greater => "jg",
        Condition::GreaterEqual => "jge",
        Condition::Below => "jb",
        Condition::BelowEqual => "jbe",
        Condition::Above => "ja",
        Condition::AboveEqual => "jae",
    }
}
