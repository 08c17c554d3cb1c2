//! Encodings by pattern: what an instruction's bytes have in common with those of all others that are written alike.
//!
//! `mov rbx,[rsi+8]` and `mov rdi,[rdx+16]` differ in three bits of a ModRM byte, three more of it and a byte of
//! displacement; everything else about them (the form, its length, every prefix) follows from the same facts.  Those
//! facts are the [`Key`], what is left are the [`Holes`]: the low three bits of register numbers, and numbers.  What
//! the encoder made of instructions with the same key shows which bits a hole changes; an instruction whose holes
//! were all seen before is put together from that.  Where `debug_assertions` are on, the encoder checks each of them.

use super::form::{Form, Wrapping, kind};
use super::operand::{Instruction, Known, Memory, Operand, OperandKind, Register};
use super::register::RegisterClass;
use super::{Bits, Prefixes, fit};
use crate::unit::Encoding;

/// How many keys are remembered at most; a power of two.
const ENTRIES: usize = 8192;

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

/// For each register the first of those that fit the same operands and differ in the low three bits only.
static OPERAND_GROUP: [u8; 256] = groups(false);
/// The same for bases and indices, where the numbers 4 and 5 have meanings of their own.
static ADDRESS_GROUP: [u8; 256] = groups(true);

const fn groups(address: bool) -> [u8; 256] {
    let mut table = [0; 256];
    let mut register = 1;
    while register < 249 {
        let mut first = 1;
        while !alike(Register(first), Register(register), address) {
            first += 1;
        }
        table[register as usize] = first;
        register += 1;
    }
    table
}

const fn alike(one: Register, other: Register, address: bool) -> bool {
    let same_file = one.class() as u8 == other.class() as u8 && one.number() >> 3 == other.number() >> 3;
    if address {
        return same_file && special(one) == special(other);
    }
    // The low bytes of the stack and index registers need a REX prefix that the high bytes must not have.
    let same_prefix = (one.0 >= 9) == (other.0 >= 9);
    same_file && same_prefix && fit::register_kinds(one.0) == fit::register_kinds(other.0)
}

/// A base of these numbers has a SIB byte or always a displacement, an index of them changes places.
const fn special(register: Register) -> u8 {
    match register.number() & 7 {
        low @ (4 | 5) => low,
        _ => 0,
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
        for operand in instruction.operands {
            if decorated(operand) {
                return None;
            }
            let size = operand.size.map_or(0, |size| size as u64 + 1);
            let what = match &operand.kind {
                OperandKind::Register(register) => {
                    key.register(&mut holes, *register, &OPERAND_GROUP)?;
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
    fn register(&mut self, holes: &mut Holes, register: Register, groups: &[u8; 256]) -> Option<()> {
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
        for register in [memory.base, memory.index].into_iter().flatten() {
            // The sixteen-bit forms are a table of their own.
            if register.class() as u8 == RegisterClass::General16 as u8 {
                return None;
            }
            self.register(holes, register, &ADDRESS_GROUP)?;
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

    #[inline]
    fn entry(&self) -> usize {
        let low = u64::from(self.groups) << 32 | u64::from(self.numbers);
        let mixed = (self.shape ^ low.rotate_left(21)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> 48) as usize % ENTRIES
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
        | u32::from((-0x80..=0xff).contains(&small)) << 4
        | u32::from((-0x8000..=0xffff).contains(&small)) << 5;
    Some(class)
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
        | (operand.mask | operand.broadcast != 0)
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
struct Pattern {
    length: usize,
    places: Places,
    displacement: Field,
    immediate: Field,
    /// Of the instruction it was made from, with zero for each number.
    bytes: u128,
    /// The holes of that instruction.
    lows: [u8; MOST_REGISTERS],
    /// Where the low bits of each register stand, if that was seen.
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
    fn new(encoding: &Encoding, places: Places, holes: &Holes) -> Pattern {
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

    /// Learns from one more instruction; false if it does not fit the pattern, which is then none.
    fn learn(&mut self, encoding: &Encoding, places: Places, holes: &Holes) -> bool {
        if encoding.len() != self.length || places != self.places {
            return false;
        }
        let numbers = self.displacement.put(-1) | self.immediate.put(-1);
        let Ok(mut rest) = u64::try_from((encoding.to_number() & !numbers) ^ self.bytes) else {
            return false;
        };
        let mut new = None;
        for hole in 0..holes.registers.min(MOST_REGISTERS) {
            let moved = u64::from(self.lows[hole] ^ holes.lows[hole]);
            match self.spots[hole] {
                _ if moved == 0 => {}
                Some(spot) => rest ^= spot.spread(moved),
                // Of two unknown holes it cannot be said which changed what.
                None if new.is_some() => return true,
                None => new = Some((hole, moved)),
            }
        }
        let Some((hole, moved)) = new else { return rest == 0 };
        self.spots[hole] = Spot::new(moved, rest);
        self.spots[hole].is_some()
    }
}

#[derive(Clone, Debug, Default)]
struct Entry {
    key: Key,
    /// There is none for instructions that fit no pattern.
    pattern: Option<Box<Pattern>>,
}

/// The patterns of the keys met last, one for each value of a hash.
#[derive(Debug, Default)]
pub(super) struct Patterns {
    entries: Vec<Entry>,
}

impl Patterns {
    /// The bytes, if everything about the instruction was seen before.
    #[inline]
    pub(super) fn fill(&self, key: &Key, holes: &Holes) -> Option<Encoding> {
        let entry = self.entries.get(key.entry())?;
        if entry.key != *key {
            return None;
        }
        entry.pattern.as_ref()?.fill(holes)
    }

    /// Takes note of what an instruction was encoded as.
    pub(super) fn observe(
        &mut self,
        key: &Key,
        holes: &Holes,
        form: &Form,
        encoding: &Encoding,
        places: Option<Places>,
    ) {
        if self.entries.is_empty() {
            self.entries = vec![Entry::default(); ENTRIES];
        }
        let entry = &mut self.entries[key.entry()];
        if entry.key != *key {
            // A displacement of EVEX is scaled, and the small immediates share their byte with a register.
            let scaled = form.wrapping() == Wrapping::Evex && key.has_memory();
            let plain = !scaled && !form.kinds.contains(&kind::IMM4);
            let places = places.filter(|_| plain);
            let pattern = places.map(|places| Box::new(Pattern::new(encoding, places, holes)));
            *entry = Entry { key: *key, pattern };
        } else if let Some(pattern) = &mut entry.pattern
            && !places.is_some_and(|places| pattern.learn(encoding, places, holes))
        {
            entry.pattern = None;
        }
    }
}
