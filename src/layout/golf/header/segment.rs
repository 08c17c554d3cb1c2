//! What one segment's fields may hold: its addresses and its sizes.
//!
//! `load_elf_binary` wants `p_offset` ≡ `p_vaddr` modulo the page, `p_filesz` ≤ `p_memsz`, and everything below
//! TASK_SIZE.  `elf_load` maps whole pages, so any `p_filesz` from 1 up maps a small file; behind `p_filesz` it clears
//! the rest of the page where `p_memsz` is larger.

use super::super::Promise;
use super::strip::{Conflict, Place, Strip};
use super::{Late, PAGE};
use crate::elf::records::{Class, Machine};

/// The lowest address every kernel lets an ordinary user map (vm.mmap_min_addr).
pub(super) const LOWEST_BASE: u64 = 0x1_0000;

/// How far the segment that is written to may lie above the one that is executed: beyond the file and, where nobody
/// counts on being near, every size that headers give the first.  `adr` of aarch64 reaches 1 MiB, `c.lui` of riscv64
/// addresses below 0x2_0000; their pages are up to 64 KiB and 4 KiB.
pub(super) fn distances(machine: Machine) -> &'static [u64] {
    match machine {
        Machine::X86_64 | Machine::I386 => &[0x200_0000],
        Machine::Aarch64 => &[0x1_0000, 0x8_0000],
        Machine::Riscv64 => &[0x1000, 0x8000, 0x8_0000],
    }
}

/// Where user addresses end: 47 bits, and 3 GiB for a 32-bit process whose kernel is 32-bit too; with a margin for
/// the stack.
pub(in super::super) fn task_size(class: Class) -> u64 {
    match class {
        Class::Elf64 => 0x7ff0_0000_0000,
        Class::Elf32 => 0xb000_0000,
    }
}

/// Finds the address of file offset 0: `p_vaddr` = base + `p_offset`, `e_entry` = base + entry, both below a page, so
/// the bits above are the base's in both fields.  Claimed bits flow from either field to the other until nothing
/// changes; bits that nobody claims come from `wanted`.
pub(super) fn text_base(
    strip: &mut Strip,
    (vaddr, p_offset): (Place, u64),
    (e_entry, entry): (Place, Option<u64>),
    wanted: u64,
    class: Class,
) -> Result<u64, Conflict> {
    let low = PAGE - 1;
    strip.claim(vaddr, low, p_offset)?;
    if let Some(entry) = entry {
        strip.claim(e_entry, low, entry)?;
    }
    for last_round in [false, true] {
        loop {
            let before = (strip.read(vaddr), strip.read(e_entry));
            let (mask, value) = before.0;
            strip.claim(e_entry, mask & !low, value)?;
            let (mask, value) = strip.read(e_entry);
            strip.claim(vaddr, mask & !low, value)?;
            if (strip.read(vaddr), strip.read(e_entry)) == before {
                break;
            }
        }
        if !last_round {
            let (mask, _) = strip.read(vaddr);
            strip.claim(vaddr, !low & !mask, wanted)?;
        }
    }
    let base = strip.read(vaddr).1 & !low;
    if (LOWEST_BASE..task_size(class)).contains(&base) { Ok(base) } else { Err(Conflict) }
}

/// The address of file offset 0 in the second segment, at `lowest` or above.
pub(super) fn data_base(
    strip: &mut Strip,
    (vaddr, p_offset): (Place, u64),
    lowest: u64,
    class: Class,
) -> Result<u64, Conflict> {
    let (mask, value) = strip.read(vaddr);
    let address = value | (lowest + p_offset) & !mask;
    strip.set(vaddr, address)?;
    let base = address.wrapping_sub(p_offset);
    if base.is_multiple_of(PAGE) && base >= lowest && base < task_size(class) {
        Ok(base)
    } else {
        Err(Conflict)
    }
}

/// One way to fill in the sizes of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sizing {
    /// `p_filesz` = `p_memsz`, whatever else their bytes say.
    Plain,
    /// As `Plain`; free bytes of `p_filesz` hold what the packer likes and are repeated in `p_memsz`.
    Mirrored,
    /// Whatever lands there.
    Open,
}

/// What is known of a segment when its sizes are filled in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sized {
    pub(super) index: usize,
    pub(super) p_filesz: Place,
    pub(super) p_memsz: Place,
    pub(super) p_offset: u64,
    pub(super) writable: bool,
}

/// What the sizes of a segment leave to be filled in.
#[derive(Clone, Debug, Default)]
pub(super) struct Open {
    pub(super) late: Vec<(usize, usize, Late)>,
    /// Free bytes of `p_filesz` and where their value is repeated.
    pub(super) mirrors: Vec<(usize, usize)>,
    /// Free bytes that should not stay zero when nothing is put there.
    pub(super) defaults: Vec<(usize, u8)>,
}

/// `p_filesz` and `p_memsz`.  Readers want the truth.  Before 6.7 a `p_memsz` above `p_filesz` made the kernel clear
/// the page's tail, which fails where the page is not writable: for `--keep linux` equal is the only safe value.
pub(super) fn sizes(
    strip: &mut Strip,
    segment: &Sized,
    promise: Promise,
    class: Class,
    sizing: Sizing,
) -> Result<Open, Conflict> {
    let (filesz, memsz) = (segment.p_filesz, segment.p_memsz);
    let both_free = strip.is_free(filesz) && strip.is_free(memsz);
    let mut open = Open::default();
    if both_free && promise != Promise::Nothing {
        open.late.push((filesz.0, filesz.1, Late::FileSize(segment.index)));
        open.late.push((memsz.0, memsz.1, Late::MemorySize(segment.index)));
        return Ok(open);
    }
    match promise {
        Promise::Tools | Promise::Readers => Err(Conflict),
        Promise::Linux => {
            open.mirrors = equal_sizes(strip, segment, class, sizing)?;
            Ok(open)
        }
        Promise::Nothing if sizing == Sizing::Open => {
            open_sizes(strip, segment, class, &mut open)?;
            Ok(open)
        }
        Promise::Nothing => {
            any_sizes(strip, segment, class, &mut open)?;
            Ok(open)
        }
    }
}

/// Both sizes the same: what either field claims, the other repeats.
fn equal_sizes(
    strip: &mut Strip,
    segment: &Sized,
    class: Class,
    sizing: Sizing,
) -> Result<Vec<(usize, usize)>, Conflict> {
    let (filesz, memsz) = (segment.p_filesz, segment.p_memsz);
    let (mask, value) = strip.read(memsz);
    strip.claim(filesz, mask, value)?;
    let (mask, value) = strip.read(filesz);
    let value = if value == 0 { 1 } else { value };
    // A mapping of 16 MiB at most, besides what the mirrored bytes add.
    if value >= 0x100_0000 {
        return Err(Conflict);
    }
    // The topmost bytes stay zero: they would lift the segment's end above TASK_SIZE whatever they hold.
    let mirrors: Vec<_> = (0..harmless_bytes(class))
        .filter(|&index| sizing == Sizing::Mirrored && value & mask != 0 && mask >> (8 * index) & 0xff == 0)
        .map(|index| (filesz.0 + index, memsz.0 + index))
        .collect();
    let kept = mirrors.iter().fold(0, |bits: u64, &(from, _)| bits | 0xff << (8 * (from - filesz.0)));
    strip.claim(filesz, !kept, value)?;
    strip.claim(memsz, !kept, value)?;
    Ok(mirrors)
}

/// Whatever the newest kernels load.
fn any_sizes(strip: &mut Strip, segment: &Sized, class: Class, open: &mut Open) -> Result<(), Conflict> {
    let (filesz, memsz) = (segment.p_filesz, segment.p_memsz);
    let (file_mask, file_value) = strip.read(filesz);
    let (memory_mask, memory_value) = strip.read(memsz);
    if segment.writable {
        // Behind the contents of a writable segment the kernel clears the page's tail: they must end with the page.
        let size = if file_mask == 0 { PAGE - segment.p_offset } else { file_value.max(1) };
        if !(size + segment.p_offset).is_multiple_of(PAGE) {
            return Err(Conflict);
        }
        strip.set(filesz, size)?;
    } else {
        // Any size that is not larger than that in memory: the bytes below its highest are free.
        let highest = highest_byte(memory_value);
        let free = if file_mask == 0 && memory_mask != 0 { (1_u64 << (8 * highest)) - 1 } else { 0 };
        strip.claim(filesz, !free, file_value.max(u64::from(free == 0)))?;
        if free != 0 {
            open.defaults.push((filesz.0, 1));
        }
    }
    if memory_mask == 0 {
        open.late.push((memsz.0, memsz.1, Late::MemorySize(segment.index)));
        return Ok(());
    }
    let size = strip.read(filesz).1;
    // Free bytes of p_memsz below a claimed one that makes it large enough stay free.
    if memory_value < size {
        strip.claim(memsz, !memory_mask, size)?;
    } else {
        strip.claim(memsz, !memory_mask & above(memory_value), 0)?;
    }
    let memory = strip.read(memsz).1;
    if memory >= size && memory < task_size(class) { Ok(()) } else { Err(Conflict) }
}

/// Both sizes hold what the packer likes; what it leaves is such that the segment covers the file and, in memory,
/// whatever two bytes of `p_filesz` more may say.
fn open_sizes(strip: &mut Strip, segment: &Sized, class: Class, open: &mut Open) -> Result<(), Conflict> {
    const MEMORY: u64 = 0x100_0000;
    let highest = if class == Class::Elf64 { 0xffff_u64 << 48 } else { 0 };
    for (field, least) in [(segment.p_filesz, 1), (segment.p_memsz, MEMORY)] {
        strip.claim(field, highest, 0)?;
        let (_, value) = strip.read(field);
        if value < least {
            let byte = (0..field.1).find(|byte| least >> (8 * byte) & 0xff != 0).expect("least is not zero");
            if strip.is_free_byte(field.0 + byte) {
                open.defaults.push((field.0 + byte, 1));
            }
        }
    }
    Ok(())
}

/// The low bytes of a size whose value may be anything without reaching TASK_SIZE by themselves.
fn harmless_bytes(class: Class) -> usize {
    match class {
        Class::Elf64 => 6,
        Class::Elf32 => 3,
    }
}

/// The index of the highest byte that is not zero.
fn highest_byte(value: u64) -> u32 {
    (64 - value.leading_zeros()).div_ceil(8).saturating_sub(1)
}

/// The bits above the highest byte that is not zero.
fn above(value: u64) -> u64 {
    u64::MAX.checked_shl((64 - value.leading_zeros()).div_ceil(8) * 8).unwrap_or(0)
}
