//! Line information for debuggers (`-g`): which line of which source every instruction comes from, as DWARF 5.
//!
//! In: a unit with its item tables, the sizes of its fragments, the sources.  Out: the same unit with the sections
//! `.debug_info`, `.debug_abbrev`, `.debug_line` (and `.debug_rnglists` if there is more than one section of code).
//! They are sections like any other that is not loaded: an address in them is a fixup against the start of a section,
//! which an executable fills in and an object leaves to the linker.
//!
//! ```text
//! items + spans ── lines ──> Sequence (one for each section of code) ── dwarf ──> bytes and fixups
//! ```

mod dwarf;
mod lines;

use crate::layout::Sizes;
use crate::source::{Diagnostics, SourceMap, Span};
use crate::unit::Unit;

/// Adds the sections that describe the lines of a unit; nothing where no byte of code comes from a source.
pub fn describe(unit: &mut Unit, sizes: &Sizes, map: &SourceMap, diagnostics: &mut Diagnostics) {
    let sequences = lines::sequences(unit, sizes, map);
    if sequences.is_empty() {
        return;
    }
    match dwarf::sections(unit.machine, map, &sequences) {
        Ok(described) => dwarf::add(unit, described),
        Err(error) => {
            diagnostics.error(Span::NONE, format!("the lines cannot be described in DWARF: {error}"));
        }
    }
}
