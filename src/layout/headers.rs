//! Section headers of executables: one for each section (`standard`, `--symbols`), or one for each segment's contents
//! (`compact --sections`).

use super::executable::{Options, Placed, Plan};
use super::image::{Chunk, Ehdr, Image, Placement, Shdr};
use super::patch::{Addresses, Patcher};
use super::symtab::symbol_table;
use super::tls;
use crate::elf::records::{Class, FileOffset, VirtAddr, elf};
use crate::source::Diagnostics;
use crate::unit::SectionKind;

impl Plan<'_> {
    /// A null header, one for each section, one for the names; names and headers lie behind the contents.
    pub(super) fn section_headers(
        &self,
        patcher: &Patcher<'_>,
        options: &Options,
        ehdr: &mut Ehdr,
        image: &mut Image,
        diagnostics: &mut Diagnostics,
    ) {
        let mut names = vec![0u8];
        let mut name = |text: &[u8]| {
            let start = u32::try_from(names.len()).expect("names are shorter than the source");
            names.extend_from_slice(text);
            names.push(0);
            start
        };
        image.shdrs.push(null_header());
        let mut end = self.contents_end;
        for placed in &self.placed {
            let sh_name = name(self.unit.names.get(self.unit.section(placed.id).name));
            image.shdrs.push(self.header(placed, sh_name));
        }
        for &id in &self.unloaded {
            let section = self.unit.section(id);
            let offset = end.next_multiple_of(section.align.max(1));
            let size = self.sizes.section(self.unit, id);
            let in_file = section.kind != SectionKind::Nobits;
            let sh_name = name(self.unit.names.get(section.name));
            let placed = Placed { id, offset, address: 0, size, in_file };
            image.shdrs.push(self.header(&placed, sh_name));
            image.placements.push(Placement { address: None, ..placed.placement() });
            if in_file {
                let bytes = patcher.contents(id, diagnostics);
                end = offset + bytes.len() as u64;
                image.chunks.push(Chunk { offset: FileOffset(offset), bytes });
            }
        }
        if options.symbols {
            self.symbol_headers(patcher.addresses, &mut end, &mut name, image);
        }
        let sh_name = name(b".shstrtab");
        ehdr.e_shstrndx = number(image.shdrs.len());
        image.shdrs.push(Shdr {
            sh_name,
            sh_type: elf::SHT_STRTAB.0,
            sh_offset: FileOffset(end),
            sh_size: names.len() as u64,
            sh_addralign: 1,
            ..null_header()
        });
        let native = if self.unit.machine.class() == Class::Elf64 { 8 } else { 4 };
        ehdr.e_shoff = FileOffset((end + names.len() as u64).next_multiple_of(native));
        image.chunks.push(Chunk { offset: FileOffset(end), bytes: names });
    }

    /// `.symtab` and `.strtab`, behind what ends at `end`.
    fn symbol_headers(
        &self,
        addresses: &Addresses,
        end: &mut u64,
        name: &mut dyn FnMut(&[u8]) -> u32,
        image: &mut Image,
    ) {
        let shdrs = &mut image.shdrs;
        let mut headers = vec![0; self.unit.sections.len()];
        let ids = self.placed.iter().map(|placed| placed.id).chain(self.unloaded.iter().copied());
        for (header, id) in (1..).zip(ids) {
            headers[id.0 as usize] = header;
        }
        let tls_start = tls::template(self.unit, &self.placed).map(|template| template.start());
        let table = symbol_table(self.unit, self.sizes, addresses, &headers, tls_start);
        let (native, entsize) = match self.unit.machine.class() {
            Class::Elf64 => (8, 24),
            Class::Elf32 => (4, 16),
        };
        let offset = end.next_multiple_of(native);
        let strings = offset + table.records.len() as u64;
        let symtab = number(shdrs.len());
        shdrs.push(Shdr {
            sh_name: name(b".symtab"),
            sh_type: elf::SHT_SYMTAB.0,
            sh_offset: FileOffset(offset),
            sh_size: table.records.len() as u64,
            sh_link: symtab + 1,
            sh_info: table.first_global,
            sh_addralign: native,
            sh_entsize: entsize,
            ..null_header()
        });
        shdrs.push(Shdr {
            sh_name: name(b".strtab"),
            sh_type: elf::SHT_STRTAB.0,
            sh_offset: FileOffset(strings),
            sh_size: table.strings.len() as u64,
            sh_addralign: 1,
            ..null_header()
        });
        *end = strings + table.strings.len() as u64;
        image.chunks.push(Chunk { offset: FileOffset(offset), bytes: table.records });
        image.chunks.push(Chunk { offset: FileOffset(strings), bytes: table.strings });
        if let Some(wide) = table.wide {
            let offset = end.next_multiple_of(4);
            shdrs.push(Shdr {
                sh_name: name(b".symtab_shndx"),
                sh_type: elf::SHT_SYMTAB_SHNDX.0,
                sh_offset: FileOffset(offset),
                sh_size: wide.len() as u64,
                sh_link: symtab,
                sh_addralign: 4,
                sh_entsize: 4,
                ..null_header()
            });
            *end = offset + wide.len() as u64;
            image.chunks.push(Chunk { offset: FileOffset(offset), bytes: wide });
        }
    }

    /// One header for each segment's contents: the least with which `objdump -d` disassembles.  The names lie in
    /// `e_ident[8..16]`, which nobody reads, if they fit, and the table needs no alignment.
    pub(super) fn segment_headers(&self, ehdr: &mut Ehdr, image: &mut Image) {
        let shdrs = &mut image.shdrs;
        let mut names = vec![0u8];
        shdrs.push(null_header());
        for segment in &self.segments {
            let skip = if segment.p_offset.0 == 0 { self.contents_start } else { 0 };
            if segment.p_filesz <= skip {
                continue;
            }
            let (name, flag): (&[u8], u64) = match segment.p_flags {
                flags if flags & elf::PF_X.0 != 0 => (b".text\0", elf::SHF_EXECINSTR.0),
                flags if flags & elf::PF_W.0 != 0 => (b".data\0", elf::SHF_WRITE.0),
                _ => (b".rodata\0", 0),
            };
            shdrs.push(Shdr {
                sh_name: u32::try_from(names.len()).expect("there are at most three names"),
                sh_type: elf::SHT_PROGBITS.0,
                sh_flags: elf::SHF_ALLOC.0 | flag,
                sh_addr: VirtAddr(segment.p_vaddr.0 + skip),
                sh_offset: FileOffset(segment.p_offset.0 + skip),
                sh_size: segment.p_filesz - skip,
                sh_addralign: 1,
                ..null_header()
            });
            names.extend_from_slice(name);
        }
        let fits = names.len() <= 8;
        let offset = if fits { 8 } else { self.contents_end };
        let end = if fits { self.contents_end } else { self.contents_end + names.len() as u64 };
        ehdr.e_shstrndx = number(shdrs.len());
        ehdr.e_shoff = FileOffset(end);
        shdrs.push(Shdr {
            sh_type: elf::SHT_STRTAB.0,
            sh_offset: FileOffset(offset),
            sh_size: names.len() as u64,
            sh_addralign: 1,
            ..null_header()
        });
        image.chunks.push(Chunk { offset: FileOffset(offset), bytes: names });
    }

    fn header(&self, placed: &Placed, sh_name: u32) -> Shdr {
        let section = self.unit.section(placed.id);
        let flag = |on: bool, bit: u64| if on { bit } else { 0 };
        let flags = section.flags;
        Shdr {
            sh_name,
            sh_type: sh_type(section.kind),
            sh_flags: flag(flags.alloc, elf::SHF_ALLOC.0)
                | flag(flags.write, elf::SHF_WRITE.0)
                | flag(flags.exec, elf::SHF_EXECINSTR.0)
                | flag(flags.tls, elf::SHF_TLS.0)
                | flag(flags.merge, elf::SHF_MERGE.0)
                | flag(flags.strings, elf::SHF_STRINGS.0),
            sh_addr: VirtAddr(placed.address),
            // A section without contents lies, by convention, where the file's contents end.
            sh_offset: FileOffset(if placed.in_file {
                placed.offset
            } else {
                self.contents_end.min(placed.offset)
            }),
            sh_size: placed.size,
            sh_link: 0,
            sh_info: 0,
            sh_addralign: section.align.max(1),
            sh_entsize: section.entsize,
        }
    }
}

/// `sh_type` of a section.
pub(super) fn sh_type(kind: SectionKind) -> u32 {
    match kind {
        SectionKind::Progbits => elf::SHT_PROGBITS.0,
        SectionKind::Nobits => elf::SHT_NOBITS.0,
        SectionKind::Note => elf::SHT_NOTE.0,
        SectionKind::PreinitArray => elf::SHT_PREINIT_ARRAY.0,
        SectionKind::InitArray => elf::SHT_INIT_ARRAY.0,
        SectionKind::FiniArray => elf::SHT_FINI_ARRAY.0,
        SectionKind::Other(number) => number,
    }
}

/// The header of section 0; a start for others.
pub(super) fn null_header() -> Shdr {
    Shdr {
        sh_name: 0,
        sh_type: elf::SHT_NULL.0,
        sh_flags: 0,
        sh_addr: VirtAddr(0),
        sh_offset: FileOffset(0),
        sh_size: 0,
        sh_link: 0,
        sh_info: 0,
        sh_addralign: 0,
        sh_entsize: 0,
    }
}

/// A count of headers: each takes more bytes of source.
pub(super) fn number(count: usize) -> u32 {
    u32::try_from(count).expect("a source has less than 4 GiB")
}
