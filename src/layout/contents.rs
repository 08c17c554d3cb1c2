//! A section's bytes in order: literal bytes and fragments, with holes where values go.
//!
//! Who fills a hole differs: an executable knows addresses ([`super::patch`]), an object file writes a relocation
//! ([`super::object`]).

use std::ops::Range;

use super::relax::Sizes;
use crate::source::Span;
use crate::unit::{Field, FixupKind, Fragment, FragmentKind, Offsets, SectionId, Unit, Value};

/// A field whose value is to be filled in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hole {
    /// The field's first byte, counted from the section's start.
    pub(super) place: u64,
    /// Its width and how the value is put in.
    pub(super) field: Field,
    /// What goes in.
    pub(super) value: Value,
    /// The operand or statement.
    pub(super) span: Span,
}

/// The bytes of a section that has contents; `fill` is given all bytes so far and writes into those of the hole.
pub(super) fn contents(
    unit: &Unit,
    sizes: &Sizes,
    id: SectionId,
    fill: &mut dyn FnMut(&mut [u8], Hole),
) -> Vec<u8> {
    let section = unit.section(id);
    let total = usize::try_from(sizes.section(unit, id)).expect("output is capped at 2 GiB");
    let mut out = Vec::with_capacity(total);
    let mut done = 0;
    for (index, fragment) in section.fragments.iter().enumerate() {
        out.extend_from_slice(&section.literal[done..fragment.literal as usize]);
        done = fragment.literal as usize;
        put_fragment(unit, sizes, id, (index, fragment), &mut out, fill);
    }
    out.extend_from_slice(&section.literal[done..]);
    for fixup in &section.fixups {
        let field = Field { offset: 0, width: fixup.width, kind: fixup.kind };
        let place = sizes.offset(id, fixup.position);
        fill(&mut out, Hole { place, field, value: fixup.value, span: fixup.span });
    }
    out
}

fn put_fragment(
    unit: &Unit,
    sizes: &Sizes,
    id: SectionId,
    (index, fragment): (usize, &Fragment),
    out: &mut Vec<u8>,
    fill: &mut dyn FnMut(&mut [u8], Hole),
) {
    let section = unit.section(id);
    let pattern = |range: &Range<u32>| &section.patterns[range.start as usize..range.end as usize];
    let size = usize::try_from(sizes.fragment(id, index)).expect("output is capped at 2 GiB");
    let start = out.len() as u64;
    let hole = |field: Field, value| Hole {
        place: start + u64::from(field.offset),
        field,
        value,
        span: fragment.span,
    };
    match &fragment.kind {
        FragmentKind::Branch(branch) => {
            let near = sizes.pick(id, index) == 1;
            let (opcode, width) = if near { (&branch.near, branch.near_width) } else { (&branch.short, 1) };
            out.extend_from_slice(opcode.as_slice());
            out.extend(std::iter::repeat_n(0, usize::from(width)));
            let offset = u8::try_from(opcode.len()).expect("at most 15");
            let field = Field { offset, width, kind: FixupKind::Relative { end: width } };
            fill(out, hole(field, branch.target));
        }
        FragmentKind::Sized(sized) => {
            let pick = sized.candidates.start as usize + sizes.pick(id, index);
            let candidate = &section.candidates[pick];
            out.extend_from_slice(candidate.encoding.as_slice());
            for (field, value) in candidate.fields.iter().zip(sized.values) {
                if let Some((field, _)) = field {
                    fill(out, hole(*field, value));
                }
            }
        }
        FragmentKind::Align(align) => align.fill(pattern(&align.pattern), size, out),
        FragmentKind::Fill(fill) => repeat(out, pattern(&fill.pattern), size),
        FragmentKind::Reserve { .. } => out.resize(out.len() + size, 0),
    }
}

fn repeat(out: &mut Vec<u8>, pattern: &[u8], size: usize) {
    match pattern {
        [] => {}
        [byte] => out.resize(out.len() + size, *byte),
        _ => out.extend(pattern.iter().cycle().take(size)),
    }
}
