//! The size limit: headers overlapped, code and data packed into header bytes that nobody reads.
//!
//! ```text
//! Unit ─ take_apart ─> Pieces ─ for_base ─> Program ┐
//! templates(promise) ───────────────────> Place ────┴─ pack ─> Packing ─ compose ─> Unit of one section ─> Image
//! ```
//!
//! `header` finds every way to overlap the headers within a promise, `program` takes the program apart at the
//! boundaries of its items, `pack` searches the placement with the earliest end, and `compose` writes the outcome
//! down as a new unit whose only section is the whole file, so that addresses are filled in by the same code as
//! everywhere.  Nothing here knows any program.

mod compose;
mod header;
mod pack;
mod program;

use super::relax::Sizes;
use super::{Image, patch::Addresses};
use crate::elf::records::{Class, Machine, VirtAddr};
use crate::isa::x86::{Bits, Flow};
use crate::source::Diagnostics;
use crate::unit::{SectionId, Unit};
use header::{Entry, Late, Template, templates};
use pack::{Op, Packing, Place, pack};
pub use program::Whole;
use program::{Pieces, Target};

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

/// Files up to this size are searched; the gaps are worth some thirty bytes, which nobody wants to search for in more.
const LARGEST: u64 = 64 * 1024;

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
    let bits = bits(unit.machine)?;
    let total: u64 = unit.sections().map(|(id, _)| sizes.section(unit, id)).sum();
    if total > LARGEST {
        return Err(Whole::TooLarge);
    }
    let (pieces, origins) = program::take_apart(unit, sizes, entry)?;
    let mut nodes = options.effort;
    let mut best: Option<(Template, Pieces, Packing)> = None;
    for template in all_templates(unit.machine, options.promise) {
        let limit = best.as_ref().map_or(usize::MAX, |found| found.2.end);
        if let Some((fitted, packing)) = fit(&template, &pieces, bits, limit, &mut nodes) {
            best = Some((template, fitted, packing));
        }
    }
    let (template, fitted, packing) = best.ok_or(Whole::TooHigh)?;
    let composed = compose::compose(unit, &template, &fitted, &packing);
    let addresses = Addresses { sections: vec![VirtAddr(template.base)], symbols: Default::default() };
    let image = compose::image(&composed, &addresses, &template, diagnostics).map(|mut image| {
        image.placements = compose::placements(&origins, &template, &fitted, &packing);
        image
    });
    let assumptions = assumptions(&template, unit.machine);
    Ok(image.map(|image| Golfed { image, phoff: template.phoff, assumptions }))
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
    let bits = bits(unit.machine)?;
    let (pieces, _) = program::take_apart(unit, sizes, entry)?;
    let bounds = all_templates(unit.machine, promise).into_iter().filter_map(|template| {
        let fitted = fitted(&template, &pieces, bits).ok()?;
        Some(place(&template, &fitted)?.lower_bound(&outline(&fitted)))
    });
    bounds.min().ok_or(Whole::TooHigh)
}

fn bits(machine: Machine) -> Result<Bits, Whole> {
    match machine {
        Machine::X86_64 => Ok(Bits::B64),
        Machine::I386 => Ok(Bits::B32),
        Machine::Aarch64 | Machine::Riscv64 => Err(Whole::Machine),
    }
}

/// Every overlap that keeps the promise, the shortest headers first.  What keeps a stricter promise keeps this one too.
fn all_templates(machine: Machine, promise: Promise) -> Vec<Template> {
    let kept = Promise::ALL.into_iter().filter(|&kept| kept <= promise);
    let mut all: Vec<_> = kept.flat_map(|promise| templates(machine, promise)).collect();
    all.sort_by_key(|template| template.end);
    all
}

/// The pieces written for the addresses of a template.
fn fitted(template: &Template, pieces: &Pieces, bits: Bits) -> Result<Pieces, Whole> {
    let position_independent = template.e_type == crate::elf::records::elf::ET_DYN.0;
    let low = !position_independent && template.base < 0x7000_0000;
    pieces.for_base(low, bits, position_independent)
}

/// The best placement for one template below `limit` bytes, with the pieces written for its base.
fn fit(
    template: &Template,
    pieces: &Pieces,
    bits: Bits,
    limit: usize,
    nodes: &mut u64,
) -> Option<(Pieces, Packing)> {
    let mut fitted = fitted(template, pieces, bits).ok()?;
    loop {
        let place = place(template, &fitted)?;
        let program = outline(&fitted);
        // Each template gets a share, so that one hopeless search does not eat the others' steps.
        let mut share = (*nodes / 8).max(1000).min(*nodes);
        let before = share;
        let accept = |packing: &Packing| compose::fits_address_space(template, &fitted, packing);
        let packing = pack(&program, &place, limit, &mut share, &accept);
        *nodes -= before - share;
        let packing = packing?;
        let exact_size = template.late.iter().any(|late| late.2 == Late::FileSize);
        if !exact_size && packing.end > 0x1000
            || template.base < 0x7000_0000 && template.base + packing.end as u64 > 0x7fff_ffff
        {
            return None;
        }
        match compose::too_far(&fitted, &packing) {
            None if compose::fits_address_space(template, &fitted, &packing) => {
                return Some((fitted, packing));
            }
            None => return None,
            Some(op) => {
                if !fitted.lengthen(op) {
                    return None;
                }
            }
        }
    }
}

/// The free bytes of a template as the packer wants them.
fn place(template: &Template, pieces: &Pieces) -> Option<Place> {
    let mut gaps = template.gaps();
    // The last gap and the room behind the headers are one.
    let tail = match gaps.last() {
        Some(&(start, end)) if end == template.bytes.len() => {
            gaps.pop();
            start
        }
        _ => template.bytes.len(),
    };
    let entry = match template.entry {
        Entry::Anywhere => None,
        Entry::At(at) | Entry::Magic(at) | Entry::Jg(at) => Some(at),
    };
    if entry.is_some() && !matches!(pieces.entry, Target::Op(_)) {
        return None;
    }
    Some(Place {
        gaps,
        tail,
        end: template.end,
        entry,
        behind_rex: matches!(template.entry, Entry::Magic(_)),
        crossing: true,
    })
}

/// What the packer needs to know of the pieces.
fn outline(pieces: &Pieces) -> pack::Program {
    let code = pieces
        .code
        .iter()
        .enumerate()
        .map(|(index, (piece, effect))| Op {
            length: piece.bytes.len(),
            falls: effect.flow != Flow::Leaves,
            flags_dead: pieces.flags_dead(index),
            bears_rex: effect.bears_rex,
        })
        .collect();
    let entry = match pieces.entry {
        Target::Op(op) => op,
        Target::Data(..) | Target::Number(_) => 0,
    };
    pack::Program {
        code,
        entry,
        data: pieces.data.iter().map(|piece| (piece.bytes.len(), piece.align)).collect(),
    }
}

fn assumptions(template: &Template, machine: Machine) -> Vec<&'static str> {
    let mut out = Vec::new();
    if template.writable_code {
        out.push("assumed: the segment may be writable and executable at once");
    }
    if template.e_type == crate::elf::records::elf::ET_DYN.0 {
        out.push("assumed: the kernel chooses the address (ET_DYN without an interpreter)");
    }
    if !template.mirrors.is_empty() {
        out.push("assumed: address space is not limited (RLIMIT_AS): the segment's size holds code");
    }
    match template.entry {
        Entry::Jg(_) => out.push("assumed: the flags at process entry are clear, so the magic number jumps"),
        // The prefixes and jumps that the others run are the same on every processor.
        Entry::Magic(_) | Entry::Anywhere | Entry::At(_) => {}
    }
    if machine.class() == Class::Elf32 && template.end < 52 {
        out.push("assumed: a 32-bit process may execute what it may read (no PT_GNU_STACK)");
    }
    out
}
