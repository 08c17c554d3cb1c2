//! The outcome of layout: every header field and every byte has its place; the writer only serialises.

use crate::elf::records::{Class, FileOffset, Machine, VirtAddr};
use crate::unit::SectionId;

/// The fields of the ELF file header that layouts decide; the rest follows from the machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ehdr {
    /// `EI_OSABI` and `EI_ABIVERSION`.
    pub ei_osabi: [u8; 2],
    /// `ET_EXEC`, `ET_DYN` or `ET_REL`.
    pub e_type: u16,
    /// The entry point.
    pub e_entry: VirtAddr,
    /// Where the program headers lie.
    pub e_phoff: FileOffset,
    /// Where the section headers lie; zero for none.
    pub e_shoff: FileOffset,
    /// Machine-specific flags.
    pub e_flags: u32,
    /// Index of the section header of the section names, however large.
    pub e_shstrndx: u32,
}

/// A program header.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of Elf64_Phdr (gABI ch. 5)")]
pub struct Phdr {
    pub p_type: u32,
    pub p_flags: u32,
    pub p_offset: FileOffset,
    pub p_vaddr: VirtAddr,
    pub p_paddr: VirtAddr,
    pub p_filesz: u64,
    pub p_memsz: u64,
    pub p_align: u64,
}

/// A section header.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of Elf64_Shdr (gABI ch. 4)")]
pub struct Shdr {
    pub sh_name: u32,
    pub sh_type: u32,
    pub sh_flags: u64,
    pub sh_addr: VirtAddr,
    pub sh_offset: FileOffset,
    pub sh_size: u64,
    pub sh_link: u32,
    pub sh_info: u32,
    pub sh_addralign: u64,
    pub sh_entsize: u64,
}

/// Bytes at a file offset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Where.
    pub offset: FileOffset,
    /// What.
    pub bytes: Vec<u8>,
}

/// Where a stretch of a section of the unit went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placement {
    /// The section.
    pub section: SectionId,
    /// The first byte of the stretch, from the section's start.
    pub start: u64,
    /// How many bytes of the section it is.
    pub length: u64,
    /// Its place in the file; `None` for what is only memory.
    pub offset: Option<FileOffset>,
    /// Its address in the process; `None` for what is not loaded.  In an object it counts from the section's start.
    pub address: Option<VirtAddr>,
    /// How many bytes it became: golf writes an instruction anew where another is shorter.
    pub size: u64,
}

/// A file, decided in every byte.  `ehdr` is absent in flat output and in golfed files whose headers are chunks.
#[derive(Clone, Debug)]
pub struct Image {
    /// `e_machine`.
    pub machine: Machine,
    /// `EI_CLASS`, the width of the records.
    pub class: Class,
    /// The file header.
    pub ehdr: Option<Ehdr>,
    /// The program headers, at `e_phoff`.
    pub phdrs: Vec<Phdr>,
    /// The section headers, at `e_shoff`.
    pub shdrs: Vec<Shdr>,
    /// Contents, in order of offset, not overlapping.  Bytes between them are zero.
    pub chunks: Vec<Chunk>,
    /// Where the program's sections went; nothing in the file depends on it.
    pub placements: Vec<Placement>,
}
