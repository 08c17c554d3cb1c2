//! A64: the instructions that scripts need, to bytes and to GNU assembler text.
//!
//! Encodings are those of the Arm Architecture Reference Manual (DDI 0487), chapter C6, by the names of the
//! fields there.  Every register operand is 64 bits wide unless a memory access says otherwise.

use std::fmt;

/// A general register, 0 to 30; 31 is `xzr` or `sp` by position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Register(pub u8);

/// `xzr` where a value is read or thrown away.
pub const ZR: Register = Register(31);
/// `sp` where an address or a sum is computed.
pub const SP: Register = Register(31);

/// Three-register operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the mnemonic of its name")]
pub enum Op3 {
    Add,
    Sub,
    And,
    Orr,
    Eor,
    Subs,
    Mul,
    Sdiv,
    Lslv,
    Lsrv,
    Asrv,
}

/// `movz`, `movn`, `movk`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the last letter of its mnemonic")]
pub enum Wide {
    N,
    Z,
    K,
}

/// Shifts by a constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the mnemonic of its name")]
pub enum Shift {
    Lsl,
    Lsr,
    Asr,
}

/// Condition codes, numbered as in the encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the condition of its name")]
pub enum Cond {
    Eq = 0,
    Ne = 1,
    Hs = 2,
    Lo = 3,
    Hi = 8,
    Ls = 9,
    Ge = 10,
    Lt = 11,
    Gt = 12,
    Le = 13,
}

/// Loads and stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the mnemonic of its name; W and X are the register's width")]
pub enum Memory {
    Ldrb,
    Ldrh,
    LdrW,
    LdrX,
    Ldrsb,
    Ldrsh,
    Ldrsw,
    Strb,
    Strh,
    StrW,
    StrX,
}

/// One instruction.  Offsets of branches and `adr` are in bytes from the instruction itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "fields bear the names of the reference manual")]
pub enum Instruction {
    MovWide { op: Wide, rd: Register, imm16: u16, shift: u8 },
    AddImm { sub: bool, set_flags: bool, rd: Register, rn: Register, imm12: u16, shifted: bool },
    Op3 { op: Op3, rd: Register, rn: Register, rm: Register },
    Msub { rd: Register, rn: Register, rm: Register, ra: Register },
    LogicImm { op: Op3, rd: Register, rn: Register, imm: u64 },
    ShiftImm { op: Shift, rd: Register, rn: Register, count: u8 },
    Cset { rd: Register, cond: Cond },
    Memory { op: Memory, rt: Register, rn: Register, offset: i16 },
    B { offset: i32 },
    BCond { cond: Cond, offset: i32 },
    Cb { nonzero: bool, rt: Register, offset: i32 },
    Adr { rd: Register, offset: i32 },
    Adrp { rd: Register, pages: i32 },
    Svc { imm16: u16 },
}

impl Memory {
    /// `size` and `opc` of "Load/store register", and log2 of the access in bytes.
    fn fields(self) -> (u32, u32) {
        match self {
            Memory::Strb => (0, 0),
            Memory::Ldrb => (0, 1),
            Memory::Ldrsb => (0, 2),
            Memory::Strh => (1, 0),
            Memory::Ldrh => (1, 1),
            Memory::Ldrsh => (1, 2),
            Memory::StrW => (2, 0),
            Memory::LdrW => (2, 1),
            Memory::Ldrsw => (2, 2),
            Memory::StrX => (3, 0),
            Memory::LdrX => (3, 1),
        }
    }

    /// Whether an offset has an encoding: scaled and unsigned with 12 bits, or signed with 9.
    pub fn takes(self, offset: i64) -> bool {
        let scale = 1_i64 << self.fields().0;
        (-256..256).contains(&offset) || (offset >= 0 && offset % scale == 0 && offset / scale < 4096)
    }

    fn name(self) -> &'static str {
        match self {
            Memory::Ldrb => "ldrb",
            Memory::Ldrh => "ldrh",
            Memory::LdrW | Memory::LdrX => "ldr",
            Memory::Ldrsb => "ldrsb",
            Memory::Ldrsh => "ldrsh",
            Memory::Ldrsw => "ldrsw",
            Memory::Strb => "strb",
            Memory::Strh => "strh",
            Memory::StrW | Memory::StrX => "str",
        }
    }

    fn is_narrow(self) -> bool {
        matches!(
            self,
            Memory::Ldrb | Memory::Ldrh | Memory::LdrW | Memory::Strb | Memory::Strh | Memory::StrW
        )
    }
}

impl Cond {
    /// The condition that holds when this one does not: the lowest bit flipped.
    pub fn inverted(self) -> Self {
        match self {
            Cond::Eq => Cond::Ne,
            Cond::Ne => Cond::Eq,
            Cond::Hs => Cond::Lo,
            Cond::Lo => Cond::Hs,
            Cond::Hi => Cond::Ls,
            Cond::Ls => Cond::Hi,
            Cond::Ge => Cond::Lt,
            Cond::Lt => Cond::Ge,
            Cond::Gt => Cond::Le,
            Cond::Le => Cond::Gt,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Cond::Eq => "eq",
            Cond::Ne => "ne",
            Cond::Hs => "hs",
            Cond::Lo => "lo",
            Cond::Hi => "hi",
            Cond::Ls => "ls",
            Cond::Ge => "ge",
            Cond::Lt => "lt",
            Cond::Gt => "gt",
            Cond::Le => "le",
        }
    }
}

/// `immr` and `imms` of a 64-bit logical immediate (`N` is then 1, or 0 for shorter elements): a run of ones,
/// rotated, in an element of 2 to 64 bits that is repeated (DDI 0487, `DecodeBitMasks`).
pub fn logical_immediate(value: u64) -> Option<(u32, u32, u32)> {
    if value == 0 || value == u64::MAX {
        return None;
    }
    let mut size = 64;
    while size > 2 {
        let half = size / 2;
        let mask = (1_u64 << half) - 1;
        if value & mask != (value >> half) & mask || value.rotate_right(half) != value {
            break;
        }
        size = half;
    }
    let mask = u64::MAX >> (64 - size);
    let element = value & mask;
    let ones = element.count_ones();
    // Rotating right by `r` must bring the run to the bottom.
    let rotated = |count: u32| (element >> count | element << ((size - count) % size)) & mask;
    let run = u64::MAX >> (64 - ones);
    let turn = (0..size).find(|&count| rotated(count) == run)?;
    let immr = (size - turn) % size;
    let n = u32::from(size == 64);
    let imms = ((!(size * 2 - 1)) & 0x3f) | (ones - 1);
    Some((n, immr, imms))
}

impl Instruction {
    /// The instruction word.
    pub fn encode(self) -> u32 {
        let reg = |register: Register, at: u32| u32::from(register.0 & 31) << at;
        match self {
            Instruction::MovWide { op, rd, imm16, shift } => {
                let opc = match op {
                    Wide::N => 0x9280_0000,
                    Wide::Z => 0xd280_0000,
                    Wide::K => 0xf280_0000,
                };
                opc | u32::from((shift / 16) & 3) << 21 | u32::from(imm16) << 5 | reg(rd, 0)
            }
            Instruction::AddImm { sub, set_flags, rd, rn, imm12, shifted } => {
                0x9100_0000
                    | u32::from(sub) << 30
                    | u32::from(set_flags) << 29
                    | u32::from(shifted) << 22
                    | u32::from(imm12 & 0xfff) << 10
                    | reg(rn, 5)
                    | reg(rd, 0)
            }
            Instruction::Op3 { op, rd, rn, rm } => op.base() | reg(rm, 16) | reg(rn, 5) | reg(rd, 0),
            Instruction::Msub { rd, rn, rm, ra } => {
                0x9b00_8000 | reg(rm, 16) | reg(ra, 10) | reg(rn, 5) | reg(rd, 0)
            }
            Instruction::LogicImm { op, rd, rn, imm } => {
                let (n, immr, imms) = logical_immediate(imm).unwrap_or((0, 0, 0));
                let opc = match op {
                    Op3::And => 0x9200_0000,
                    Op3::Orr => 0xb200_0000,
                    _ => 0xd200_0000,
                };
                opc | n << 22 | immr << 16 | imms << 10 | reg(rn, 5) | reg(rd, 0)
            }
            Instruction::ShiftImm { op, rd, rn, count } => {
                let count = u32::from(count & 63);
                let (base, immr, imms) = match op {
                    Shift::Lsl => (0xd340_0000, (64 - count) % 64, 63 - count),
                    Shift::Lsr => (0xd340_0000, count, 63),
                    Shift::Asr => (0x9340_0000, count, 63),
                };
                base | immr << 16 | imms << 10 | reg(rn, 5) | reg(rd, 0)
            }
            Instruction::Cset { rd, cond } => 0x9a9f_07e0 | (cond.inverted() as u32) << 12 | reg(rd, 0),
            Instruction::Memory { op, rt, rn, offset } => {
                let (size, opc) = op.fields();
                let (scaled, remainder) = (i32::from(offset) >> size, i32::from(offset) & ((1 << size) - 1));
                let base = size << 30 | 0x3800_0000 | opc << 22 | reg(rn, 5) | reg(rt, 0);
                if remainder == 0 && (0..4096).contains(&scaled) {
                    base | 1 << 24 | scaled.cast_unsigned() << 10
                } else {
                    base | (i32::from(offset).cast_unsigned() & 0x1ff) << 12
                }
            }
            Instruction::B { offset } => 0x1400_0000 | field(offset >> 2, 26, 0),
            Instruction::BCond { cond, offset } => 0x5400_0000 | field(offset >> 2, 19, 5) | cond as u32,
            Instruction::Cb { nonzero, rt, offset } => {
                0xb400_0000 | u32::from(nonzero) << 24 | field(offset >> 2, 19, 5) | reg(rt, 0)
            }
            Instruction::Adr { rd, offset } => {
                0x1000_0000 | field(offset, 2, 29) | field(offset >> 2, 19, 5) | reg(rd, 0)
            }
            Instruction::Adrp { rd, pages } => {
                0x9000_0000 | field(pages, 2, 29) | field(pages >> 2, 19, 5) | reg(rd, 0)
            }
            Instruction::Svc { imm16 } => 0xd400_0001 | u32::from(imm16) << 5,
        }
    }
}

/// The low `bits` of a number, moved to bit `at`.
fn field(number: i32, bits: u32, at: u32) -> u32 {
    (number.cast_unsigned() & ((1 << bits) - 1)) << at
}

impl Op3 {
    fn base(self) -> u32 {
        match self {
            Op3::Add => 0x8b00_0000,
            Op3::Sub => 0xcb00_0000,
            Op3::And => 0x8a00_0000,
            Op3::Orr => 0xaa00_0000,
            Op3::Eor => 0xca00_0000,
            Op3::Subs => 0xeb00_0000,
            Op3::Mul => 0x9b00_7c00,
            Op3::Sdiv => 0x9ac0_0c00,
            Op3::Lslv => 0x9ac0_2000,
            Op3::Lsrv => 0x9ac0_2400,
            Op3::Asrv => 0x9ac0_2800,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Op3::Add => "add",
            Op3::Sub => "sub",
            Op3::And => "and",
            Op3::Orr => "orr",
            Op3::Eor => "eor",
            Op3::Subs => "subs",
            Op3::Mul => "mul",
            Op3::Sdiv => "sdiv",
            Op3::Lslv => "lsl",
            Op3::Lsrv => "lsr",
            Op3::Asrv => "asr",
        }
    }
}

/// A register where 31 means `xzr`.
struct X(Register);
/// A register where 31 means `sp`.
struct XSp(Register);
/// The low half of a register.
struct W(Register);

impl fmt::Display for X {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == ZR { f.write_str("xzr") } else { write!(f, "x{}", self.0.0) }
    }
}

impl fmt::Display for XSp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == SP { f.write_str("sp") } else { write!(f, "x{}", self.0.0) }
    }
}

impl fmt::Display for W {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == ZR { f.write_str("wzr") } else { write!(f, "w{}", self.0.0) }
    }
}

impl Instruction {
    /// GNU assembler text; `target` replaces the offset of a branch or address.
    pub fn text(self, target: Option<&str>) -> String {
        let place = |offset: i32| target.map_or_else(|| format!(".{offset:+}"), str::to_owned);
        match self {
            Instruction::MovWide { op, rd, imm16, shift } => {
                let letter = match op {
                    Wide::N => 'n',
                    Wide::Z => 'z',
                    Wide::K => 'k',
                };
                let shift = if shift == 0 { String::new() } else { format!(", lsl #{shift}") };
                format!("mov{letter} {}, #{imm16}{shift}", X(rd))
            }
            Instruction::AddImm { sub, set_flags, rd, rn, imm12, shifted } => {
                let name = if sub { "sub" } else { "add" };
                let to = if set_flags { format!("s {}", X(rd)) } else { format!(" {}", XSp(rd)) };
                let value = target.map_or_else(|| format!("#{imm12}"), str::to_owned);
                let shift = if shifted { ", lsl #12" } else { "" };
                format!("{name}{to}, {}, {value}{shift}", XSp(rn))
            }
            Instruction::Op3 { op, rd, rn, rm } => format!("{} {}, {}, {}", op.name(), X(rd), X(rn), X(rm)),
            Instruction::Msub { rd, rn, rm, ra } => {
                format!("msub {}, {}, {}, {}", X(rd), X(rn), X(rm), X(ra))
            }
            Instruction::LogicImm { op, rd, rn, imm } => {
                format!("{} {}, {}, #{imm:#x}", op.name(), XSp(rd), X(rn))
            }
            Instruction::ShiftImm { op, rd, rn, count } => {
                let name = match op {
                    Shift::Lsl => "lsl",
                    Shift::Lsr => "lsr",
                    Shift::Asr => "asr",
                };
                format!("{name} {}, {}, #{count}", X(rd), X(rn))
            }
            Instruction::Cset { rd, cond } => format!("cset {}, {}", X(rd), cond.name()),
            Instruction::Memory { op, rt, rn, offset } => {
                let register = if op.is_narrow() { W(rt).to_string() } else { X(rt).to_string() };
                format!("{} {register}, [{}, #{offset}]", op.name(), XSp(rn))
            }
            Instruction::B { offset } => format!("b {}", place(offset)),
            Instruction::BCond { cond, offset } => format!("b.{} {}", cond.name(), place(offset)),
            Instruction::Cb { nonzero, rt, offset } => {
                format!("cb{}z {}, {}", if nonzero { "n" } else { "" }, X(rt), place(offset))
            }
            Instruction::Adr { rd, offset } => format!("adr {}, {}", X(rd), place(offset)),
            Instruction::Adrp { rd, pages } => {
                let place = target.map_or_else(|| format!(".+{}", i64::from(pages) * 4096), str::to_owned);
                format!("adrp {}, {place}", X(rd))
            }
            Instruction::Svc { imm16 } => format!("svc #{imm16}"),
        }
    }
}
