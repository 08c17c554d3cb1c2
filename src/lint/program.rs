//! The program as lints look at it: bytes with the fields that hold addresses, items and labels by place.
//!
//! Nothing has an address yet.  A [`Place`] is a section and an offset, so that what a lint says does not depend on
//! the layout.  Bytes, items and labels are looked up where control comes, and only there are they laid out: most of a
//! large program is never asked for.

use std::cell::{Cell, OnceCell};

use crate::elf::records::Machine;
use crate::layout::{ListedField, Sizes, listed};
use crate::source::{SourceMap, Span};
use crate::unit::{
    Base, Definition, Item, ItemKind, Items, Offsets, Section, SectionId, SymbolId, Unit, evaluate,
};

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
struct Body {
    listed: OnceCell<Listed>,
    /// The items, run by run of the table; empty stretches are left out.
    runs: Vec<OnceCell<Box<[Stretch]>>>,
    /// The run in which the last stretch was found: the next one is mostly there too.
    last_run: Cell<usize>,
    size: u64,
}

/// The bytes of a section, and in order the fields that hold addresses.
struct Listed {
    bytes: Vec<u8>,
    fields: Vec<ListedField>,
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
    labels: OnceCell<Vec<Label>>,
    /// In the order of what they refer to.
    references: OnceCell<Vec<Reference>>,
    /// The `equ`s with their values, in the order of these.
    lengths: OnceCell<Vec<(Number, SymbolId)>>,
    hexadecimal: OnceCell<bool>,
}

/// The value of an `equ`: a number, or a place as section and offset.
pub(super) type Number = (Option<SectionId>, i64);

/// A field that holds the address of a place, or the distance to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Reference {
    to: Place,
    from: Place,
}

impl<'a> Program<'a> {
    /// `None` when the boundaries of the instructions are not known.
    pub(super) fn new(
        unit: &'a Unit,
        sizes: &'a Sizes,
        map: &'a SourceMap,
        entry: (SectionId, u64),
        high: bool,
    ) -> Option<Self> {
        let mut code = unit.sections().filter(|(_, section)| section.flags.exec && !section.is_empty());
        if code.any(|(_, section)| section.items.is_none()) {
            return None;
        }
        let bodies =
            unit.sections().map(|(id, section)| Body::new(section, sizes.section(unit, id))).collect();
        let entry = Place { section: entry.0, offset: entry.1 };
        Some(Program {
            unit,
            sizes,
            map,
            entry,
            high,
            bodies,
            labels: OnceCell::new(),
            references: OnceCell::new(),
            lengths: OnceCell::new(),
            hexadecimal: OnceCell::new(),
        })
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

    fn body(&self, id: SectionId) -> &Body {
        &self.bodies[id.0 as usize]
    }

    fn listed(&self, id: SectionId) -> &Listed {
        self.body(id).listed.get_or_init(|| {
            let (bytes, fields) = listed(self.unit, self.sizes, id);
            Listed { bytes, fields }
        })
    }

    /// How many bytes a section has.
    pub(super) fn size(&self, id: SectionId) -> u64 {
        self.body(id).size
    }

    /// The bytes of a section; none where it has no contents.
    pub(super) fn bytes(&self, id: SectionId) -> &[u8] {
        &self.listed(id).bytes
    }

    /// All sections.
    pub(super) fn sections(&self) -> impl Iterator<Item = SectionId> + use<> {
        (0..u32::try_from(self.bodies.len()).unwrap_or(0)).map(SectionId)
    }

    /// Sections of code that are not empty.
    pub(super) fn code_sections(&self) -> impl Iterator<Item = SectionId> {
        self.sections().filter(|id| self.section(*id).flags.exec && self.size(*id) > 0)
    }

    /// What the field at exactly this byte refers to: a section and an offset that may lie outside of it.
    pub(super) fn field(&self, place: Place) -> Option<Field> {
        let fields = &self.listed(place.section).fields;
        let at = fields.binary_search_by_key(&place.offset, |field| field.place).ok()?;
        Some(Field::of(&fields[at]))
    }

    /// Whether a field covers any byte of a range.
    pub(super) fn has_field(&self, place: Place, length: u64) -> bool {
        let fields = &self.listed(place.section).fields;
        let next = fields.partition_point(|field| field.place + u64::from(field.width) <= place.offset);
        fields.get(next).is_some_and(|field| field.place < place.offset + length)
    }

    /// The fields that refer to any byte of a range.
    pub(super) fn references(
        &self,
        section: SectionId,
        range: std::ops::Range<u64>,
    ) -> impl Iterator<Item = Place> {
        let all = self.references.get_or_init(|| self.all_references());
        let at = |offset| all.partition_point(|one| one.to < Place { section, offset });
        let (start, end) = (at(range.start), at(range.end));
        all[start..end.max(start)].iter().map(|one| one.from)
    }

    fn all_references(&self) -> Vec<Reference> {
        let of = |section| {
            self.listed(section).fields.iter().filter_map(move |field| match Field::of(field) {
                Field::Address(target, offset) => Some(Reference {
                    to: Place { section: target, offset: u64::try_from(offset).ok()? },
                    from: Place { section, offset: field.place },
                }),
                Field::Other => None,
            })
        };
        let mut all: Vec<Reference> = self.sections().flat_map(of).collect();
        all.sort_unstable();
        all
    }

    /// Every `equ` that is a number or a place.
    pub(super) fn every_length(&self) -> impl Iterator<Item = SymbolId> {
        self.lengths.get_or_init(|| self.all_lengths()).iter().map(|one| one.1)
    }

    /// The `equ`s that have a value, in their order.
    pub(super) fn lengths(&self, value: Number) -> impl Iterator<Item = SymbolId> {
        let all = self.lengths.get_or_init(|| self.all_lengths());
        let start = all.partition_point(|one| one.0 < value);
        all[start..].iter().take_while(move |one| one.0 == value).map(|one| one.1)
    }

    fn all_lengths(&self) -> Vec<(Number, SymbolId)> {
        let symbols = (0..).map(SymbolId).zip(&self.unit.symbols);
        let values = symbols.filter_map(|(id, symbol)| {
            let Definition::Equ(value) = symbol.definition else { return None };
            let found = evaluate(self.unit, self.sizes, value).ok().filter(|found| found.minus.is_none())?;
            match found.plus {
                None => Some(((None, found.as_number()?), id)),
                Some(Base::Section(section)) => Some(((Some(section), found.addend), id)),
                Some(_) => None,
            }
        });
        let mut all: Vec<_> = values.collect();
        all.sort_unstable();
        all
    }

    /// Whether the sources write hexadecimal numbers with a dollar, which `find` finds out once.
    pub(super) fn writes_hexadecimal(&self, find: fn(&SourceMap) -> bool) -> bool {
        *self.hexadecimal.get_or_init(|| find(self.map))
    }

    /// The item that covers a byte.
    pub(super) fn item(&self, place: Place) -> Option<Stretch> {
        let items = self.section(place.section).items.as_ref()?;
        let body = self.body(place.section);
        let start = |run: usize| self.sizes.offset(place.section, items.chunk_start(run));
        let last = body.last_run.get();
        let covers = |run: usize| {
            run < items.chunks()
                && start(run) <= place.offset
                && (run + 1 == items.chunks() || place.offset < start(run + 1))
        };
        let run = if covers(last) { last } else { self.run_at(items, place)? };
        body.last_run.set(run);
        let stretches = self.run(place.section, run);
        let next = stretches.partition_point(|item| item.start <= place.offset);
        stretches.get(next.checked_sub(1)?).copied().filter(|item| place.offset < item.end)
    }

    /// The run of items that a byte is in.
    fn run_at(&self, items: &Items, place: Place) -> Option<usize> {
        let start = |run: usize| self.sizes.offset(place.section, items.chunk_start(run));
        let (mut low, mut high) = (0, items.chunks());
        while low < high {
            let middle = low.midpoint(high);
            if start(middle) <= place.offset { low = middle + 1 } else { high = middle }
        }
        low.checked_sub(1)
    }

    /// One run of a section's items.
    fn run(&self, id: SectionId, run: usize) -> &[Stretch] {
        let body = self.body(id);
        body.runs[run].get_or_init(|| {
            let Some(items) = &self.section(id).items else { return Box::default() };
            let offset = |position| self.sizes.offset(id, position);
            let end = if run + 1 < items.chunks() { offset(items.chunk_start(run + 1)) } else { body.size };
            let mut stretches: Vec<Stretch> = Vec::with_capacity(Items::CHUNK);
            for Item { position, kind, span } in items.chunk(run) {
                let start = offset(position);
                if let Some(last) = stretches.last_mut() {
                    last.end = start;
                    if last.start == start {
                        stretches.pop();
                    }
                }
                stretches.push(Stretch { start, end, kind, span });
            }
            if stretches.last().is_some_and(|last| last.start == last.end) {
                stretches.pop();
            }
            stretches.into()
        })
    }

    /// The items of a kind in a section.
    pub(super) fn items_of(&self, id: SectionId, kind: ItemKind) -> impl Iterator<Item = &Stretch> {
        let items = self.section(id).items.as_ref();
        let runs = 0..items.map_or(0, Items::chunks);
        let runs = runs.filter(move |&run| items.is_some_and(|items| items.chunk_has(run, kind)));
        runs.flat_map(move |run| self.run(id, run)).filter(move |item| item.kind == kind)
    }

    /// Every label, in the order of their places.
    fn all_labels(&self) -> &[Label] {
        self.labels.get_or_init(|| labels(self.unit, self.sizes))
    }

    /// The labels of a section from one offset up to another.
    pub(super) fn labels(&self, section: SectionId, range: std::ops::Range<u64>) -> &[Label] {
        let labels = self.all_labels();
        let at = |offset| labels.partition_point(|label| label.place < Place { section, offset });
        let (start, end) = (at(range.start), at(range.end));
        &labels[start..end.max(start)]
    }

    /// How messages call a place: its label, or the section and the offset.
    pub(super) fn name(&self, place: Place) -> String {
        let labels = self.all_labels();
        let until = labels.partition_point(|label| label.place <= place);
        match labels[..until].last().filter(|label| label.place.section == place.section) {
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

impl Body {
    fn new(section: &Section, size: u64) -> Body {
        let runs = section.items.as_ref().map_or(0, Items::chunks);
        let runs = std::iter::repeat_with(OnceCell::new).take(runs).collect();
        Body { listed: OnceCell::new(), runs, last_run: Cell::new(0), size }
    }
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
