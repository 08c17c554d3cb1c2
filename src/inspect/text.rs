//! The byte map as text: offset, bytes, what it is; in 100 columns or fewer where names allow.
//!
//! ```text
//! ── Elf64_Ehdr, the file header ── 0x0..0x40
//! 00000000  7f 45 4c 46              e_ident[EI_MAG]     "\x7fELF"  the magic number · kernel
//! ```
//!
//! A `+` before the bytes marks those that have several owners; the list of what is shared stands at the end.

use std::io::{self, Write};

use super::item::{Item, ItemKind};
use super::region::{Content, Owner, Region};
use super::verdict::Verdict;
use super::{ByteMap, rows, tables};
use crate::elf::records::{Class, elf};

/// Which parts are shown; with none of them set, everything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sections {
    /// `-h`: the file header.
    pub header: bool,
    /// `-l`: the program headers, and the sections in each segment.
    pub segments: bool,
    /// `-S`: the section headers.
    pub sections: bool,
    /// `-s`: the symbols.
    pub symbols: bool,
    /// `-d`: the instructions.
    pub code: bool,
}

impl Sections {
    fn all(self) -> bool {
        self == Sections::default()
    }
}

/// Writes the map, or the parts asked for.
pub fn text(map: &ByteMap<'_>, parts: Sections, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", summary(map))?;
    if parts.all() {
        everything(map, out)?;
        shared(map, out)?;
    } else {
        if parts.header {
            for region in map.regions.iter().filter(|one| one.owner == Owner::Ehdr) {
                one_region(map, region, out)?;
            }
        }
        if parts.segments {
            tables::segments(map, out)?;
        }
        if parts.sections {
            tables::sections(map, out)?;
        }
        if parts.symbols {
            tables::symbols(map, out)?;
        }
        if parts.code {
            tables::code(map, out)?;
        }
    }
    problems(map, out)
}

/// One line about the file.
pub(super) fn summary(map: &ByteMap<'_>) -> String {
    let file = &map.file;
    let class = if file.form.class == Class::Elf64 { "ELF64" } else { "ELF32" };
    let order = if file.form.big_endian { "big-endian" } else { "little-endian" };
    let machine =
        file.e_machine.name().map_or_else(|| format!("machine {}", file.e_machine.0), str::to_owned);
    let kind = elf::machine_names(file.e_machine)
        .et
        .name(file.e_type)
        .map_or_else(|| format!("type {}", file.e_type.0), str::to_owned);
    format!("{class}, {order}, {machine}, {kind}, {} bytes, entry {}", file.size(), file.e_entry)
}

/// What people call the owner.
pub(super) fn owner_name(map: &ByteMap<'_>, owner: Owner) -> String {
    let bits = if map.file.form.class == Class::Elf64 { "64" } else { "32" };
    let names = elf::machine_names(map.file.e_machine);
    match owner {
        Owner::Ehdr => format!("Elf{bits}_Ehdr, the file header"),
        Owner::Phdr(index) => {
            let kind = map.file.phdrs.get(index as usize).map_or(0, |one| one.p_type);
            let kind = names.pt.name(elf::ProgramType(kind)).unwrap_or("unknown type");
            format!("Elf{bits}_Phdr {index}, {kind}")
        }
        Owner::Shdr(index) => match section_name(map, index) {
            name if name.is_empty() => format!("Elf{bits}_Shdr {index}"),
            name => format!("Elf{bits}_Shdr {index}, {name}"),
        },
        Owner::Section(index) => match section_name(map, index) {
            name if name.is_empty() => format!("section {index}"),
            name => format!("section {index}, {name}"),
        },
        Owner::Segment(index) => {
            let kind = map.file.phdrs.get(index as usize).map_or(0, |one| one.p_type);
            let kind = names.pt.name(elf::ProgramType(kind)).unwrap_or("unknown type");
            format!("segment {index}, {kind}, in no section")
        }
        Owner::Code => "code, reached from the entry point".to_owned(),
        Owner::Gap => "in no section and no segment".to_owned(),
    }
}

/// The name of a section, by index.
pub(super) fn section_name(map: &ByteMap<'_>, index: u32) -> String {
    let section = map.file.shdrs.get(index as usize);
    section.map(|one| super::meaning::text(map.file.section_name(one))).unwrap_or_default()
}

fn heading(map: &ByteMap<'_>, region: &Region, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "\n── {} ── {:#x}..{:#x}", owner_name(map, region.owner), region.start, region.end)?;
    if let (Some(address), Content::Code(_) | Content::Bytes) = (region.address, region.content) {
        write!(out, " at {address:#x}")?;
    }
    let hidden = if region.itemised { "" } else { " (its bytes are shown elsewhere)" };
    writeln!(out, "{hidden}")
}

fn one_region(map: &ByteMap<'_>, region: &Region, out: &mut dyn Write) -> io::Result<()> {
    heading(map, region, out)?;
    let mut printer = Printer::new(map, out);
    map.items(region).try_for_each(|item| printer.item(&item, false))
}

fn everything(map: &ByteMap<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut sharing = Sharing::new(map);
    let mut printer = Printer::new(map, out);
    let mut last = usize::MAX;
    let mut announced = 0;
    for (index, item) in map.all_items() {
        // Regions that begin up to here and show nothing of their own are named in their turn.
        while announced <= index {
            let region = &map.regions[announced];
            if !region.itemised {
                heading(map, region, printer.out)?;
            }
            announced += 1;
        }
        if index != last {
            let region = &map.regions[index];
            match last != usize::MAX && item.start > region.start {
                true => writeln!(printer.out, "   … {}", owner_name(map, region.owner))?,
                false => heading(map, region, printer.out)?,
            }
        }
        last = index;
        printer.item(&item, sharing.at(item.start, item.end))?;
    }
    for region in map.regions.iter().skip(announced).filter(|one| !one.itemised) {
        heading(map, region, printer.out)?;
    }
    Ok(())
}

/// Whether bytes have several owners, asked in order of offset.
struct Sharing {
    shared: Vec<(u64, u64)>,
    at: usize,
}

impl Sharing {
    fn new(map: &ByteMap<'_>) -> Self {
        let shared =
            map.pieces().iter().filter(|one| one.count > 1).map(|one| (one.start, one.end)).collect();
        Sharing { shared, at: 0 }
    }

    fn at(&mut self, start: u64, end: u64) -> bool {
        while self.shared.get(self.at).is_some_and(|&(_, last)| last <= start) {
            self.at += 1;
        }
        self.shared.get(self.at).is_some_and(|&(first, _)| first < end)
    }
}

const ROW: usize = 8;
/// A long string or note is shown in full, a run of zeroes is not.
const MOST_ROWS: usize = 4;

/// Writes items, each a row or a few, made in one buffer.
struct Printer<'m, 'o> {
    map: &'m ByteMap<'m>,
    row: String,
    out: &'o mut dyn Write,
}

impl<'m, 'o> Printer<'m, 'o> {
    fn new(map: &'m ByteMap<'m>, out: &'o mut dyn Write) -> Self {
        Printer { map, row: String::new(), out }
    }

    fn item(&mut self, item: &Item, shared: bool) -> io::Result<()> {
        let bytes = self.map.file.slice(item.start, item.end - item.start);
        let zeroes = item.kind == ItemKind::Zeroes;
        let rows = if zeroes { 1 } else { bytes.len().div_ceil(ROW).min(MOST_ROWS) };
        for (number, chunk) in bytes.chunks(ROW).take(rows).enumerate() {
            let row = &mut self.row;
            row.clear();
            rows::hex(row, item.start + (number * ROW) as u64, 8);
            row.push_str(if shared { " +" } else { "  " });
            let from = row.len();
            rows::bytes(row, chunk);
            if number == 0 {
                rows::pad(row, from, 3 * ROW);
                row.push(' ');
                words(row, item, bytes.len());
            }
            rows::trim(row, 0);
            row.push('\n');
            self.out.write_all(row.as_bytes())?;
        }
        let left = bytes.len().saturating_sub(rows * ROW);
        if left > 0 && !zeroes {
            writeln!(self.out, "{:10}… {left} more bytes", "")?;
        }
        Ok(())
    }
}

/// What an item of so many bytes is.
fn words(row: &mut String, item: &Item, length: usize) {
    let from = row.len();
    if item.kind == ItemKind::Zeroes {
        rows::decimal(row, length as u64);
        row.push(' ');
    }
    row.push_str(&item.name);
    if let ItemKind::Field | ItemKind::Record = item.kind {
        rows::pad(row, from, if item.kind == ItemKind::Field { 22 } else { 28 });
        row.push(' ');
        row.push_str(&item.value);
    }
    if !item.meaning.is_empty() {
        rows::pad(row, from, 40);
        row.push(' ');
        row.push_str(&item.meaning);
    }
    if let (Some(reader), ItemKind::Field) = (item.reader, item.kind) {
        row.push_str(" · ");
        row.push_str(reader.word());
    }
}

fn shared(map: &ByteMap<'_>, out: &mut dyn Write) -> io::Result<()> {
    let pieces = map.pieces();
    let mut shared = pieces.iter().filter(|one| one.count > 1).peekable();
    if shared.peek().is_none() {
        return Ok(());
    }
    writeln!(out, "\nShared bytes:")?;
    for piece in shared {
        let names: Vec<_> =
            piece.owners.iter().map(|&index| owner_name(map, map.regions[index as usize].owner)).collect();
        write!(out, "  {:#x}..{:#x}: {}", piece.start, piece.end, names.join("; "))?;
        match piece.count - piece.owners.len() {
            0 => writeln!(out)?,
            more => writeln!(out, "; {more} more")?,
        }
    }
    Ok(())
}

fn problems(map: &ByteMap<'_>, out: &mut dyn Write) -> io::Result<()> {
    if map.file.problems.is_empty() {
        return Ok(());
    }
    let verdict = Verdict::of(map);
    writeln!(out, "\n{}:", verdict.heading())?;
    for (problem, others) in map.file.problems.iter().zip(&verdict.others) {
        write!(out, "  {}: {}", problem.offset, problem.message)?;
        match others.is_empty() {
            true => writeln!(out)?,
            false => writeln!(out, " · also {}", others.join("; "))?,
        }
    }
    match map.file.problems.len() == crate::elf::read::MOST_PROBLEMS {
        true => writeln!(out, "  and perhaps more"),
        false => Ok(()),
    }
}
