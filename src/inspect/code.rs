//! Code in files that have no section of code: what can be reached from the entry point.

use std::collections::BTreeMap;

use super::region::{Content, Owner, Region, bits};
use crate::elf::read::File;
use crate::elf::records::Machine;
use crate::isa::x86::{Bits, Constants, Disassembler, Flow};
use crate::syscall;

/// So many steps from instruction to instruction are followed; tiny programs have no more, and packed ones hide theirs
/// anyway.
const MOST_STEPS: usize = 1 << 18;

/// Adds a region for each run of instructions that execution may reach.
pub(super) fn reached(file: &File<'_>, found: &mut Vec<Region>) {
    let Some(bits) = bits(file) else { return };
    let mut run: Option<Region> = None;
    for (offset, length) in follow(file, bits) {
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
///
/// Where ways meet, what was known on the one may not hold on the other; then the instructions behind are looked at
/// again, and each time less is known.
fn follow(file: &File<'_>, bits: Bits) -> BTreeMap<u64, u64> {
    let mut seen: BTreeMap<u64, Constants> = BTreeMap::new();
    let mut instructions = BTreeMap::new();
    let mut waiting = vec![(file.e_entry.0, Constants::at_entry())];
    let mut steps = 0..MOST_STEPS;
    while let (Some((address, known)), Some(_)) = (waiting.pop(), steps.next()) {
        let Some(offset) = file.offset_of(address) else { continue };
        let known = match seen.get(&offset) {
            Some(&before) if before.and(known) == before => continue,
            Some(&before) => before.and(known),
            None => known,
        };
        seen.insert(offset, known);
        let code = file.slice(offset, 15);
        let Some(one) = Disassembler::new(bits, code, address).next() else { continue };
        if one.text.is_none() {
            continue;
        }
        let length = one.length as u64;
        instructions.insert(offset, length);
        if one.flow == Flow::Leaves || ends_process(bits, code, known) {
            waiting.extend(one.target.map(|target| (target, known)));
            continue;
        }
        let after = known.after(bits, code);
        // A function begins with what its caller had in the registers, and leaves behind what it likes.
        let there = if one.flow == Flow::Branches { known } else { after };
        waiting.extend(one.target.map(|target| (target, there)));
        waiting.push((address.wrapping_add(length), after));
    }
    instructions
}

/// Whether the kernel does not come back from this system call.
fn ends_process(bits: Bits, code: &[u8], known: Constants) -> bool {
    let machine = match code {
        [0x0f, 0x05, ..] if bits == Bits::B64 => Machine::X86_64,
        [0xcd, 0x80, ..] | [0x0f, 0x34, ..] => Machine::I386,
        _ => return false,
    };
    known.accumulator().is_some_and(|number| {
        let mut ending = syscall::names().filter(|call| call.ends_process());
        ending.any(|call| call.number(machine).map(u32::from) == Some(number))
    })
}
