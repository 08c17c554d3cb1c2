//! Instructions assembled before: real programs, and more so generated ones, say the same few thousand again and
//! again.  An instruction whose bytes depend on nothing but itself is found here by everything that was written.

use super::operand::{Instruction, Known, Memory, Operand, OperandKind};
use super::{Bits, Prefixes};
use crate::unit::Encoding;

/// A power of two.
const ENTRIES: usize = 4096;

/// All of an instruction that has no prefixes, no decorators and nothing but numbers for values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key {
    /// Mnemonic, mode, and six bits for each operand: what it is, and its size keyword.
    shape: u64,
    /// The registers in order of writing, eight bits each.
    registers: u64,
    immediate: i32,
    displacement: i32,
}

impl Key {
    /// `None` for an instruction that has more to it.
    #[inline]
    pub(super) fn new(bits: Bits, instruction: &Instruction<'_>) -> Option<Key> {
        if !bare(&instruction.prefixes) {
            return None;
        }
        let mut key = Key { shape: 0, registers: 0, immediate: 0, displacement: 0 };
        let mut immediates = 0;
        for operand in instruction.operands {
            let size = operand.size.map_or(0, |size| size as u64 + 1);
            let what = match &operand.kind {
                OperandKind::Register(register) => {
                    key.registers = key.registers << 8 | u64::from(register.0);
                    1
                }
                OperandKind::Immediate(Known::Number(number)) => {
                    immediates += 1;
                    key.immediate = i32::try_from(*number).ok()?;
                    2
                }
                OperandKind::Memory(memory) => {
                    key.memory(memory)?;
                    3
                }
                _ => return None,
            };
            if decorated(operand) {
                return None;
            }
            key.shape = key.shape << 6 | size << 2 | what;
        }
        if immediates > 1 {
            return None;
        }
        key.shape = key.shape << 18 | u64::from(instruction.mnemonic) << 2 | bits as u64;
        Some(key)
    }

    #[inline]
    fn memory(&mut self, memory: &Memory) -> Option<()> {
        let Known::Number(displacement) = memory.displacement else { return None };
        let more = memory.displacement_size.is_some()
            | memory.address_size.is_some()
            | memory.segment.is_some()
            | memory.nosplit
            | (memory.relative == Some(true));
        if more {
            return None;
        }
        let number = |register: Option<super::Register>| register.map_or(0, |one| u64::from(one.0));
        self.registers = self.registers << 24
            | number(memory.base) << 16
            | number(memory.index) << 8
            | u64::from(memory.scale);
        self.displacement = i32::try_from(displacement).ok()?;
        Some(())
    }

    #[inline]
    fn entry(&self) -> usize {
        let numbers =
            u64::from(self.immediate.cast_unsigned()) << 32 ^ u64::from(self.displacement.cast_unsigned());
        let mixed = (self.shape ^ self.registers.rotate_left(40) ^ numbers.rotate_left(17))
            .wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> 52) as usize % ENTRIES
    }
}

fn bare(prefixes: &Prefixes) -> bool {
    let Prefixes { lock, rep, repne, xacquire, xrelease, bnd, notrack, wait, .. } = *prefixes;
    let written = lock | rep | repne | xacquire | xrelease | bnd | notrack | wait;
    let sizes = prefixes.address_size.is_some() | prefixes.operand_size.is_some();
    !(written | sizes | prefixes.segment.is_some() | (prefixes.encoding != 0))
}

fn decorated(operand: &Operand) -> bool {
    operand.distance.is_some()
        | operand.strict
        | operand.to
        | operand.zeroing
        | (operand.mask | operand.broadcast != 0)
        | operand.rounding.is_some()
}

/// The memory: an entry for each value of a hash, the last comer stays.
#[derive(Debug, Default)]
pub(super) struct Recent {
    entries: Vec<(Key, Encoding)>,
}

impl Recent {
    /// The bytes, if the instruction was assembled before and not displaced since.
    #[inline]
    pub(super) fn find(&self, key: &Key) -> Option<Encoding> {
        let (found, encoding) = self.entries.get(key.entry())?;
        (found == key).then_some(*encoding)
    }

    /// Keeps the bytes of an instruction.
    pub(super) fn keep(&mut self, key: Key, encoding: Encoding) {
        if self.entries.is_empty() {
            let nothing = Key { shape: 0, registers: 0, immediate: 0, displacement: 0 };
            self.entries = vec![(nothing, Encoding::default()); ENTRIES];
        }
        self.entries[key.entry()] = (key, encoding);
    }
}
