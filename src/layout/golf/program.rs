//! The program as pieces that can be moved: instructions one by one, data in blocks.
//!
//! In: a unit with its item table and sizes.  Out: pieces with their bytes and, for every field that holds an address
//! or a distance, what it refers to.  Numbers are filled in here for good.  Instructions that load an address are
//! written anew in their shortest form for where the file will lie:
//!
//! ```text
//!            source                 below 2 GiB            above, or position independent
//! mov rsi,m  48 be imm64        →   be imm32               48 8d 35 rel32
//! lea rsi,[rel m] 48 8d 35 rel32 →  be imm32               48 8d 35 rel32
//! mov al,[m] 8a 04 25 abs32     →   as it is               8a 05 rel32
//! ```
//!
//! A section of code that asks for alignment is one block and is not cut: the distances inside it were asked for.

use crate::elf::records::Machine;
use crate::isa::x86::{Bits, Effect, Flow, distance, effect};
use crate::layout::relax::Sizes;
use crate::unit::{
    Base, Field, FixupKind, Fragment, FragmentKind, Item, ItemKind, Offsets, Section, SectionId, SectionKind,
    Unit, Value, evaluate,
};

/// What an address in the program refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// The start of an instruction.
    Op(usize),
    /// A byte of a data block, or the one behind its last.
    Data(usize, usize),
    /// A number, for jumps to absolute addresses.
    Number(i64),
}

/// A field that is filled in when everything has its place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reference {
    /// Where in the piece's bytes, how wide, and how.
    pub(super) field: Field,
    /// To what.
    pub(super) target: Target,
}

/// An instruction or a block of data.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    /// Its bytes, fields zero.
    pub(super) bytes: Vec<u8>,
    /// Its fields.
    pub(super) references: Vec<Reference>,
    /// Alignment in bytes, for blocks.
    pub(super) align: usize,
    /// For a branch: the opcode bytes of the near form and the width of its field.
    near: Option<(Vec<u8>, u8)>,
}

/// The program in pieces.
#[derive(Clone, Debug)]
pub(super) struct Pieces {
    /// Instructions in order, with what they do.
    pub(super) code: Vec<(Piece, Effect)>,
    /// Blocks of data, and of code that is not cut.
    pub(super) data: Vec<Piece>,
    /// Where the process starts.
    pub(super) entry: Target,
}

/// Why a program cannot be golfed; the caller falls back to another layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Whole {
    /// No item table, because nobody asked for it.
    #[error("it is too large to know where each instruction begins")]
    NoItems,
    /// More than the search looks at.
    #[error("it is larger than 64 KiB")]
    TooLarge,
    /// Only x86 programs are packed so far.
    #[error("its machine is not x86")]
    Machine,
    /// Data that is written to, or zeroes beyond the file: that takes a second segment.
    #[error("its data is written to, which takes a second segment")]
    Writable,
    /// A distance or an address that cannot be followed to its piece.
    #[error("it uses an address or a distance that cannot be followed")]
    Entangled,
    /// The file can only lie where one of its addresses does not fit.
    #[error("no overlap of the headers leaves its addresses in reach")]
    TooHigh,
}

/// Where one piece was in the old sections.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin {
    pub(super) section: SectionId,
    pub(super) start: u64,
    pub(super) end: u64,
    pub(super) piece: Target,
}

/// Takes a program apart; also says where each piece was.  `entry` is the section and offset at which the process
/// starts.
pub(super) fn take_apart(
    unit: &Unit,
    sizes: &Sizes,
    entry: (SectionId, u64),
) -> Result<(Pieces, Vec<Origin>), Whole> {
    let mut taker =
        Taker { unit, sizes, bits: bits(unit.machine), code: vec![], data: vec![], origins: vec![] };
    for (id, section) in unit.sections() {
        if sizes.section(unit, id) == 0 || !section.flags.alloc {
            continue;
        }
        if section.flags.write || section.kind == SectionKind::Nobits {
            return Err(Whole::Writable);
        }
        taker.section(id, section)?;
    }
    taker.resolve(entry)
}

fn bits(machine: Machine) -> Bits {
    match machine {
        Machine::I386 => Bits::B32,
        _ => Bits::B64,
    }
}

/// A piece whose references still name places in the old sections.
struct Raw {
    piece: Piece,
    fields: Vec<(Field, Value)>,
    /// A distance that the assembler knew, so that no fixup tells of it: its field, and the offset in `section` that
    /// it leads to.
    known: Option<(Field, SectionId, u64)>,
    effect: Option<Effect>,
}

struct Taker<'a> {
    unit: &'a Unit,
    sizes: &'a Sizes,
    bits: Bits,
    code: Vec<Raw>,
    data: Vec<Raw>,
    origins: Vec<Origin>,
}

impl Taker<'_> {
    /// Code by items, everything else as one block.
    fn section(&mut self, id: SectionId, section: &Section) -> Result<(), Whole> {
        let total = self.sizes.section(self.unit, id);
        let aligned =
            section.align > 1 || section.fragments.iter().any(|f| matches!(f.kind, FragmentKind::Align(_)));
        if !section.flags.exec || aligned {
            self.block(id, section, 0..section.fragments.len(), (0, total));
            return Ok(());
        }
        let items: Vec<Item> = section.items.as_ref().ok_or(Whole::NoItems)?.iter().collect();
        let offset =
            |index: usize| items.get(index).map_or(total, |item| self.sizes.offset(id, item.position));
        let bounds: Vec<(u64, ItemKind)> =
            (0..items.len()).map(|index| (offset(index), items[index].kind)).collect();
        let mut index = 0;
        while index < items.len() {
            let (start, kind) = bounds[index];
            let mut last = index + 1;
            // Neighbouring data is one block: a string and its terminator are two statements.
            while kind != ItemKind::Instruction
                && last < items.len()
                && bounds[last].1 != ItemKind::Instruction
            {
                last += 1;
            }
            let end = bounds.get(last).map_or(total, |bound| bound.0);
            let first_fragment = items[index].position.fragment as usize;
            let last_fragment =
                items.get(last).map_or(section.fragments.len(), |item| item.position.fragment as usize);
            let fragments = first_fragment..last_fragment;
            if kind == ItemKind::Instruction {
                self.instruction(id, section, fragments, (start, end))?;
            } else if start < end {
                self.block(id, section, fragments, (start, end));
            }
            index = last;
        }
        Ok(())
    }

    fn instruction(
        &mut self,
        id: SectionId,
        section: &Section,
        fragments: std::ops::Range<usize>,
        range: (u64, u64),
    ) -> Result<(), Whole> {
        if range.0 == range.1 {
            return Ok(());
        }
        let mut raw = self.bytes(id, section, fragments, range);
        let effect = effect(self.bits, &raw.piece.bytes).ok_or(Whole::Entangled)?;
        // `times 3 nop` is one item of three instructions, none of which has a field.
        if effect.length < raw.piece.bytes.len() {
            return self.several(id, raw, range.0);
        }
        raw.effect = Some(effect);
        self.forget_distance(id, &mut raw, range.1)?;
        self.origins.push(Origin {
            section: id,
            start: range.0,
            end: range.1,
            piece: Target::Op(self.code.len()),
        });
        self.code.push(raw);
        Ok(())
    }

    /// Makes a reference of a distance that stands in the bytes as a number: a jump backwards, whose target the
    /// assembler had seen.  `end` is the offset behind the instruction.
    fn forget_distance(&self, id: SectionId, raw: &mut Raw, end: u64) -> Result<(), Whole> {
        let Some((offset, width)) = distance(self.bits, &raw.piece.bytes) else { return Ok(()) };
        if raw.fields.iter().any(|(field, _)| field.offset == offset) {
            return Ok(());
        }
        let length = raw.piece.bytes.len();
        let field = &mut raw.piece.bytes[usize::from(offset)..usize::from(offset + width)];
        let bits = 64 - 8 * u32::from(width);
        let number =
            field.iter().rev().fold(0, |number, &byte| number << 8 | i64::from(byte)) << bits >> bits;
        field.fill(0);
        let to = end.checked_add_signed(number).ok_or(Whole::Entangled)?;
        let behind = u8::try_from(length - usize::from(offset)).map_err(|_| Whole::Entangled)?;
        let kind = FixupKind::Relative { end: behind };
        raw.known = Some((Field { offset, width, kind }, id, to));
        let near_width = if self.bits == Bits::B16 { 2 } else { 4 };
        raw.piece.near = match raw.piece.bytes[..] {
            [0xeb, _] => Some((vec![0xe9], near_width)),
            [opcode @ 0x70..=0x7f, _] => Some((vec![0x0f, opcode + 0x10], near_width)),
            _ => None,
        };
        Ok(())
    }

    /// Cuts the bytes of one item into its instructions.
    fn several(&mut self, id: SectionId, raw: Raw, mut start: u64) -> Result<(), Whole> {
        let mut rest = raw.piece.bytes.as_slice();
        let mut done = 0;
        while !rest.is_empty() {
            let effect = effect(self.bits, rest).ok_or(Whole::Entangled)?;
            let (bytes, after) = rest.split_at(effect.length);
            let end = start + bytes.len() as u64;
            let inside = |field: &Field| (done..done + bytes.len()).contains(&usize::from(field.offset));
            let fields = raw
                .fields
                .iter()
                .filter(|(field, _)| inside(field))
                .map(|&(field, value)| {
                    let offset =
                        u8::try_from(usize::from(field.offset) - done).map_err(|_| Whole::Entangled)?;
                    Ok((Field { offset, ..field }, value))
                })
                .collect::<Result<_, Whole>>()?;
            let piece = Piece { bytes: bytes.to_vec(), references: vec![], align: 1, near: None };
            let mut one = Raw { piece, fields, known: None, effect: Some(effect) };
            self.forget_distance(id, &mut one, end)?;
            self.origins.push(Origin { section: id, start, end, piece: Target::Op(self.code.len()) });
            self.code.push(one);
            done += bytes.len();
            start = end;
            rest = after;
        }
        Ok(())
    }

    fn block(
        &mut self,
        id: SectionId,
        section: &Section,
        fragments: std::ops::Range<usize>,
        range: (u64, u64),
    ) {
        let mut raw = self.bytes(id, section, fragments, range);
        let within = if range.0 == 0 { section.align } else { 1 };
        raw.piece.align = usize::try_from(within).unwrap_or(1).max(1);
        self.origins.push(Origin {
            section: id,
            start: range.0,
            end: range.1,
            piece: Target::Data(self.data.len(), 0),
        });
        self.data.push(raw);
    }

    /// The bytes between two offsets, with the fields in them.
    fn bytes(
        &self,
        id: SectionId,
        section: &Section,
        fragments: std::ops::Range<usize>,
        (start, end): (u64, u64),
    ) -> Raw {
        let mut bytes = Vec::new();
        let mut fields = Vec::new();
        let mut near = None;
        let first = fragments.start;
        let position =
            |literal: u32, fragment: usize| crate::unit::Position { literal, fragment: fragment as u32 };
        let before = self.sizes.offset(id, position(0, first));
        let mut literal = usize::try_from(start - before).expect("below the size of the section");
        for index in fragments.clone() {
            let fragment = &section.fragments[index];
            bytes.extend_from_slice(&section.literal[literal..fragment.literal as usize]);
            literal = fragment.literal as usize;
            self.fragment(id, section, index, fragment, &mut bytes, &mut fields, &mut near);
        }
        let missing = usize::try_from(end - start).expect("below the size of the section") - bytes.len();
        bytes.extend_from_slice(&section.literal[literal..literal + missing]);
        let from = section.fixups.partition_point(|fixup| self.sizes.offset(id, fixup.position) < start);
        for fixup in &section.fixups[from..] {
            let offset = self.sizes.offset(id, fixup.position);
            if offset >= end {
                break;
            }
            let offset = u8::try_from(offset - start).unwrap_or(u8::MAX);
            fields.push((Field { offset, width: fixup.width, kind: fixup.kind }, fixup.value));
        }
        let piece = Piece { bytes, references: vec![], align: 1, near };
        Raw { piece, fields, known: None, effect: None }
    }

    #[expect(clippy::too_many_arguments, reason = "a fragment and the three lists it adds to")]
    fn fragment(
        &self,
        id: SectionId,
        section: &Section,
        index: usize,
        fragment: &Fragment,
        bytes: &mut Vec<u8>,
        fields: &mut Vec<(Field, Value)>,
        near: &mut Option<(Vec<u8>, u8)>,
    ) {
        let size = usize::try_from(self.sizes.fragment(id, index)).expect("output is capped at 2 GiB");
        let offset = |at: usize| u8::try_from(at).unwrap_or(u8::MAX);
        let pattern =
            |range: &std::ops::Range<u32>| &section.patterns[range.start as usize..range.end as usize];
        match &fragment.kind {
            // Short until it turns out not to reach.
            FragmentKind::Branch(branch) => {
                bytes.extend_from_slice(branch.short.as_slice());
                let field =
                    Field { offset: offset(bytes.len()), width: 1, kind: FixupKind::Relative { end: 1 } };
                fields.push((field, branch.target));
                bytes.push(0);
                *near = Some((branch.near.as_slice().to_vec(), branch.near_width));
            }
            FragmentKind::Sized(sized) => {
                let pick = sized.candidates.start as usize + self.sizes.pick(id, index);
                let candidate = &section.candidates[pick];
                for (field, value) in candidate.fields.iter().zip(sized.values) {
                    if let Some((field, _)) = field {
                        fields.push((Field { offset: offset(bytes.len()) + field.offset, ..*field }, value));
                    }
                }
                bytes.extend_from_slice(candidate.encoding.as_slice());
            }
            FragmentKind::Align(align) => bytes.extend(pattern(&align.pattern).iter().cycle().take(size)),
            FragmentKind::Fill(fill) => bytes.extend(pattern(&fill.pattern).iter().cycle().take(size)),
            FragmentKind::Reserve { .. } => bytes.resize(bytes.len() + size, 0),
        }
    }

    /// Replaces places in the old sections by pieces.
    fn resolve(mut self, entry: (SectionId, u64)) -> Result<(Pieces, Vec<Origin>), Whole> {
        self.origins.sort_by_key(|origin| (origin.section, origin.start));
        let entry = self.target(entry.0, entry.1)?;
        let code = std::mem::take(&mut self.code);
        let data = std::mem::take(&mut self.data);
        let code = code
            .into_iter()
            .map(|raw| {
                let effect = raw.effect.expect("instructions were decoded");
                Ok((self.finish(raw)?, effect))
            })
            .collect::<Result<_, Whole>>()?;
        let data = data.into_iter().map(|raw| self.finish(raw)).collect::<Result<_, Whole>>()?;
        Ok((Pieces { code, data, entry }, self.origins))
    }

    fn finish(&self, raw: Raw) -> Result<Piece, Whole> {
        let mut piece = raw.piece;
        for (field, value) in raw.fields {
            if usize::from(field.offset) + usize::from(field.width) > piece.bytes.len() {
                return Err(Whole::Entangled); // A block of more than 255 bytes with addresses in it.
            }
            let found = evaluate(self.unit, self.sizes, value).map_err(|_| Whole::Entangled)?;
            let relative = matches!(field.kind, FixupKind::Relative { .. });
            let target = match (found.plus, found.minus, found.wrt) {
                (None, None, None) if !relative => {
                    let at = usize::from(field.offset);
                    let width = usize::from(field.width);
                    piece.bytes[at..at + width].copy_from_slice(&found.addend.to_le_bytes()[..width]);
                    continue;
                }
                (None, None, None) => Target::Number(found.addend),
                (Some(Base::Section(section)), None, None) => {
                    self.target(section, u64::try_from(found.addend).map_err(|_| Whole::Entangled)?)?
                }
                _ => return Err(Whole::Entangled),
            };
            piece.references.push(Reference { field, target });
        }
        if let Some((field, section, to)) = raw.known {
            piece.references.push(Reference { field, target: self.target(section, to)? });
        }
        Ok(piece)
    }

    /// The piece at an offset of an old section.
    fn target(&self, section: SectionId, offset: u64) -> Result<Target, Whole> {
        let key = (section, offset);
        let after = self.origins.partition_point(|origin| (origin.section, origin.start) <= key);
        let origin = after.checked_sub(1).map(|index| &self.origins[index]).ok_or(Whole::Entangled)?;
        let inside = usize::try_from(offset - origin.start.min(offset)).map_err(|_| Whole::Entangled)?;
        match origin.piece {
            _ if origin.section != section || offset > origin.end => Err(Whole::Entangled),
            Target::Op(_) if inside > 0 => Err(Whole::Entangled),
            Target::Data(block, _) => Ok(Target::Data(block, inside)),
            op => Ok(op),
        }
    }
}

impl Pieces {
    /// The same program for a file that lies below 2 GiB (`low`) or anywhere.
    ///
    /// # Errors
    /// When an address is used in a way that only works below 2 GiB.
    pub(super) fn for_base(
        &self,
        low: bool,
        bits: Bits,
        position_independent: bool,
    ) -> Result<Pieces, Whole> {
        let mut out = self.clone();
        for (piece, effect) in &mut out.code {
            for index in 0..piece.references.len() {
                adapt(piece, index, low, bits)?;
            }
            let again = crate::isa::x86::effect(bits, &piece.bytes).ok_or(Whole::Entangled)?;
            *effect = again;
        }
        let is_address = |reference: &Reference| !matches!(reference.field.kind, FixupKind::Relative { .. });
        let pieces = out.code.iter().map(|(piece, _)| piece).chain(&out.data);
        let too_narrow = |reference: &Reference| {
            is_address(reference) && (position_independent || reference.field.width < 8)
        };
        if !low && pieces.flat_map(|piece| &piece.references).any(too_narrow) {
            return Err(Whole::TooHigh);
        }
        Ok(out)
    }

    /// Replaces the short form of branch `op` by the near one; false if it has none.
    pub(super) fn lengthen(&mut self, op: usize) -> bool {
        let (piece, effect) = &mut self.code[op];
        let Some((opcode, width)) = piece.near.take() else { return false };
        piece.bytes = opcode;
        let offset = u8::try_from(piece.bytes.len()).expect("at most 15");
        piece.references[0].field = Field { offset, width, kind: FixupKind::Relative { end: width } };
        piece.bytes.extend(std::iter::repeat_n(0, usize::from(width)));
        effect.length = piece.bytes.len();
        true
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
                (Flow::Leaves, Some(Reference { target: Target::Op(to), .. })) => *to,
                _ => return false,
            };
        }
        true // A loop that never looks at them.
    }
}

/// Rewrites one reference of an instruction for the place where the file lies.
fn adapt(piece: &mut Piece, index: usize, low: bool, bits: Bits) -> Result<(), Whole> {
    let Reference { field, target } = piece.references[index];
    if matches!(target, Target::Number(_)) || bits != Bits::B64 {
        return Ok(());
    }
    let load = match (piece.bytes.as_slice(), field.kind) {
        // REX.W B8+r imm64 and B8+r imm32.
        ([rex @ 0x48..=0x49, opcode @ 0xb8..=0xbf, ..], FixupKind::Absolute) if field.width == 8 => {
            Some((opcode & 7) | (rex & 1) << 3)
        }
        ([0x41, opcode @ 0xb8..=0xbf, _, _, _, _], FixupKind::Absolute) => Some((opcode & 7) | 8),
        ([opcode @ 0xb8..=0xbf, _, _, _, _], FixupKind::Absolute) => Some(opcode & 7),
        // REX.W C7 /0 imm32, sign-extended.
        ([rex @ 0x48..=0x49, 0xc7, modrm @ 0xc0..=0xc7, ..], FixupKind::AbsoluteSigned) => {
            Some((modrm & 7) | (rex & 1) << 3)
        }
        // REX.W 8D mod 00 rm 101: lea r64,[rip+rel32].
        ([rex, 0x8d, modrm, ..], FixupKind::Relative { .. }) if rex & 0xfb == 0x48 && modrm & 0xc7 == 5 => {
            Some((modrm >> 3 & 7) | (rex & 4) << 1)
        }
        _ => None,
    };
    if let Some(register) = load {
        write_load(piece, index, register, low);
        return Ok(());
    }
    let at = usize::from(field.offset);
    // ModRM mod 00 rm 100, SIB 25: [abs32].  Relative to rip it is a byte shorter, and right everywhere.
    let absolute = !matches!(field.kind, FixupKind::Relative { .. })
        && field.width == 4
        && at >= 2
        && piece.bytes[at - 1] == 0x25
        && piece.bytes[at - 2] & 0xc7 == 4;
    if absolute {
        piece.bytes[at - 2] |= 1;
        piece.bytes.remove(at - 1);
        let offset = field.offset - 1;
        let end = u8::try_from(piece.bytes.len() - usize::from(offset)).expect("at most 15");
        piece.references[index].field = Field { offset, width: 4, kind: FixupKind::Relative { end } };
        for other in piece.references.iter_mut().filter(|other| other.field.offset > field.offset) {
            other.field.offset -= 1;
        }
    }
    Ok(())
}

/// The shortest load of an address into a register.
fn write_load(piece: &mut Piece, index: usize, register: u8, low: bool) {
    let extended = register >> 3;
    let (bytes, field) = if low {
        let mut bytes = if extended == 1 { vec![0x41] } else { vec![] };
        bytes.push(0xb8 | register & 7);
        let offset = u8::try_from(bytes.len()).expect("one or two");
        (bytes, Field { offset, width: 4, kind: FixupKind::Absolute })
    } else {
        let bytes = vec![0x48 | extended << 2, 0x8d, (register & 7) << 3 | 5];
        (bytes, Field { offset: 3, width: 4, kind: FixupKind::Relative { end: 4 } })
    };
    piece.bytes = bytes;
    piece.bytes.extend([0; 4]);
    piece.references[index].field = field;
}
