//! The two headers unified: every field that means something claims its bits, for every place of the table.

use super::super::Promise;
use super::segment::{LOWEST_BASE, Open, Sized, Sizing, data_base, distances, sizes, text_base};
use super::strip::{Conflict, Place, Strip, place as place_of};
use super::{Entry, Late, PAGE, PF_R, PF_W, PF_X, Segment, Template};
use crate::elf::fields::{
    E_EHSIZE, E_ENTRY, E_FLAGS, E_MACHINE, E_PHENTSIZE, E_PHNUM, E_PHOFF, E_SHENTSIZE, E_SHNUM, E_SHOFF,
    E_SHSTRNDX, E_TYPE, E_VERSION, Field, P_FILESZ, P_FLAGS, P_MEMSZ, P_OFFSET, P_TYPE, P_VADDR,
};
use crate::elf::records::{Class, Machine, elf};
use crate::elf::write::e_flags;

/// `PF_X | PF_W | PF_R`: the bits the kernel looks at.
const RIGHTS: u64 = 7;

/// The unknowns that are tried one after the other.
#[derive(Clone, Copy, Debug)]
struct Shape<'a> {
    machine: Machine,
    promise: Promise,
    phoff: usize,
    e_type: u16,
    /// Program headers before the first segment that mean nothing to the kernel.
    skipped: usize,
    /// `p_flags` of each segment.
    rights: &'a [u64],
    /// `p_flags` and the sizes are whatever lands there: the finished file decides.
    open: bool,
}

impl Shape<'_> {
    fn class(&self) -> Class {
        self.machine.class()
    }

    /// Where a field of the file header lies.
    fn ehdr(&self, field: &Field) -> Place {
        place_of(field, self.class(), 0)
    }

    /// Where a field of a segment's program header lies.
    fn phdr(&self, field: &Field, segment: usize) -> Place {
        place_of(field, self.class(), self.header(segment))
    }

    /// Where the program header of a segment lies.
    fn header(&self, segment: usize) -> usize {
        self.phoff + (self.skipped + segment) * phdr_size(self.class())
    }

    /// Where the table ends.
    fn table_end(&self) -> usize {
        self.header(self.rights.len())
    }
}

fn phdr_size(class: Class) -> usize {
    usize::try_from(class.phdr_size()).expect("32 or 56")
}

/// Every template that a promise allows, in the order of k.
pub(in super::super) fn templates(machine: Machine, promise: Promise, segments: usize) -> Vec<Template> {
    let last = usize::try_from(machine.class().ehdr_size()).expect("52 or 64");
    let mut found: Vec<Template> = Vec::new();
    let exec =
        if promise == Promise::Nothing { &[elf::ET_EXEC.0, elf::ET_DYN.0][..] } else { &[elf::ET_EXEC.0] };
    let most_skipped = usize::from(!told(promise));
    for phoff in 0..=last {
        for skipped in 0..=most_skipped {
            for &e_type in exec {
                for rights in rights(machine, promise, segments) {
                    for open in [false, true] {
                        let shape = Shape { machine, promise, phoff, e_type, skipped, rights, open };
                        if !open || may_be_open(&shape) {
                            solve(&shape, &mut found);
                        }
                    }
                }
            }
        }
    }
    found
}

/// Whether the promise is to readers, who are told the truth.
fn told(promise: Promise) -> bool {
    matches!(promise, Promise::Tools | Promise::Readers)
}

/// Whether rights and sizes may be left to what lands there.  Behind `p_filesz` of a segment that is written to the
/// kernel clears a page, so that its sizes are never anything.
fn may_be_open(shape: &Shape<'_>) -> bool {
    let least = if shape.class() == Class::Elf32 { PF_R } else { PF_R | PF_X };
    shape.promise == Promise::Nothing && shape.rights == [least]
}

/// What the segments allow.
fn rights(machine: Machine, promise: Promise, segments: usize) -> Vec<&'static [u64]> {
    const TEXT: &[u64] = &[PF_R | PF_X];
    const TEXT_AND_DATA: &[u64] = &[PF_R | PF_X, PF_R | PF_W];
    const ALL: &[u64] = &[PF_R | PF_X | PF_W];
    const BLIND: &[u64] = &[PF_X | PF_W];
    const READ: &[u64] = &[PF_R];
    match (segments, promise, machine) {
        (2, ..) => vec![TEXT_AND_DATA],
        // i386 without PT_GNU_STACK has READ_IMPLIES_EXEC (arch/x86/include/asm/elf.h): readable is executable.
        (_, Promise::Nothing, Machine::I386) => vec![TEXT, ALL, BLIND, READ],
        (_, Promise::Nothing, _) => vec![TEXT, ALL, BLIND],
        _ => vec![TEXT],
    }
}

/// All solutions for one shape.
fn solve(shape: &Shape<'_>, found: &mut Vec<Template>) {
    let Ok(strip) = fixed(shape) else { return };
    for first in offsets(shape, &strip, 0) {
        let mut strip = strip.clone();
        if strip.set(shape.phdr(&P_OFFSET, 0), first).is_err() {
            continue;
        }
        if shape.rights.len() == 1 {
            place(shape, &[first], &strip, found);
            continue;
        }
        for second in offsets(shape, &strip, 1) {
            let mut strip = strip.clone();
            if strip.set(shape.phdr(&P_OFFSET, 1), second).is_ok() {
                place(shape, &[first, second], &strip, found);
            }
        }
    }
}

/// What `p_offset` of a segment may be, inside the first page.
fn offsets(shape: &Shape<'_>, strip: &Strip, segment: usize) -> Vec<u64> {
    let (mask, value) = strip.read(shape.phdr(&P_OFFSET, segment));
    match mask {
        0 if segment == 0 && shape.phoff > 0 => vec![0, shape.phoff as u64],
        0 => vec![0],
        _ => (0..PAGE.min(128)).filter(|offset| offset & mask == value & mask).collect(),
    }
}

/// The fields whose values are known beforehand.
fn fixed(shape: &Shape<'_>) -> Result<Strip, Conflict> {
    let (class, promise) = (shape.class(), shape.promise);
    let ehdr = usize::try_from(class.ehdr_size()).expect("52 or 64");
    let mut strip = Strip::new(ehdr.max(shape.table_end()));
    strip.set((0, 4), u64::from(u32::from_le_bytes(*b"\x7fELF")))?;
    strip.set(shape.ehdr(&E_TYPE), u64::from(shape.e_type))?;
    strip.set(shape.ehdr(&E_MACHINE), u64::from(shape.machine.e_machine()))?;
    strip.set(shape.ehdr(&E_PHOFF), shape.phoff as u64)?;
    strip.set(shape.ehdr(&E_PHENTSIZE), class.phdr_size())?;
    strip.set(shape.ehdr(&E_PHNUM), (shape.skipped + shape.rights.len()) as u64)?;
    for (segment, &rights) in shape.rights.iter().enumerate() {
        strip.set(shape.phdr(&P_TYPE, segment), u64::from(elf::PT_LOAD.0))?;
        let mask = match promise {
            _ if shape.open => 0,
            Promise::Tools => u64::MAX,
            _ => RIGHTS,
        };
        strip.claim(shape.phdr(&P_FLAGS, segment), mask, rights)?;
    }
    if told(promise) {
        let ei_class = if class == Class::Elf64 { 2 } else { 1 };
        strip.set((4, 4), ei_class | 1 << 8 | 1 << 16)?; // EI_DATA little-endian, EI_VERSION 1, EI_OSABI none.
        strip.set(shape.ehdr(&E_VERSION), 1)?;
        for field in
            [shape.ehdr(&E_SHOFF), shape.ehdr(&E_SHENTSIZE), shape.ehdr(&E_SHNUM), shape.ehdr(&E_SHSTRNDX)]
        {
            strip.set(field, 0)?;
        }
    }
    if promise == Promise::Tools {
        strip.set(shape.ehdr(&E_FLAGS), u64::from(e_flags(shape.machine)))?;
        strip.set(shape.ehdr(&E_EHSIZE), class.ehdr_size())?;
    }
    Ok(strip)
}

/// Addresses and sizes: the bases, where the entry may be, and what the segments cover.
fn place(shape: &Shape<'_>, offsets: &[u64], strip: &Strip, found: &mut Vec<Template>) {
    let (entry_mask, entry_value) = strip.read(shape.ehdr(&E_ENTRY));
    let entries: Vec<Option<u64>> = match entry_mask & (PAGE - 1) {
        0 => vec![None],
        mask => (0..128).filter(|entry| (entry ^ entry_value) & mask == 0).map(Some).collect(),
    };
    // Where nobody says otherwise, sizes that lie over the address may use three bytes below its highest.
    let wanted: &[u64] = match (shape.promise, shape.class()) {
        (Promise::Nothing, Class::Elf32) => &[LOWEST_BASE, 0x100_0000],
        _ => &[LOWEST_BASE],
    };
    for entry in entries {
        let Some(rule) = entry_rule(entry, shape.class()) else { continue };
        let apart = if offsets.len() == 1 { &[0] } else { distances(shape.machine) };
        for (&wanted, &apart) in
            wanted.iter().flat_map(|wanted| apart.iter().map(move |apart| (wanted, apart)))
        {
            let mut strip = strip.clone();
            let wanted = Wanted { base: wanted, apart };
            let Ok(segments) = addresses(shape, offsets, &mut strip, entry, wanted) else { continue };
            let sizings: &[Sizing] =
                if shape.open { &[Sizing::Open] } else { &[Sizing::Plain, Sizing::Mirrored] };
            for &sizing in sizings {
                let mut strip = strip.clone();
                let Ok(mut open) = all_sizes(shape, &segments, &mut strip, sizing) else { continue };
                if (sizing == Sizing::Mirrored) == open.mirrors.is_empty() {
                    continue;
                }
                if entry.is_none() {
                    open.late.push((shape.ehdr(&E_ENTRY).0, 2, Late::Entry));
                }
                push(found, finish(shape, segments.clone(), rule, open, &strip));
            }
        }
    }
}

/// Adds a template unless there is one like it.
fn push(found: &mut Vec<Template>, template: Template) {
    let same = |other: &Template| {
        other.bytes.iter().map(Option::is_some).eq(template.bytes.iter().map(Option::is_some))
            && other.entry == template.entry
            && other.e_type == template.e_type
            && other.mirrors == template.mirrors
            && other.late == template.late
            && other.writable_code() == template.writable_code()
            && other.open == template.open
            && other.apart() == template.apart()
    };
    if !found.iter().any(same) {
        found.push(template);
    }
}

/// Where the segments shall lie, as far as nobody says otherwise.
#[derive(Clone, Copy, Debug)]
struct Wanted {
    /// The address of file offset 0.
    base: u64,
    /// How far the segment that is written to lies above it.
    apart: u64,
}

fn addresses(
    shape: &Shape<'_>,
    offsets: &[u64],
    strip: &mut Strip,
    entry: Option<u64>,
    wanted: Wanted,
) -> Result<Vec<Segment>, Conflict> {
    let mut segments: Vec<Segment> = Vec::new();
    for (index, (&p_offset, &rights)) in offsets.iter().zip(shape.rights).enumerate() {
        let vaddr = (shape.phdr(&P_VADDR, index), p_offset);
        let base = match segments.first() {
            None => text_base(strip, vaddr, (shape.ehdr(&E_ENTRY), entry), wanted.base, shape.class())?,
            Some(text) => data_base(strip, vaddr, text.base + wanted.apart, shape.class())?,
        };
        segments.push(Segment {
            base,
            p_offset,
            p_flags: shape.phdr(&P_FLAGS, index),
            p_filesz: shape.phdr(&P_FILESZ, index),
            p_memsz: shape.phdr(&P_MEMSZ, index),
            rights,
        });
    }
    Ok(segments)
}

fn all_sizes(
    shape: &Shape<'_>,
    segments: &[Segment],
    strip: &mut Strip,
    sizing: Sizing,
) -> Result<Open, Conflict> {
    let mut all = Open::default();
    for (index, segment) in segments.iter().enumerate() {
        let known = Sized {
            index,
            p_filesz: segment.p_filesz,
            p_memsz: segment.p_memsz,
            p_offset: segment.p_offset,
            writable: segment.rights & PF_W != 0,
        };
        let sizing = if segments.len() == 1 { sizing } else { Sizing::Plain };
        if sizing == Sizing::Open {
            if strip.is_free_byte(segment.p_flags.0) {
                all.defaults.push((segment.p_flags.0, (PF_R | PF_X) as u8));
            } else if strip.read(segment.p_flags).1 & RIGHTS & !PF_X != segment.rights & !PF_X {
                return Err(Conflict);
            }
        }
        let open = sizes(strip, &known, shape.promise, shape.class(), sizing)?;
        all.late.extend(open.late);
        all.mirrors.extend(open.mirrors);
        all.defaults.extend(open.defaults);
    }
    Ok(all)
}

fn entry_rule(entry: Option<u64>, class: Class) -> Option<Entry> {
    Some(match entry {
        None => Entry::Anywhere,
        Some(0) => Entry::Jg(0x47),
        Some(1..=3) if class == Class::Elf64 => Entry::Magic(4),
        Some(at) if at >= 4 => Entry::At(usize::try_from(at).ok()?),
        Some(_) => return None,
    })
}

/// Turns the claimed bits into bytes and finds where the header may end.
fn finish(shape: &Shape<'_>, segments: Vec<Segment>, entry: Entry, open: Open, strip: &Strip) -> Template {
    let mut bytes: Vec<Option<u8>> =
        strip.bits.iter().map(|&(mask, value)| (mask != 0).then_some(value)).collect();
    let late_ranges = open.late.iter().map(|&(offset, width, _)| (offset, width));
    let repeated = open.mirrors.iter().map(|&(_, to)| (to, 1));
    for (offset, width) in late_ranges.chain(repeated) {
        for byte in &mut bytes[offset..offset + width] {
            *byte = Some(byte.unwrap_or(0));
        }
    }
    // The kernel reads the header into a zero-filled buffer, so the file may end inside it; the table must be whole.
    let needed =
        bytes.iter().rposition(|byte| byte.is_some_and(|value| value != 0)).map_or(0, |last| last + 1);
    let late_end = open.late.iter().map(|&(offset, width, _)| offset + width).max().unwrap_or(0);
    let skipped = (0..shape.skipped).map(|index| shape.phoff + index * phdr_size(shape.class())).collect();
    Template {
        class: shape.class(),
        phoff: shape.phoff,
        e_type: shape.e_type,
        end: needed.max(shape.table_end()).max(late_end),
        bytes,
        late: open.late,
        defaults: open.defaults,
        entry,
        mirrors: open.mirrors,
        open: shape.open,
        segments,
        skipped,
    }
}
