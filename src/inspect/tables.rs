//! The parts that `-l`, `-S`, `-s` and `-d` ask for, one line for each record.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::meaning::{read_symbol, segment_flags};
use super::region::{Content, Region};
use super::text::{owner_name, section_name};
use super::{ByteMap, ItemKind, rows};
use crate::elf::records::{Class, elf};

/// `-l`: one line for each segment, then the sections in it.
pub(super) fn segments(map: &ByteMap<'_>, out: &mut dyn Write) -> io::Result<()> {
    let names = elf::machine_names(map.file.e_machine);
    writeln!(out, "\nSegments: {} at {}", map.file.phdrs.len(), map.file.e_phoff)?;
    writeln!(out, "  nr type             offset     address            in file    in memory  align   flags")?;
    for (index, one) in map.file.phdrs.iter().enumerate() {
        let kind = names.pt.name(elf::ProgramType(one.p_type));
        let kind = kind.map_or_else(|| format!("{:#x}", one.p_type), str::to_owned);
        writeln!(
            out,
            "  {index:2} {kind:16} {:<#10x} {:<#18x} {:<#10x} {:<#10x} {:<#7x} {}",
            one.p_offset.0,
            one.p_vaddr.0,
            one.p_filesz,
            one.p_memsz,
            one.p_align,
            segment_flags(one.p_flags)
        )?;
    }
    let loads = (0..).zip(&map.file.phdrs).filter(|(_, one)| one.p_type == elf::PT_LOAD.0);
    for (index, load) in loads.take(100) {
        let inside = (0..).zip(&map.file.shdrs).filter(|(_, section)| {
            section.sh_flags & elf::SHF_ALLOC.0 != 0
                && section.sh_addr >= load.p_vaddr
                && section.sh_addr.0.saturating_add(section.sh_size)
                    <= load.p_vaddr.0.saturating_add(load.p_memsz)
        });
        let names: Vec<_> = inside.take(100).map(|(number, _)| section_name(map, number)).collect();
        if !names.is_empty() {
            writeln!(out, "  segment {index:2}: {}", names.join(" "))?;
        }
    }
    Ok(())
}

/// `-S`: one line for each section.
pub(super) fn sections(map: &ByteMap<'_>, out: &mut dyn Write) -> io::Result<()> {
    let names = elf::machine_names(map.file.e_machine);
    writeln!(out, "\nSections: {} at {}", map.file.shdrs.len(), map.file.e_shoff)?;
    writeln!(
        out,
        "  nr name               type           address            offset     size       link info align flags"
    )?;
    for (index, one) in (0..).zip(&map.file.shdrs) {
        let kind = names.sht.name(elf::SectionType(one.sh_type));
        let kind = kind.map_or_else(|| format!("{:#x}", one.sh_type), |name| name.replacen("SHT_", "", 1));
        let row = format!(
            "  {index:2} {:18} {kind:14} {:<#18x} {:<#10x} {:<#10x} {:<4} {:<4} {:<5} {}",
            section_name(map, index),
            one.sh_addr.0,
            one.sh_offset.0,
            one.sh_size,
            one.sh_link,
            one.sh_info,
            one.sh_addralign,
            flag_letters(one.sh_flags)
        );
        writeln!(out, "{}", row.trim_end())?;
    }
    Ok(())
}

/// readelf's letters.
fn flag_letters(flags: u64) -> String {
    const LETTERS: [(elf::SectionFlags, char); 9] = [
        (elf::SHF_WRITE, 'W'),
        (elf::SHF_ALLOC, 'A'),
        (elf::SHF_EXECINSTR, 'X'),
        (elf::SHF_MERGE, 'M'),
        (elf::SHF_STRINGS, 'S'),
        (elf::SHF_INFO_LINK, 'I'),
        (elf::SHF_LINK_ORDER, 'L'),
        (elf::SHF_GROUP, 'G'),
        (elf::SHF_TLS, 'T'),
    ];
    LETTERS.iter().filter(|(flag, _)| flags & flag.0 != 0).map(|(_, letter)| letter).collect()
}

/// Where the symbols of a file lie: offset of each record, and the section of their names.
fn symbol_records<'m>(map: &'m ByteMap<'_>) -> impl Iterator<Item = (&'m Region, u64, u32)> + 'm {
    let size = if map.file.form.class == Class::Elf64 { 24 } else { 16 };
    map.regions.iter().filter(|region| region.itemised).flat_map(move |region| {
        let names = if let Content::Symbols(names) = region.content { Some(names) } else { None };
        let count = if names.is_some() { (region.end - region.start) / size } else { 0 };
        (0..count).map(move |index| (region, region.start + index * size, names.unwrap_or(0)))
    })
}

/// `-s`: one line for each symbol.
pub(super) fn symbols(map: &ByteMap<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut last = u64::MAX;
    for (region, at, names) in symbol_records(map) {
        if region.start != last {
            writeln!(out, "\nSymbols: {}", owner_name(map, region.owner))?;
            writeln!(out, "  value              size     type      bind     visibility section  name")?;
            last = region.start;
        }
        let one = read_symbol(&map.file, at, names);
        let row = format!(
            "  {:<#18x} {:<8} {:9} {:8} {:10} {:8} {}",
            one.value, one.size, one.kind, one.bind, one.visibility, one.section, one.name
        );
        writeln!(out, "{}", row.trim_end())?;
    }
    match last == u64::MAX {
        true => writeln!(out, "\nSymbols: none"),
        false => Ok(()),
    }
}

/// Labels by section and address; in executables addresses alone tell them apart.
fn labels(map: &ByteMap<'_>) -> BTreeMap<(u64, u64), String> {
    let relocatable = map.file.e_type == elf::ET_REL;
    let mut labels = BTreeMap::new();
    for (_, at, names) in symbol_records(map) {
        let index = map.file.field(at, &crate::elf::fields::ST_SHNDX);
        let one = read_symbol(&map.file, at, names);
        if index != 0 && !one.name.is_empty() && !matches!(one.kind.as_str(), "FILE" | "SECTION") {
            labels.entry((if relocatable { index } else { 0 }, one.value)).or_insert(one.name);
        }
    }
    labels
}

/// `-d`: the instructions, as objdump shows them.
pub(super) fn code(map: &ByteMap<'_>, out: &mut dyn Write) -> io::Result<()> {
    let labels = labels(map);
    let relocatable = map.file.e_type == elf::ET_REL;
    let mut any = false;
    let mut row = String::new();
    for region in &map.regions {
        let Content::Code(_) = region.content else { continue };
        any = true;
        writeln!(out, "\n{}:", owner_name(map, region.owner))?;
        let section = match region.owner {
            super::Owner::Section(index) if relocatable => u64::from(index),
            _ => 0,
        };
        let base = region.address.unwrap_or(0);
        for item in map.items(region) {
            let address = base.wrapping_add(item.start - region.start);
            if let Some(name) = labels.get(&(section, address)) {
                writeln!(out, "{name}:")?;
            }
            row.clear();
            row.push_str("  ");
            rows::hex(&mut row, address, 1);
            row.push_str(":  ");
            let from = row.len();
            rows::bytes(&mut row, map.file.slice(item.start, item.end - item.start));
            rows::pad(&mut row, from, 30);
            row.push(' ');
            row.push_str(if item.kind == ItemKind::Instruction { &item.name } else { "(no instruction)" });
            row.push('\n');
            out.write_all(row.as_bytes())?;
        }
    }
    match any {
        true => Ok(()),
        false => writeln!(out, "\nCode: none that can be decoded"),
    }
}
