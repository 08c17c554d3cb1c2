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
//! A program that writes to its data has a second `PT_LOAD` behind the first, `PF_R | PF_W`, which maps the same
//! bytes of the file once more at another address.  A program header of a type that the kernel does not know is passed
//! over, so that the one that counts may also be the second, with the first lying over the magic number.
//!
//! What the kernel reads is fs/binfmt_elf.c, `load_elf_binary` and `elf_load`: `e_ident[EI_MAG0..EI_MAG3]`, `e_type`,
//! `e_machine`, `e_phentsize`, `e_phnum`, `e_phoff`, `e_entry`, and of each `PT_LOAD` `p_type`, `p_flags`, `p_offset`,
//! `p_vaddr`, `p_filesz`, `p_memsz`.

mod segment;
mod solve;
mod strip;

pub(super) use segment::task_size;
pub(super) use solve::templates;

use crate::elf::records::{Class, elf};

/// The page inside which addresses and file offsets agree.
pub(super) const PAGE: u64 = 0x1000;

const PF_X: u64 = 1;
const PF_W: u64 = 2;
const PF_R: u64 = 4;

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
    /// The file's size less `p_offset` of a segment.
    FileSize(usize),
    /// What a segment takes in memory: `p_filesz`, and in the last one the zeroes behind the file.
    MemorySize(usize),
}

/// A `PT_LOAD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Segment {
    /// The address of file offset 0 as this segment maps it.
    pub(super) base: u64,
    /// `p_offset`.
    pub(super) p_offset: u64,
    /// Offset and width of `p_flags`.
    pub(super) p_flags: (usize, usize),
    /// Offset and width of `p_filesz`.
    pub(super) p_filesz: (usize, usize),
    /// Offset and width of `p_memsz`.
    pub(super) p_memsz: (usize, usize),
    /// What `p_flags` allows at least.
    pub(super) rights: u64,
}

/// Headers for one k, with everything decided that can be decided before packing.
#[derive(Clone, Debug)]
pub(super) struct Template {
    /// `EI_CLASS`.
    pub(super) class: Class,
    /// `e_phoff`.
    pub(super) phoff: usize,
    /// `e_type`.
    pub(super) e_type: u16,
    /// What is executed, and what is written to where that is another.
    pub(super) segments: Vec<Segment>,
    /// Where the last byte that must be in the file ends.
    pub(super) end: usize,
    /// A byte for each offset of both headers: `None` is free.  Those from `end` on count only if the file is longer.
    pub(super) bytes: Vec<Option<u8>>,
    /// Fields to fill in: offset, width in bytes, what.
    pub(super) late: Vec<(usize, usize, Late)>,
    /// What free bytes hold when nothing is put there.
    pub(super) defaults: Vec<(usize, u8)>,
    /// How the program is entered.
    pub(super) entry: Entry,
    /// Free bytes of `p_filesz` whose value must be repeated in `p_memsz`: (from, to) offsets.
    pub(super) mirrors: Vec<(usize, usize)>,
    /// Whether `p_flags` and the sizes are free bytes, whose values decide whether the kernel loads the file.
    pub(super) open: bool,
    /// Program headers that the kernel must pass over, by the offset of their `p_type`.
    pub(super) skipped: Vec<usize>,
}

impl Template {
    /// The segment that is executed.
    pub(super) fn text(&self) -> &Segment {
        &self.segments[0]
    }

    /// The segment through which data is addressed that is written to.
    pub(super) fn data(&self) -> &Segment {
        self.segments.last().expect("there is one at least")
    }

    /// How far the segment that is written to lies above the one that is executed.
    pub(super) fn apart(&self) -> u64 {
        self.data().base - self.text().base
    }

    /// Whether a segment is writable as well as executable.
    pub(super) fn writable_code(&self) -> bool {
        self.text().rights & PF_W != 0
    }

    /// Whether its code has `PF_X`.
    pub(super) fn is_executable(&self) -> bool {
        self.text().rights & PF_X != 0
    }

    /// Whether the kernel chooses the address.
    pub(super) fn is_movable(&self) -> bool {
        self.e_type == elf::ET_DYN.0
    }

    /// Whether the sizes of all segments follow the file, so that it may be longer than a page.
    pub(super) fn follows_file(&self) -> bool {
        let sizes = |index| self.late.iter().any(|late| late.2 == Late::FileSize(index));
        (0..self.segments.len()).all(sizes)
    }

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

    /// Whether the kernel loads a finished file and the zeroes behind it, which end at the offset `used`: what could
    /// not be decided before the free bytes of the headers were filled.
    pub(super) fn is_loadable(&self, file: &[u8], used: u64) -> bool {
        let read = |(offset, width): (usize, usize)| number(file, offset, width);
        let known = [elf::PT_LOAD, elf::PT_INTERP, elf::PT_GNU_STACK, elf::PT_GNU_PROPERTY];
        let is_known = |&at: &usize| known.iter().any(|one| u64::from(one.0) == number(file, at, 4));
        let last = self.segments.len() - 1;
        let sized = self.segments.iter().enumerate().all(|(index, segment)| {
            let (filesz, memsz) = (read(segment.p_filesz), read(segment.p_memsz));
            let page_end = |size: u64| (segment.p_offset + size.min(1 << 60)).next_multiple_of(PAGE);
            // Behind p_filesz the kernel clears the page where p_memsz is larger.
            let clears = memsz > filesz && segment.rights & PF_W != 0;
            let kept = if clears { segment.p_offset.saturating_add(filesz) } else { page_end(filesz) };
            let needed = if index == last { used } else { file.len() as u64 };
            filesz > 0
                && filesz <= memsz
                && memsz < task_size(self.class) - segment.base - PAGE
                && kept >= file.len() as u64
                && page_end(memsz) >= needed
        });
        let end = |segment: &Segment| (segment.base + segment.p_offset).saturating_add(read(segment.p_memsz));
        let in_order = self.segments.windows(2).all(|two| end(&two[0]) <= two[1].base);
        // What is not of the file is memory that the machine must have (mm/util.c, __vm_enough_memory).
        let allowed = |segment: &Segment| {
            let (flags, memsz) = (read(segment.p_flags), read(segment.p_memsz));
            flags & PF_W == 0 && flags & segment.rights == segment.rights && memsz <= u64::from(u32::MAX)
        };
        let allowed = !self.open || self.segments.iter().all(allowed);
        let passed_over = !self.skipped.iter().any(is_known);
        passed_over && allowed && sized && in_order
    }
}

/// A little-endian field; bytes behind the file's end are zero.
pub(super) fn number(file: &[u8], offset: usize, width: usize) -> u64 {
    (0..width)
        .fold(0, |sum, index| sum | u64::from(file.get(offset + index).copied().unwrap_or(0)) << (8 * index))
}

#[cfg(test)]
mod tests {
    use super::super::Promise;
    use super::*;
    use crate::elf::records::Machine;

    /// The free bytes of the template for k, as ranges, and the header's end.
    fn check(machine: Machine, promise: Promise, phoff: usize, gaps: &[(usize, usize)], end: usize) {
        let all = templates(machine, promise, 1);
        let best = all
            .iter()
            .filter(|one| one.phoff == phoff && one.mirrors.is_empty() && one.skipped.is_empty())
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
        let all = templates(Machine::X86_64, Promise::Linux, 1);
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
        let all = templates(Machine::I386, Promise::Nothing, 1);
        assert_eq!(all.iter().map(|one| one.end).min(), Some(45));
    }

    #[test]
    fn two_segments_are_fifty_six_bytes_more() {
        let ends = |promise| templates(Machine::X86_64, promise, 2).iter().map(|one| one.end).min();
        assert_eq!(ends(Promise::Tools), Some(176));
        assert_eq!(ends(Promise::Readers), Some(160));
        assert_eq!(ends(Promise::Linux), Some(136));
    }

    #[test]
    fn no_promise_but_nothing_has_code_that_can_be_written() {
        for promise in [Promise::Tools, Promise::Readers, Promise::Linux] {
            for machine in [Machine::X86_64, Machine::I386] {
                for segments in [1, 2] {
                    let all = templates(machine, promise, segments);
                    assert!(all.iter().all(|one| !one.writable_code()));
                }
            }
        }
    }
}
