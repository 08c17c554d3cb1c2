//! The program as pieces that can be moved: instructions one by one, data in blocks.
//!
//! In: a unit with its item table and sizes.  Out: pieces with their bytes and, for every field that holds an address
//! or a distance, what it refers to.  Numbers are filled in here for good.
//!
//! `cut` makes one stretch of every instruction and of every run of data; `rigid` finds what may not be cut, because
//! somebody counted on its length; `take` joins those stretches again and resolves what the fields refer to; `adapt`
//! writes loads of addresses anew in their shortest form for where the file will lie.

mod adapt;
mod cut;
mod rigid;
mod take;

pub(super) use cut::bits;
pub(super) use take::{Grain, take_apart};

use crate::isa::x86::{Effect, Flow};
use crate::unit::{FixupKind, SectionId};

/// What an address in the program refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// So many bytes behind the start of an instruction, or of a stretch of code that is not cut.
    Op(usize, i64),
    /// So many bytes behind the start of a data block.
    Data(usize, i64),
    /// So many bytes behind the start of the zeroes that follow the file in memory.
    Zeroes(i64),
    /// A number, for jumps to absolute addresses.
    Number(i64),
}

/// A field that is filled in when everything has its place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reference {
    /// Where in the piece's bytes.
    pub(super) at: usize,
    /// How many bytes.
    pub(super) width: u8,
    /// How the value is put in.
    pub(super) kind: FixupKind,
    /// To what.
    pub(super) target: Target,
}

/// An instruction, a stretch of code that is not cut, or a block of data.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    /// Its bytes, fields zero.
    pub(super) bytes: Vec<u8>,
    /// Its fields.
    pub(super) references: Vec<Reference>,
    /// Alignment in bytes.
    pub(super) align: usize,
    /// Whether it is written to, and so addressed through the writable segment.
    pub(super) writable: bool,
    /// Whether its bytes may be written anew: instructions on their own.
    soft: bool,
    /// For a branch in its short form: the opcode bytes of the near form and the width of its field.
    near: Option<(Vec<u8>, u8)>,
}

/// The program in pieces.
#[derive(Clone, Debug)]
pub(super) struct Pieces {
    /// Instructions in order, with what they do.
    pub(super) code: Vec<(Piece, Effect)>,
    /// Blocks of data.
    pub(super) data: Vec<Piece>,
    /// The zeroes behind the file: bytes and alignment.
    pub(super) zeroes: (u64, u64),
    /// Where the process starts.
    pub(super) entry: Target,
    /// Whether a section is both written to and executed.
    pub(super) writable_code: bool,
}

/// Where one piece was in the old sections.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin {
    pub(super) section: SectionId,
    pub(super) start: u64,
    pub(super) end: u64,
    pub(super) piece: Target,
}

/// Why a program cannot be golfed; the caller falls back to another layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Whole {
    /// No item table, because nobody asked for it.
    #[error("it is too large to know where each instruction begins")]
    NoItems,
    /// More than is looked at.
    #[error("it is larger than 16 MiB")]
    TooLarge,
    /// A distance or an address that cannot be followed.
    #[error("it uses an address or a distance that cannot be followed")]
    Entangled,
    /// The file can only lie where one of its addresses does not fit.
    #[error("no overlap of the headers leaves its addresses in reach")]
    TooHigh,
}

impl Pieces {
    /// Whether anything is written to.
    pub(super) fn writable(&self) -> bool {
        self.zeroes.0 > 0 || self.data.iter().any(|piece| piece.writable) || self.writable_code
    }

    /// Code and data.
    pub(super) fn all(&self) -> impl Iterator<Item = &Piece> {
        self.code.iter().map(|(piece, _)| piece).chain(&self.data)
    }

    /// The size of code and data together.
    pub(super) fn bytes(&self) -> usize {
        self.all().map(|piece| piece.bytes.len()).sum()
    }

    /// Replaces the short form of branch `op` by the near one; false if it has none.
    pub(super) fn lengthen(&mut self, op: usize) -> bool {
        let (piece, effect) = &mut self.code[op];
        let Some((opcode, width)) = piece.near.take() else { return false };
        piece.bytes = opcode;
        let reference = &mut piece.references[0];
        *reference = Reference {
            at: piece.bytes.len(),
            width,
            kind: FixupKind::Relative { end: width },
            ..*reference
        };
        piece.bytes.extend(std::iter::repeat_n(0, usize::from(width)));
        effect.length = piece.bytes.len();
        true
    }

    /// Whether a field of instruction `op` reaches one byte far and cannot be made longer.
    pub(super) fn is_short_for_good(&self, op: usize) -> bool {
        let piece = &self.code[op].0;
        piece.near.is_none() && piece.references.iter().any(|reference| reference.width == 1)
    }

    /// Whether the flags hold nothing anybody reads when instruction `op` begins: going on from it, somebody writes
    /// all of them first.
    pub(super) fn flags_dead(&self, op: usize) -> bool {
        let mut at = op;
        for _ in 0..self.code.len() + 1 {
            let Some((piece, effect)) = self.code.get(at) else { return true };
            if effect.reads_flags {
                return false;
            }
            if effect.writes_flags {
                return true;
            }
            at = match (effect.flow, piece.references.first()) {
                (Flow::Next, _) => at + 1,
                (Flow::Leaves, Some(Reference { target: Target::Op(to, 0), .. })) => *to,
                _ => return false,
            };
        }
        true // A loop that never looks at them.
    }
}
