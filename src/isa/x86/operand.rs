//! An instruction as a front end wrote it: mnemonic, prefixes and operands, before any choice of encoding.

use crate::source::Span;
use crate::unit::{Branch, Candidate, Encoding, Field, Value};

/// `bits 16`, `32` or `64`: the mode the processor will be in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Bits {
    /// Real mode and 16-bit protected mode.
    B16,
    /// 32-bit protected and compatibility mode.
    B32,
    /// Long mode.
    B64,
}

/// A register, numbered as the decoder numbers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Register(pub u8);

/// Size keywords.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each is the keyword of its name")]
pub enum Size {
    Byte,
    Word,
    Dword,
    Qword,
    Tword,
    Oword,
    Yword,
    Zword,
}

impl Size {
    /// In bytes.
    pub fn bytes(self) -> u8 {
        match self {
            Size::Byte => 1,
            Size::Word => 2,
            Size::Dword => 4,
            Size::Qword => 8,
            Size::Tword => 10,
            Size::Oword => 16,
            Size::Yword => 32,
            Size::Zword => 64,
        }
    }
}

/// `short`, `near`, `far` before an operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the keyword of its name")]
pub enum Distance {
    Short,
    Near,
    Far,
}

/// What is known of a value while the line is assembled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// A number.
    Number(i64),
    /// Certainly an address (a label, `$`, an extern): it needs a field that can be relocated.
    Address(Value),
    /// Not defined yet: it may turn out to be either, so every candidate is kept.
    Later(Value),
}

/// A memory operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    /// Base register.
    pub base: Option<Register>,
    /// Index register.
    pub index: Option<Register>,
    /// 1, 2, 4, 8, and before splitting (`[eax*3]`) also 3, 5, 9.
    pub scale: u8,
    /// Displacement.
    pub displacement: Known,
    /// `[byte …]`, `[dword …]`: the size of the displacement.
    pub displacement_size: Option<Size>,
    /// `[a16 …]`, `[a32 …]`, `[a64 …]`: the size of the address.
    pub address_size: Option<Size>,
    /// `[fs:…]`.
    pub segment: Option<Register>,
    /// `rel` is true, `abs` is false; what `default rel` implies is already filled in.
    pub relative: Option<bool>,
    /// `nosplit`.
    pub nosplit: bool,
}

impl Memory {
    /// `[0]`.
    pub const NOWHERE: Memory = Memory {
        base: None,
        index: None,
        scale: 1,
        displacement: Known::Number(0),
        displacement_size: None,
        address_size: None,
        segment: None,
        relative: None,
        nosplit: false,
    };
}

/// What an operand is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperandKind {
    /// A register.
    Register(Register),
    /// A number or an address.
    Immediate(Known),
    /// `[…]`.
    Memory(Memory),
    /// `segment:offset`.
    Far {
        /// The segment.
        segment: Known,
        /// The offset.
        offset: Known,
    },
}

/// `{rn-sae}` and relatives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the decorator of its name")]
pub enum Rounding {
    Nearest,
    Down,
    Up,
    Zero,
    /// `{sae}`: exceptions suppressed, no rounding chosen.
    SuppressOnly,
}

/// One operand with its keywords and decorators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operand {
    /// What it is.
    pub kind: OperandKind,
    /// Size keyword before it.
    pub size: Option<Size>,
    /// Distance keyword before it.
    pub distance: Option<Distance>,
    /// `strict`.
    pub strict: bool,
    /// `to` (x87).
    pub to: bool,
    /// `zmm4+3`: how many registers after the one written belong to it.
    pub following: u8,
    /// `{k1}` … `{k7}`; 0 for none.
    pub mask: u8,
    /// `{z}`.
    pub zeroing: bool,
    /// `{1to8}` is 8; 0 for none.
    pub broadcast: u8,
    /// `{rn-sae}` … as the last "operand" of the line is kept on the operand before it.
    pub rounding: Option<Rounding>,
    /// Where it was written.
    pub span: Span,
}

/// Prefixes written before the mnemonic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the prefix of its name")]
pub struct Prefixes {
    pub lock: bool,
    pub rep: bool,
    pub repne: bool,
    pub xacquire: bool,
    pub xrelease: bool,
    pub bnd: bool,
    pub nobnd: bool,
    pub notrack: bool,
    pub wait: bool,
    /// `a16`, `a32`, `a64`.
    pub address_size: Option<Size>,
    /// `o16`, `o32`, `o64`.
    pub operand_size: Option<Size>,
    pub segment: Option<Register>,
    /// `{vex}`, `{vex2}`, `{vex3}`, `{evex}`, `{rex}` as 1, 2, 3, 4, 5; 0 for none.
    pub encoding: u8,
}

/// A parsed instruction line.
#[derive(Clone, Copy, Debug)]
pub struct Instruction<'a> {
    /// Index into the table of mnemonics.
    pub mnemonic: u16,
    /// Prefixes.
    pub prefixes: Prefixes,
    /// At most five.
    pub operands: &'a [Operand],
    /// Whether `default rel` holds, for an address that is written without brackets.
    pub default_rel: bool,
    /// The mnemonic, for messages.
    pub span: Span,
}

/// What a line became.
#[derive(Clone, Copy, Debug)]
pub enum Assembled<'a> {
    /// Bytes; up to two fields are filled in by layout.
    Fixed {
        /// The bytes, unknown fields zero (or holding the addend's place).
        encoding: Encoding,
        /// What goes where.
        fields: [Option<(Field, Value)>; 2],
    },
    /// A jump with two forms.
    Branch(Branch),
    /// Candidates, in order.
    Sized {
        /// The values that are not known.
        values: [Value; 2],
        /// The ways to encode it.
        candidates: &'a [Candidate],
    },
}
