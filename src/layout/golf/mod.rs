//! The size limit: headers overlapped, code and data packed into header bytes that nobody reads.
//!
//! ```text
//! Unit ─ take_apart ─> Pieces ─ for_base ─> Pieces ┐
//! templates(promise) ─────────────────────> Place ─┴─ pack ─> Packing ─ Composition ─> Unit of one section ─> Image
//! ```
//!
//! `header` finds every way to overlap the headers within a promise, `program` takes the program apart at the
//! boundaries of its items, `fit` brings both together, `pack` searches the placement with the earliest end, and
//! `compose` writes the outcome down as a new unit whose only section is the whole file, so that addresses are filled
//! in by the same code as everywhere.  Nothing here knows any program.

mod compose;
mod fit;
mod header;
mod pack;
mod program;

use super::Image;
use super::relax::Sizes;
use crate::elf::records::{Class, Machine};
use crate::source::Diagnostics;
use crate::unit::{Section, SectionId, SectionKind, Unit};
use compose::Composition;
use fit::{Fitter, place};
use header::{Entry, Template, templates};
pub use program::Whole;
use program::{Grain, Origin, Pieces};

/// What a golfed file must still satisfy; each includes the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Promise {
    /// readelf is clean, gdb, strace and qemu-user run it.
    Tools,
    /// The same without qemu-user.
    Readers,
    /// The kernel, any arguments, any usual resource limit, no segment both writable and executable.
    #[default]
    Linux,
    /// Whatever runs; the assumptions are told.
    Nothing,
}

impl Promise {
    /// Every promise, the strictest first.
    pub const ALL: [Promise; 4] = [Promise::Tools, Promise::Readers, Promise::Linux, Promise::Nothing];

    /// The name that `--keep` takes.
    pub fn name(self) -> &'static str {
        match self {
            Promise::Tools => "tools",
            Promise::Readers => "readers",
            Promise::Linux => "linux",
            Promise::Nothing => "nothing",
        }
    }
}

/// What golf may do, and how long it may search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct GolfOptions {
    /// What must still hold.
    pub promise: Promise,
    /// Steps of the search; the same number gives the same file everywhere.
    pub effort: u64,
}

impl Default for GolfOptions {
    fn default() -> Self {
        GolfOptions { promise: Promise::default(), effort: 2_000_000 }
    }
}

/// A golfed file and what it relies on.
#[derive(Clone, Debug)]
pub struct Golfed {
    /// The file.
    pub image: Image,
    /// Where the program header lies.
    pub phoff: usize,
    /// What must hold where it runs, one sentence each.
    pub assumptions: Vec<&'static str>,
}

/// Bytes of code that are taken apart; a piece is some hundred times as large as the instruction that it holds.
const LARGEST_CODE: u64 = 1024 * 1024;

/// Bytes of code and data that are looked at.
const LARGEST: u64 = 16 * 1024 * 1024;

/// Finds the smallest file for a program.  `entry` is the section and offset where the process starts.  `Ok(None)`
/// after an error was recorded.
///
/// # Errors
/// When the program cannot be taken apart or put together; the caller then takes the compact layout.
pub fn golf(
    unit: &Unit,
    sizes: &Sizes,
    entry: (SectionId, u64),
    options: GolfOptions,
    diagnostics: &mut Diagnostics,
) -> Result<Option<Golfed>, Whole> {
    let (code, all) = measure(unit, sizes);
    if all > LARGEST {
        return Err(Whole::TooLarge);
    }
    let smallest = |grain| smallest(unit, sizes, entry, options, grain);
    let found = if code > LARGEST_CODE { Err(Whole::TooLarge) } else { smallest(Grain::Instructions) };
    // What cannot be taken apart stands behind the shortest headers as it is.
    let (best, origins) = found.or_else(|_| smallest(Grain::Sections))?;
    let assumptions = assumptions(&best, unit.machine, options.promise);
    let phoff = best.template.phoff;
    Ok(best.image(unit, &origins, diagnostics).map(|image| Golfed { image, phoff, assumptions }))
}

/// Bytes of code, and of everything that is in the file.
fn measure(unit: &Unit, sizes: &Sizes) -> (u64, u64) {
    let in_file = |section: &Section| section.flags.alloc && section.kind != SectionKind::Nobits;
    unit.sections().filter(|(_, section)| in_file(section)).fold((0, 0), |(code, all), (id, section)| {
        let size = sizes.section(unit, id);
        (if section.flags.exec { code + size } else { code }, all + size)
    })
}

/// The placement with the earliest end in any template, and where each piece was.
fn smallest(
    unit: &Unit,
    sizes: &Sizes,
    entry: (SectionId, u64),
    options: GolfOptions,
    grain: Grain,
) -> Result<(Composition, Vec<Origin>), Whole> {
    let (pieces, origins) = program::take_apart(unit, sizes, entry, grain)?;
    let mut fitter = Fitter::new(unit, &pieces, options.effort);
    let mut best: Option<Composition> = None;
    for template in all_templates(unit.machine, options.promise, &pieces) {
        let limit = best.as_ref().map_or(usize::MAX, |found| found.packing.end);
        best = fitter.fit(&template, limit).or(best);
    }
    best.map(|best| (best, origins)).ok_or(Whole::TooHigh)
}

/// The size below which no placement within the promise can be: header bytes that cannot be used, and the code and
/// data that are left when every free byte is filled, as if both could be cut anywhere for nothing.
///
/// # Errors
/// When the program cannot be taken apart.
pub fn lower_bound(
    unit: &Unit,
    sizes: &Sizes,
    entry: (SectionId, u64),
    promise: Promise,
) -> Result<usize, Whole> {
    let (pieces, _) = program::take_apart(unit, sizes, entry, Grain::Instructions)?;
    let mut fitter = Fitter::new(unit, &pieces, 0);
    let bounds = all_templates(unit.machine, promise, &pieces).into_iter().filter_map(|template| {
        let fitted = fitter.fitted(&template)?;
        let place = place(&template, &fitted, unit.machine)?;
        Some(place.lower_bound(fitted.bytes()))
    });
    bounds.min().ok_or(Whole::TooHigh)
}

/// Every overlap that keeps the promise and has the segments that the program needs, the shortest headers first.
/// What keeps a stricter promise keeps this one too.
fn all_templates(machine: Machine, promise: Promise, pieces: &Pieces) -> Vec<Template> {
    let kept = Promise::ALL.into_iter().filter(|&kept| kept <= promise);
    let mut all: Vec<Template> = Vec::new();
    for promise in kept {
        if pieces.writable() {
            all.extend(templates(machine, promise, 1).into_iter().filter(Template::writable_code));
            // Programs with data of their own compute with addresses, often in 32 bits: they stay below 4 GiB.
            let low = |one: &Template| one.data().base < fit::LOW && !pieces.writable_code;
            all.extend(templates(machine, promise, 2).into_iter().filter(low));
        } else {
            all.extend(templates(machine, promise, 1));
        }
    }
    all.sort_by_key(|template| template.end);
    all
}

/// More address space than any usual limit leaves, in bytes.
const LARGE: u64 = 0x100_0000;

fn assumptions(best: &Composition, machine: Machine, promise: Promise) -> Vec<&'static str> {
    let template = &best.template;
    let mut out = Vec::new();
    // The files of other machines were run by qemu-user, which reads more of the headers than Linux does.
    if !matches!(machine, Machine::X86_64 | Machine::I386) && promise != Promise::Tools {
        out.push("assumed: Linux reads the headers as its sources say, which was not tried on this machine");
    }
    if template.writable_code() {
        out.push("assumed: a segment may be writable and executable at once");
    }
    if template.is_movable() {
        out.push("assumed: the kernel chooses the address (ET_DYN without an interpreter)");
    }
    if best.mapped() >= 0x1_0000_0000 {
        out.push("assumed: 4 GiB of address space or more may be mapped (RLIMIT_AS)");
    } else if !template.mirrors.is_empty() || best.mapped() > LARGE {
        out.push("assumed: address space is not limited (RLIMIT_AS): the segment's size holds code");
    }
    match template.entry {
        Entry::Jg(_) => out.push("assumed: the flags at process entry are clear, so the magic number jumps"),
        // The prefixes and jumps that the others run are the same on every processor.
        Entry::Magic(_) | Entry::Anywhere | Entry::At(_) => {}
    }
    if machine.class() == Class::Elf32 && !template.is_executable() {
        out.push("assumed: a 32-bit process may execute what it may read (no PT_GNU_STACK)");
    }
    out
}
