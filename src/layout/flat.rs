//! `-f bin`: the bytes alone, in the order and at the places of nasm's bin format (nasmdoc 8.1).
//!
//! A section has two addresses: `start`, where it is loaded, which is also its place in the file less the origin; and
//! `vstart`, which its labels count from.  Sections with contents stand in the order of declaration, `.text` first,
//! until attributes move them:
//!
//! ```text
//! declared    .text   a   b (follows=.text)   c   d (start=0x40)   e
//! follows     .text   b   c   a   d   e            b takes along what stands behind it without a place of its own
//! start       … d and what stands behind it come before the next higher start
//! ```
//!
//! Sections without contents are only given addresses, behind everything else.  Where nothing else is said a section
//! that is not the first is aligned to 4 bytes.

use std::collections::BTreeMap;

use super::image::{Chunk, Image, Placement};
use super::patch::{Addresses, Patcher};
use super::relax::Sizes;
use crate::elf::records::{FileOffset, VirtAddr};
use crate::source::{Diagnostic, Diagnostics, Span};
use crate::unit::{Definition, NameId, SectionId, SectionKind, SymbolId, Unit, flat_symbol};

/// The most that is written, in bytes; a `start=` far away would fill a disk with zeroes.
const LARGEST: u64 = 1 << 31;

/// Where a section of flat output lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlatSection {
    /// Which; `None` for the `.text` that is there even if the source never names it.
    pub id: Option<SectionId>,
    /// Where it is loaded.
    pub start: u64,
    /// What its labels count from.
    pub vstart: u64,
    /// Bytes.
    pub length: u64,
    /// Whether it has bytes in the file.
    pub in_file: bool,
    /// What its load address is a multiple of, where that was asked for or decided.
    pub align: Option<u64>,
    /// The same for the address that labels count from.
    pub valign: Option<u64>,
    /// What it is loaded behind, where the source says so.
    pub follows: Option<NameId>,
    /// Whose virtual end its addresses begin at, where the source says so.
    pub vfollows: Option<NameId>,
}

impl FlatSection {
    fn placement(&self, origin: u64) -> Option<Placement> {
        Some(Placement {
            section: self.id?,
            start: 0,
            length: self.length,
            offset: self.in_file.then(|| FileOffset(self.start.wrapping_sub(origin))),
            address: Some(VirtAddr(self.vstart)),
            size: self.length,
        })
    }
}

/// Flat output: the bytes, and where everything lies, for a map file.
#[derive(Clone, Debug)]
pub struct Flat {
    /// The bytes.
    pub image: Image,
    /// The address of the first byte.
    pub origin: u64,
    /// Sections with contents in the order of the file, then the others.
    pub sections: Vec<FlatSection>,
}

/// Lays out flat output; `None` after an error was recorded.
pub fn flat(unit: &Unit, sizes: &Sizes, diagnostics: &mut Diagnostics) -> Option<Flat> {
    let before = diagnostics.error_count();
    let mut plan = Plan::new(unit, sizes);
    if let Err(problem) = plan.place() {
        diagnostics.push(*problem);
        return None;
    }
    let addresses = plan.addresses();
    let patcher = Patcher { unit, sizes, addresses: &addresses, cuts_addresses: true, movable: false };
    let mut chunks = Vec::new();
    for part in plan.order.iter().map(|&index| &plan.parts[index]) {
        let Some(id) = part.id.filter(|_| part.length > 0) else { continue };
        let bytes = patcher.contents(id, diagnostics);
        chunks.push(Chunk { offset: FileOffset(part.start.unwrap_or(0) - plan.origin), bytes });
    }
    let sections: Vec<_> =
        plan.order.iter().chain(&plan.nobits).map(|&index| plan.parts[index].finished()).collect();
    let placements = sections.iter().filter_map(|section| section.placement(plan.origin)).collect();
    let image = Image {
        machine: unit.machine,
        class: unit.machine.class(),
        ehdr: None,
        phdrs: vec![],
        shdrs: vec![],
        chunks,
        placements,
    };
    (diagnostics.error_count() == before).then_some(Flat { image, origin: plan.origin, sections })
}

type Problem = Box<Diagnostic>;

/// A section on its way to its place.
#[derive(Debug)]
struct Part {
    id: Option<SectionId>,
    name: Option<NameId>,
    span: Span,
    in_file: bool,
    length: u64,
    align: Option<u64>,
    valign: Option<u64>,
    start: Option<u64>,
    vstart: Option<u64>,
    follows: Option<NameId>,
    vfollows: Option<NameId>,
}

impl Part {
    fn finished(&self) -> FlatSection {
        FlatSection {
            id: self.id,
            start: self.start.unwrap_or(0),
            vstart: self.vstart.unwrap_or(0),
            length: self.length,
            in_file: self.in_file,
            align: self.align,
            valign: self.valign,
            follows: self.follows,
            vfollows: self.vfollows,
        }
    }
}

struct Plan<'a> {
    unit: &'a Unit,
    /// In the order of declaration, `.text` first.
    parts: Vec<Part>,
    /// Sections with contents, in the order of the file.
    order: Vec<usize>,
    /// Sections without.
    nobits: Vec<usize>,
    origin: u64,
}

/// nasm's default where a source asks for no alignment.
const DEFAULT_ALIGN: u64 = 4;

impl<'a> Plan<'a> {
    fn new(unit: &'a Unit, sizes: &'a Sizes) -> Self {
        let text = unit.names.find(b".text");
        let mut parts: Vec<Part> = unit
            .sections()
            .map(|(id, section)| Part {
                id: Some(id),
                name: Some(section.name),
                span: section.span,
                in_file: section.kind != SectionKind::Nobits,
                length: sizes.section(unit, id),
                align: section.flat.align.max((section.align > 1).then_some(section.align)),
                valign: section.flat.valign,
                start: section.flat.start,
                vstart: section.flat.vstart,
                follows: section.flat.follows,
                vfollows: section.flat.vfollows,
            })
            .collect();
        match parts.iter().position(|part| text.is_some() && part.name == text) {
            Some(index) => parts[..=index].rotate_right(1),
            None => parts.insert(0, empty_text(text)),
        }
        let (order, nobits) = (0..parts.len()).partition(|&index| index == 0 || parts[index].in_file);
        Plan { unit, parts, order, nobits, origin: 0 }
    }

    fn place(&mut self) -> Result<(), Problem> {
        self.give_nobits_virtual_attributes()?;
        self.move_followers()?;
        self.sort_starts();
        self.starts()?;
        self.vstarts()?;
        let end = self.order.iter().map(|&index| self.parts[index].end()).max().unwrap_or(0);
        if end.saturating_sub(self.origin) > LARGEST {
            let size = end - self.origin;
            let last = self.order.last().map(|&index| self.parts[index].span).unwrap_or_default();
            return Err(Box::new(
                Diagnostic::error(
                    last,
                    format!("the output would have {size} bytes; at most {LARGEST} are written"),
                )
                .hint("use `vstart=` for the address of labels; `start=` is a place in the file"),
            ));
        }
        Ok(())
    }

    fn text(&self, part: usize) -> String {
        match self.parts[part].name {
            Some(name) => String::from_utf8_lossy(self.unit.names.get(name)).into_owned(),
            None => ".text".to_owned(),
        }
    }

    fn error(&self, part: usize, message: String) -> Problem {
        Box::new(Diagnostic::error(self.parts[part].span, message))
    }

    /// A section without contents is nowhere in the file: its attributes speak of addresses, whichever name they have.
    fn give_nobits_virtual_attributes(&mut self) -> Result<(), Problem> {
        for &index in &self.nobits {
            let part = &mut self.parts[index];
            let real = part.start.is_some() || part.align.is_some() || part.follows.is_some();
            let is_virtual = part.vstart.is_some() || part.valign.is_some() || part.vfollows.is_some();
            if real && is_virtual {
                let name = self.text(index);
                return Err(self.error(
                    index,
                    format!("section `{name}` has no contents: `start`, `align` and `follows` cannot be mixed with `vstart`, `valign` and `vfollows`"),
                ));
            }
            part.vstart = part.vstart.or(part.start);
            part.valign = part.valign.or(part.align);
            part.vfollows = part.vfollows.or(part.follows.take());
            part.start = part.start.or(part.vstart);
        }
        Ok(())
    }

    fn is_behind(&self, follower: usize, leader: usize) -> bool {
        self.parts[follower].follows.is_some() && self.parts[follower].follows == self.parts[leader].name
    }

    /// Moves each group that is led by a section with `follows` behind the section it names.
    fn move_followers(&mut self) -> Result<(), Problem> {
        let mut next = self.order.first().copied();
        for _ in 0..=self.order.len() * self.order.len() {
            let Some(leader) = next.and_then(|from| self.misplaced(from)) else { return Ok(()) };
            next = self.move_follower(leader)?;
        }
        let circle = self.order.iter().copied().find(|&index| self.parts[index].follows.is_some());
        let index = circle.unwrap_or(0);
        Err(self.error(index, format!("section `{}` follows itself in a circle", self.text(index))))
    }

    /// The next section from `from` on that follows another than the one before it.
    fn misplaced(&self, from: usize) -> Option<usize> {
        if self.parts[from].follows.is_some() {
            return Some(from);
        }
        let at = self.order.iter().position(|&index| index == from)?;
        let pair = self.order[at..]
            .windows(2)
            .find(|pair| self.parts[pair[1]].follows.is_some() && !self.is_behind(pair[1], pair[0]))?;
        Some(pair[1])
    }

    /// Moves one group; what stood behind it is where to go on.
    fn move_follower(&mut self, leader: usize) -> Result<Option<usize>, Problem> {
        let wanted = self.parts[leader].follows;
        let target = self.order.iter().copied().find(|&index| self.parts[index].name == wanted);
        let Some(target) = target else {
            let name = wanted.map_or_else(String::new, |name| {
                String::from_utf8_lossy(self.unit.names.get(name)).into_owned()
            });
            return Err(self.error(
                leader,
                format!(
                    "section `{}` follows `{name}`, which has no contents or does not exist",
                    self.text(leader)
                ),
            ));
        };
        let after = |order: &[usize], index| order.iter().position(|&one| one == index).map(|at| at + 1);
        if let Some(&other) = after(&self.order, target).and_then(|at| self.order.get(at))
            && self.is_behind(other, target)
        {
            return Err(Box::new(
                Diagnostic::error(
                    self.parts[leader].span,
                    format!(
                        "`{}` and `{}` cannot both follow `{}`",
                        self.text(leader),
                        self.text(other),
                        self.text(target)
                    ),
                )
                .label(self.parts[other].span, "this one follows it already"),
            ));
        }
        let first = after(&self.order, leader).unwrap_or(1) - 1;
        let end = self.group_end(first, target);
        let rest = self.order.get(end).copied();
        let group: Vec<usize> = self.order.drain(first..end).collect();
        let at = after(&self.order, target).unwrap_or(self.order.len());
        self.order.splice(at..at, group);
        Ok(rest)
    }

    /// One past the last section that moves along with the one at `first`.
    fn group_end(&self, first: usize, target: usize) -> usize {
        for at in first + 1..self.order.len() {
            let index = self.order[at];
            if index == target || self.parts[index].start.is_some() {
                return at;
            }
            if let Some(&next) = self.order.get(at + 1)
                && self.parts[next].follows.is_some()
                && !self.is_behind(next, index)
            {
                return at + 1;
            }
        }
        self.order.len()
    }

    /// Sorts the groups that begin with a `start=` by address; what has none stays behind its predecessor.
    fn sort_starts(&mut self) {
        let mut sorted: Vec<usize> = Vec::new();
        let mut rest = &self.order[..];
        while let [leader, tail @ ..] = rest {
            let members = tail.iter().take_while(|&&index| self.parts[index].start.is_none()).count();
            let start = self.parts[*leader].start.unwrap_or(0);
            let before = |&index: &usize| self.parts[index].start.is_some_and(|other| start < other);
            let at = sorted.iter().position(before).unwrap_or(sorted.len());
            sorted.splice(at..at, rest[..=members].iter().copied());
            rest = &rest[members + 1..];
        }
        self.order = sorted;
    }

    /// The origin, and a load address for every section with contents.
    fn starts(&mut self) -> Result<(), Problem> {
        let org = self.unit.sections.iter().find_map(|section| section.flat.org);
        let first = self.order[0];
        match (org, self.parts[first].start) {
            (Some(org), Some(start)) if start < org => {
                let name = self.text(first);
                return Err(self.error(
                    first,
                    format!("section `{name}` starts at {start:#x}, before the origin {org:#x}"),
                ));
            }
            (Some(org), Some(_)) => self.origin = org,
            (Some(org), None) => {
                self.origin = org;
                self.parts[first].start = Some(aligned(org, self.parts[first].align.unwrap_or(1)));
            }
            (None, start) => {
                self.origin = start.unwrap_or(0);
                self.parts[first].start = Some(self.origin);
            }
        }
        let mut end = self.parts[first].start.unwrap_or(0);
        let mut last = first;
        for at in 0..self.order.len() {
            let index = self.order[at];
            let part = &mut self.parts[index];
            let align = &mut part.align;
            let next = || aligned(end, *align.get_or_insert(DEFAULT_ALIGN));
            let start = *part.start.get_or_insert_with(next);
            if part.vstart.is_none() && part.vfollows.is_none() {
                part.vstart = Some(part.valign.map_or(start, |valign| aligned(end, valign)));
            }
            if start < end {
                if part.length == 0 {
                    continue;
                }
                return Err(self.overlap(last, index));
            }
            end = part.end();
            last = index;
        }
        Ok(())
    }

    fn overlap(&self, first: usize, second: usize) -> Problem {
        let (a, b) = (&self.parts[first], &self.parts[second]);
        let end = a.end();
        Box::new(
            Diagnostic::error(
                b.span,
                format!("sections `{}` and `{}` overlap", self.text(first), self.text(second)),
            )
            .label(a.span, format!("this one ends at {end:#x}"))
            .note(format!("`{}` starts at {:#x}", self.text(second), b.start.unwrap_or(0))),
        )
    }

    /// Virtual addresses that depend on another section's: rounds, until none is left or none moves on.
    fn vstarts(&mut self) -> Result<(), Problem> {
        let all: Vec<usize> = self.order.iter().chain(&self.nobits).copied().collect();
        loop {
            let mut found = false;
            let mut waiting = None;
            for &index in &all {
                if self.parts[index].vstart.is_some() {
                    continue;
                }
                let leader = self.vleader(index)?;
                let Some(vstart) = self.parts[leader].vstart else {
                    waiting = Some(index);
                    continue;
                };
                let end = vstart.saturating_add(self.parts[leader].length);
                let part = &mut self.parts[index];
                let vstart = aligned(end, *part.valign.get_or_insert(DEFAULT_ALIGN));
                part.vstart = Some(vstart);
                if !part.in_file {
                    part.start = Some(vstart);
                }
                found = true;
            }
            match waiting {
                None => return Ok(()),
                Some(index) if !found => {
                    let name = self.text(index);
                    return Err(
                        self.error(index, format!("`vfollows` leads from section `{name}` back to itself"))
                    );
                }
                Some(_) => {}
            }
        }
    }

    /// The section whose virtual end another begins at: the named one, that of the declaration before, or for `.bss`
    /// the last with contents.
    fn vleader(&self, index: usize) -> Result<usize, Problem> {
        if let Some(name) = self.parts[index].vfollows {
            let found = self.parts.iter().position(|part| part.name == Some(name));
            return found.ok_or_else(|| {
                let name = String::from_utf8_lossy(self.unit.names.get(name)).into_owned();
                self.error(
                    index,
                    format!("section `{}` follows `{name}`, which does not exist", self.text(index)),
                )
            });
        }
        let is_bss = self.text(index) == ".bss";
        let last = self.order.last().copied().unwrap_or(0);
        Ok(if is_bss { last } else { index.checked_sub(1).unwrap_or(last) })
    }

    fn addresses(&self) -> Addresses {
        let mut sections = vec![VirtAddr(0); self.unit.sections.len()];
        let mut by_name = BTreeMap::new();
        for (index, part) in self.parts.iter().enumerate() {
            by_name.insert(self.text(index).into_bytes(), index);
            if let Some(id) = part.id {
                sections[id.0 as usize] = VirtAddr(part.vstart.unwrap_or(0));
            }
        }
        let mut symbols = BTreeMap::new();
        for (id, symbol) in (0..).map(SymbolId).zip(&self.unit.symbols) {
            let Definition::Undefined = symbol.definition else { continue };
            let Some((section, is_virtual)) = flat_symbol(self.unit.names.get(symbol.name)) else {
                continue;
            };
            if let Some(&index) = by_name.get(section) {
                let part = &self.parts[index];
                symbols.insert(id, VirtAddr(if is_virtual { part.vstart } else { part.start }.unwrap_or(0)));
            }
        }
        Addresses { sections, symbols }
    }
}

impl Part {
    fn end(&self) -> u64 {
        self.start.unwrap_or(0).saturating_add(self.length)
    }
}

fn empty_text(name: Option<NameId>) -> Part {
    Part {
        id: None,
        name,
        span: Span::NONE,
        in_file: true,
        length: 0,
        align: None,
        valign: None,
        start: None,
        vstart: None,
        follows: None,
        vfollows: None,
    }
}

fn aligned(address: u64, align: u64) -> u64 {
    address.checked_next_multiple_of(align.max(1)).unwrap_or(u64::MAX)
}
