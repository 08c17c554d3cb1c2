//! The program as lints look at it: bytes with the fields that hold addresses, items and labels by place.
//!
//! Nothing has an address yet.  A [`Place`] is a section and an offset, so that what a lint says does not depend on
//! the layout.

use crate::elf::records::Machine;
use crate::layout::{ListedField, Sizes, listed};
use crate::source::{SourceMap, Span};
use crate::unit::{Base, Definition, Item, ItemKind, Offsets, Section, SectionId, SymbolId, Unit};

/// A byte of a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Place {
    pub(super) section: SectionId,
    pub(super) offset: u64,
}

/// An entry of the item table with its offsets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stretch {
    pub(super) start: u64,
    pub(super) end: u64,
    pub(super) kind: ItemKind,
    pub(super) span: Span,
}

/// One section.
pub(super) struct Body {
    pub(super) bytes: Vec<u8>,
    /// In order.
    fields: Vec<ListedField>,
    /// In order; empty stretches are left out.
    pub(super) items: Vec<Stretch>,
    pub(super) size: u64,
}

/// A label.
#[derive(Clone, Copy, Debug)]
pub(super) struct Label {
    pub(super) place: Place,
    pub(super) symbol: SymbolId,
}

/// Everything that lints may ask about.
pub(super) struct Program<'a> {
    pub(super) unit: &'a Unit,
    pub(super) sizes: &'a Sizes,
    pub(super) map: &'a SourceMap,
    pub(super) entry: Place,
    /// Whether addresses may lie above 4 GiB.
    pub(super) high: bool,
    bodies: Vec<Body>,
    /// In the order of their places.
    labels: Vec<Label>,
}

/// More code than this is not looked at: that nobody wrote by hand, and the time is the user's.
const MOST_CODE: u64 = 256 << 10;

impl<'a> Program<'a> {
    /// `None` when the boundaries of the instructions are not known, or there are too many.
    pub(super) fn new(
        unit: &'a Unit,
        sizes: &'a Sizes,
        map: &'a SourceMap,
        entry: (SectionId, u64),
        high: bool,
    ) -> Option<Self> {
        let code = || unit.sections().filter(|(_, section)| section.flags.exec && !section.is_empty());
        let known = code().all(|(_, section)| section.items.is_some());
        if !known || code().map(|(id, _)| sizes.section(unit, id)).sum::<u64>() > MOST_CODE {
            return None;
        }
        let bodies = unit.sections().map(|(id, section)| body(unit, sizes, id, section)).collect();
        let entry = Place { section: entry.0, offset: entry.1 };
        Some(Program { unit, sizes, map, entry, high, bodies, labels: labels(unit, sizes) })
    }

    pub(super) fn is_64(&self) -> bool {
        self.unit.machine == Machine::X86_64
    }

    pub(super) fn section(&self, id: SectionId) -> &'a Section {
        self.unit.section(id)
    }

    pub(super) fn section_name(&self, id: SectionId) -> String {
        String::from_utf8_lossy(self.unit.names.get(self.section(id).name)).into_owned()
    }

    pub(super) fn body(&self, id: SectionId) -> &Body {
        &self.bodies[id.0 as usize]
    }

    /// The sections with their bodies.
    pub(super) fn bodies(&self) -> impl Iterator<Item = (SectionId, &Body)> {
        (0..).map(SectionId).zip(&self.bodies)
    }

    /// Sections of code that are not empty.
    pub(super) fn code_sections(&self) -> impl Iterator<Item = SectionId> {
        self.bodies().filter(|(id, body)| self.section(*id).flags.exec && body.size > 0).map(|(id, _)| id)
    }

    /// What the field at exactly this byte refers to: a section and an offset that may lie outside of it.
    pub(super) fn field(&self, place: Place) -> Option<Field> {
        let fields = &self.body(place.section).fields;
        let at = fields.binary_search_by_key(&place.offset, |field| field.place).ok()?;
        Some(Field::of(&fields[at]))
    }

    /// Whether a field covers any byte of a range.
    pub(super) fn has_field(&self, place: Place, length: u64) -> bool {
        let fields = &self.body(place.section).fields;
        let next = fields.partition_point(|field| field.place + u64::from(field.width) <= place.offset);
        fields.get(next).is_some_and(|field| field.place < place.offset + length)
    }

    /// Every place that a field of the program refers to, with the place of the field.
    pub(super) fn references(&self) -> impl Iterator<Item = (Place, Place)> + '_ {
        self.bodies().flat_map(|(id, body)| {
            body.fields.iter().filter_map(move |field| match Field::of(field) {
                Field::Address(section, offset) => Some((
                    Place { section: id, offset: field.place },
                    Place { section, offset: u64::try_from(offset).ok()? },
                )),
                Field::Other => None,
            })
        })
    }

    /// The item that covers a byte.
    pub(super) fn item(&self, place: Place) -> Option<Stretch> {
        let items = &self.body(place.section).items;
        let next = items.partition_point(|item| item.start <= place.offset);
        items.get(next.checked_sub(1)?).copied().filter(|item| place.offset < item.end)
    }

    /// The labels of a section from one offset up to another.
    pub(super) fn labels(&self, section: SectionId, range: std::ops::Range<u64>) -> &[Label] {
        let at = |offset| self.labels.partition_point(|label| label.place < Place { section, offset });
        let (start, end) = (at(range.start), at(range.end));
        &self.labels[start..end.max(start)]
    }

    /// How messages call a place: its label, or the section and the offset.
    pub(super) fn name(&self, place: Place) -> String {
        let until = self.labels.partition_point(|label| label.place <= place);
        match self.labels[..until].last().filter(|label| label.place.section == place.section) {
            Some(label) if label.place.offset == place.offset => self.symbol_name(label.symbol),
            Some(label) => {
                format!("{}+{}", self.symbol_name(label.symbol), place.offset - label.place.offset)
            }
            None => format!("{}+{}", self.section_name(place.section), place.offset),
        }
    }

    pub(super) fn symbol_name(&self, symbol: SymbolId) -> String {
        self.unit.symbol_name(symbol).into_owned()
    }
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    /// The address of a byte, or the distance to it.
    Address(SectionId, i64),
    /// Something that is not followed.
    Other,
}

impl Field {
    fn of(field: &ListedField) -> Field {
        match field.base {
            Some(Base::Section(section)) => Field::Address(section, field.value),
            _ => Field::Other,
        }
    }
}

fn body(unit: &Unit, sizes: &Sizes, id: SectionId, section: &Section) -> Body {
    let size = sizes.section(unit, id);
    let (bytes, fields) = listed(unit, sizes, id);
    let items: Vec<Item> = section.items.iter().flat_map(|items| items.iter()).collect();
    let start = |index: usize| items.get(index).map_or(size, |item| sizes.offset(id, item.position));
    let stretches = items.iter().enumerate().map(|(index, item)| Stretch {
        start: start(index),
        end: start(index + 1),
        kind: item.kind,
        span: item.span,
    });
    Body { bytes, fields, items: stretches.filter(|item| item.start < item.end).collect(), size }
}

fn labels(unit: &Unit, sizes: &Sizes) -> Vec<Label> {
    let mut labels: Vec<Label> = (0..)
        .map(SymbolId)
        .zip(&unit.symbols)
        .filter_map(|(id, symbol)| match symbol.definition {
            Definition::Label { section, position } => {
                let place = Place { section, offset: sizes.offset(section, position) };
                Some(Label { place, symbol: id })
            }
            _ => None,
        })
        .collect();
    labels.sort_by_key(|label| label.place);
    labels
}
