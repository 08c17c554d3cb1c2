//! A64 code for scripts.

use super::super::ir::{Condition, DataId, Label, Op, Operator, Width};
use super::state::{State, Val};
use super::{Emitter, Isa, Reg, RegSet, Registers, Src, Target};
use crate::isa::aarch64::{Cond, Instruction, Memory, Op3, Register, SP, Shift, Wide, ZR, logical_immediate};

/// The machine.
pub(super) struct A64;

/// An instruction, and what a layout fills in: `R_AARCH64_*` by its psABI number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Inst {
    pub(super) instruction: Instruction,
    pub(super) target: Option<(Target, u32)>,
}

/// Relocation types (AAELF64, "Relocation codes").
pub(super) const R_AARCH64_ADR_PREL_LO21: u32 = 274;
pub(super) const R_AARCH64_CONDBR19: u32 = 280;
pub(super) const R_AARCH64_JUMP26: u32 = 282;

/// x0 to x30 but x18, which platforms may reserve.
const GENERAL: RegSet = 0x7ffb_ffff;

/// All registers are zero at entry: `start_thread_common` clears the whole of `pt_regs`
/// (arch/arm64/include/asm/processor.h), and execve's own result in x0 is 0.  A call preserves all but x0
/// (syscall(2); arch/arm64/kernel/entry.S restores every register).
static REGISTERS: Registers = Registers {
    number: 8,
    arguments: [0, 1, 2, 3, 4, 5],
    result: 0,
    clobbered: 0,
    work: [16, 17],
    homes: &[19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 9, 10, 11, 12, 13, 14, 15, 6, 7, 5, 4, 3, 2, 1, 0],
    general: GENERAL,
    zero_at_entry: GENERAL,
};

fn plain(instruction: Instruction) -> Inst {
    Inst { instruction, target: None }
}

fn add(to: Reg, from: Reg, number: i64) -> Option<Inst> {
    let sub = number < 0;
    let size = number.unsigned_abs();
    let (imm12, shifted) = match size {
        0..=0xfff => (size, false),
        _ if size.is_multiple_of(4096) && size >> 12 <= 0xfff => (size >> 12, true),
        _ => return None,
    };
    let imm12 = u16::try_from(imm12).ok()?;
    Some(plain(Instruction::AddImm {
        sub,
        set_flags: false,
        rd: Register(to),
        rn: Register(from),
        imm12,
        shifted,
    }))
}

/// `movz` or `movn`, then a `movk` for each 16 bits that are still wrong.
fn constant(to: Reg, value: i64) -> Vec<Inst> {
    let rd = Register(to);
    let parts: [u16; 4] = std::array::from_fn(|part| (value.cast_unsigned() >> (16 * part)) as u16);
    let ones = parts.iter().filter(|&&part| part == 0xffff).count();
    let zeros = parts.iter().filter(|&&part| part == 0).count();
    let (background, op) = if ones > zeros { (0xffff, Wide::N) } else { (0, Wide::Z) };
    let mut insts = Vec::new();
    for (at, &part) in parts.iter().enumerate().filter(|&(_, &part)| part != background) {
        let shift = 16 * at as u8;
        let first = insts.is_empty();
        let op = if first { op } else { Wide::K };
        let imm16 = if first && background != 0 { !part } else { part };
        insts.push(plain(Instruction::MovWide { op, rd, imm16, shift }));
    }
    if insts.is_empty() {
        insts.push(plain(Instruction::MovWide { op, rd, imm16: 0, shift: 0 }));
    }
    insts
}

impl Isa for A64 {
    type Inst = Inst;

    fn registers(&self) -> &'static Registers {
        &REGISTERS
    }

    fn clobbers(&self, _: &Op) -> RegSet {
        0
    }

    fn size(&self, _: &Inst) -> usize {
        4
    }

    fn constant(&self, to: Reg, value: i64, known: Option<&State>) -> Vec<Vec<Inst>> {
        let mut ways = vec![constant(to, value)];
        if ways[0].len() > 1 {
            if logical_immediate(value.cast_unsigned()).is_some() {
                let imm = value.cast_unsigned();
                let inst = Instruction::LogicImm { op: Op3::Orr, rd: Register(to), rn: ZR, imm };
                ways.push(vec![plain(inst)]);
            }
            for (from, number) in known.into_iter().flat_map(numbers) {
                ways.extend(add(to, from, value.wrapping_sub(number)).map(|inst| vec![inst]));
            }
        }
        ways
    }

    fn address(&self, to: Reg, data: DataId, offset: i64, _: Option<&State>) -> Vec<Vec<Inst>> {
        let target = Some((Target::Data(data, offset), R_AARCH64_ADR_PREL_LO21));
        vec![vec![Inst { instruction: Instruction::Adr { rd: Register(to), offset: 0 }, target }]]
    }

    fn copy(&self, to: Reg, from: Reg) -> Inst {
        plain(Instruction::Op3 { op: Op3::Orr, rd: Register(to), rn: ZR, rm: Register(from) })
    }

    fn stack_address(&self, to: Reg, offset: i64) -> Vec<Inst> {
        add(to, SP.0, offset).map_or_else(Vec::new, |inst| vec![inst])
    }

    fn load_slot(&self, to: Reg, offset: i64) -> Inst {
        let offset = i16::try_from(offset).unwrap_or(i16::MAX);
        plain(Instruction::Memory { op: Memory::LdrX, rt: Register(to), rn: SP, offset })
    }

    fn store_slot(&self, from: Reg, offset: i64) -> Inst {
        let offset = i16::try_from(offset).unwrap_or(i16::MAX);
        plain(Instruction::Memory { op: Memory::StrX, rt: Register(from), rn: SP, offset })
    }

    fn reserve(&self, bytes: i64) -> Vec<Inst> {
        add(SP.0, SP.0, -bytes).into_iter().collect()
    }

    fn system_call(&self) -> Inst {
        plain(Instruction::Svc { imm16: 0 })
    }

    fn jump(&self, target: Label) -> Inst {
        let target = Some((Target::Label(target), R_AARCH64_JUMP26));
        Inst { instruction: Instruction::B { offset: 0 }, target }
    }

    fn binary(&self, out: &mut Emitter<'_, Self>, operator: Operator, to: Reg, left: Src, right: Src) {
        let [first, second] = REGISTERS.work;
        let rd = Register(to);
        if let Src::Const(number) = right {
            if let Src::Stack(offset) = left
                && operator == Operator::Add
                && let Some(inst) = add(to, SP.0, offset.wrapping_add(number))
            {
                return out.push(inst);
            }
            let rn = Register(out.in_register(left, first));
            let found = match operator {
                Operator::Add => add(to, rn.0, number),
                Operator::Sub => add(to, rn.0, number.wrapping_neg()),
                Operator::And | Operator::Or | Operator::Xor => {
                    let op = logic(operator);
                    let imm = number.cast_unsigned();
                    let fits = logical_immediate(imm).is_some();
                    fits.then(|| plain(Instruction::LogicImm { op, rd, rn, imm }))
                }
                Operator::ShiftLeft | Operator::ShiftRight | Operator::LogicalShiftRight => {
                    let op = match operator {
                        Operator::ShiftLeft => Shift::Lsl,
                        Operator::ShiftRight => Shift::Asr,
                        _ => Shift::Lsr,
                    };
                    let count = (number & 63) as u8;
                    Some(plain(Instruction::ShiftImm { op, rd, rn, count }))
                }
                _ => None,
            };
            if let Some(inst) = found {
                return out.push(inst);
            }
        }
        let rn = Register(out.in_register(left, first));
        let rm = Register(out.in_register(right, second));
        let op = match operator {
            Operator::Add => Op3::Add,
            Operator::Sub => Op3::Sub,
            Operator::Mul => Op3::Mul,
            Operator::Div | Operator::Rem => Op3::Sdiv,
            Operator::And | Operator::Or | Operator::Xor => logic(operator),
            Operator::ShiftLeft => Op3::Lslv,
            Operator::ShiftRight => Op3::Asrv,
            Operator::LogicalShiftRight => Op3::Lsrv,
        };
        if operator == Operator::Rem {
            // The quotient may need a register that is none of the three: the one of the two that holds neither.
            let quotient = [first, second, to].into_iter().find(|&free| free != rn.0 && free != rm.0);
            let quotient = Register(quotient.unwrap_or(30));
            out.push(plain(Instruction::Op3 { op, rd: quotient, rn, rm }));
            out.push(plain(Instruction::Msub { rd, rn: quotient, rm, ra: rn }));
            out.state.forget(quotient.0);
            return;
        }
        out.push(plain(Instruction::Op3 { op, rd, rn, rm }));
    }

    fn set(&self, out: &mut Emitter<'_, Self>, condition: Condition, to: Reg, left: Src, right: Src) {
        compare(out, left, right);
        out.push(plain(Instruction::Cset { rd: Register(to), cond: cond(condition) }));
    }

    fn branch(
        &self,
        out: &mut Emitter<'_, Self>,
        condition: Condition,
        left: Src,
        right: Src,
        target: Label,
    ) {
        let target = Some((Target::Label(target), R_AARCH64_CONDBR19));
        if right == Src::Const(0) && matches!(condition, Condition::Equal | Condition::NotEqual) {
            let rt = Register(out.in_register(left, REGISTERS.work[0]));
            let nonzero = condition == Condition::NotEqual;
            return out.push(Inst { instruction: Instruction::Cb { nonzero, rt, offset: 0 }, target });
        }
        compare(out, left, right);
        let instruction = Instruction::BCond { cond: cond(condition), offset: 0 };
        out.push(Inst { instruction, target });
    }

    fn load(&self, out: &mut Emitter<'_, Self>, width: Width, to: Reg, address: Src, offset: i64) {
        let op = match (width.bytes, width.signed) {
            (1, false) => Memory::Ldrb,
            (1, true) => Memory::Ldrsb,
            (2, false) => Memory::Ldrh,
            (2, true) => Memory::Ldrsh,
            (4, false) => Memory::LdrW,
            (4, true) => Memory::Ldrsw,
            _ => Memory::LdrX,
        };
        memory(out, op, to, address, offset, REGISTERS.work[0]);
    }

    fn store(&self, out: &mut Emitter<'_, Self>, width: Width, address: Src, offset: i64, value: Src) {
        let op = match width.bytes {
            1 => Memory::Strb,
            2 => Memory::Strh,
            4 => Memory::StrW,
            _ => Memory::StrX,
        };
        let value = match value {
            Src::Const(0) => ZR.0,
            value => out.in_register(value, REGISTERS.work[0]),
        };
        memory(out, op, value, address, offset, REGISTERS.work[1]);
    }
}

/// The registers that hold a number.
fn numbers(state: &State) -> impl Iterator<Item = (Reg, i64)> + '_ {
    (0..31).filter(|register| GENERAL & (1 << register) != 0).filter_map(|register| {
        match state.get(register) {
            Val::Const(number) => Some((register, number)),
            _ => None,
        }
    })
}

fn memory(out: &mut Emitter<'_, A64>, op: Memory, reg: Reg, address: Src, offset: i64, work: Reg) {
    let (base, offset) = match address {
        Src::Stack(at) if op.takes(at + offset) => (SP.0, at + offset),
        address => (out.in_register(address, work), offset),
    };
    if op.takes(offset) {
        let offset = i16::try_from(offset).unwrap_or(i16::MAX);
        return out.push(plain(Instruction::Memory { op, rt: Register(reg), rn: Register(base), offset }));
    }
    match add(work, base, offset) {
        Some(inst) => out.push(inst),
        None => {
            out.extend(constant(work, offset));
            let (rd, rm) = (Register(work), Register(base));
            out.push(plain(Instruction::Op3 { op: Op3::Add, rd, rn: rd, rm }));
        }
    }
    out.state.forget(work);
    out.push(plain(Instruction::Memory { op, rt: Register(reg), rn: Register(work), offset: 0 }));
}

fn logic(operator: Operator) -> Op3 {
    match operator {
        Operator::And => Op3::And,
        Operator::Or => Op3::Orr,
        _ => Op3::Eor,
    }
}

fn compare(out: &mut Emitter<'_, A64>, left: Src, right: Src) {
    let [first, second] = REGISTERS.work;
    let rn = Register(out.in_register(left, first));
    if let Src::Const(number) = right
        && let Some(Inst { instruction: Instruction::AddImm { sub, imm12, shifted, .. }, .. }) =
            add(first, rn.0, number.wrapping_neg())
    {
        // `cmp x, 0` must be a subtraction: adding zero sets the carry otherwise.
        let sub = sub || imm12 == 0;
        let inst = Instruction::AddImm { sub, set_flags: true, rd: ZR, rn, imm12, shifted };
        return out.push(plain(inst));
    }
    let rm = Register(out.in_register(right, second));
    out.push(plain(Instruction::Op3 { op: Op3::Subs, rd: ZR, rn, rm }));
}

fn cond(condition: Condition) -> Cond {
    match condition {
        Condition::Equal => Cond::Eq,
        Condition::NotEqual => Cond::Ne,
        Condition::Less => Cond::Lt,
        Condition::LessEqual => Cond::Le,
        Condition::Greater => Cond::Gt,
        Condition::GreaterEqual => Cond::Ge,
        Condition::Below => Cond::Lo,
        Condition::BelowEqual => Cond::Ls,
        Condition::Above => Cond::Hi,
        Condition::AboveEqual => Cond::Hs,
    }
}
