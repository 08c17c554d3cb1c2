//! Notes: PT_NOTE for those that are loaded, and what the section `.note.GNU-stack` asks of the stack.

use std::collections::BTreeMap;

use super::executable::Placed;
use super::image::Phdr;
use crate::elf::records::{FileOffset, VirtAddr, elf};
use crate::unit::{Section, SectionId, SectionKind, Unit};

/// Notes that one header can describe: in a segment with these rights, with the same alignment.
type Group = (bool, u64);

/// The group of a section, if it holds notes that are loaded.
pub(super) fn group(section: &Section) -> Option<Group> {
    (section.kind == SectionKind::Note && section.flags.alloc && !section.flags.exec)
        .then_some((section.flags.write, section.align.max(1)))
}

/// How many headers the notes of these sections need.
pub(super) fn count(unit: &Unit, sections: &[SectionId]) -> u64 {
    let mut groups: Vec<Group> = sections.iter().filter_map(|&id| group(unit.section(id))).collect();
    groups.sort_unstable();
    groups.dedup();
    groups.len() as u64
}

/// One header for each group, whose sections lie side by side.
pub(super) fn headers(unit: &Unit, placed: &[Placed]) -> Vec<Phdr> {
    let mut groups: BTreeMap<Group, Vec<&Placed>> = BTreeMap::new();
    for one in placed {
        if let Some(group) = group(unit.section(one.id)) {
            groups.entry(group).or_default().push(one);
        }
    }
    let header = |((write, align), notes): (Group, Vec<&Placed>)| {
        let first = notes.iter().min_by_key(|note| note.address)?;
        let end = notes.iter().map(|note| note.address + note.size).max()?;
        Some(Phdr {
            p_type: elf::PT_NOTE.0,
            p_flags: elf::PF_R.0 | if write { elf::PF_W.0 } else { 0 },
            p_offset: FileOffset(first.offset),
            p_vaddr: VirtAddr(first.address),
            p_paddr: VirtAddr(first.address),
            p_filesz: end - first.address,
            p_memsz: end - first.address,
            p_align: align,
        })
    };
    groups.into_iter().filter_map(header).collect()
}

/// Whether a section says what the stack is for instead of holding anything.
pub(super) fn is_about_stack(unit: &Unit, section: &Section) -> bool {
    unit.names.get(section.name) == b".note.GNU-stack"
}

/// Whether a source asks for a stack that may be executed.
pub(super) fn wants_execstack(unit: &Unit) -> bool {
    unit.sections.iter().any(|section| section.flags.exec && is_about_stack(unit, section))
}
