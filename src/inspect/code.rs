//! Code in files that have no section of code: what can be reached from the entry point.

use super::region::{Content, Owner, Region, bits};
use crate::elf::read::File;
use crate::isa::x86::{Bits, Disassembler, Flow};

/// So many instructions are followed; tiny programs have no more, and packed ones hide theirs anyway.
const MOST_INSTRUCTIONS: usize = 1 << 18;

/// Adds a region for each run of instructions that execution may reach.
pub(super) fn reached(file: &File<'_>, found: &mut Vec<Region>) {
    let Some(bits) = bits(file) else { return };
    let mut starts = follow(file, bits);
    starts.sort_unstable();
    starts.dedup_by_key(|(offset, _)| *offset);
    let mut run: Option<Region> = None;
    for (offset, length) in starts {
        match &mut run {
            // A jump into the middle of an instruction reads the same bytes in another way: a run of its own.
            Some(region) if region.end == offset => region.end = offset + length,
            _ => {
                found.extend(run.take());
                run = Some(Region {
                    start: offset,
                    end: offset + length,
                    owner: Owner::Code,
                    content: Content::Code(bits),
                    address: file.address_of(offset),
                    itemised: true,
                });
            }
        }
    }
    found.extend(run);
}

/// Offset and length of every instruction that may be executed.
fn follow(file: &File<'_>, bits: Bits) -> Vec<(u64, u64)> {
    let mut seen = std::collections::BTreeSet::new();
    let mut instructions = Vec::new();
    let mut waiting = vec![file.e_entry.0];
    while let Some(address) = waiting.pop() {
        let Some(offset) = file.offset_of(address) else { continue };
        if !seen.insert(offset) || instructions.len() >= MOST_INSTRUCTIONS {
            continue;
        }
        let Some(one) = Disassembler::new(bits, file.slice(offset, 15), address).next() else { continue };
        if one.text.is_none() {
            continue;
        }
        let length = one.length as u64;
        instructions.push((offset, length));
        waiting.extend(one.target);
        if one.flow != Flow::Leaves {
            waiting.push(address.wrapping_add(length));
        }
    }
    instructions
}
