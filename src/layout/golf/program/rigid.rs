//! What may not be cut, because the program counts on its length.
//!
//! A distance between two places may have become a number long ago (`len equ end - start`); an address may be given
//! as so many bytes from a label; data may be run as code, or code found through a return address.  Each makes a
//! range of its section rigid: its bytes stay together and as they are.  Where it is not known how far the program
//! counts, the whole section is rigid.

use super::Whole;
use super::cut::{Cut, Field, Stretch, To};
use crate::isa::x86::{Bits, Constants, Flow};
use crate::layout::relax::Sizes;
use crate::unit::{Base, FixupKind, FragmentKind, Offsets, SectionId, Unit, Value, Wrt, evaluate, places};

/// A range of offsets of a section whose bytes stay together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) section: SectionId,
    pub(super) start: u64,
    pub(super) end: u64,
}

/// Where a field points: a place that the source named, and the address itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pointed {
    pub(super) section: SectionId,
    pub(super) label: u64,
    pub(super) offset: i64,
}

/// What a field points to; `None` for numbers.
pub(super) fn pointed(
    unit: &Unit,
    sizes: &Sizes,
    section: SectionId,
    field: &Field,
) -> Result<Option<Pointed>, Whole> {
    let value = match field.to {
        To::Offset(offset) => return Ok(Some(Pointed { section, label: offset, offset: offset as i64 })),
        To::Value(value) => value,
    };
    let found = evaluate(unit, sizes, value).map_err(|_| Whole::Entangled)?;
    let is_itself = matches!(found.wrt, None | Some(Wrt::Plt | Wrt::Sym));
    let section = match (found.plus, found.minus) {
        _ if !is_itself => return Err(Whole::Entangled),
        (None, None) => return Ok(None),
        (Some(Base::Section(section)), None) => section,
        _ => return Err(Whole::Entangled),
    };
    let label = match places(unit, value)[..] {
        [(_, position)] => sizes.offset(section, position),
        _ => u64::try_from(found.addend).map_err(|_| Whole::Entangled)?,
    };
    Ok(Some(Pointed { section, label, offset: found.addend }))
}

/// Every rigid range of the sections.
pub(super) fn ranges(
    unit: &Unit,
    sizes: &Sizes,
    cuts: &[Cut],
    entry: (SectionId, u64),
    bits: Option<Bits>,
) -> Result<Vec<Range>, Whole> {
    let mut finder = Finder { unit, sizes, cuts, bits, pointed: Vec::new(), out: Vec::new() };
    finder.arrive(entry.0, entry.1 as i64);
    for cut in cuts {
        finder.section(cut)?;
    }
    if let Some(bits) = bits {
        cuts.iter().for_each(|cut| finder.execution(bits, cut));
    }
    Ok(finder.out)
}

struct Finder<'a> {
    unit: &'a Unit,
    sizes: &'a Sizes,
    cuts: &'a [Cut],
    /// `None` where code was not cut.
    bits: Option<Bits>,
    /// Places that something points to.
    pointed: Vec<(SectionId, u64)>,
    out: Vec<Range>,
}

impl Finder<'_> {
    fn range(&mut self, section: SectionId, start: u64, end: u64) {
        self.out.push(Range { section, start: start.min(end), end: start.max(end) });
    }

    fn whole(&mut self, section: SectionId) {
        self.range(section, 0, u64::MAX);
    }

    fn section(&mut self, cut: &Cut) -> Result<(), Whole> {
        let section = self.unit.section(cut.id);
        let aligns = section.fragments.iter().any(|f| matches!(f.kind, FragmentKind::Align(_)));
        // The distances inside a section that asks for alignment were asked for.
        if section.align > 1 || aligns {
            self.whole(cut.id);
        }
        for &(from, to) in &section.distances {
            self.range(cut.id, self.sizes.offset(cut.id, from), self.sizes.offset(cut.id, to));
        }
        for fragment in &section.fragments {
            match &fragment.kind {
                FragmentKind::Fill(fill) => self.value(fill.count),
                FragmentKind::Reserve { size } => self.value(*size),
                FragmentKind::Sized(sized) => sized.values.iter().for_each(|value| self.value(*value)),
                FragmentKind::Branch(_) | FragmentKind::Align(_) => {}
            }
        }
        for stretch in &cut.stretches {
            for field in &stretch.fields {
                self.field(cut.id, stretch, field)?;
            }
        }
        Ok(())
    }

    /// A value made of several places holds a distance.
    fn value(&mut self, value: Value) {
        let places = places(self.unit, value);
        for (index, &(section, position)) in places.iter().enumerate() {
            for &(other, to) in &places[index + 1..] {
                if section == other {
                    self.range(section, self.sizes.offset(section, position), self.sizes.offset(section, to));
                }
            }
        }
    }

    fn field(&mut self, section: SectionId, stretch: &Stretch, field: &Field) -> Result<(), Whole> {
        if let To::Value(value) = field.to {
            self.value(value);
        }
        let Some(to) = pointed(self.unit, self.sizes, section, field)? else { return Ok(()) };
        self.pointed.push((to.section, to.label));
        if field.branch {
            self.arrive(to.section, to.offset);
            // `call $+5` asks where it is.
            let calls = stretch.bytes.first() == Some(&0xe8);
            if calls && to.section == section && to.offset == stretch.end as i64 {
                self.whole(section);
            }
            return Ok(());
        }
        // So many bytes from a label: in front of it, behind it, or in the middle of an instruction.
        if to.offset != to.label as i64 {
            let low = to.offset.max(0) as u64;
            self.range(to.section, to.label.min(low), to.label.max(low) + 1);
        }
        // The end of data or the start of code: nobody knows which of them is meant.
        let low = to.label.saturating_sub(1);
        let Some(cut) = self.cuts.iter().find(|cut| cut.id == to.section) else { return Ok(()) };
        if let [before, after] = &cut.stretches[cut.touching(low, to.label + 1)]
            && before.effect.is_none()
            && after.effect.is_some()
        {
            self.range(to.section, low, to.label + 1);
        }
        // What may be read there stays as it is.
        if cut.beginning_at(to.label).is_some_and(|index| cut.stretches[index].effect.is_some()) {
            self.range(to.section, to.label, to.label + 1);
        }
        // A distance in bits that no address fills cannot be moved.
        let psabi = matches!(field.kind, FixupKind::Psabi(_));
        if psabi && self.bits.is_some() { Err(Whole::Entangled) } else { Ok(()) }
    }

    /// Execution goes to an offset: the start of an instruction, or the section hides code.
    fn arrive(&mut self, section: SectionId, offset: i64) {
        let Some(cut) = self.cuts.iter().find(|cut| cut.id == section) else { return };
        let at = u64::try_from(offset).ok().and_then(|offset| cut.beginning_at(offset));
        let code = at.is_some_and(|index| cut.stretches[index].effect.is_some());
        if !code {
            self.whole(section);
        }
    }

    /// Data that execution runs into is code.
    fn execution(&mut self, bits: Bits, cut: &Cut) {
        for (index, pair) in cut.stretches.windows(2).enumerate() {
            let runs_on = pair[0].effect.is_some_and(|effect| effect.flow != Flow::Leaves);
            if runs_on && pair[1].effect.is_none() && !self.ends_process(bits, cut, index) {
                self.whole(cut.id);
            }
        }
    }

    /// Whether the instruction before a stretch of data is the system call that ends the process.  A register of
    /// which only the low byte was set holds what a successful call returned otherwise; that is believed where
    /// something points to the data, as to data.
    fn ends_process(&self, bits: Bits, cut: &Cut, index: usize) -> bool {
        let numbers = match (bits, &cut.stretches[index].bytes[..]) {
            (Bits::B64, [0x0f, 0x05]) => [60, 231],
            (_, [0xcd, 0x80]) => [1, 252],
            _ => return false,
        };
        let is_target = |offset| self.pointed.contains(&(cut.id, offset));
        let mut first = index;
        while first > 0 && !is_target(cut.stretches[first].start) {
            let before = cut.stretches[first - 1].effect;
            if before.is_none_or(|effect| effect.flow == Flow::Leaves) {
                break;
            }
            first -= 1;
        }
        let straight = &cut.stretches[first..index];
        let run = |start: Constants| {
            straight.iter().fold(start, |known, stretch| match stretch.bytes[..] {
                [0x0f, 0x05] | [0xcd, 0x80] => start,
                _ => known.after(bits, &stretch.bytes),
            })
        };
        let ends = |known: Constants| known.accumulator().is_some_and(|value| numbers.contains(&value));
        let data = &cut.stretches[index + 1];
        let used = self.pointed.iter().any(|&(id, at)| id == cut.id && (data.start..data.end).contains(&at));
        ends(run(Constants::default())) || used && ends(run(Constants::at_entry()))
    }
}
