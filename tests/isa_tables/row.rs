//! One row of the table: a `Code` of the encoder with the operands as they are written in source.

use iced_x86::{Code, EncodingKind, OpCodeOperandKind as Kind};

/// Kinds of written operands that the decoder's metadata has no name for; see `src/isa/x86/form.rs`.
pub(crate) const XMM0: u8 = 109;
pub(crate) const ECX: u8 = 110;
pub(crate) const EDX: u8 = 111;
/// An immediate below 2^32, and one that fits 32 bits with its sign.
pub(crate) const FITS_UNSIGNED: u8 = 114;
pub(crate) const FITS_SIGNED: u8 = 115;
/// A byte without a size keyword.
pub(crate) const BARE_IMM8: u8 = 116;

/// Where an operand of the encoder comes from.
pub(crate) const IMPLIED: u8 = 5;
pub(crate) const IMMEDIATE: u8 = 6;
pub(crate) const ST1: u8 = 7;
/// `dx` of `insb`.
pub(crate) const DX: u8 = 12;
/// The accumulator of `lodsb`, `stosb`, `scasb`.
pub(crate) const ACCUMULATOR: u8 = 13;
/// The memory of string instructions.
const STRINGS: [(Kind, u8); 4] =
    [(Kind::seg_rSI, 8), (Kind::es_rDI, 9), (Kind::seg_rDI, 10), (Kind::seg_rBX_al, 11)];

/// See the module.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) code: Code,
    /// Written operands.
    pub(crate) kinds: Vec<u8>,
    /// For each operand of the encoder, its written operand, or one of the constants above.
    pub(crate) sources: Vec<u8>,
    pub(crate) immediate: u8,
    /// 1, 2, 4 for 16, 32, 64.
    pub(crate) modes: u8,
    pub(crate) auto: u8,
    pub(crate) memory_auto: u8,
    pub(crate) needs_size: bool,
    pub(crate) to: bool,
    pub(crate) shorthand: bool,
    pub(crate) swapped: bool,
    /// The order in which rows of one name are tried.
    pub(crate) rank: (u8, u8, u8, u8, u16),
    /// Only with `o16`, `o32`, `o64`.
    pub(crate) explicit: bool,
    /// 16, 32, 64: the size of the general registers that are encoded, where others may be written; 128: vectors are.
    pub(crate) convert: u8,
    /// The size keyword for its memory, if not the metadata's; 0 for that.
    pub(crate) bytes: u8,
    /// Whether `code` only stands in for an instruction whose second byte is `immediate`.
    pub(crate) opcode_given: bool,
    /// How many of the other forms of the name come before it.
    pub(crate) late: u8,
}

pub(crate) fn has_memory(kind: u8) -> bool {
    (3..=24).contains(&kind) || kind == Kind::sibmem as u8
}

impl Row {
    pub(crate) fn new(code: Code) -> Row {
        let info = code.op_code();
        let (mut kinds, mut sources) = (Vec::new(), Vec::new());
        for kind in info.op_kinds() {
            if let Some((_, source)) = STRINGS.iter().find(|(string, _)| string == kind) {
                sources.push(*source);
            } else {
                sources.push(kinds.len() as u8);
                kinds.push(*kind as u8);
            }
        }
        let modes = u8::from(info.mode16()) | u8::from(info.mode32()) << 1 | u8::from(info.mode64()) << 2;
        Row {
            code,
            kinds,
            sources,
            immediate: if info.encoding() == EncodingKind::D3NOW { info.op_code() as u8 } else { 0 },
            modes,
            auto: modes,
            memory_auto: modes,
            needs_size: false,
            to: false,
            shorthand: false,
            swapped: false,
            rank: (0, 0, 0, 0, code as u16),
            explicit: false,
            convert: 0,
            bytes: 0,
            opcode_given: false,
            late: 0,
        }
    }

    pub(crate) fn memory_position(&self) -> Option<usize> {
        self.kinds.iter().position(|kind| has_memory(*kind))
    }

    /// The size keyword that fits, in bytes; 255 where there is memory that no keyword describes, 0 for any.
    pub(crate) fn memory(&self) -> u8 {
        if self.memory_position().is_none() {
            return 0;
        }
        if self.bytes != 0 {
            return self.bytes;
        }
        match self.code.op_code().memory_size().size() {
            0 => 0,
            size @ (1 | 2 | 4 | 8 | 10 | 16 | 32 | 64) => size as u8,
            _ => 255,
        }
    }

    pub(crate) fn element(&self) -> u8 {
        self.code.op_code().broadcast_memory_size().element_size() as u8
            * u8::from(self.code.op_code().can_broadcast())
    }

    /// Prefixes that the operand size costs in a mode (0, 1, 2 for 16, 32, 64 bits).
    pub(crate) fn cost(&self, mode: u8) -> u8 {
        let info = self.code.op_code();
        if info.encoding() != EncodingKind::Legacy {
            return 0;
        }
        match (info.operand_size(), mode) {
            (0, _) | (16, 0) | (32, 1 | 2) => 0,
            (64, _) if info.default_op_size64() || info.force_op_size64() => 0,
            _ => 1,
        }
    }

    /// The row with one written operand left out: it repeats another, or is implied.
    pub(crate) fn without(&self, position: usize, source: u8) -> Row {
        let mut row = self.clone();
        row.kinds.remove(position);
        for from in &mut row.sources {
            if usize::from(*from) == position {
                *from = source;
            } else if *from < IMPLIED && usize::from(*from) > position {
                *from -= 1;
            }
        }
        row.shorthand = true;
        row
    }
}
