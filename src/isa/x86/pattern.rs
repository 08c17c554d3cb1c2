//! Encodings by pattern: what an instruction's bytes have in common with those of all others that are written alike.
//!
//! `mov rbx,[rsi+8]` and `mov rdi,[rdx+16]` differ in three bits of a ModRM byte, three more of it and a byte of
//! displacement; everything else about them (the form, its length, every prefix) follows from the same facts.  Those
//! facts are the [`Key`], what is left are the [`Holes`]: the low three bits of register numbers, and numbers.  Of the
//! first instruction with a key the encoder is asked what another register in each hole would change; all that follow
//! are put together from that.  Where `debug_assertions` are on, the encoder checks each of them.

use super::form::{Form, Wrapping, kind};
use super::operand::{Instruction, Known, Memory, Operand, OperandKind, Register};
use super::register::RegisterClass;
use super::{Bits, Prefixes, fit};
use crate::unit::Encoding;

/// How many keys are remembered at first and at most; powers of two.
const FEW_ENTRIES: usize = 256;
const MOST_ENTRIES: usize = 65536;

/// Register numbers in one instruction, base and index included.
const MOST_REGISTERS: usize = 4;

/// Everything that decides on an instruction's form and length.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Key {
    /// Mnemonic, mode, and six bits for each operand: what it is, and its size keyword.
    shape: u64,
    /// For each register the first of those that are encoded alike, eight bits each, in order of writing.
    groups: u32,
    /// What numbers fit, and the parts of an address.
    numbers: u32,
}

/// What instructions with the same key differ in.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Holes {
    /// The low three bits of each register's number.
    lows: [u8; MOST_REGISTERS],
    registers: usize,
    /// If one is written: mnemonics that stand for one have it in their form.
    immediate: Option<i64>,
    displacement: i32,
}

/// For each register the first of those that are encoded alike in its place: they differ in the low three bits only.
type Groups = [u8; 256];

/// Registers that fit the same operands.
static OPERAND_GROUP: Groups = groups(Place::Operand);
static BESIDE_MEMORY_GROUP: Groups = groups(Place::BesideMemory);
static ADDRESS_GROUP: Groups = groups(Place::Address);
static SCALED_GROUP: Groups = groups(Place::Scaled);

/// Where a register stands.
#[derive(Clone, Copy)]
enum Place {
    /// An operand; forms may ask for one register, as those of the accumulator do.
    Operand,
    /// The same beside a memory operand that has registers: such forms ask for no other than cl and xmm0.
    BesideMemory,
    /// Base or index, where the numbers 4 and 5 have meanings of their own.
    Address,
    /// An index with a scale, which cannot be the stack pointer.
    Scaled,
}

const fn groups(place: Place) -> Groups {
    let mut table = [0; 256];
    let mut register = 1;
    while register < 249 {
        let mut first = 1;
        while !alike(Register(first), Register(register), place) {
            first += 1;
        }
        table[register as usize] = first;
        register += 1;
    }
    table
}

const fn alike(one: Register, other: Register, place: Place) -> bool {
    let same_file = one.class() as u8 == other.class() as u8 && one.number() >> 3 == other.number() >> 3;
    let same_prefix = rex(one) == rex(other);
    let (kinds, other_kinds) = (fit::register_kinds(one.0), fit::register_kinds(other.0));
    let alike = match place {
        Place::Operand => same_prefix && kinds == other_kinds,
        Place::BesideMemory => same_prefix && kinds & fit::BESIDE_MEMORY == other_kinds & fit::BESIDE_MEMORY,
        Place::Address => special(one) == special(other),
        Place::Scaled => (one.number() == 4) == (other.number() == 4),
    };
    same_file && alike
}

/// The low bytes of the stack and index registers need a REX prefix that the high bytes must not have.
const fn rex(register: Register) -> u8 {
    match register.0 {
        5..=8 => 1,
        9..=12 => 2,
        _ => 0,
    }
}

/// A base of these numbers has a SIB byte or always a displacement, an index of them changes places.
const fn special(register: Register) -> u8 {
    match register.number() & 7 {
        low @ (4 | 5) => low,
        _ => 0,
    }
}

impl Holes {
    pub(super) fn registers(&self) -> usize {
        self.registers
    }
}

impl Key {
    /// `None` for an instruction that has more to it than registers, numbers and plain addresses.
    #[inline]
    pub(super) fn new(bits: Bits, instruction: &Instruction<'_>) -> Option<(Key, Holes)> {
        if !bare(&instruction.prefixes) {
            return None;
        }
        let mut key = Key::default();
        let mut holes = Holes::default();
        let mut immediates = 0;
        let group = operand_group(instruction.operands);
        for operand in instruction.operands {
            if decorated(operand) {
                return None;
            }
            let size = operand.size.map_or(0, |size| size as u64 + 1);
            let what = match &operand.kind {
                OperandKind::Register(register) => {
                    key.register(&mut holes, *register, group)?;
                    1
                }
                OperandKind::Immediate(Known::Number(number)) => {
                    immediates += 1;
                    holes.immediate = Some(*number);
                    key.numbers |= number_class(*number)?;
                    2
                }
                OperandKind::Memory(memory) => {
                    key.memory(&mut holes, memory)?;
                    3
                }
                _ => return None,
            };
            key.shape = key.shape << 6 | size << 2 | what;
        }
        if immediates > 1 {
            return None;
        }
        key.shape = key.shape << 18 | u64::from(instruction.mnemonic) << 2 | bits as u64;
        Some((key, holes))
    }

    #[inline]
    fn register(&mut self, holes: &mut Holes, register: Register, groups: &Groups) -> Option<()> {
        *holes.lows.get_mut(holes.registers)? = register.number() & 7;
        holes.registers += 1;
        self.groups = self.groups << 8 | u32::from(groups[usize::from(register.0)]);
        Some(())
    }

    #[inline]
    fn memory(&mut self, holes: &mut Holes, memory: &Memory) -> Option<()> {
        let Known::Number(displacement) = memory.displacement else { return None };
        let more = memory.displacement_size.is_some()
            | memory.address_size.is_some()
            | memory.segment.is_some()
            | memory.nosplit
            | (memory.relative == Some(true));
        if more {
            return None;
        }
        for (register, group) in [(memory.base, &ADDRESS_GROUP), (memory.index, index_group(memory))] {
            let Some(register) = register else { continue };
            // The sixteen-bit forms are a table of their own.
            if register.class() as u8 == RegisterClass::General16 as u8 {
                return None;
            }
            self.register(holes, register, group)?;
        }
        holes.displacement = i32::try_from(displacement).ok()?;
        let parts = u32::from(memory.base.is_some()) << 1 | u32::from(memory.index.is_some());
        let class = number_class(displacement)? << 1 | u32::from(displacement == 0);
        self.numbers |= (u32::from(memory.scale) << 9 | parts << 7 | class) << 8;
        Some(())
    }

    /// Whether an operand is an address: its scale is at least 1.
    fn has_memory(&self) -> bool {
        self.numbers >> 17 != 0
    }

    /// Which of `entries` entries is its own.
    #[inline]
    fn entry(&self, entries: usize) -> usize {
        let low = u64::from(self.groups) << 32 | u64::from(self.numbers);
        let mixed = (self.shape ^ low.rotate_left(21)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> 48) as usize & (entries - 1)
    }
}

/// Which fields a number fits, so far as that decides on a form; `None` for one of more than 32 bits.
#[inline]
fn number_class(number: i64) -> Option<u32> {
    let small = i32::try_from(number).ok()?;
    let class = u32::from(i8::try_from(small).is_ok())
        | u32::from(i8::try_from(small as i16).is_ok()) << 1
        | u32::from(small == 1) << 2
        | u32::from(small >= 0) << 3
        | u32::from((-0x100..=0xff).contains(&small)) << 4
        | u32::from((-0x1_0000..=0xffff).contains(&small)) << 5;
    Some(class)
}

/// Of registers that are operands.
#[inline]
fn operand_group(operands: &[Operand]) -> &'static Groups {
    let addressed = |operand: &Operand| match &operand.kind {
        OperandKind::Memory(memory) => memory.base.is_some() | memory.index.is_some(),
        _ => false,
    };
    if operands.iter().any(addressed) { &BESIDE_MEMORY_GROUP } else { &OPERAND_GROUP }
}

/// Without a base, or a scale, an index may become the base.
#[inline]
fn index_group(memory: &Memory) -> &'static Groups {
    if memory.base.is_some() && memory.scale > 1 { &SCALED_GROUP } else { &ADDRESS_GROUP }
}

/// Puts another register of its group into a hole and gives its low bits; `None` if there is no other.
pub(super) fn vary(operands: &mut [Operand], hole: usize) -> Option<u8> {
    let group = operand_group(operands);
    let mut registers = operands.iter_mut().flat_map(|operand| match &mut operand.kind {
        OperandKind::Register(register) => [Some((register, group)), None],
        OperandKind::Memory(memory) => {
            let index_group = index_group(memory);
            let base = memory.base.as_mut().map(|base| (base, &ADDRESS_GROUP));
            [base, memory.index.as_mut().map(|index| (index, index_group))]
        }
        _ => [None, None],
    });
    let (register, groups) = registers.by_ref().flatten().nth(hole)?;
    let near = register.0.saturating_sub(7)..=register.0.saturating_add(7);
    let group = groups[usize::from(register.0)];
    let other =
        near.into_iter().find(|other| *other != register.0 && groups[usize::from(*other)] == group)?;
    *register = Register(other);
    Some(register.number() & 7)
}

#[inline]
fn bare(prefixes: &Prefixes) -> bool {
    let Prefixes { lock, rep, repne, xacquire, xrelease, bnd, notrack, wait, .. } = *prefixes;
    let written = lock | rep | repne | xacquire | xrelease | bnd | notrack | wait;
    let sizes = prefixes.address_size.is_some() | prefixes.operand_size.is_some();
    !(written | sizes | prefixes.segment.is_some() | (prefixes.encoding != 0))
}

#[inline]
fn decorated(operand: &Operand) -> bool {
    operand.distance.is_some()
        | operand.strict
        | operand.to
        | operand.zeroing
        | (operand.mask | operand.broadcast | operand.following != 0)
        | operand.rounding.is_some()
}

/// A number's place in an encoding.
#[derive(Clone, Copy, Debug, Default)]
struct Field {
    /// In bits.
    shift: u32,
    mask: u64,
}

impl Field {
    fn new(place: (usize, usize)) -> Field {
        match place {
            (_, 0) => Field::default(),
            (offset, bytes) => Field { shift: 8 * offset as u32, mask: u64::MAX >> (64 - 8 * bytes.min(8)) },
        }
    }

    #[inline]
    fn put(self, number: i64) -> u128 {
        u128::from(number.cast_unsigned() & self.mask) << self.shift
    }
}

/// Where an encoding has its numbers: offset and size in bytes, size 0 for none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Places {
    pub(super) displacement: (usize, usize),
    pub(super) immediate: (usize, usize),
}

/// The bytes of a key's instructions as little-endian numbers, and where each hole lies in them.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    length: usize,
    places: Places,
    displacement: Field,
    immediate: Field,
    /// Of the instruction it was made from, with zero for each number.
    bytes: u128,
    /// The holes of that instruction.
    lows: [u8; MOST_REGISTERS],
    /// Where the low bits of each register stand, if more than one fits there.
    spots: [Option<Spot>; MOST_REGISTERS],
}

/// The one or two places of a register, as factors: opcode and ModRM stand among the first eight bytes.
#[derive(Clone, Copy, Debug)]
struct Spot {
    first: u64,
    /// 0 for none.
    second: u64,
}

impl Spot {
    /// From what a change of the low bits by `change` (not 0) made of the bytes.
    fn new(change: u64, difference: u64) -> Option<Spot> {
        let factor = |difference: u64| {
            let shift = difference.trailing_zeros().checked_sub(change.trailing_zeros())?;
            1u64.checked_shl(shift)
        };
        let first = factor(difference)?;
        let rest = difference ^ change.wrapping_mul(first);
        let second = if rest == 0 { 0 } else { factor(rest)? };
        let spot = Spot { first, second };
        (spot.spread(change) == difference).then_some(spot)
    }

    #[inline]
    fn spread(self, change: u64) -> u64 {
        change.wrapping_mul(self.first) ^ change.wrapping_mul(self.second)
    }
}

impl Pattern {
    /// Whether forms of this kind have one: a displacement of EVEX is scaled, and the small immediates share their
    /// byte with a register.
    pub(super) fn possible(key: &Key, form: &Form) -> bool {
        let scaled = form.wrapping() == Wrapping::Evex && key.has_memory();
        !scaled && !form.kinds.contains(&kind::IMM4)
    }

    pub(super) fn new(encoding: &Encoding, places: Places, holes: &Holes) -> Pattern {
        let displacement = Field::new(places.displacement);
        let immediate = holes.immediate.map_or(Field::default(), |_| Field::new(places.immediate));
        let bytes = encoding.to_number() & !(displacement.put(-1) | immediate.put(-1));
        let (length, lows) = (encoding.len(), holes.lows);
        Pattern { length, places, displacement, immediate, bytes, lows, spots: [None; MOST_REGISTERS] }
    }

    #[inline]
    fn fill(&self, holes: &Holes) -> Option<Encoding> {
        let mut change = 0;
        for hole in 0..holes.registers.min(MOST_REGISTERS) {
            let moved = self.lows[hole] ^ holes.lows[hole];
            if moved != 0 {
                change ^= self.spots[hole]?.spread(u64::from(moved));
            }
        }
        let numbers = self.displacement.put(i64::from(holes.displacement))
            | self.immediate.put(holes.immediate.unwrap_or(0));
        Some(Encoding::from_number(self.bytes ^ u128::from(change) | numbers, self.length))
    }

    /// Learns what other low bits in one hole change; false if that is not all they change.
    pub(super) fn learn(&mut self, hole: usize, low: u8, encoding: &Encoding, places: Places) -> bool {
        if encoding.len() != self.length || places != self.places {
            return false;
        }
        let numbers = self.displacement.put(-1) | self.immediate.put(-1);
        let difference = (encoding.to_number() & !numbers) ^ self.bytes;
        let spot = |difference| Spot::new(u64::from(self.lows[hole] ^ low), difference);
        self.spots[hole] = u64::try_from(difference).ok().and_then(spot);
        self.spots[hole].is_some()
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Entry {
    key: Key,
    /// Where its pattern stands, from 1; once an entry has room for one, later keys use that again.
    room: u32,
    /// Instructions that fit no pattern have none.
    has_pattern: bool,
}

/// The patterns of the keys met last, one for each value of a hash.
#[derive(Debug, Default)]
pub(super) struct Patterns {
    /// None at all, or a power of two.
    entries: Vec<Entry>,
    patterns: Vec<Pattern>,
    /// Entries with a key.
    used: usize,
}

impl Patterns {
    /// The bytes, if everything about the instruction was seen before.
    #[inline]
    pub(super) fn fill(&self, key: &Key, holes: &Holes) -> Option<Encoding> {
        if self.entries.is_empty() {
            return None;
        }
        let entry = &self.entries[key.entry(self.entries.len())];
        if entry.key != *key || !entry.has_pattern {
            return None;
        }
        self.patterns.get(entry.room as usize - 1)?.fill(holes)
    }

    /// Whether a key was met, be it one without a pattern.
    pub(super) fn knows(&self, key: &Key) -> bool {
        !self.entries.is_empty() && self.entries[key.entry(self.entries.len())].key == *key
    }

    /// Takes note of a key that was not known.
    pub(super) fn keep(&mut self, key: Key, pattern: Option<Pattern>) {
        if 4 * self.used >= self.entries.len() && self.entries.len() < MOST_ENTRIES {
            self.grow();
        }
        let index = key.entry(self.entries.len());
        let entry = &mut self.entries[index];
        self.used += usize::from(entry.key == Key::default());
        (entry.key, entry.has_pattern) = (key, pattern.is_some());
        if let Some(pattern) = pattern {
            match entry.room {
                0 => {
                    self.patterns.push(pattern);
                    entry.room = self.patterns.len() as u32;
                }
                room => self.patterns[room as usize - 1] = pattern,
            }
        }
    }

    /// More room, so that few keys push one another out.
    fn grow(&mut self) {
        let entries = (4 * self.entries.len()).max(FEW_ENTRIES);
        let old = std::mem::replace(&mut self.entries, vec![Entry::default(); entries]);
        for entry in old.into_iter().filter(|entry| entry.key != Key::default()) {
            let index = entry.key.entry(entries);
            self.entries[index] = entry;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::isa::x86::tables::FORMS;

    /// What [`Place::BesideMemory`] rests on.
    #[test]
    fn forms_with_memory_ask_for_no_single_register_but_cl_and_xmm0() {
        let memory = |kinds: u128| kinds & fit::ADDRESSED != 0;
        for form in FORMS {
            let kinds: Vec<u128> =
                form.kinds.iter().filter(|kind| **kind != 0).map(|kind| 1 << kind).collect();
            if kinds.iter().any(|kinds| memory(*kinds)) {
                let single =
                    kinds.iter().find(|kinds| **kinds & fit::SINGLE_REGISTERS & !fit::BESIDE_MEMORY != 0);
                assert_eq!(single, None, "{form:?}");
            }
        }
    }
}
