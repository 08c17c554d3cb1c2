//! Which bytes of overlapped headers are taken, and which are free.
//!
//! The file header lies at offset 0, the program headers at `e_phoff` = k.  Every field that a promise says
//! something about writes its bits into one strip of (mask, value) bytes; where two fields disagree about a bit,
//! that k is impossible.  What no field claims is free for code and data.
//!
//! ```text
//! k = 24, ELF64     24        28        32                 40        48
//!   file header     e_entry ..........  e_phoff            e_shoff   e_flags …
//!   program header  p_type    p_flags   p_offset           p_vaddr   p_paddr …
//! ```
//!
//! Here `e_entry` ends up as 0x5_0000_0001: its low half is `PT_LOAD`, its high half the rights.  The entry is file
//! offset 1, in the middle of the magic number, whose last bytes decode as prefixes (see [`Entry::Magic`]).
//!
//! What the kernel reads is fs/binfmt_elf.c, `load_elf_binary` and `elf_load`.

use super::Promise;
use crate::elf::records::{Class, Machine, elf};

/// How the process gets from `e_entry` to the program's first instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    /// `e_entry` is filled in when the first instruction has its place.
    Anywhere,
    /// `e_entry` is this file offset and nothing else.
    At(usize),
    /// `e_entry` is inside the magic number, which runs as code and arrives at this offset: `45 4c 46`, three REX
    /// prefixes of which the last (0x46: R and X) counts, unless another prefix follows.
    Magic(usize),
    /// `e_entry` is offset 0: `7f 45` is `jg +0x45`, taken since the flags at process entry have ZF = 0, SF = OF.
    Jg(usize),
}

/// A field whose value depends on the finished file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Late {
    /// The low bytes of `e_entry`.
    Entry,
    /// The file's size less `p_offset`.
    FileSize,
}

/// Headers for one k, with everything decided that can be decided before packing.
#[derive(Clone, Debug)]
pub(super) struct Template {
    /// `e_phoff`.
    pub(super) phoff: usize,
    /// `e_type`.
    pub(super) e_type: u16,
    /// The address of file offset 0.
    pub(super) base: u64,
    /// `p_offset` of the first segment.
    pub(super) p_offset: u64,
    /// Where the last byte that must be in the file ends.
    pub(super) end: usize,
    /// A byte for each offset of both headers: `None` is free.  Those from `end` on count only if the file is longer.
    pub(super) bytes: Vec<Option<u8>>,
    /// Fields to fill in: offset, width in bytes, what.
    pub(super) late: Vec<(usize, usize, Late)>,
    /// How the program is entered.
    pub(super) entry: Entry,
    /// Free bytes of `p_filesz` whose value must be repeated in `p_memsz`: (from, to) offsets.  What is put there
    /// makes the mapping larger; see [`Template::mapped`].
    pub(super) mirrors: Vec<(usize, usize)>,
    /// Where `p_memsz` lies: offset and width.
    memsz: (usize, usize),
    /// Whether the segment is writable as well as executable.
    pub(super) writable_code: bool,
}

impl Template {
    /// Maximal runs of free bytes of the headers, as half-open ranges.
    pub(super) fn gaps(&self) -> Vec<(usize, usize)> {
        let mut gaps = Vec::new();
        let mut start = None;
        for (offset, byte) in self.bytes.iter().enumerate() {
            match (byte, start) {
                (None, None) => start = Some(offset),
                (Some(_), Some(first)) => {
                    gaps.push((first, offset));
                    start = None;
                }
                _ => {}
            }
        }
        if let Some(first) = start {
            gaps.push((first, self.bytes.len()));
        }
        gaps
    }

    /// How many bytes of address space the finished header maps.
    pub(super) fn mapped(&self, file: &[u8]) -> u64 {
        let (offset, width) = self.memsz;
        (0..width).fold(0, |sum, index| {
            sum | u64::from(file.get(offset + index).copied().unwrap_or(0)) << (8 * index)
        })
    }
}

/// Offsets and widths of the fields, by elf.h.
struct Fields {
    entry: (usize, usize),
    phoff: (usize, usize),
    shoff: (usize, usize),
    flags: (usize, usize),
    ehsize: (usize, usize),
    phentsize: (usize, usize),
    phnum: (usize, usize),
    shentsize: (usize, usize),
    shnum: (usize, usize),
    shstrndx: (usize, usize),
    p_type: (usize, usize),
    p_flags: (usize, usize),
    p_offset: (usize, usize),
    p_vaddr: (usize, usize),
    p_filesz: (usize, usize),
    p_memsz: (usize, usize),
}

const E_TYPE: (usize, usize) = (16, 2);
const E_MACHINE: (usize, usize) = (18, 2);
const E_VERSION: (usize, usize) = (20, 4);

const FIELDS64: Fields = Fields {
    entry: (24, 8),
    phoff: (32, 8),
    shoff: (40, 8),
    flags: (48, 4),
    ehsize: (52, 2),
    phentsize: (54, 2),
    phnum: (56, 2),
    shentsize: (58, 2),
    shnum: (60, 2),
    shstrndx: (62, 2),
    p_type: (0, 4),
    p_flags: (4, 4),
    p_offset: (8, 8),
    p_vaddr: (16, 8),
    p_filesz: (32, 8),
    p_memsz: (40, 8),
};

const FIELDS32: Fields = Fields {
    entry: (24, 4),
    phoff: (28, 4),
    shoff: (32, 4),
    flags: (36, 4),
    ehsize: (40, 2),
    phentsize: (42, 2),
    phnum: (44, 2),
    shentsize: (46, 2),
    shnum: (48, 2),
    shstrndx: (50, 2),
    p_type: (0, 4),
    p_flags: (24, 4),
    p_offset: (4, 4),
    p_vaddr: (8, 4),
    p_filesz: (16, 4),
    p_memsz: (20, 4),
};

/// `PF_X | PF_W | PF_R`: the bits the kernel looks at.
const RIGHTS: u64 = 7;
const PF_X: u64 = 1;
const PF_W: u64 = 2;
const PF_R: u64 = 4;

/// The page inside which addresses and file offsets agree.
const PAGE: u64 = 0x1000;

/// The lowest address every kernel lets an ordinary user map (vm.mmap_min_addr).
pub(super) const LOWEST_BASE: u64 = 0x1_0000;

/// Every template for one segment that the promise allows, in the order of k.
pub(super) fn templates(machine: Machine, promise: Promise) -> Vec<Template> {
    let class = machine.class();
    let last = usize::try_from(class.ehdr_size()).expect("52 or 64");
    let mut found: Vec<Template> = Vec::new();
    for phoff in 1..=last {
        for e_type in [elf::ET_EXEC.0, elf::ET_DYN.0] {
            if e_type == elf::ET_DYN.0 && promise != Promise::Nothing {
                continue;
            }
            for template in solve(class, machine, promise, phoff, e_type) {
                let same = |other: &Template| {
                    other.bytes.iter().map(Option::is_some).eq(template.bytes.iter().map(Option::is_some))
                        && other.entry == template.entry
                        && other.e_type == template.e_type
                        && other.mirrors == template.mirrors
                };
                if !found.iter().any(same) {
                    found.push(template);
                }
            }
        }
    }
    found
}

/// A strip of header bytes in which fields claim bits.
#[derive(Clone)]
struct Strip {
    bits: Vec<(u8, u8)>,
}

/// Two fields want different bits in one place.
struct Conflict;

impl Strip {
    /// Claims the bits of `mask` for `value`.
    fn claim(&mut self, (offset, width): (usize, usize), mask: u64, value: u64) -> Result<(), Conflict> {
        for index in 0..width {
            let (mask, value) = ((mask >> (8 * index)) as u8, (value >> (8 * index)) as u8);
            let (old_mask, old) = &mut self.bits[offset + index];
            if *old_mask & mask & (*old ^ value) != 0 {
                return Err(Conflict);
            }
            *old = *old & *old_mask | value & mask & !*old_mask;
            *old_mask |= mask;
        }
        Ok(())
    }

    /// Claims a whole field.
    fn set(&mut self, field: (usize, usize), value: u64) -> Result<(), Conflict> {
        self.claim(field, u64::MAX, value)
    }

    /// The bits of a field that are claimed: mask and value.
    fn read(&self, (offset, width): (usize, usize)) -> (u64, u64) {
        (0..width).fold((0, 0), |(mask, value), index| {
            let (byte_mask, byte) = self.bits[offset + index];
            (mask | u64::from(byte_mask) << (8 * index), value | u64::from(byte) << (8 * index))
        })
    }

    fn is_free(&self, field: (usize, usize)) -> bool {
        self.read(field).0 == 0
    }
}

fn moved(field: (usize, usize), by: usize) -> (usize, usize) {
    (field.0 + by, field.1)
}

/// All solutions for one k and `e_type`.
fn solve(class: Class, machine: Machine, promise: Promise, phoff: usize, e_type: u16) -> Vec<Template> {
    let fields = if class == Class::Elf64 { &FIELDS64 } else { &FIELDS32 };
    let mut found = Vec::new();
    for rights in [PF_R | PF_X, PF_R | PF_X | PF_W, PF_X | PF_W, PF_R] {
        // i386 without PT_GNU_STACK has READ_IMPLIES_EXEC (arch/x86/include/asm/elf.h): readable is executable.
        let usual = rights == PF_R | PF_X;
        let implied = rights == PF_R && machine == Machine::I386;
        if !usual && (promise != Promise::Nothing || rights == PF_R && !implied) {
            continue;
        }
        let Ok(strip) = fixed(class, machine, promise, fields, phoff, e_type, rights) else { continue };
        let offset_field = moved(fields.p_offset, phoff);
        let (mask, value) = strip.read(offset_field);
        let candidates: Vec<u64> = match mask {
            0 => vec![0, phoff as u64],
            _ => (0..PAGE.min(128)).filter(|offset| offset & mask == value & mask).collect(),
        };
        for p_offset in candidates {
            let mut strip = strip.clone();
            if strip.set(offset_field, p_offset).is_ok() {
                let writable_code = rights & PF_W != 0;
                found.extend(place(class, promise, fields, phoff, e_type, p_offset, writable_code, &strip));
            }
        }
    }
    found
}

/// The fields whose values are known beforehand.
fn fixed(
    class: Class,
    machine: Machine,
    promise: Promise,
    fields: &Fields,
    phoff: usize,
    e_type: u16,
    rights: u64,
) -> Result<Strip, Conflict> {
    let length = (class.ehdr_size()).max(phoff as u64 + class.phdr_size());
    let mut strip = Strip { bits: vec![(0, 0); usize::try_from(length).expect("at most 120")] };
    strip.set((0, 4), u64::from(u32::from_le_bytes(*b"\x7fELF")))?;
    strip.set(E_TYPE, u64::from(e_type))?;
    strip.set(E_MACHINE, u64::from(machine.e_machine()))?;
    strip.set(fields.phoff, phoff as u64)?;
    strip.set(fields.phentsize, class.phdr_size())?;
    strip.set(fields.phnum, 1)?;
    strip.set(moved(fields.p_type, phoff), u64::from(elf::PT_LOAD.0))?;
    let exact_rights = promise == Promise::Tools;
    strip.claim(moved(fields.p_flags, phoff), if exact_rights { u64::MAX } else { RIGHTS }, rights)?;
    if matches!(promise, Promise::Tools | Promise::Readers) {
        let ei_class = if class == Class::Elf64 { 2 } else { 1 };
        strip.set((4, 4), ei_class | 1 << 8 | 1 << 16)?; // EI_DATA little-endian, EI_VERSION 1, EI_OSABI none.
        strip.set(E_VERSION, 1)?;
        for field in [fields.shoff, fields.shentsize, fields.shnum, fields.shstrndx] {
            strip.set(field, 0)?;
        }
    }
    if promise == Promise::Tools {
        strip.set(fields.flags, 0)?;
        strip.set(fields.ehsize, class.ehdr_size())?;
    }
    Ok(strip)
}

/// Addresses and sizes: the base, where the entry may be, and what the segment covers.
#[expect(clippy::too_many_arguments, reason = "the unknowns of one system of equations")]
fn place(
    class: Class,
    promise: Promise,
    fields: &Fields,
    phoff: usize,
    e_type: u16,
    p_offset: u64,
    writable_code: bool,
    strip: &Strip,
) -> Vec<Template> {
    let (entry_mask, _) = strip.read(fields.entry);
    let entries: Vec<Option<u64>> =
        if entry_mask & (PAGE - 1) == 0 { vec![None] } else { (0..128).map(Some).collect() };
    let mut found = Vec::new();
    for entry in entries {
        let mut strip = strip.clone();
        let vaddr = moved(fields.p_vaddr, phoff);
        let Ok(base) = addresses(&mut strip, vaddr, fields.entry, p_offset, entry, class) else { continue };
        let mut late = Vec::new();
        if entry.is_none() {
            late.push((fields.entry.0, 2, Late::Entry));
        }
        let sizes = (moved(fields.p_filesz, phoff), moved(fields.p_memsz, phoff));
        let Some(entry) = entry_rule(entry, class) else { continue };
        for mirrored in [false, true] {
            let (mut strip, mut late) = (strip.clone(), late.clone());
            let Ok(mirrors) = segment_sizes(
                &mut strip,
                sizes,
                promise,
                class,
                mirrored,
                writable_code.then_some(p_offset),
                &mut late,
            ) else {
                continue;
            };
            if mirrored == mirrors.is_empty() {
                continue;
            }
            let memsz = sizes.1;
            let empty = Template {
                phoff,
                e_type,
                base,
                p_offset,
                end: 0,
                bytes: vec![],
                late,
                entry,
                mirrors,
                memsz,
                writable_code,
            };
            found.push(finish(empty, class, &strip));
        }
    }
    found
}

/// Finds the address of file offset 0: `p_vaddr` = base + `p_offset`, `e_entry` = base + entry, both below a page, so
/// the bits above are the base's in both fields.  Claimed bits flow from either field to the other until nothing
/// changes; bits that nobody claims come from [`LOWEST_BASE`].
fn addresses(
    strip: &mut Strip,
    vaddr: (usize, usize),
    entry_field: (usize, usize),
    p_offset: u64,
    entry: Option<u64>,
    class: Class,
) -> Result<u64, Conflict> {
    let low = PAGE - 1;
    strip.claim(vaddr, low, p_offset)?;
    if let Some(entry) = entry {
        strip.claim(entry_field, low, entry)?;
    }
    for last_round in [false, true] {
        loop {
            let before = (strip.read(vaddr), strip.read(entry_field));
            let (mask, value) = before.0;
            strip.claim(entry_field, mask & !low, value)?;
            let (mask, value) = strip.read(entry_field);
            strip.claim(vaddr, mask & !low, value)?;
            if (strip.read(vaddr), strip.read(entry_field)) == before {
                break;
            }
        }
        if !last_round {
            let (mask, _) = strip.read(vaddr);
            strip.claim(vaddr, !low & !mask, LOWEST_BASE)?;
        }
    }
    let base = strip.read(vaddr).1 & !low;
    if (LOWEST_BASE..task_size(class)).contains(&base) { Ok(base) } else { Err(Conflict) }
}

/// `p_filesz` and `p_memsz`.  Readers want the truth.  The kernel maps whole pages, so anything from 1 up maps a
/// small file; but before 6.7 a `p_memsz` above `p_filesz` made it clear the page's tail, which fails where the
/// page is not writable: equal is the only safe value.
fn segment_sizes(
    strip: &mut Strip,
    (filesz, memsz): ((usize, usize), (usize, usize)),
    promise: Promise,
    class: Class,
    mirrored: bool,
    writable_at: Option<u64>,
    late: &mut Vec<(usize, usize, Late)>,
) -> Result<Vec<(usize, usize)>, Conflict> {
    let both_free = strip.is_free(filesz) && strip.is_free(memsz);
    if both_free && promise != Promise::Nothing {
        late.push((filesz.0, filesz.1, Late::FileSize));
        late.push((memsz.0, memsz.1, Late::FileSize));
        return Ok(Vec::new());
    }
    if matches!(promise, Promise::Tools | Promise::Readers) {
        return Err(Conflict);
    }
    if promise == Promise::Linux {
        let (mask, value) = strip.read(memsz);
        strip.claim(filesz, mask, value)?;
        let (mask, value) = strip.read(filesz);
        let value = if value == 0 { 1 } else { value };
        // A mapping of 16 MiB at most, besides what the mirrored bytes add.
        if value >= 0x100_0000 {
            return Err(Conflict);
        }
        // The topmost bytes stay zero: they would lift the segment's end above TASK_SIZE whatever they hold.
        let mirrors: Vec<_> = (0..class_width(class))
            .filter(|&index| mirrored && value & mask != 0 && mask >> (8 * index) & 0xff == 0)
            .map(|index| (filesz.0 + index, memsz.0 + index))
            .collect();
        let kept = mirrors.iter().fold(0, |bits: u64, &(from, _)| bits | 0xff << (8 * (from - filesz.0)));
        strip.claim(filesz, !kept, value)?;
        strip.claim(memsz, !kept, value)?;
        return Ok(mirrors);
    }
    let (mask, value) = strip.read(filesz);
    // Behind the contents of a writable segment the kernel clears the page's tail: they must end with the page.
    let smallest = writable_at.map_or(1, |p_offset| PAGE - p_offset);
    let size = if mask == 0 { smallest } else { value.max(1) };
    if writable_at.is_some_and(|p_offset| !(size + p_offset).is_multiple_of(PAGE)) {
        return Err(Conflict);
    }
    strip.set(filesz, size)?;
    let (mask, value) = strip.read(memsz);
    // Free bytes of p_memsz below a claimed one that makes it large enough stay free.
    if value < size {
        strip.claim(memsz, !mask, size.max(value))?;
    } else {
        strip.claim(memsz, !mask & top_bits(value), 0)?;
    }
    if strip.read(memsz).1 >= size && strip.read(memsz).1 < task_size(class) {
        Ok(Vec::new())
    } else {
        Err(Conflict)
    }
}

/// The low bytes of a size whose value may be anything without reaching TASK_SIZE by themselves.
fn class_width(class: Class) -> usize {
    match class {
        Class::Elf64 => 6,
        Class::Elf32 => 3,
    }
}

/// Where user addresses end: 47 bits, and 3 GiB for a 32-bit process whose kernel is 32-bit too; with a margin for
/// the stack.
pub(super) fn task_size(class: Class) -> u64 {
    match class {
        Class::Elf64 => 0x7ff0_0000_0000,
        Class::Elf32 => 0xb000_0000,
    }
}

/// The bits above the highest set bit's byte.
fn top_bits(value: u64) -> u64 {
    let bytes = (64 - value.leading_zeros()).div_ceil(8);
    u64::MAX.checked_shl(bytes * 8).unwrap_or(0)
}

fn entry_rule(entry: Option<u64>, class: Class) -> Option<Entry> {
    Some(match entry {
        None => Entry::Anywhere,
        Some(0) => Entry::Jg(0x47),
        Some(1) if class == Class::Elf64 => Entry::Magic(4),
        Some(at) if at >= 4 => Entry::At(usize::try_from(at).ok()?),
        Some(_) => return None,
    })
}

/// Turns the claimed bits into bytes and finds where the header may end.
fn finish(template: Template, class: Class, strip: &Strip) -> Template {
    let table_end = template.phoff + usize::try_from(class.phdr_size()).expect("32 or 56");
    let mut bytes: Vec<Option<u8>> =
        strip.bits.iter().map(|&(mask, value)| (mask != 0).then_some(value)).collect();
    let late_ranges = template.late.iter().map(|&(offset, width, _)| (offset, width));
    let repeated = template.mirrors.iter().map(|&(_, to)| (to, 1));
    for (offset, width) in late_ranges.chain(repeated) {
        for byte in &mut bytes[offset..offset + width] {
            *byte = Some(byte.unwrap_or(0));
        }
    }
    // The kernel reads the header into a zero-filled buffer, so the file may end inside it; the table must be whole.
    let needed =
        bytes.iter().rposition(|byte| byte.is_some_and(|value| value != 0)).map_or(0, |last| last + 1);
    let late_end = template.late.iter().map(|&(offset, width, _)| offset + width).max().unwrap_or(0);
    let end = needed.max(table_end).max(late_end);
    Template { end, bytes, ..template }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The free bytes of the template for k, as ranges, and the header's end.
    fn check(machine: Machine, promise: Promise, phoff: usize, gaps: &[(usize, usize)], end: usize) {
        let all = templates(machine, promise);
        let best = all
            .iter()
            .filter(|one| one.phoff == phoff && one.mirrors.is_empty())
            .max_by_key(|one| one.gaps().iter().map(|g| g.1 - g.0).sum::<usize>());
        let Some(template) = best else { panic!("no template for k = {phoff}") };
        assert_eq!((template.gaps().as_slice(), template.end), (gaps, end), "k = {phoff}");
    }

    // The figures were found by trying every value of every byte on Linux 6.18.

    #[test]
    fn a_clean_header_has_free_bytes_in_the_identification_and_the_physical_address() {
        check(Machine::X86_64, Promise::Tools, 64, &[(8, 16), (88, 96), (112, 120)], 120);
    }

    #[test]
    fn overlapping_by_sixteen_bytes_keeps_readers() {
        check(Machine::X86_64, Promise::Readers, 48, &[(8, 16), (53, 54), (72, 80), (96, 104)], 104);
    }

    #[test]
    fn the_kernel_alone_takes_eighty_bytes() {
        check(Machine::X86_64, Promise::Linux, 24, &[(4, 16), (20, 24), (48, 54), (72, 80)], 80);
    }

    #[test]
    fn sizes_may_hold_code_that_is_mirrored() {
        let all = templates(Machine::X86_64, Promise::Linux);
        let mirrored = all.iter().find(|one| one.phoff == 24 && !one.mirrors.is_empty()).unwrap();
        assert_eq!(mirrored.gaps(), [(4, 16), (20, 24), (48, 54), (58, 62), (72, 80)]);
        assert_eq!(mirrored.mirrors, [(58, 66), (59, 67), (60, 68), (61, 69)]);
    }

    #[test]
    fn whatever_runs_takes_seventy_three_bytes() {
        check(Machine::X86_64, Promise::Nothing, 12, &[(4, 12), (40, 44), (52, 54), (60, 68)], 68);
    }

    #[test]
    fn thirty_two_bit_headers_overlap_down_to_forty_five_bytes() {
        let all = templates(Machine::I386, Promise::Nothing);
        assert_eq!(all.iter().map(|one| one.end).min(), Some(45));
    }

    #[test]
    fn no_promise_but_nothing_has_code_that_can_be_written() {
        for promise in [Promise::Tools, Promise::Readers, Promise::Linux] {
            for machine in [Machine::X86_64, Machine::I386] {
                assert!(templates(machine, promise).iter().all(|one| !one.writable_code));
            }
        }
    }
}
