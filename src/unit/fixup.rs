//! Fields of encoded bytes whose value layout fills in.

use super::{Position, Value};
use crate::source::Span;

/// A field inside an encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Bytes from the start of the encoding.
    pub offset: u8,
    /// 1, 2, 4 or 8 bytes (4 for every field of a fixed-width machine).
    pub width: u8,
    /// What goes in.
    pub kind: FixupKind,
}

/// How a value becomes the bits of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FixupKind {
    /// The value; a number that fits neither signed nor unsigned is truncated with nasm's `number-overflow`
    /// warning, an address that does not fit is an error.
    Absolute,
    /// The value, sign-extended by the processor to the operand's 64 bits: an address must be below 2 GiB.
    AbsoluteSigned,
    /// The lowest bits of a number that the instruction gives back whole, as a byte that is sign-extended.
    Low,
    /// A number without its lowest bits, which are zero: EVEX counts a displacement of one byte in units of what is
    /// read (SDM 2A 2.7.5).
    Scaled {
        /// How many bits.
        shift: u8,
    },
    /// The value minus the address `end` bytes after the start of the field (the end of the instruction).
    Relative {
        /// From the start of the field to the end of the instruction, in bytes.
        end: u8,
    },
    /// A field of a fixed-width instruction of aarch64 or riscv64, named as in that machine's psABI: the number
    /// is the relocation type (`R_AARCH64_*`, `R_RISCV_*`) whose formula applies.
    Psabi(u32),
}

impl FixupKind {
    /// What a field of this kind holds of a number.
    pub fn stored(self, number: i64) -> i64 {
        match self {
            FixupKind::Scaled { shift } => number >> shift,
            _ => number,
        }
    }
}

/// A field of a section's literal bytes.
#[derive(Clone, Copy, Debug)]
pub struct Fixup {
    /// The first byte of the field.
    pub position: Position,
    /// 1, 2, 4 or 8 bytes.
    pub width: u8,
    /// How the value is put in.
    pub kind: FixupKind,
    /// What goes in.
    pub value: Value,
    /// The operand.
    pub span: Span,
}
