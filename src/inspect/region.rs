//! Which stretch of the file belongs to whom.

use std::collections::BTreeSet;

use super::MOST_LAYERS;
use super::code;
use crate::elf::read::File;
use crate::elf::records::elf;
use crate::isa::x86::Bits;
use crate::layout::{Phdr, Shdr};

/// To whom a stretch of the file belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The ELF header.
    Ehdr,
    /// A program header, by index.
    Phdr(u32),
    /// A section header, by index.
    Shdr(u32),
    /// The contents of a section, by index.
    Section(u32),
    /// The contents of a segment that no section describes, by index.
    Segment(u32),
    /// Instructions reached from the entry point, where no section says what is code.
    Code,
    /// Between the parts: in no section and no segment.
    Gap,
}

/// What stands in a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// `Ehdr`.
    Ehdr,
    /// `Phdr`.
    Phdr,
    /// `Shdr`.
    Shdr,
    /// Instructions.
    Code(Bits),
    /// Zero-terminated strings.
    Strings,
    /// `Sym` records; their names are in this section.
    Symbols(u32),
    /// `Rel` or `Rela` records; their symbols are in this section.
    Relocations {
        /// Whether each has an addend.
        addend: bool,
        /// The symbol table.
        symbols: u32,
    },
    /// `Dyn` records.
    Dynamic,
    /// `Nhdr` records, each with a name and a description, padded to so many bytes.
    Notes(u8),
    /// Anything.
    Bytes,
}

/// A stretch of the file with one owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// The offset of its first byte.
    pub start: u64,
    /// The offset behind its last byte.
    pub end: u64,
    /// Whose it is.
    pub owner: Owner,
    /// What stands there.
    pub content: Content,
    /// The address of its first byte in the process, where it has one.
    pub address: Option<u64>,
    /// Whether its items are shown: enough others show theirs of the same bytes.
    pub itemised: bool,
}

/// Bytes with the same owners.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The offset of its first byte.
    pub start: u64,
    /// The offset behind its last byte.
    pub end: u64,
    /// Indices of the first regions that lie here.
    pub owners: Vec<u32>,
    /// How many regions lie here.
    pub count: usize,
}

/// So many owners of a piece are named.
const MOST_NAMED: usize = 8;

/// Every region of a file, gaps included, in order of their first byte.
pub(super) fn regions(file: &File<'_>) -> Vec<Region> {
    let mut found = Vec::new();
    headers(file, &mut found);
    sections(file, &mut found);
    described_segments(file, &mut found);
    if !has_code_sections(file) {
        code::reached(file, &mut found);
    }
    found.retain(|region| region.start < region.end);
    // Who begins first is first, and of two the longer one; headers come before contents as they were pushed.
    found.sort_by_key(|region| (region.start, u64::MAX - region.end));
    let mut found = fill_gaps(file, found);
    choose_itemised(&mut found);
    found
}

fn region(file: &File<'_>, start: u64, size: u64, owner: Owner, content: Content) -> Region {
    let end = start.saturating_add(size).min(file.size());
    Region { start: start.min(end), end, owner, content, address: None, itemised: true }
}

fn headers(file: &File<'_>, found: &mut Vec<Region>) {
    let class = file.form.class;
    found.push(region(file, 0, class.ehdr_size(), Owner::Ehdr, Content::Ehdr));
    for index in 0..number(file.phdrs.len()) {
        let at = file.phdr_offset(u64::from(index));
        found.push(region(file, at, class.phdr_size(), Owner::Phdr(index), Content::Phdr));
    }
    for index in 0..number(file.shdrs.len()) {
        let at = file.shdr_offset(u64::from(index));
        found.push(region(file, at, class.shdr_size(), Owner::Shdr(index), Content::Shdr));
    }
    for region in found {
        region.address = file.address_of(region.start);
    }
}

/// Tables are cut to what the file has room for, far below 4 Gi entries unless the file has over 100 GiB.
fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn sections(file: &File<'_>, found: &mut Vec<Region>) {
    for (index, section) in (0..).zip(&file.shdrs) {
        if section.sh_type == elf::SHT_NULL.0 || section.sh_type == elf::SHT_NOBITS.0 {
            continue;
        }
        let content = section_content(file, section);
        let mut region = region(file, section.sh_offset.0, section.sh_size, Owner::Section(index), content);
        let loaded = section.sh_flags & elf::SHF_ALLOC.0 != 0 || file.e_type == elf::ET_REL;
        region.address = loaded.then_some(section.sh_addr.0);
        found.push(region);
    }
}

fn section_content(file: &File<'_>, section: &Shdr) -> Content {
    match elf::SectionType(section.sh_type) {
        elf::SHT_STRTAB => Content::Strings,
        elf::SHT_SYMTAB | elf::SHT_DYNSYM => Content::Symbols(section.sh_link),
        elf::SHT_REL => Content::Relocations { addend: false, symbols: section.sh_link },
        elf::SHT_RELA => Content::Relocations { addend: true, symbols: section.sh_link },
        elf::SHT_DYNAMIC => Content::Dynamic,
        elf::SHT_NOTE => Content::Notes(note_align(section.sh_addralign)),
        _ if section.sh_flags & elf::SHF_EXECINSTR.0 != 0 => code_or_bytes(file),
        _ if section.sh_flags & elf::SHF_STRINGS.0 != 0 => Content::Strings,
        _ => Content::Bytes,
    }
}

/// Notes are padded to 4 bytes, but those of a section or segment with an alignment of 8 (.note.gnu.property) to 8.
fn note_align(align: u64) -> u8 {
    if align == 8 { 8 } else { 4 }
}

fn code_or_bytes(file: &File<'_>) -> Content {
    bits(file).map_or(Content::Bytes, Content::Code)
}

/// The mode of an x86 file's code.
pub(super) fn bits(file: &File<'_>) -> Option<Bits> {
    match file.e_machine {
        elf::EM_X86_64 => Some(Bits::B64),
        elf::EM_386 => Some(Bits::B32),
        _ => None,
    }
}

fn has_code_sections(file: &File<'_>) -> bool {
    file.shdrs
        .iter()
        .any(|section| section.sh_flags & elf::SHF_EXECINSTR.0 != 0 && section.sh_type != elf::SHT_NOBITS.0)
}

/// What program headers alone describe: notes, the interpreter's name, the dynamic table.
fn described_segments(file: &File<'_>, found: &mut Vec<Region>) {
    for (index, segment) in (0..).zip(&file.phdrs) {
        let content = match elf::ProgramType(segment.p_type) {
            elf::PT_INTERP => Content::Strings,
            elf::PT_NOTE => Content::Notes(note_align(segment.p_align)),
            elf::PT_DYNAMIC => Content::Dynamic,
            _ => continue,
        };
        if !told_by_sections(file, segment) {
            let (start, size) = (segment.p_offset.0, segment.p_filesz);
            let mut region = region(file, start, size, Owner::Segment(index), content);
            region.address = Some(segment.p_vaddr.0);
            found.push(region);
        }
    }
}

/// A quick test that errs on the side of showing bytes twice.
fn told_by_sections(file: &File<'_>, segment: &Phdr) -> bool {
    file.shdrs.iter().take(1000).any(|section| {
        section.sh_offset == segment.p_offset
            && section.sh_type != elf::SHT_NOBITS.0
            && section.sh_type != elf::SHT_NULL.0
    })
}

/// Bytes of no region so far belong to the segment that loads them, or to nobody.
fn fill_gaps(file: &File<'_>, found: Vec<Region>) -> Vec<Region> {
    let mut all = Vec::with_capacity(found.len());
    let mut covered = 0;
    let end = region(file, file.size(), 0, Owner::Gap, Content::Bytes);
    for next in found.into_iter().chain([end]) {
        if next.start > covered {
            gap(file, covered, next.start, &mut all);
        }
        covered = covered.max(next.end);
        if next.start < next.end {
            all.push(next);
        }
    }
    all
}

/// `start..end` has no owner: cut at the borders of the segments.
fn gap(file: &File<'_>, start: u64, end: u64, all: &mut Vec<Region>) {
    let mut at = start;
    while at < end {
        let inside = (0..).zip(&file.phdrs).take(MOST_SEGMENTS).find(|(_, one)| {
            one.p_type == elf::PT_LOAD.0
                && at.checked_sub(one.p_offset.0).is_some_and(|far| far < one.p_filesz)
        });
        let border = match inside {
            Some((_, load)) => load.p_offset.0.saturating_add(load.p_filesz),
            None => {
                let later = file.loads().take(MOST_SEGMENTS).map(|one| one.p_offset.0);
                later.filter(|&offset| offset > at).min().unwrap_or(u64::MAX)
            }
        };
        let stop = border.min(end);
        let owner = inside.map_or(Owner::Gap, |(index, _)| Owner::Segment(index));
        let mut region = region(file, at, stop - at, owner, Content::Bytes);
        region.address = inside.map(|(_, load)| load.p_vaddr.0.wrapping_add(at - load.p_offset.0));
        all.push(region);
        at = stop;
    }
}

/// The kernel refuses more than 64 KiB of program headers; a file with more is damaged.
const MOST_SEGMENTS: usize = 1170;

/// At most [`MOST_LAYERS`] regions show their items of one byte.
fn choose_itemised(regions: &mut [Region]) {
    let mut ends: Vec<u64> = Vec::new();
    for region in regions {
        ends.retain(|&end| end > region.start);
        region.itemised = ends.len() < MOST_LAYERS;
        if region.itemised {
            ends.push(region.end);
        }
    }
}

/// Cuts where the set of owners changes.
pub(super) fn pieces(regions: &[Region]) -> Vec<Piece> {
    let mut borders: Vec<(u64, bool, u32)> = Vec::with_capacity(regions.len() * 2);
    for (index, region) in (0..).zip(regions) {
        borders.push((region.start, true, index));
        borders.push((region.end, false, index));
    }
    borders.sort_unstable();
    let mut pieces = Vec::new();
    let mut active = BTreeSet::new();
    let mut start = 0;
    for (at, begins, index) in borders {
        if at > start && !active.is_empty() {
            let owners = active.iter().copied().take(MOST_NAMED).collect();
            pieces.push(Piece { start, end: at, owners, count: active.len() });
        }
        start = at;
        if begins {
            active.insert(index)
        } else {
            active.remove(&index)
        };
    }
    pieces
}
