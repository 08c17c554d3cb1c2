//! Stretches into pieces: what is rigid is joined, what fields refer to is resolved.

use super::cut::{Cut, Field, Stretch, UNKNOWN, bits, cut};
use super::rigid::{Range, pointed, ranges};
use super::{Origin, Piece, Pieces, Reference, Target, Whole};
use crate::elf::records::Machine;
use crate::isa::x86::{Bits, Effect, Flow};
use crate::layout::relax::Sizes;
use crate::unit::{FixupKind, SectionId, SectionKind, Unit, evaluate};

/// What may be moved on its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Grain {
    /// Every instruction, on machines whose instructions are known.
    Instructions,
    /// Sections as they are.
    Sections,
}

/// Takes a program apart; also says where each piece was.  `entry` is the section and offset at which the process
/// starts.
pub(in super::super) fn take_apart(
    unit: &Unit,
    sizes: &Sizes,
    entry: (SectionId, u64),
    grain: Grain,
) -> Result<(Pieces, Vec<Origin>), Whole> {
    let bits = match grain {
        Grain::Instructions => bits(unit.machine),
        Grain::Sections => None,
    };
    let mut taker = Taker {
        unit,
        sizes,
        bits,
        code: vec![],
        data: vec![],
        zeroes: (0, 1),
        writable_code: false,
        origins: vec![],
    };
    let loaded = unit.sections().filter(|(id, section)| section.flags.alloc && sizes.section(unit, *id) > 0);
    let mut cuts = Vec::new();
    for (id, section) in loaded {
        if section.flags.tls {
            return Err(Whole::Entangled);
        }
        match section.kind {
            SectionKind::Nobits => taker.zero(id),
            _ => cuts.push(cut(unit, sizes, id, bits)?),
        }
    }
    let rigid = ranges(unit, sizes, &cuts, entry, bits)?;
    for cut in &cuts {
        taker.section(cut, &rigid);
    }
    taker.resolve(entry)
}

/// A piece whose fields still name places in the old sections.
struct Raw {
    piece: Piece,
    section: SectionId,
    fields: Vec<Field>,
}

struct Taker<'a> {
    unit: &'a Unit,
    sizes: &'a Sizes,
    bits: Option<Bits>,
    code: Vec<(Raw, Effect)>,
    data: Vec<Raw>,
    zeroes: (u64, u64),
    writable_code: bool,
    origins: Vec<Origin>,
}

impl Taker<'_> {
    /// A section without contents joins the zeroes behind the file.
    fn zero(&mut self, id: SectionId) {
        let align = self.unit.section(id).align.max(1);
        let start = self.zeroes.0.next_multiple_of(align);
        let size = self.sizes.section(self.unit, id);
        self.zeroes = (start + size, self.zeroes.1.max(align));
        let piece = Target::Zeroes(start as i64);
        self.origins.push(Origin { section: id, start: 0, end: size, piece });
    }

    /// Joins what is rigid.
    fn section(&mut self, cut: &Cut, rigid: &[Range]) {
        let count = cut.stretches.len();
        // Whether a stretch is in a rigid range, and whether it is joined to the next.
        let (mut kept, mut joined) = (vec![false; count], vec![false; count]);
        for range in rigid.iter().filter(|range| range.section == cut.id && range.start < range.end) {
            let touched = touched(cut, range);
            kept[touched.clone()].fill(true);
            if let Some(last) = touched.clone().last() {
                joined[touched.start..last].fill(true);
            }
        }
        let mut start = 0;
        for index in 0..count {
            if !joined[index] {
                self.piece(cut.id, &cut.stretches[start..=index], kept[index]);
                start = index + 1;
            }
        }
    }

    fn piece(&mut self, id: SectionId, stretches: &[Stretch], kept: bool) {
        let [first, .., last] = stretches else {
            return stretches.iter().for_each(|only| self.joined(id, only.clone(), kept));
        };
        let mut all = first.clone();
        for stretch in &stretches[1..] {
            let moved = all.bytes.len();
            all.fields.extend(stretch.fields.iter().map(|field| Field { at: field.at + moved, ..*field }));
            all.bytes.extend_from_slice(&stretch.bytes);
        }
        all.end = last.end;
        if stretches.iter().any(|stretch| stretch.effect.is_some()) {
            let flow = last.effect.map_or(Flow::Leaves, |effect| effect.flow);
            let bears_rex = first.effect.is_some_and(|effect| effect.bears_rex);
            all.effect = Some(Effect { length: all.bytes.len(), flow, bears_rex, ..UNKNOWN });
        }
        self.joined(id, all, true);
    }

    fn joined(&mut self, id: SectionId, all: Stretch, kept: bool) {
        let section = self.unit.section(id);
        let align = if all.start == 0 { section.align.max(instruction_align(self.unit.machine)) } else { 1 };
        let soft = all.effect.is_some() && !kept && self.bits.is_some();
        let mut piece = Piece {
            bytes: all.bytes,
            references: vec![],
            align: usize::try_from(align).unwrap_or(1).max(1),
            writable: section.flags.write,
            soft,
            near: None,
        };
        let mut fields = all.fields;
        if soft {
            shorten(&mut piece, &mut fields);
        }
        self.writable_code |= section.flags.write && section.flags.exec;
        let target = match all.effect {
            Some(_) => Target::Op(self.code.len(), 0),
            None => Target::Data(self.data.len(), 0),
        };
        self.origins.push(Origin { section: id, start: all.start, end: all.end, piece: target });
        let length = piece.bytes.len();
        let raw = Raw { piece, section: id, fields };
        match all.effect {
            Some(effect) => self.code.push((raw, Effect { length, ..effect })),
            None => self.data.push(raw),
        }
    }

    /// Replaces places in the old sections by pieces.
    fn resolve(mut self, entry: (SectionId, u64)) -> Result<(Pieces, Vec<Origin>), Whole> {
        self.origins.sort_by_key(|origin| (origin.section, origin.start));
        let entry = self.target(entry.0, entry.1, entry.1 as i64)?;
        let code = std::mem::take(&mut self.code);
        let data = std::mem::take(&mut self.data);
        let code = code
            .into_iter()
            .map(|(raw, effect)| Ok((self.finish(raw)?, effect)))
            .collect::<Result<_, Whole>>()?;
        let data = data.into_iter().map(|raw| self.finish(raw)).collect::<Result<_, Whole>>()?;
        let (zeroes, writable_code) = (self.zeroes, self.writable_code);
        Ok((Pieces { code, data, zeroes, entry, writable_code }, self.origins))
    }

    fn finish(&self, raw: Raw) -> Result<Piece, Whole> {
        let mut piece = raw.piece;
        for field in raw.fields {
            let relative = matches!(field.kind, FixupKind::Relative { .. });
            let target = match pointed(self.unit, self.sizes, raw.section, &field)? {
                Some(to) if field.branch => {
                    let offset = u64::try_from(to.offset).map_err(|_| Whole::Entangled)?;
                    self.target(to.section, offset, to.offset)?
                }
                Some(to) => self.target(to.section, to.label, to.offset)?,
                None => {
                    let super::cut::To::Value(value) = field.to else { return Err(Whole::Entangled) };
                    let number = evaluate(self.unit, self.sizes, value).map_err(|_| Whole::Entangled)?.addend;
                    if !relative && !matches!(field.kind, FixupKind::Psabi(_)) {
                        let width = usize::from(field.width);
                        let bytes = &mut piece.bytes[field.at..field.at + width];
                        bytes.copy_from_slice(&field.kind.stored(number).to_le_bytes()[..width]);
                        continue;
                    }
                    Target::Number(number)
                }
            };
            piece.references.push(Reference { at: field.at, width: field.width, kind: field.kind, target });
        }
        Ok(piece)
    }

    /// The piece in which a label stands, and the distance from its start to an address that counts from the label.
    fn target(&self, section: SectionId, label: u64, offset: i64) -> Result<Target, Whole> {
        let after = self.origins.partition_point(|origin| (origin.section, origin.start) <= (section, label));
        let origin = after.checked_sub(1).map(|index| &self.origins[index]).ok_or(Whole::Entangled)?;
        if origin.section != section || label > origin.end {
            return Err(Whole::Entangled);
        }
        let inside = offset.wrapping_sub(origin.start as i64);
        Ok(match origin.piece {
            Target::Op(op, _) => Target::Op(op, inside),
            Target::Data(block, _) => Target::Data(block, inside),
            Target::Zeroes(start) => Target::Zeroes(start.wrapping_add(inside)),
            Target::Number(number) => Target::Number(number),
        })
    }
}

/// The stretches that a range keeps together: what it lies over, and what begins at its end, since somebody may get there
/// by adding its length.  The length of data alone keeps nothing.
fn touched(cut: &Cut, range: &Range) -> std::ops::Range<usize> {
    let inside = cut.touching(range.start, range.end);
    match &cut.stretches[inside.clone()] {
        [data] if data.effect.is_none() => inside,
        _ => cut.touching(range.start, range.end.saturating_add(1)),
    }
}

/// What every instruction of a machine must be aligned to; x86 takes any address.
fn instruction_align(machine: Machine) -> u64 {
    match machine {
        Machine::X86_64 | Machine::I386 => 1,
        Machine::Riscv64 => 2,
        Machine::Aarch64 => 4,
    }
}

/// A jump begins in its short form and keeps the near one for when it does not reach.
fn shorten(piece: &mut Piece, fields: &mut [Field]) {
    let [field] = fields else { return };
    if !field.branch {
        return;
    }
    let (short, near) = match piece.bytes[..] {
        [0xeb, _] => (0xeb, vec![0xe9]),
        [0xe9, _, _, _, _] => (0xeb, vec![0xe9]),
        [jump @ 0x70..=0x7f, _] => (jump, vec![0x0f, jump + 0x10]),
        [0x0f, jump @ 0x80..=0x8f, _, _, _, _] => (jump - 0x10, vec![0x0f, jump]),
        _ => return,
    };
    piece.bytes = vec![short, 0];
    piece.near = Some((near, 4));
    *field = Field { at: 1, width: 1, kind: FixupKind::Relative { end: 1 }, ..*field };
}
