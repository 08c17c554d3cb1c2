//! What has no size yet: a branch, an instruction with an unknown operand, an alignment, a repetition, a reserve.
//!
//! The front end parses a line and finds its candidate encodings once; relaxation only picks among them.

use std::ops::Range;

use super::{Field, Value};
use crate::source::Span;

/// A piece of a section whose size relaxation decides.
#[derive(Clone, Debug)]
pub struct Fragment {
    /// How many literal bytes of the section stand before it.
    pub literal: u32,
    /// The statement.
    pub span: Span,
    /// What it is.
    pub kind: FragmentKind,
}

/// The kinds of [`Fragment`].
#[derive(Clone, Debug)]
pub enum FragmentKind {
    /// A jump with a short and a near form.
    Branch(Branch),
    /// An instruction whose immediate or displacement is not known yet.
    Sized(Sized),
    /// Bytes up to a boundary.
    Align(Align),
    /// A byte pattern, some number of times.
    Fill(Fill),
    /// Room without contents, `size` bytes; zeroes where the section has contents.
    Reserve {
        /// How many bytes; the value must be a scalar of at least 0.
        size: Value,
    },
}

/// The bytes of one instruction; at most 15 (SDM 2A 2.3.11).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Encoding {
    bytes: [u8; 15],
    length: u8,
}

impl Encoding {
    /// The longest instruction there is, in bytes.
    pub const MAX: usize = 15;

    /// `None` if `bytes` is longer than [`Encoding::MAX`].
    pub fn new(bytes: &[u8]) -> Option<Self> {
        let mut out = Encoding::default();
        out.bytes.get_mut(..bytes.len())?.copy_from_slice(bytes);
        out.length = u8::try_from(bytes.len()).ok()?;
        Some(out)
    }

    /// The low `length` bytes of a number, lowest first; at most [`Encoding::MAX`] of them.
    #[inline]
    pub fn from_number(number: u128, length: usize) -> Self {
        let mut bytes = [0; 15];
        bytes.copy_from_slice(&number.to_le_bytes()[..15]);
        Encoding { bytes, length: length.min(Self::MAX) as u8 }
    }

    /// The bytes as one number, lowest first.
    #[inline]
    pub fn to_number(&self) -> u128 {
        let mut bytes = [0; 16];
        bytes[..self.len()].copy_from_slice(self.as_slice());
        u128::from_le_bytes(bytes)
    }

    /// The bytes.
    #[inline]
    pub fn as_slice(&self) -> &[u8] {
        &self.bytes[..self.length as usize]
    }

    /// How many there are.
    #[inline]
    #[expect(clippy::len_without_is_empty, reason = "an instruction is never empty")]
    pub fn len(&self) -> usize {
        self.length as usize
    }
}

/// A jump to `target`: `short` and a field of one byte, or `near` and a field of `near_width` bytes, both counted
/// from the instruction's end.  The short form is taken when the target is in the same section and in reach.
#[derive(Clone, Copy, Debug)]
pub struct Branch {
    /// Where to.
    pub target: Value,
    /// Opcode bytes of the short form, prefixes included.
    pub short: Encoding,
    /// Opcode bytes of the near form.
    pub near: Encoding,
    /// 2 or 4 bytes.
    pub near_width: u8,
}

/// An instruction with one or two values that are not known yet.  The first candidate whose fields all accept
/// their values is taken; the last accepts everything that can be encoded at all.
#[derive(Clone, Debug)]
pub struct Sized {
    /// The unknown values; fields name them by index.
    pub values: [Value; 2],
    /// Indices into the section's `candidates`, in the order in which they are tried.
    pub candidates: Range<u32>,
    /// Which is taken before anything is known of what lies ahead.
    pub first: First,
}

/// The candidate with which sizes begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum First {
    /// The first one: a number ahead is taken to fit.
    Shortest,
    /// The last one: a distance ahead in an address is taken to be far.
    Longest,
    /// The one that fits, since everything it depends on stands before it.
    Fitting,
}

/// One way to encode a [`Sized`] instruction.
#[derive(Clone, Copy, Debug)]
pub struct Candidate {
    /// The bytes, fields zero.
    pub encoding: Encoding,
    /// The field of each of the two values, and what it accepts; `None` where the value has no field.
    pub fields: [Option<(Field, Accept)>; 2],
}

/// Which values a candidate's field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accept {
    /// Every value, addresses included.
    Any,
    /// A number (not an address) that, after wrapping to `wrap` bits and sign extension, lies in `low..=high`.
    Scalar {
        /// The lowest value taken.
        low: i64,
        /// The highest value taken.
        high: i64,
        /// 8, 16, 32 or 64: the width at which the test wraps (`add ax,0xfff0` is an imm8 of -16).
        wrap: u8,
    },
    /// A number of which, after the same, the lowest bits are zero and the rest is a signed byte.
    Multiple {
        /// How many bits are zero.
        shift: u8,
        /// 8, 16, 32 or 64.
        wrap: u8,
    },
    /// Nothing but this number (shift by one, `[rbp]` against a displacement of zero).
    Exactly(i64),
}

impl Accept {
    /// Whether a known number is taken.
    pub fn takes(self, number: i64) -> bool {
        match self {
            Accept::Any => true,
            Accept::Exactly(wanted) => number == wanted,
            Accept::Scalar { low, high, wrap } => (low..=high).contains(&wrapped(number, wrap)),
            Accept::Multiple { shift, wrap } => {
                let number = wrapped(number, wrap);
                let units = number >> shift;
                units << shift == number && i8::try_from(units).is_ok()
            }
        }
    }
}

/// The lowest bits of a number as a signed one.
fn wrapped(number: i64, bits: u8) -> i64 {
    let shift = 64 - u32::from(bits.clamp(1, 64));
    number << shift >> shift
}

/// Bytes up to the next multiple of `boundary`, counted from the section's start.
#[derive(Clone, Debug)]
pub struct Align {
    /// A power of two, in bytes.
    pub boundary: u64,
    /// The bytes to repeat, a range of the section's `patterns`.  The gap in bytes is the number of repetitions,
    /// as in nasm's `align` macro, which is `times GAP instruction`.
    pub pattern: Range<u32>,
    /// What the gap is made of instead of `pattern`.
    pub nops: Option<Nops>,
}

/// Padding that is quick to execute: the longest no-operations that there are, or a jump over plain ones.
#[derive(Clone, Copy, Debug)]
pub struct Nops {
    /// Entry i is a no-operation of i + 1 bytes.
    pub rows: &'static [&'static [u8]],
    /// A longer gap is jumped over.
    pub most: Option<u64>,
    /// The bytes of a distance that a near jump has: 2 or 4.
    pub near: usize,
}

impl Align {
    /// Appends a gap of `size` bytes; `pattern` is what its range stands for.
    pub fn fill(&self, pattern: &[u8], size: usize, out: &mut Vec<u8>) {
        match &self.nops {
            Some(nops) => nops.fill(size, out),
            None => out.extend(pattern.iter().cycle().take(size)),
        }
    }
}

impl Nops {
    /// Appends a gap of `size` bytes.
    pub fn fill(&self, size: usize, out: &mut Vec<u8>) {
        let end = out.len() + size;
        if self.most.is_some_and(|most| size as u64 > most) {
            match i8::try_from(size - 2) {
                Ok(distance) => out.extend([0xeb, distance as u8]),
                Err(_) => {
                    let distance = (size - 1 - self.near) as u64;
                    out.push(0xe9);
                    out.extend_from_slice(&distance.to_le_bytes()[..self.near]);
                }
            }
            out.resize(end, 0x90);
        }
        while out.len() < end {
            let step = (end - out.len()).min(self.rows.len());
            out.extend_from_slice(self.rows[step - 1]);
        }
    }
}

/// `times count` of constant bytes, where the count is not known yet or too large to write out.
#[derive(Clone, Debug)]
pub struct Fill {
    /// How many times; a scalar of at least 0.
    pub count: Value,
    /// A range of the section's `patterns`.
    pub pattern: Range<u32>,
}

impl Fill {
    /// The turns that a count stands for: it is cut to 32 bits, as nasm's is.  Macro libraries rely on that: in
    /// `times ((target-$)>>31)+1 rep` a negative distance leaves 33 bits after the shift, and no turn is meant.
    pub fn turns(count: i64) -> i64 {
        if count < 0 { count } else { count & 0xffff_ffff }
    }
}
