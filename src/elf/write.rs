//! Serialises an [`Image`]: every decision was made by layout.

use super::records::{Class, FileOffset, Machine, elf};
use crate::layout::{Ehdr, Image, Phdr, Shdr};

/// The file's bytes.
pub fn write(image: &Image) -> Vec<u8> {
    let class = image.class;
    let mut file = File { bytes: Vec::with_capacity(size(image)), class };
    if let Some(ehdr) = &image.ehdr {
        file.ehdr(image, ehdr);
        file.table(ehdr.e_phoff, &image.phdrs, File::phdr);
        file.table(ehdr.e_shoff, &image.shdrs, File::shdr);
        file.extended(image, ehdr);
    }
    for chunk in &image.chunks {
        file.put_at(chunk.offset, &chunk.bytes);
    }
    file.bytes
}

/// The size of the file, in bytes.
pub fn size(image: &Image) -> usize {
    let class = image.class;
    let end = |offset: FileOffset, count: usize, each: u64| offset.0 + count as u64 * each;
    let chunks =
        image.chunks.iter().map(|chunk| chunk.offset.0 + chunk.bytes.len() as u64).max().unwrap_or(0);
    let tables = image.ehdr.as_ref().map_or(0, |ehdr| {
        let phdrs = end(ehdr.e_phoff, image.phdrs.len(), class.phdr_size());
        let shdrs = end(ehdr.e_shoff, image.shdrs.len(), class.shdr_size());
        class.ehdr_size().max(phdrs).max(shdrs)
    });
    usize::try_from(chunks.max(tables)).expect("output is capped at 2 GiB")
}

struct File {
    bytes: Vec<u8>,
    class: Class,
}

impl File {
    fn put_at(&mut self, offset: FileOffset, bytes: &[u8]) {
        let start = usize::try_from(offset.0).expect("output is capped at 2 GiB");
        if start == self.bytes.len() {
            return self.bytes.extend_from_slice(bytes);
        }
        let end = start + bytes.len();
        if self.bytes.len() < end {
            self.bytes.resize(end, 0);
        }
        self.bytes[start..end].copy_from_slice(bytes);
    }

    fn table<T>(&mut self, offset: FileOffset, rows: &[T], row: fn(Class, &T) -> Vec<u8>) {
        let bytes: Vec<u8> = rows.iter().flat_map(|one| row(self.class, one)).collect();
        if !bytes.is_empty() {
            self.put_at(offset, &bytes);
        }
    }

    /// gABI ch. 4, "ELF Header".
    fn ehdr(&mut self, image: &Image, ehdr: &Ehdr) {
        let class = self.class;
        let mut out = Record { bytes: Vec::with_capacity(64), class };
        out.bytes.extend_from_slice(&elf::ELFMAG);
        let ei_class = if class == Class::Elf64 { elf::ELFCLASS64 } else { elf::ELFCLASS32 };
        out.bytes.extend_from_slice(&[
            ei_class.0,
            elf::ELFDATA2LSB.0,
            elf::EV_CURRENT.0,
            ehdr.ei_osabi[0],
            ehdr.ei_osabi[1],
        ]);
        out.bytes.resize(16, 0);
        out.half(ehdr.e_type);
        out.half(image.machine.e_machine());
        out.word(u32::from(elf::EV_CURRENT.0));
        out.native(ehdr.e_entry.0);
        out.native(ehdr.e_phoff.0);
        out.native(ehdr.e_shoff.0);
        out.word(ehdr.e_flags);
        out.half(narrow(class.ehdr_size()));
        out.half(if image.phdrs.is_empty() { 0 } else { narrow(class.phdr_size()) });
        out.half(narrow(image.phdrs.len() as u64));
        out.half(if image.shdrs.is_empty() { 0 } else { narrow(class.shdr_size()) });
        out.half(numbered(image.shdrs.len() as u64).unwrap_or(0));
        out.half(numbered(ehdr.e_shstrndx.into()).unwrap_or(elf::SHN_XINDEX.0));
        self.put_at(FileOffset(0), &out.bytes);
    }

    /// gABI ch. 4, "Sections": numbers that the header has no room for stand in the first section header.
    fn extended(&mut self, image: &Image, ehdr: &Ehdr) {
        let count = image.shdrs.len() as u64;
        if let (None, Some(first)) = (numbered(count), image.shdrs.first()) {
            let is_far = numbered(ehdr.e_shstrndx.into()).is_none();
            let sh_link = if is_far { ehdr.e_shstrndx } else { 0 };
            let header = File::shdr(self.class, &Shdr { sh_size: count, sh_link, ..first.clone() });
            self.put_at(ehdr.e_shoff, &header);
        }
    }

    /// gABI ch. 5, "Program Header"; the two classes order the fields differently.
    fn phdr(class: Class, phdr: &Phdr) -> Vec<u8> {
        let mut out = Record { bytes: Vec::with_capacity(56), class };
        out.word(phdr.p_type);
        if class == Class::Elf64 {
            out.word(phdr.p_flags);
        }
        out.native(phdr.p_offset.0);
        out.native(phdr.p_vaddr.0);
        out.native(phdr.p_paddr.0);
        out.native(phdr.p_filesz);
        out.native(phdr.p_memsz);
        if class == Class::Elf32 {
            out.word(phdr.p_flags);
        }
        out.native(phdr.p_align);
        out.bytes
    }

    /// gABI ch. 4, "Section Header".
    fn shdr(class: Class, shdr: &Shdr) -> Vec<u8> {
        let mut out = Record { bytes: Vec::with_capacity(64), class };
        out.word(shdr.sh_name);
        out.word(shdr.sh_type);
        out.native(shdr.sh_flags);
        out.native(shdr.sh_addr.0);
        out.native(shdr.sh_offset.0);
        out.native(shdr.sh_size);
        out.word(shdr.sh_link);
        out.word(shdr.sh_info);
        out.native(shdr.sh_addralign);
        out.native(shdr.sh_entsize);
        out.bytes
    }
}

fn narrow(number: u64) -> u16 {
    u16::try_from(number).expect("a few segments, and records of a fixed size")
}

/// A number of section headers, where the ELF header has room for it.
fn numbered(number: u64) -> Option<u16> {
    u16::try_from(number).ok().filter(|number| *number < elf::SHN_LORESERVE)
}

struct Record {
    bytes: Vec<u8>,
    class: Class,
}

impl Record {
    fn half(&mut self, value: u16) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    fn word(&mut self, value: u32) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    /// An address, offset or size in the class's width.
    fn native(&mut self, value: u64) {
        match self.class {
            Class::Elf64 => self.bytes.extend_from_slice(&value.to_le_bytes()),
            Class::Elf32 => self.word(u32::try_from(value).expect("layout checked that it fits 32 bits")),
        }
    }
}

/// `e_flags` of executables: RISC-V names its float ABI and whether code is compressed (psABI, "File Header").
pub fn e_flags(machine: Machine) -> u32 {
    match machine {
        Machine::Riscv64 => elf::EF_RISCV_RVC.0 | elf::EF_RISCV_FLOAT_ABI_DOUBLE.0,
        _ => 0,
    }
}
