//! `compact --sections` with one segment: the program header lies in section headers 0 and 1.
//!
//! Disassemblers want three section headers of which the first is not looked at; it may hold a program header, where
//! the two agree about what readers check: no link and no information, and no bytes in the file.
//!
//! ```text
//! ELF64        64         72        80              88        96       104       112          120        128
//!   section 0  name type  flags     addr            offset    size     link info addralign    entsize  │ name type
//!   segment               (code)    p_type p_flags  p_offset  p_vaddr  p_paddr   p_filesz     p_memsz  │ p_align
//! ELF32  52    56    60     64      68        72       76       80        84         88       │ 92
//!        name  type  flags  addr    offset    size     link     info      addralign  entsize  │ name
//!                           p_type  p_offset  p_vaddr  p_paddr  p_filesz  p_memsz    p_flags  │ p_align
//! ```
//!
//! In ELF64 the alignment comes out as a power of two only where the name of `.text` has the index 0: readers that take
//! index 0 for "no name" show none.  The kernel reads the alignment of position-independent programs alone.

use super::executable::Plan;
use super::headers::null_header;
use super::image::{Chunk, Ehdr, Image, Shdr};
use super::relax::Sizes;
use crate::elf::records::{Class, FileOffset, VirtAddr, elf};
use crate::unit::{SectionId, Unit};

/// Where contents lie: behind the section headers, or in the flags of section 0 if they fit there.
pub(super) fn contents_start(unit: &Unit, sizes: &Sizes, ids: &[SectionId]) -> u64 {
    let class = unit.machine.class();
    let total: u64 = ids.iter().map(|&id| sizes.section(unit, id)).sum();
    let aligned = ids.iter().any(|&id| unit.section(id).align > 1);
    match class {
        // In ELF32 the flags would say that the section's information, here p_filesz, is a section.
        Class::Elf64 if total <= 8 && !aligned => class.ehdr_size() + 8,
        _ => class.ehdr_size() + 3 * class.shdr_size(),
    }
}

/// The three headers; the program header moves into them.
pub(super) fn headers(plan: &Plan<'_>, ehdr: &mut Ehdr, image: &mut Image) {
    let class = plan.unit.machine.class();
    let phdr = &mut image.phdrs[0];
    let (kind, flags) = (u64::from(phdr.p_type), u64::from(phdr.p_flags));
    let (name, distance, start) = match class {
        Class::Elf64 => (0, 16, 9),
        Class::Elf32 => (1, 12, 8),
    };
    ehdr.e_shoff = FileOffset(class.ehdr_size());
    ehdr.e_phoff = FileOffset(class.ehdr_size() + distance);
    ehdr.e_shstrndx = 2;
    phdr.p_paddr = VirtAddr(0);
    phdr.p_align = if class == Class::Elf64 { u64::from(elf::SHT_PROGBITS.0) << 32 } else { name.into() };
    let both = Shdr {
        sh_type: elf::SHT_NOBITS.0,
        sh_offset: phdr.p_offset,
        sh_size: phdr.p_vaddr.0,
        ..null_header()
    };
    let both = match class {
        Class::Elf64 => Shdr {
            sh_addr: VirtAddr(flags << 32 | kind),
            sh_addralign: phdr.p_filesz,
            sh_entsize: phdr.p_memsz,
            ..both
        },
        Class::Elf32 => Shdr {
            sh_addr: VirtAddr(kind),
            sh_info: u32::try_from(phdr.p_filesz).expect("output is capped at 2 GiB"),
            sh_addralign: phdr.p_memsz,
            sh_entsize: flags,
            ..both
        },
    };
    let text = Shdr {
        sh_name: name,
        sh_type: elf::SHT_PROGBITS.0,
        sh_flags: elf::SHF_ALLOC.0 | elf::SHF_EXECINSTR.0,
        sh_addr: VirtAddr(phdr.p_vaddr.0 + plan.contents_start),
        sh_offset: FileOffset(plan.contents_start),
        sh_size: phdr.p_filesz - plan.contents_start,
        sh_addralign: 1,
        ..null_header()
    };
    // Nobody reads e_ident behind its eighth byte.
    let names: &[u8] = if name == 0 { b".text\0" } else { b"\0.text\0" };
    image.chunks.push(Chunk { offset: FileOffset(start), bytes: names.to_vec() });
    let strings = Shdr {
        sh_type: elf::SHT_STRTAB.0,
        sh_offset: FileOffset(start),
        sh_size: names.len() as u64,
        sh_addralign: 1,
        ..null_header()
    };
    image.shdrs = vec![both, text, strings];
}
