//! One way to encode a mnemonic: an instruction code of the encoder, the operands as they are written, and where
//! each operand of the encoder comes from.
//!
//! A kind of operand is a small number (that of the decoder's `OpCodeOperandKind`, and a few of our own above it),
//! so that what an operand fits is one bit set of 128 and testing a form is one shift for each operand.

use super::{Bits, Size};

/// Kinds of operands, by the decoder's numbers.
pub(super) mod kind {
    pub(crate) const FAR16: u8 = 1;
    pub(crate) const FAR32: u8 = 2;
    pub(crate) const MEM_OFFS: u8 = 3;
    pub(crate) const VSIB32X: u8 = 7;
    pub(crate) const VSIB64X: u8 = 8;
    pub(crate) const VSIB32Y: u8 = 9;
    pub(crate) const VSIB64Y: u8 = 10;
    pub(crate) const VSIB32Z: u8 = 11;
    pub(crate) const VSIB64Z: u8 = 12;
    /// The first of four registers that follow each other.
    pub(crate) const XMM_GROUP: u8 = 51;
    pub(crate) const ZMM_GROUP: u8 = 62;
    pub(crate) const IMM4: u8 = 81;
    pub(crate) const IMM8: u8 = 82;
    pub(crate) const ONE: u8 = 83;
    pub(crate) const IMM8SEX16: u8 = 84;
    pub(crate) const IMM8SEX32: u8 = 85;
    pub(crate) const IMM8SEX64: u8 = 86;
    pub(crate) const IMM16: u8 = 87;
    pub(crate) const IMM32: u8 = 88;
    pub(crate) const IMM32SEX64: u8 = 89;
    pub(crate) const IMM64: u8 = 90;
    pub(crate) const BR16_2: u8 = 98;
    /// Targets of jumps and calls, whose field counts from the end of the instruction.
    pub(crate) const fn is_branch(kind: u8) -> bool {
        95 <= kind && kind <= 104
    }
    pub(crate) const SIBMEM: u8 = 105;
    /// Registers that the encoder does not know as operands: written, but not encoded.
    pub(crate) const XMM0: u8 = 109;
    pub(crate) const ECX: u8 = 110;
    pub(crate) const EDX: u8 = 111;
    pub(crate) const CX: u8 = 112;
    pub(crate) const RCX: u8 = 113;
    /// An immediate below 2^32.
    pub(crate) const FITS_UNSIGNED: u8 = 114;
    /// An immediate that fits 32 bits with its sign.
    pub(crate) const FITS_SIGNED: u8 = 115;
    /// A byte without a size keyword.
    pub(crate) const BARE_IMM8: u8 = 116;
}

/// Operands of the encoder that are not written: values of [`Form::source`].
pub(super) mod source {
    /// `st0`.
    pub(crate) const IMPLIED: u8 = 5;
    /// [`super::Form::immediate`].
    pub(crate) const IMMEDIATE: u8 = 6;
    /// `st1`.
    pub(crate) const ST1: u8 = 7;
    /// The memory of string instructions.
    pub(crate) const SEG_RSI: u8 = 8;
    pub(crate) const ES_RDI: u8 = 9;
    pub(crate) const SEG_RDI: u8 = 10;
    pub(crate) const SEG_RBX_AL: u8 = 11;
    /// `dx`, the port of `insb` and `outsb`.
    pub(crate) const DX: u8 = 12;
    /// The accumulator of `lodsb`, `stosb`, `scasb`.
    pub(crate) const ACCUMULATOR: u8 = 13;
}

/// See the module.
#[derive(Clone, Copy, Debug)]
pub(super) struct Form {
    pub(super) code: u16,
    /// The size of its memory operand in bytes; 255 for one that no keyword names, 0 for none or any.
    pub(super) memory: u8,
    /// The size of a broadcast element in bytes; 0 if it takes no `{1toN}`.
    pub(super) element: u8,
    /// The immediate that the mnemonic stands for (`cmpeqps`).
    pub(super) immediate: u8,
    pub(super) kinds: [u8; 5],
    sources: u32,
    flags: u32,
}

/// A form as the generated table writes it.
pub(super) const fn form(
    code: u16,
    sources: u32,
    memory: u8,
    element: u8,
    immediate: u8,
    flags: u32,
    kinds: [u8; 5],
) -> Form {
    Form { code, memory, element, immediate, kinds, sources, flags }
}

/// How an instruction's opcode is wrapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrapping {
    Legacy,
    Vex,
    Evex,
    Xop,
}

/// A mode's bit in the sets of modes.
pub(super) fn mode_bit(bits: Bits) -> u32 {
    match bits {
        Bits::B16 => 1,
        Bits::B32 => 2,
        Bits::B64 => 4,
    }
}

impl Form {
    const fn flag(self, bit: u32) -> bool {
        self.flags >> bit & 1 != 0
    }

    /// Where the encoder's operand comes from: a written operand's number or a [`source`].
    #[inline]
    pub(super) fn source(self, operand: u32) -> u8 {
        (self.sources >> (4 * operand) & 15) as u8
    }

    /// 16, 32, 64: general registers are encoded as those of this size; 128: vectors are; 0 for as written.
    #[inline]
    pub(super) fn convert(self) -> u8 {
        [0, 16, 32, 64, 128][(self.sources >> 20 & 3 | self.sources >> 25 & 4) as usize]
    }

    /// Whether the processor knows it in this mode.
    #[inline]
    pub(super) fn in_mode(self, mode: u32) -> bool {
        self.flags & mode != 0
    }

    /// Whether it is what is meant where no operand size is written.
    #[inline]
    pub(super) fn automatic(self, mode: u32) -> bool {
        self.flags >> 3 & mode != 0
    }

    /// The same with a memory operand.
    #[inline]
    pub(super) fn memory_automatic(self, mode: u32) -> bool {
        self.flags >> 26 & mode != 0
    }

    #[inline]
    pub(super) fn wrapping(self) -> Wrapping {
        match self.flags >> 6 & 3 {
            0 => Wrapping::Legacy,
            1 => Wrapping::Vex,
            2 => Wrapping::Evex,
            _ => Wrapping::Xop,
        }
    }

    pub(super) fn takes_mask(self) -> bool {
        self.flag(8)
    }
    pub(super) fn needs_mask(self) -> bool {
        self.flag(9)
    }
    pub(super) fn takes_zeroing(self) -> bool {
        self.flag(10)
    }
    pub(super) fn takes_rounding(self) -> bool {
        self.flag(11)
    }
    pub(super) fn takes_sae(self) -> bool {
        self.flag(12)
    }
    /// Whether `bnd` may stand before it, and so `repne` may not.
    pub(super) fn takes_bnd(self) -> bool {
        self.flag(18)
    }
    pub(super) fn takes_lock(self) -> bool {
        self.flag(13)
    }

    /// 16, 32, 64; 0 where the size of operands plays no part.
    #[inline]
    pub(super) fn operand_size(self) -> u8 {
        [0, 16, 32, 64][(self.flags >> 20 & 3) as usize]
    }

    /// The same for addresses.
    #[inline]
    pub(super) fn address_size(self) -> u8 {
        [0, 16, 32, 64][(self.flags >> 22 & 3) as usize]
    }

    /// Whether a memory operand without a size fits other forms as well.
    #[inline]
    pub(super) fn needs_size(self) -> bool {
        self.flag(24)
    }

    /// `fadd to st1`.
    #[inline]
    pub(super) fn to(self) -> bool {
        self.flag(25)
    }

    /// Whether its opcode begins with a 66, which is no operand size.
    #[inline]
    pub(super) fn own_66(self) -> bool {
        self.sources >> 22 & 1 != 0
    }

    /// Whether its opcode begins with an F3 that stands where a written `rep` does.
    #[inline]
    pub(super) fn own_rep(self) -> bool {
        self.sources >> 23 & 1 != 0
    }

    /// Whether it has 64-bit operands as it is, so that `o64` adds nothing.
    #[inline]
    pub(super) fn wide(self) -> bool {
        self.sources >> 24 & 1 != 0
    }

    /// Whether it is meant only where `{vex}` is written.
    #[inline]
    pub(super) fn on_request(self) -> bool {
        self.sources >> 25 & 1 != 0
    }

    /// Whether [`Form::immediate`] is its opcode, behind the operands.
    #[inline]
    pub(super) fn is_3dnow(self) -> bool {
        self.sources >> 26 & 1 != 0
    }

    /// Whether its code only stands in for an instruction whose second byte is [`Form::immediate`].
    #[inline]
    pub(super) fn opcode_given(self) -> bool {
        self.sources >> 28 & 1 != 0
    }

    /// Whether 16-bit code has it with a 66 that does nothing.
    #[inline]
    pub(super) fn heavy16(self) -> bool {
        self.flag(31)
    }

    /// Written operands.
    pub(super) fn count(self) -> usize {
        self.kinds.iter().take_while(|kind| **kind != 0).count()
    }
}

/// The size keyword for some bytes.
pub(super) fn keyword(bytes: u8) -> Option<Size> {
    Some(match bytes {
        1 => Size::Byte,
        2 => Size::Word,
        4 => Size::Dword,
        8 => Size::Qword,
        10 => Size::Tword,
        16 => Size::Oword,
        32 => Size::Yword,
        64 => Size::Zword,
        _ => return None,
    })
}
