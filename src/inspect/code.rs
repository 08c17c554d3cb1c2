//! Code in files that have no section of code: what can be reached from the entry point.

use std::collections::BTreeMap;

use super::region::{Content, Owner, Region, bits};
use crate::elf::read::File;
use crate::elf::records::Machine;
use crate::isa::x86::{Accumulator, Bits, Disassembler, Flow};
use crate::syscall;

/// So many instructions are followed; tiny programs have no more, and packed ones hide theirs anyway.
const MOST_INSTRUCTIONS: usize = 1 << 18;

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
/// again, at most twice, since each time less is known.
fn follow(file: &File<'_>, bits: Bits) -> BTreeMap<u64, u64> {
    let mut known: BTreeMap<u64, Accumulator> = BTreeMap::new();
    let mut instructions = BTreeMap::new();
    let mut waiting = vec![(file.e_entry.0, Accumulator::at_entry())];
    while let Some((address, accumulator)) = waiting.pop() {
        let Some(offset) = file.offset_of(address) else { continue };
        let accumulator = match known.get(&offset) {
            Some(&before) if before.and(accumulator) == before => continue,
            Some(&before) => before.and(accumulator),
            None => accumulator,
        };
        if instructions.len() >= MOST_INSTRUCTIONS {
            continue;
        }
        known.insert(offset, accumulator);
        let code = file.slice(offset, 15);
        let Some(one) = Disassembler::new(bits, code, address).next() else { continue };
        if one.text.is_none() {
            continue;
        }
        let length = one.length as u64;
        instructions.insert(offset, length);
        if one.flow == Flow::Leaves || ends_process(bits, code, accumulator) {
            waiting.extend(one.target.map(|target| (target, accumulator)));
            continue;
        }
        let after = accumulator.after(bits, code);
        // A function begins with what its caller had in the accumulator, and leaves behind what it likes.
        let there = if one.flow == Flow::Branches { accumulator } else { after };
        waiting.extend(one.target.map(|target| (target, there)));
        waiting.push((address.wrapping_add(length), after));
    }
    instructions
}

/// Whether the kernel does not come back from this system call.
fn ends_process(bits: Bits, code: &[u8], accumulator: Accumulator) -> bool {
    let machine = match code {
        [0x0f, 0x05, ..] if bits == Bits::B64 => Machine::X86_64,
        [0xcd, 0x80, ..] | [0x0f, 0x34, ..] => Machine::I386,
        _ => return false,
    };
    // The kernel reads 32 bits of it.
    let number = accumulator.value().map(|value| value & 0xffff_ffff);
    number.is_some_and(|number| {
        let mut ending = syscall::names().filter(|call| call.ends_process());
        ending.any(|call| call.number(machine).map(u64::from) == Some(number))
    })
}
