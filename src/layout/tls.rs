//! Thread-local data: the template that PT_TLS describes, from which a program makes each thread's copy.
//!
//! ```text
//! | .tdata | .tbss … (in no memory of its own) |        a thread:  | copy of the template | thread pointer
//! ```
//!
//! The template's end, rounded up to its alignment, stands for the thread pointer (ELF Handling For Thread-Local
//! Storage, variant II); `.data` lies where `.tbss` would.

use super::executable::Placed;
use super::image::Phdr;
use crate::elf::records::{FileOffset, VirtAddr, elf};
use crate::unit::{Section, SectionKind, Unit};

/// What every thread begins with a copy of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Template {
    offset: u64,
    address: u64,
    file_size: u64,
    size: u64,
    align: u64,
}

/// Whether a section is zeroes of the template, which have a place in it and none in the process.
pub(super) fn is_room(section: &Section) -> bool {
    section.flags.tls && section.kind == SectionKind::Nobits
}

/// The alignment of the whole template; 1 where there is none.
pub(super) fn align(unit: &Unit) -> u64 {
    unit.sections.iter().filter(|section| section.flags.tls).map(|section| section.align).max().unwrap_or(1)
}

/// The template of a program that is laid out, if it has one.
pub(super) fn template(unit: &Unit, placed: &[Placed]) -> Option<Template> {
    let parts = || placed.iter().filter(|one| unit.section(one.id).flags.tls);
    let first = parts().min_by_key(|one| one.address)?;
    let end_of = |ends: &mut dyn Iterator<Item = &Placed>| {
        ends.map(|one| one.address + one.size).max().unwrap_or(first.address) - first.address
    };
    Some(Template {
        offset: first.offset,
        address: first.address,
        file_size: end_of(&mut parts().filter(|one| one.in_file)),
        size: end_of(&mut parts()),
        align: align(unit).max(1),
    })
}

impl Template {
    /// Its first byte.
    pub(super) fn start(&self) -> VirtAddr {
        VirtAddr(self.address)
    }

    /// The address that stands for the thread pointer.
    pub(super) fn end(&self) -> VirtAddr {
        VirtAddr(self.address + self.size.next_multiple_of(self.align))
    }

    /// Its program header.
    pub(super) fn header(&self) -> Phdr {
        Phdr {
            p_type: elf::PT_TLS.0,
            p_flags: elf::PF_R.0,
            p_offset: FileOffset(self.offset),
            p_vaddr: VirtAddr(self.address),
            p_paddr: VirtAddr(self.address),
            p_filesz: self.file_size,
            p_memsz: self.size,
            p_align: self.align,
        }
    }
}
