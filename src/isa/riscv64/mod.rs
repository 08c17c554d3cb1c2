//! RV64GC: the instructions that scripts need, to bytes (compressed where a short form exists, as GNU as
//! chooses) and to GNU assembler text.
//!
//! Encodings are those of the RISC-V Instruction Set Manual, volume I: chapter 2 and 7 (base), 13 (M), 28 (C).

use std::fmt;

/// A general register, 0 to 31.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Register(pub u8);

/// `zero`.
pub const ZERO: Register = Register(0);
/// `sp`.
pub const SP: Register = Register(2);

/// Operations on two registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the mnemonic of its name")]
pub enum RegOp {
    Add,
    Sub,
    Sll,
    Slt,
    Sltu,
    Xor,
    Srl,
    Sra,
    Or,
    And,
    Mul,
    Div,
    Rem,
}

/// Operations on a register and a constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the mnemonic of its name")]
pub enum ImmOp {
    Addi,
    Addiw,
    Slti,
    Sltiu,
    Xori,
    Ori,
    Andi,
    Slli,
    Srli,
    Srai,
}

/// Loads and stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the mnemonic of its name")]
pub enum Memory {
    Lb,
    Lbu,
    Lh,
    Lhu,
    Lw,
    Lwu,
    Ld,
    Sb,
    Sh,
    Sw,
    Sd,
}

/// Conditional branches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the mnemonic of its name")]
pub enum Cond {
    Beq,
    Bne,
    Blt,
    Bge,
    Bltu,
    Bgeu,
}

/// One instruction.  Offsets are in bytes from the instruction itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "fields bear the names of the manual")]
pub enum Instruction {
    Reg {
        op: RegOp,
        rd: Register,
        rs1: Register,
        rs2: Register,
    },
    Imm {
        op: ImmOp,
        rd: Register,
        rs1: Register,
        imm: i16,
    },
    Memory {
        op: Memory,
        reg: Register,
        rs1: Register,
        imm: i16,
    },
    /// `imm` is the upper 20 bits, sign-extended.
    Lui {
        rd: Register,
        imm: i32,
    },
    Auipc {
        rd: Register,
        imm: i32,
    },
    Branch {
        cond: Cond,
        rs1: Register,
        rs2: Register,
        offset: i32,
    },
    Jal {
        rd: Register,
        offset: i32,
    },
    Ecall,
}

/// The bytes of one instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoded {
    /// A compressed instruction.
    Short(u16),
    /// A full one.
    Long(u32),
}

impl Encoded {
    /// Appends the bytes.
    pub fn write(self, out: &mut Vec<u8>) {
        match self {
            Encoded::Short(bits) => out.extend_from_slice(&bits.to_le_bytes()),
            Encoded::Long(bits) => out.extend_from_slice(&bits.to_le_bytes()),
        }
    }

    /// 2 or 4.
    #[expect(clippy::len_without_is_empty, reason = "an instruction is never empty")]
    pub fn len(self) -> usize {
        match self {
            Encoded::Short(_) => 2,
            Encoded::Long(_) => 4,
        }
    }
}

impl Cond {
    /// The branch that is taken when this one is not.
    pub fn inverted(self) -> Self {
        match self {
            Cond::Beq => Cond::Bne,
            Cond::Bne => Cond::Beq,
            Cond::Blt => Cond::Bge,
            Cond::Bge => Cond::Blt,
            Cond::Bltu => Cond::Bgeu,
            Cond::Bgeu => Cond::Bltu,
        }
    }
}

impl Memory {
    fn is_store(self) -> bool {
        matches!(self, Memory::Sb | Memory::Sh | Memory::Sw | Memory::Sd)
    }

    fn funct3(self) -> u32 {
        match self {
            Memory::Lb | Memory::Sb => 0,
            Memory::Lh | Memory::Sh => 1,
            Memory::Lw | Memory::Sw => 2,
            Memory::Ld | Memory::Sd => 3,
            Memory::Lbu => 4,
            Memory::Lhu => 5,
            Memory::Lwu => 6,
        }
    }
}

/// The low `bits` of a number.
fn low(number: i32, bits: u32) -> u32 {
    number.cast_unsigned() & ((1 << bits) - 1)
}

/// Bits `high` to `low` of a number.
fn bits(number: i32, high: u32, low_bit: u32) -> u32 {
    (number.cast_unsigned() >> low_bit) & ((1 << (high - low_bit + 1)) - 1)
}

impl Instruction {
    /// The shortest encoding.  For a branch that is by its offset, for everything else by its operands.
    pub fn encode(self) -> Encoded {
        self.compressed().map_or_else(|| Encoded::Long(self.full()), Encoded::Short)
    }

    /// The encoding of 32 bits.
    pub fn full(self) -> u32 {
        let reg = |register: Register, at: u32| u32::from(register.0 & 31) << at;
        match self {
            Instruction::Reg { op, rd, rs1, rs2 } => {
                let (funct7, funct3) = match op {
                    RegOp::Add => (0, 0),
                    RegOp::Sub => (0x20, 0),
                    RegOp::Sll => (0, 1),
                    RegOp::Slt => (0, 2),
                    RegOp::Sltu => (0, 3),
                    RegOp::Xor => (0, 4),
                    RegOp::Srl => (0, 5),
                    RegOp::Sra => (0x20, 5),
                    RegOp::Or => (0, 6),
                    RegOp::And => (0, 7),
                    RegOp::Mul => (1, 0),
                    RegOp::Div => (1, 4),
                    RegOp::Rem => (1, 6),
                };
                funct7 << 25 | reg(rs2, 20) | reg(rs1, 15) | funct3 << 12 | reg(rd, 7) | 0x33
            }
            Instruction::Imm { op, rd, rs1, imm } => {
                let imm = i32::from(imm);
                let (opcode, funct3, field) = match op {
                    ImmOp::Addi => (0x13, 0, low(imm, 12)),
                    ImmOp::Addiw => (0x1b, 0, low(imm, 12)),
                    ImmOp::Slti => (0x13, 2, low(imm, 12)),
                    ImmOp::Sltiu => (0x13, 3, low(imm, 12)),
                    ImmOp::Xori => (0x13, 4, low(imm, 12)),
                    ImmOp::Ori => (0x13, 6, low(imm, 12)),
                    ImmOp::Andi => (0x13, 7, low(imm, 12)),
                    ImmOp::Slli => (0x13, 1, low(imm, 6)),
                    ImmOp::Srli => (0x13, 5, low(imm, 6)),
                    ImmOp::Srai => (0x13, 5, low(imm, 6) | 0x400),
                };
                field << 20 | reg(rs1, 15) | funct3 << 12 | reg(rd, 7) | opcode
            }
            Instruction::Memory { op, reg: register, rs1, imm } => {
                let imm = i32::from(imm);
                let common = reg(rs1, 15) | op.funct3() << 12;
                if op.is_store() {
                    common | bits(imm, 11, 5) << 25 | reg(register, 20) | bits(imm, 4, 0) << 7 | 0x23
                } else {
                    common | low(imm, 12) << 20 | reg(register, 7) | 0x03
                }
            }
            Instruction::Lui { rd, imm } => low(imm, 20) << 12 | reg(rd, 7) | 0x37,
            Instruction::Auipc { rd, imm } => low(imm, 20) << 12 | reg(rd, 7) | 0x17,
            Instruction::Branch { cond, rs1, rs2, offset } => {
                let funct3 = match cond {
                    Cond::Beq => 0,
                    Cond::Bne => 1,
                    Cond::Blt => 4,
                    Cond::Bge => 5,
                    Cond::Bltu => 6,
                    Cond::Bgeu => 7,
                };
                bits(offset, 12, 12) << 31
                    | bits(offset, 10, 5) << 25
                    | reg(rs2, 20)
                    | reg(rs1, 15)
                    | funct3 << 12
                    | bits(offset, 4, 1) << 8
                    | bits(offset, 11, 11) << 7
                    | 0x63
            }
            Instruction::Jal { rd, offset } => {
                bits(offset, 20, 20) << 31
                    | bits(offset, 10, 1) << 21
                    | bits(offset, 11, 11) << 20
                    | bits(offset, 19, 12) << 12
                    | reg(rd, 7)
                    | 0x6f
            }
            Instruction::Ecall => 0x73,
        }
    }

    /// The encoding of 16 bits, where there is one (chapter 28, "C" extension; RV64).
    pub fn compressed(self) -> Option<u16> {
        let found = match self {
            Instruction::Reg { op, rd, rs1, rs2 } => compressed_reg(op, rd, rs1, rs2),
            Instruction::Imm { op, rd, rs1, imm } => compressed_imm(op, rd, rs1, i32::from(imm)),
            Instruction::Memory { op, reg, rs1, imm } => compressed_memory(op, reg, rs1, i32::from(imm)),
            Instruction::Lui { rd, imm } => {
                let fits = (-32..32).contains(&imm) && imm != 0 && rd != ZERO && rd != SP;
                fits.then(|| 3 << 13 | bits(imm, 5, 5) << 12 | full(rd) << 7 | bits(imm, 4, 0) << 2 | 1)
            }
            Instruction::Branch { cond: cond @ (Cond::Beq | Cond::Bne), rs1, rs2: ZERO, offset } => {
                let fits = (-256..256).contains(&offset) && offset % 2 == 0;
                let funct3 = if cond == Cond::Beq { 6 } else { 7 };
                let rs1 = if fits { short(rs1) } else { None };
                rs1.map(|rs1| {
                    funct3 << 13
                        | bits(offset, 8, 8) << 12
                        | bits(offset, 4, 3) << 10
                        | rs1 << 7
                        | bits(offset, 7, 6) << 5
                        | bits(offset, 2, 1) << 3
                        | bits(offset, 5, 5) << 2
                        | 1
                })
            }
            Instruction::Jal { rd: ZERO, offset } => {
                let fits = (-2048..2048).contains(&offset) && offset % 2 == 0;
                fits.then(|| {
                    5 << 13
                        | bits(offset, 11, 11) << 12
                        | bits(offset, 4, 4) << 11
                        | bits(offset, 9, 8) << 9
                        | bits(offset, 10, 10) << 8
                        | bits(offset, 6, 6) << 7
                        | bits(offset, 7, 7) << 6
                        | bits(offset, 3, 1) << 3
                        | bits(offset, 5, 5) << 2
                        | 1
                })
            }
            _ => None,
        };
        found.and_then(|bits| u16::try_from(bits).ok())
    }
}

/// A register's number.
fn full(register: Register) -> u32 {
    u32::from(register.0 & 31)
}

/// A register's number in the three-bit fields, which reach x8 to x15.
fn short(register: Register) -> Option<u32> {
    (8..16).contains(&register.0).then(|| u32::from(register.0) - 8)
}

fn compressed_reg(op: RegOp, rd: Register, rs1: Register, rs2: Register) -> Option<u32> {
    let arithmetic = |funct6: u32, funct2: u32, rd: Register, rs2: Register| {
        Some(funct6 << 10 | short(rd)? << 7 | funct2 << 5 | short(rs2)? << 2 | 1)
    };
    match op {
        // `c.mv`; GNU as does not take it for `add rd, rs1, x0`.
        RegOp::Add if rs1 == ZERO && rs2 != ZERO && rd != ZERO => {
            Some(4 << 13 | full(rd) << 7 | full(rs2) << 2 | 2)
        }
        RegOp::Add if rd == rs1 && rs2 != ZERO && rd != ZERO => {
            Some(9 << 12 | full(rd) << 7 | full(rs2) << 2 | 2)
        }
        RegOp::Add if rd == rs2 && rs1 != ZERO && rd != ZERO => {
            Some(9 << 12 | full(rd) << 7 | full(rs1) << 2 | 2)
        }
        RegOp::Sub if rd == rs1 => arithmetic(0x23, 0, rd, rs2),
        RegOp::Xor if rd == rs1 => arithmetic(0x23, 1, rd, rs2),
        RegOp::Or if rd == rs1 => arithmetic(0x23, 2, rd, rs2),
        RegOp::And if rd == rs1 => arithmetic(0x23, 3, rd, rs2),
        RegOp::Xor if rd == rs2 => arithmetic(0x23, 1, rd, rs1),
        RegOp::Or if rd == rs2 => arithmetic(0x23, 2, rd, rs1),
        RegOp::And if rd == rs2 => arithmetic(0x23, 3, rd, rs1),
        _ => None,
    }
}

fn compressed_imm(op: ImmOp, rd: Register, rs1: Register, imm: i32) -> Option<u32> {
    let small = (-32..32).contains(&imm);
    let ci =
        |funct3: u32, imm: i32| funct3 << 13 | bits(imm, 5, 5) << 12 | full(rd) << 7 | bits(imm, 4, 0) << 2;
    let shift_or_and = |funct2: u32| {
        Some(4 << 13 | bits(imm, 5, 5) << 12 | funct2 << 10 | short(rd)? << 7 | bits(imm, 4, 0) << 2 | 1)
    };
    match op {
        ImmOp::Addi if rd == ZERO => None,
        ImmOp::Addi if rs1 == ZERO && small => Some(ci(2, imm) | 1),
        ImmOp::Addi if imm == 0 && rs1 != ZERO => Some(4 << 13 | full(rd) << 7 | full(rs1) << 2 | 2),
        ImmOp::Addi if rd == rs1 && small && imm != 0 => Some(ci(0, imm) | 1),
        ImmOp::Addi if rd == SP && rs1 == SP && imm % 16 == 0 && (-512..512).contains(&imm) && imm != 0 => {
            Some(
                3 << 13
                    | bits(imm, 9, 9) << 12
                    | 2 << 7
                    | bits(imm, 4, 4) << 6
                    | bits(imm, 6, 6) << 5
                    | bits(imm, 8, 7) << 3
                    | bits(imm, 5, 5) << 2
                    | 1,
            )
        }
        ImmOp::Addi if rs1 == SP && imm % 4 == 0 && (1..1024).contains(&imm) => Some(
            bits(imm, 5, 4) << 11
                | bits(imm, 9, 6) << 7
                | bits(imm, 2, 2) << 6
                | bits(imm, 3, 3) << 5
                | short(rd)? << 2,
        ),
        ImmOp::Addiw if rd == rs1 && rd != ZERO && small => Some(ci(1, imm) | 1),
        ImmOp::Slli if rd == rs1 && rd != ZERO && (1..64).contains(&imm) => Some(ci(0, imm) | 2),
        ImmOp::Srli if rd == rs1 && (1..64).contains(&imm) => shift_or_and(0),
        ImmOp::Srai if rd == rs1 && (1..64).contains(&imm) => shift_or_and(1),
        ImmOp::Andi if rd == rs1 && small => shift_or_and(2),
        _ => None,
    }
}

fn compressed_memory(op: Memory, reg: Register, rs1: Register, imm: i32) -> Option<u32> {
    let word = imm % 4 == 0;
    let double = imm % 8 == 0;
    match op {
        Memory::Lw if rs1 == SP && reg != ZERO && word && (0..256).contains(&imm) => Some(
            2 << 13
                | bits(imm, 5, 5) << 12
                | full(reg) << 7
                | bits(imm, 4, 2) << 4
                | bits(imm, 7, 6) << 2
                | 2,
        ),
        Memory::Ld if rs1 == SP && reg != ZERO && double && (0..512).contains(&imm) => Some(
            3 << 13
                | bits(imm, 5, 5) << 12
                | full(reg) << 7
                | bits(imm, 4, 3) << 5
                | bits(imm, 8, 6) << 2
                | 2,
        ),
        Memory::Sw if rs1 == SP && word && (0..256).contains(&imm) => {
            Some(6 << 13 | bits(imm, 5, 2) << 9 | bits(imm, 7, 6) << 7 | full(reg) << 2 | 2)
        }
        Memory::Sd if rs1 == SP && double && (0..512).contains(&imm) => {
            Some(7 << 13 | bits(imm, 5, 3) << 10 | bits(imm, 8, 6) << 7 | full(reg) << 2 | 2)
        }
        Memory::Lw | Memory::Sw if word && (0..128).contains(&imm) => {
            let funct3 = if op == Memory::Lw { 2 } else { 6 };
            Some(
                funct3 << 13
                    | bits(imm, 5, 3) << 10
                    | short(rs1)? << 7
                    | bits(imm, 2, 2) << 6
                    | bits(imm, 6, 6) << 5
                    | short(reg)? << 2,
            )
        }
        Memory::Ld | Memory::Sd if double && (0..256).contains(&imm) => {
            let funct3 = if op == Memory::Ld { 3 } else { 7 };
            Some(
                funct3 << 13
                    | bits(imm, 5, 3) << 10
                    | short(rs1)? << 7
                    | bits(imm, 7, 6) << 5
                    | short(reg)? << 2,
            )
        }
        _ => None,
    }
}

impl fmt::Display for Register {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const NAMES: [&str; 32] = [
            "zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5",
            "a6", "a7", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
        ];
        f.write_str(NAMES[usize::from(self.0 & 31)])
    }
}

impl Instruction {
    /// GNU assembler text; `target` replaces the offset of a branch or the constant of another instruction.
    pub fn text(self, target: Option<&str>) -> String {
        let place = |offset: i32| target.map_or_else(|| format!(".{offset:+}"), str::to_owned);
        let value = |number: i64| target.map_or_else(|| number.to_string(), str::to_owned);
        match self {
            Instruction::Reg { op, rd, rs1, rs2 } => {
                format!("{} {rd}, {rs1}, {rs2}", format!("{op:?}").to_lowercase())
            }
            Instruction::Imm { op, rd, rs1, imm } => {
                format!("{} {rd}, {rs1}, {}", format!("{op:?}").to_lowercase(), value(imm.into()))
            }
            Instruction::Memory { op, reg, rs1, imm } => {
                format!("{} {reg}, {}({rs1})", format!("{op:?}").to_lowercase(), value(imm.into()))
            }
            Instruction::Lui { rd, imm } => format!("lui {rd}, {}", value(i64::from(low(imm, 20)))),
            Instruction::Auipc { rd, imm } => format!("auipc {rd}, {}", value(i64::from(low(imm, 20)))),
            Instruction::Branch { cond, rs1, rs2, offset } => {
                format!("{} {rs1}, {rs2}, {}", format!("{cond:?}").to_lowercase(), place(offset))
            }
            Instruction::Jal { rd, offset } => format!("jal {rd}, {}", place(offset)),
            Instruction::Ecall => "ecall".to_owned(),
        }
    }
}
