//! RV64GC code for scripts: compressed wherever the operands allow.

use super::super::ir::{Condition, DataId, Label, Op, Operator, Width};
use super::state::{State, Val};
use super::{Emitter, Isa, Reg, RegSet, Registers, Src, Target};
use crate::isa::riscv64::{Cond, ImmOp, Instruction, Memory, RegOp, Register, SP, ZERO};

/// The machine.
pub(super) struct Rv64 {
    pub(super) plain: bool,
    /// Whether every address is in reach of `c.lui`.
    pub(super) low: bool,
}

/// How an instruction's place or constant is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fixup {
    /// A branch or jump; its form follows from the distance.
    Jump,
    /// `lui`: the upper part of an address.
    High,
    /// `c.lui`: the same in two bytes, for programs that lie below 128 KiB.
    ShortHigh,
    /// `addi`: the lower part.
    Low,
}

/// An instruction, and what is filled in later.
#[derive(Clone, Copy, Debug)]
pub(super) struct Inst {
    pub(super) instruction: Instruction,
    pub(super) target: Option<(Target, Fixup)>,
}

/// x1 and x5 to x31: all but zero, sp, gp and tp.
const GENERAL: RegSet = 0xffff_ffe2;

/// All registers are zero at entry: `start_thread` clears the whole of `pt_regs`
/// (arch/riscv/kernel/process.c), and execve's own result in a0 is 0.  A call preserves all but a0
/// (syscall(2); arch/riscv/kernel/entry.S restores every register).
static REGISTERS: Registers = Registers {
    number: 17,
    arguments: [10, 11, 12, 13, 14, 15],
    result: 10,
    clobbered: 0,
    work: [5, 6],
    homes: &[8, 9, 15, 14, 13, 12, 11, 10, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 7, 28, 29, 30, 31, 16],
    general: GENERAL,
    zero_at_entry: GENERAL,
};

fn plain(instruction: Instruction) -> Inst {
    Inst { instruction, target: None }
}

fn imm(op: ImmOp, to: Reg, from: Reg, value: i64) -> Option<Inst> {
    let range = match op {
        ImmOp::Slli | ImmOp::Srli | ImmOp::Srai => 0..64,
        _ => -2048..2048,
    };
    let imm = i16::try_from(value).ok().filter(|_| range.contains(&value))?;
    Some(plain(Instruction::Imm { op, rd: Register(to), rs1: Register(from), imm }))
}

fn reg(op: RegOp, to: Reg, left: Reg, right: Reg) -> Inst {
    plain(Instruction::Reg { op, rd: Register(to), rs1: Register(left), rs2: Register(right) })
}

/// The classic recursion: 32 bits as `lui` and `addiw`, more as a shifted prefix and 12 bits.
fn constant(to: Reg, value: i64) -> Vec<Inst> {
    let zero = ZERO.0;
    if let Some(inst) = imm(ImmOp::Addi, to, zero, value) {
        return vec![inst];
    }
    let low = value << 52 >> 52;
    let mut insts = Vec::new();
    if i32::try_from(value).is_ok() {
        let high = (value - low) >> 12;
        // The upper part may be 2^19, which `lui` sign-extends and `addiw` brings back.
        let high = (high << 44 >> 44) as i32;
        insts.push(plain(Instruction::Lui { rd: Register(to), imm: high }));
        if low != 0 {
            insts.extend(imm(ImmOp::Addiw, to, to, low));
        }
        return insts;
    }
    let rest = value.wrapping_sub(low);
    let shift = rest.trailing_zeros();
    insts.extend(constant(to, rest >> shift));
    insts.extend(imm(ImmOp::Slli, to, to, shift.into()));
    if low != 0 {
        insts.extend(imm(ImmOp::Addi, to, to, low));
    }
    insts
}

impl Isa for Rv64 {
    type Inst = Inst;

    fn registers(&self) -> &'static Registers {
        &REGISTERS
    }

    fn clobbers(&self, _: &Op) -> RegSet {
        0
    }

    fn size(&self, inst: &Inst) -> usize {
        match inst.target {
            Some((_, Fixup::ShortHigh | Fixup::Jump)) => 2,
            Some((_, Fixup::High | Fixup::Low)) => 4,
            None => inst.instruction.encode().len(),
        }
    }

    fn constant(&self, to: Reg, value: i64, known: Option<&State>) -> Vec<Vec<Inst>> {
        let mut ways = vec![constant(to, value)];
        let holders = known.into_iter().flat_map(|state| {
            (1..32)
                .filter(|register| GENERAL & (1 << register) != 0)
                .map(|register| (register, state.get(register)))
        });
        for (from, held) in holders {
            if let Val::Const(number) = held
                && number != value
            {
                ways.extend(imm(ImmOp::Addi, to, from, value.wrapping_sub(number)).map(|inst| vec![inst]));
            }
        }
        ways
    }

    fn address(&self, to: Reg, data: DataId, offset: i64, known: Option<&State>) -> Vec<Vec<Inst>> {
        let target = Target::Data(data, offset);
        let high = if self.plain || !self.low { Fixup::High } else { Fixup::ShortHigh };
        let rd = Register(to);
        let mut ways = vec![vec![
            Inst { instruction: Instruction::Lui { rd, imm: 0 }, target: Some((target, high)) },
            Inst {
                instruction: Instruction::Imm { op: ImmOp::Addi, rd, rs1: rd, imm: 0 },
                target: Some((target, Fixup::Low)),
            },
        ]];
        for from in known.into_iter().flat_map(|_| 1..32).filter(|from| GENERAL & (1 << from) != 0) {
            if let Some(Val::Data(other, at)) = known.map(|state| state.get(from))
                && other == data
            {
                ways.extend(imm(ImmOp::Addi, to, from, offset.wrapping_sub(at)).map(|inst| vec![inst]));
            }
        }
        ways
    }

    fn copy(&self, to: Reg, from: Reg) -> Inst {
        reg(RegOp::Add, to, ZERO.0, from)
    }

    fn stack_address(&self, to: Reg, offset: i64) -> Vec<Inst> {
        imm(ImmOp::Addi, to, SP.0, offset).map_or_else(Vec::new, |inst| vec![inst])
    }

    fn load_slot(&self, to: Reg, offset: i64) -> Inst {
        let imm = i16::try_from(offset).unwrap_or(i16::MAX);
        plain(Instruction::Memory { op: Memory::Ld, reg: Register(to), rs1: SP, imm })
    }

    fn store_slot(&self, from: Reg, offset: i64) -> Inst {
        let imm = i16::try_from(offset).unwrap_or(i16::MAX);
        plain(Instruction::Memory { op: Memory::Sd, reg: Register(from), rs1: SP, imm })
    }

    fn reserve(&self, bytes: i64) -> Vec<Inst> {
        imm(ImmOp::Addi, SP.0, SP.0, -bytes).into_iter().collect()
    }

    fn system_call(&self) -> Inst {
        plain(Instruction::Ecall)
    }

    fn jump(&self, target: Label) -> Inst {
        let instruction = Instruction::Jal { rd: ZERO, offset: 0 };
        Inst { instruction, target: Some((Target::Label(target), Fixup::Jump)) }
    }

    fn binary(&self, out: &mut Emitter<'_, Self>, operator: Operator, to: Reg, left: Src, right: Src) {
        let [first, second] = REGISTERS.work;
        let left = match left {
            Src::Const(0) => ZERO.0,
            left => out.in_register(left, first),
        };
        if let Src::Const(number) = right {
            let found = match operator {
                Operator::Add => imm(ImmOp::Addi, to, left, number),
                Operator::Sub => imm(ImmOp::Addi, to, left, number.wrapping_neg()),
                Operator::And => imm(ImmOp::Andi, to, left, number),
                Operator::Or => imm(ImmOp::Ori, to, left, number),
                Operator::Xor => imm(ImmOp::Xori, to, left, number),
                Operator::ShiftLeft => imm(ImmOp::Slli, to, left, number & 63),
                Operator::ShiftRight => imm(ImmOp::Srai, to, left, number & 63),
                Operator::LogicalShiftRight => imm(ImmOp::Srli, to, left, number & 63),
                _ => None,
            };
            if let Some(inst) = found {
                return out.push(inst);
            }
        }
        let right = out.in_register(right, second);
        let op = match operator {
            Operator::Add => RegOp::Add,
            Operator::Sub => RegOp::Sub,
            Operator::Mul => RegOp::Mul,
            Operator::Div => RegOp::Div,
            Operator::Rem => RegOp::Rem,
            Operator::And => RegOp::And,
            Operator::Or => RegOp::Or,
            Operator::Xor => RegOp::Xor,
            Operator::ShiftLeft => RegOp::Sll,
            Operator::ShiftRight => RegOp::Sra,
            Operator::LogicalShiftRight => RegOp::Srl,
        };
        out.push(reg(op, to, left, right));
    }

    fn set(&self, out: &mut Emitter<'_, Self>, condition: Condition, to: Reg, left: Src, right: Src) {
        let [first, second] = REGISTERS.work;
        let mut left = out.in_register(left, first);
        match condition {
            Condition::Equal | Condition::NotEqual => {
                if right != Src::Const(0) {
                    out_binary(self, out, to, left, right);
                    left = to;
                }
                let inst = if condition == Condition::Equal {
                    imm(ImmOp::Sltiu, to, left, 1)
                } else {
                    Some(reg(RegOp::Sltu, to, ZERO.0, left))
                };
                out.extend(inst.into_iter().collect());
            }
            Condition::Less | Condition::GreaterEqual | Condition::Below | Condition::AboveEqual => {
                let signed = matches!(condition, Condition::Less | Condition::GreaterEqual);
                let immediate = match right {
                    Src::Const(number) => {
                        imm(if signed { ImmOp::Slti } else { ImmOp::Sltiu }, to, left, number)
                    }
                    _ => None,
                };
                let op = if signed { RegOp::Slt } else { RegOp::Sltu };
                let inst = immediate.unwrap_or_else(|| reg(op, to, left, out.in_register(right, second)));
                out.push(inst);
                if matches!(condition, Condition::GreaterEqual | Condition::AboveEqual) {
                    out.extend(imm(ImmOp::Xori, to, to, 1).into_iter().collect());
                }
            }
            Condition::Greater | Condition::LessEqual | Condition::Above | Condition::BelowEqual => {
                let signed = matches!(condition, Condition::Greater | Condition::LessEqual);
                let right = if right == Src::Const(0) { ZERO.0 } else { out.in_register(right, second) };
                out.push(reg(if signed { RegOp::Slt } else { RegOp::Sltu }, to, right, left));
                if matches!(condition, Condition::LessEqual | Condition::BelowEqual) {
                    out.extend(imm(ImmOp::Xori, to, to, 1).into_iter().collect());
                }
            }
        }
    }

    fn branch(
        &self,
        out: &mut Emitter<'_, Self>,
        condition: Condition,
        left: Src,
        right: Src,
        target: Label,
    ) {
        let [first, second] = REGISTERS.work;
        let left = Register(out.in_register(left, first));
        let right = match right {
            Src::Const(0) => ZERO,
            right => Register(out.in_register(right, second)),
        };
        let (cond, rs1, rs2) = match condition {
            Condition::Equal => (Cond::Beq, left, right),
            Condition::NotEqual => (Cond::Bne, left, right),
            Condition::Less => (Cond::Blt, left, right),
            Condition::GreaterEqual => (Cond::Bge, left, right),
            Condition::Greater => (Cond::Blt, right, left),
            Condition::LessEqual => (Cond::Bge, right, left),
            Condition::Below => (Cond::Bltu, left, right),
            Condition::AboveEqual => (Cond::Bgeu, left, right),
            Condition::Above => (Cond::Bltu, right, left),
            Condition::BelowEqual => (Cond::Bgeu, right, left),
        };
        let instruction = Instruction::Branch { cond, rs1, rs2, offset: 0 };
        out.push(Inst { instruction, target: Some((Target::Label(target), Fixup::Jump)) });
    }

    fn load(&self, out: &mut Emitter<'_, Self>, width: Width, to: Reg, address: Src, offset: i64) {
        let op = match (width.bytes, width.signed) {
            (1, false) => Memory::Lbu,
            (1, true) => Memory::Lb,
            (2, false) => Memory::Lhu,
            (2, true) => Memory::Lh,
            (4, false) => Memory::Lwu,
            (4, true) => Memory::Lw,
            _ => Memory::Ld,
        };
        memory(out, op, to, address, offset, REGISTERS.work[0]);
    }

    fn store(&self, out: &mut Emitter<'_, Self>, width: Width, address: Src, offset: i64, value: Src) {
        let op = match width.bytes {
            1 => Memory::Sb,
            2 => Memory::Sh,
            4 => Memory::Sw,
            _ => Memory::Sd,
        };
        let value = match value {
            Src::Const(0) => ZERO.0,
            value => out.in_register(value, REGISTERS.work[0]),
        };
        memory(out, op, value, address, offset, REGISTERS.work[1]);
    }
}

/// `to` becomes zero exactly when the operands are equal.
fn out_binary(isa: &Rv64, out: &mut Emitter<'_, Rv64>, to: Reg, left: Reg, right: Src) {
    let operator = if matches!(right, Src::Const(_)) { Operator::Sub } else { Operator::Xor };
    isa.binary(out, operator, to, Src::Reg(left), right);
}

fn memory(out: &mut Emitter<'_, Rv64>, op: Memory, register: Reg, address: Src, offset: i64, work: Reg) {
    let (base, offset) = match address {
        Src::Stack(at) if (-2048..2048).contains(&(at + offset)) => (SP.0, at + offset),
        address => (out.in_register(address, work), offset),
    };
    let (base, offset) = match i16::try_from(offset).ok().filter(|offset| (-2048..2048).contains(offset)) {
        Some(offset) => (base, offset),
        None => {
            out.extend(constant(work, offset));
            out.push(reg(RegOp::Add, work, work, base));
            out.state.forget(work);
            (work, 0)
        }
    };
    out.push(plain(Instruction::Memory { op, reg: Register(register), rs1: Register(base), imm: offset }));
}
