//! Sections cut at the boundaries of their items.

use super::Whole;
use crate::elf::records::Machine;
use crate::isa::x86::{Bits, Effect, Flow, Relative, effect, relative};
use crate::layout::contents::contents;
use crate::layout::relax::Sizes;
use crate::unit::{FixupKind, Item, ItemKind, Offsets, Section, SectionId, Unit, Value};

/// What a field of a stretch holds.
#[derive(Clone, Copy, Debug)]
pub(super) enum To {
    /// A value of the unit.
    Value(Value),
    /// A distance that the front end has written already, to this offset of the same section.
    Offset(u64),
}

/// A field of a stretch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    pub(super) at: usize,
    pub(super) width: u8,
    pub(super) kind: FixupKind,
    pub(super) to: To,
    /// Whether execution goes there.
    pub(super) branch: bool,
}

/// One instruction, or neighbouring data.
#[derive(Clone, Debug)]
pub(super) struct Stretch {
    pub(super) start: u64,
    pub(super) end: u64,
    pub(super) bytes: Vec<u8>,
    pub(super) fields: Vec<Field>,
    /// What an instruction does; `None` for data.
    pub(super) effect: Option<Effect>,
}

/// A section in stretches.
#[derive(Clone, Debug)]
pub(super) struct Cut {
    pub(super) id: SectionId,
    pub(super) stretches: Vec<Stretch>,
}

impl Cut {
    /// The stretch that begins at an offset.
    pub(super) fn beginning_at(&self, offset: u64) -> Option<usize> {
        self.stretches.binary_search_by_key(&offset, |stretch| stretch.start).ok()
    }

    /// The stretches that a range touches.
    pub(super) fn touching(&self, start: u64, end: u64) -> std::ops::Range<usize> {
        let first = self.stretches.partition_point(|stretch| stretch.end <= start);
        let last = self.stretches.partition_point(|stretch| stretch.start < end);
        first..last.max(first)
    }
}

/// The register width of x86, `None` for machines whose instructions are not taken apart.
pub(in super::super) fn bits(machine: Machine) -> Option<Bits> {
    match machine {
        Machine::X86_64 => Some(Bits::B64),
        Machine::I386 => Some(Bits::B32),
        Machine::Aarch64 | Machine::Riscv64 => None,
    }
}

/// Cuts a section: code at its instructions, when it has `bits`, everything else not at all.
pub(super) fn cut(unit: &Unit, sizes: &Sizes, id: SectionId, bits: Option<Bits>) -> Result<Cut, Whole> {
    let section = unit.section(id);
    let mut fields = Vec::new();
    let bytes = contents(unit, sizes, id, &mut |_, hole| {
        let at = usize::try_from(hole.place).expect("output is capped at 2 GiB");
        let (width, kind) = (hole.field.width, hole.field.kind);
        fields.push(Field { at, width, kind, to: To::Value(hole.value), branch: false });
    });
    fields.sort_by_key(|field| field.at);
    let total = bytes.len() as u64;
    let whole = Stretch { start: 0, end: total, bytes, fields, effect: None };
    let stretches = match bits {
        _ if !section.flags.exec => vec![whole],
        None => vec![Stretch { effect: Some(UNKNOWN), ..whole }],
        Some(bits) => {
            let bounds = bounds(section, sizes, id, total)?;
            let mut cutter = Cutter { bits, whole: &whole, next_field: 0, out: Vec::new() };
            for (index, &(start, kind)) in bounds.iter().enumerate() {
                let end = bounds.get(index + 1).map_or(total, |bound| bound.0);
                match kind {
                    _ if start == end => {}
                    ItemKind::Instruction => cutter.instructions(start, end)?,
                    ItemKind::Data | ItemKind::Padding => cutter.data(start, end),
                }
            }
            cutter.out
        }
    };
    Ok(Cut { id, stretches })
}

/// Code of which nothing is known.
pub(super) const UNKNOWN: Effect =
    Effect { length: 0, flow: Flow::Leaves, reads_flags: true, writes_flags: false, bears_rex: false };

/// Where each item begins; what comes before the first is data.
fn bounds(
    section: &Section,
    sizes: &Sizes,
    id: SectionId,
    total: u64,
) -> Result<Vec<(u64, ItemKind)>, Whole> {
    let items = section.items.as_ref().ok_or(Whole::NoItems)?;
    let bound = |item: Item| (sizes.offset(id, item.position), item.kind);
    let mut bounds: Vec<_> = items.iter().map(bound).collect();
    if total > 0 && bounds.first().is_none_or(|first| first.0 > 0) {
        bounds.insert(0, (0, ItemKind::Data));
    }
    Ok(bounds)
}

struct Cutter<'a> {
    bits: Bits,
    whole: &'a Stretch,
    next_field: usize,
    out: Vec<Stretch>,
}

impl Cutter<'_> {
    /// Bytes and fields between two offsets, which are asked for in order.
    fn take(&mut self, start: u64, end: u64) -> Result<Stretch, Whole> {
        let (from, to) = (start as usize, end as usize);
        let mut fields = Vec::new();
        while let Some(field) = self.whole.fields.get(self.next_field).filter(|field| field.at < to) {
            if field.at < from || field.at + usize::from(field.width) > to {
                return Err(Whole::Entangled);
            }
            fields.push(Field { at: field.at - from, ..*field });
            self.next_field += 1;
        }
        Ok(Stretch { start, end, bytes: self.whole.bytes[from..to].to_vec(), fields, effect: None })
    }

    /// `times 3 nop` is one item of three instructions.
    fn instructions(&mut self, mut start: u64, end: u64) -> Result<(), Whole> {
        while start < end {
            let rest = &self.whole.bytes[start as usize..end as usize];
            let known = effect(self.bits, rest).ok_or(Whole::Entangled)?;
            let next = start + known.length as u64;
            let mut stretch = self.take(start, next)?;
            if let Some(relative) = relative(self.bits, &stretch.bytes) {
                note_relative(&mut stretch, relative)?;
            }
            stretch.effect = Some(known);
            self.out.push(stretch);
            start = next;
        }
        Ok(())
    }

    /// Neighbouring data is one stretch: a string and its terminator are two statements.
    fn data(&mut self, start: u64, end: u64) {
        // A field that lies across the boundary of an item belongs to nobody; such items cannot be written.
        let Ok(more) = self.take(start, end) else { return };
        match self.out.last_mut().filter(|last| last.effect.is_none()) {
            Some(last) => {
                let moved = last.bytes.len();
                last.fields.extend(more.fields.iter().map(|field| Field { at: field.at + moved, ..*field }));
                last.bytes.extend(more.bytes);
                last.end = end;
            }
            None => self.out.push(more),
        }
    }
}

/// The distance of a jump or of memory beside `rip`: a field that waits, or a number that is written already.
fn note_relative(stretch: &mut Stretch, relative: Relative) -> Result<(), Whole> {
    let end = stretch.bytes.len() - relative.at;
    let known = stretch.fields.iter_mut().find(|field| field.at == relative.at);
    if let Some(field) = known {
        field.branch = relative.branch;
        return Ok(());
    }
    let to = (stretch.end as i64).checked_add(relative.distance).ok_or(Whole::Entangled)?;
    stretch.bytes[relative.at..relative.at + usize::from(relative.width)].fill(0);
    stretch.fields.push(Field {
        at: relative.at,
        width: relative.width,
        kind: FixupKind::Relative { end: u8::try_from(end).map_err(|_| Whole::Entangled)? },
        to: To::Offset(u64::try_from(to).map_err(|_| Whole::Entangled)?),
        branch: relative.branch,
    });
    Ok(())
}
