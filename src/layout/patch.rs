//! A section's final bytes: literal bytes and fragments in order, every field filled in.
//!
//! Values that do not fit are never cut silently.  A number is cut with nasm's `number-overflow` warning where the
//! source language allows it (nasmdoc 2.1.26); an address, a distance, and everything in a unit that says
//! `refuse_overflow`, is an error.

use std::collections::BTreeMap;

use super::relax::{Sizes, eval_error};
use crate::elf::records::VirtAddr;
use crate::source::{Diagnostic, Diagnostics, Span};
use crate::unit::{
    Base, Evaluated, Field, FixupKind, Fragment, FragmentKind, Offsets, Position, Section, SectionId,
    SymbolId, Unit, Value, evaluate,
};

/// Where sections lie in the process; no address changes after this.
#[derive(Clone, Debug)]
pub struct Addresses {
    /// By number; zero for sections that are not loaded.
    pub sections: Vec<VirtAddr>,
    /// Symbols that the source only names and the layout defines (`section.NAME.start` in flat output).
    pub symbols: BTreeMap<SymbolId, VirtAddr>,
}

/// What patching looks things up in.
pub(super) struct Patcher<'a> {
    pub(super) unit: &'a Unit,
    pub(super) sizes: &'a Sizes,
    pub(super) addresses: &'a Addresses,
    /// Whether an address that does not fit is cut with a warning: flat output, where nasm cuts without a word.
    pub(super) cuts_addresses: bool,
}

impl Patcher<'_> {
    /// The bytes of a section that has contents.
    pub(super) fn contents(&self, id: SectionId, diagnostics: &mut Diagnostics) -> Vec<u8> {
        let section = self.unit.section(id);
        let total = usize::try_from(self.sizes.section(self.unit, id)).expect("output is capped at 2 GiB");
        let mut out = Vec::with_capacity(total);
        let mut done = 0;
        for (index, fragment) in section.fragments.iter().enumerate() {
            out.extend_from_slice(&section.literal[done..fragment.literal as usize]);
            done = fragment.literal as usize;
            self.fragment(id, section, index, fragment, &mut out, diagnostics);
        }
        out.extend_from_slice(&section.literal[done..]);
        for fixup in &section.fixups {
            let offset = self.sizes.offset(id, fixup.position);
            let field = Field { offset: 0, width: fixup.width, kind: fixup.kind };
            self.put(id, &mut out, offset, field, fixup.value, fixup.span, diagnostics);
        }
        out
    }

    fn fragment(
        &self,
        id: SectionId,
        section: &Section,
        index: usize,
        fragment: &Fragment,
        out: &mut Vec<u8>,
        diagnostics: &mut Diagnostics,
    ) {
        let pattern =
            |range: &std::ops::Range<u32>| &section.patterns[range.start as usize..range.end as usize];
        let size = usize::try_from(self.sizes.fragment(id, index)).expect("output is capped at 2 GiB");
        let start = out.len() as u64;
        match &fragment.kind {
            FragmentKind::Branch(branch) => {
                let near = self.sizes.pick(id, index) == 1;
                let (opcode, width) =
                    if near { (&branch.near, branch.near_width) } else { (&branch.short, 1) };
                out.extend_from_slice(opcode.as_slice());
                out.extend(std::iter::repeat_n(0, usize::from(width)));
                let offset = u8::try_from(opcode.len()).expect("at most 15");
                let field = Field { offset, width, kind: FixupKind::Relative { end: width } };
                self.put(id, out, start, field, branch.target, fragment.span, diagnostics);
            }
            FragmentKind::Sized(sized) => {
                let pick = sized.candidates.start as usize + self.sizes.pick(id, index);
                let candidate = &section.candidates[pick];
                out.extend_from_slice(candidate.encoding.as_slice());
                for (field, value) in candidate.fields.iter().zip(sized.values) {
                    if let Some((field, _)) = field {
                        self.put(id, out, start, *field, value, fragment.span, diagnostics);
                    }
                }
            }
            FragmentKind::Align(align) if !align.nops.is_empty() => {
                let mut left = size;
                while left > 0 {
                    let step = left.min(align.nops.len());
                    out.extend_from_slice(pattern(&align.nops[step - 1]));
                    left -= step;
                }
            }
            FragmentKind::Align(align) => repeat(out, pattern(&align.pattern), size),
            FragmentKind::Fill(fill) => repeat(out, pattern(&fill.pattern), size),
            FragmentKind::Reserve { .. } => out.resize(out.len() + size, 0),
        }
    }

    /// Computes a value and writes it into its field, which lies `start + field.offset` bytes into `out`.
    #[expect(clippy::too_many_arguments, reason = "where, what, and whom to tell")]
    fn put(
        &self,
        id: SectionId,
        out: &mut [u8],
        start: u64,
        field: Field,
        value: Value,
        span: Span,
        diagnostics: &mut Diagnostics,
    ) {
        let place = start + u64::from(field.offset);
        let found = match evaluate(self.unit, self.sizes, value) {
            Ok(found) => found,
            Err(error) => return diagnostics.push(eval_error(self.unit, span, error)),
        };
        let Some(absolute) = self.absolute(found, span, diagnostics) else { return };
        let place_address = self.addresses.sections[id.0 as usize].0.wrapping_add(place);
        let number = match field.kind {
            FixupKind::Relative { end } => {
                absolute.wrapping_sub(place_address.wrapping_add(u64::from(end)) as i64)
            }
            _ => absolute,
        };
        let is_address = found.as_number().is_none();
        if let Some(problem) = self.overflow(field, number, is_address) {
            self.report_overflow(problem, field, number, is_address, span, diagnostics);
        }
        let at = usize::try_from(place).expect("output is capped at 2 GiB");
        let width = usize::from(field.width);
        match field.kind {
            FixupKind::Psabi(kind) => {
                let bytes = &mut out[at..at + width];
                if let Err(error) = super::psabi::apply(self.unit.machine, kind, bytes, number, place_address)
                {
                    diagnostics.error(span, error);
                }
            }
            _ => out[at..at + width].copy_from_slice(&number.to_le_bytes()[..width]),
        }
    }

    /// Base addresses added in; an error for what only a linker could resolve.
    fn absolute(&self, found: Evaluated, span: Span, diagnostics: &mut Diagnostics) -> Option<i64> {
        if let Some(wrt) = found.wrt {
            let name = format!("..{wrt:?}").to_lowercase();
            diagnostics.push(
                Diagnostic::error(
                    span,
                    format!("`wrt {name}` asks for a table that only a dynamic linker fills"),
                )
                .hint("leave out the `wrt`: a static executable knows the address itself"),
            );
            return None;
        }
        let plus = self.base(found.plus, diagnostics)?;
        let minus = self.base(found.minus, diagnostics)?;
        Some(found.addend.wrapping_add(plus).wrapping_sub(minus))
    }

    fn base(&self, base: Option<Base>, diagnostics: &mut Diagnostics) -> Option<i64> {
        match base {
            None => Some(0),
            Some(Base::Section(section)) => Some(self.addresses.sections[section.0 as usize].0 as i64),
            Some(Base::Symbol(symbol)) if self.addresses.symbols.contains_key(&symbol) => {
                Some(self.addresses.symbols[&symbol].0 as i64)
            }
            Some(Base::Symbol(symbol)) if self.unit.symbol(symbol).binding == crate::unit::Binding::Weak => {
                Some(0)
            }
            Some(Base::Symbol(symbol)) => {
                let error = crate::unit::undefined_error(self.unit, symbol);
                if !diagnostics.iter().any(|said| *said == error) {
                    diagnostics.push(error);
                }
                None
            }
        }
    }

    /// The range a field takes, if the number is outside of it.
    fn overflow(&self, field: Field, number: i64, is_address: bool) -> Option<(i128, i128)> {
        let bits = u32::from(field.width) * 8;
        if bits >= 64 {
            return None;
        }
        let (signed, beyond) = (-(1i128 << (bits - 1)), 1i128 << bits);
        let (low, high) = match field.kind {
            FixupKind::Psabi(_) => return None,
            // The instruction pointer of 16-bit code wraps at 64 KiB: every distance arrives.
            FixupKind::Relative { .. } if bits == 16 => (1 - beyond, beyond - 1),
            FixupKind::Relative { .. } | FixupKind::AbsoluteSigned => (signed, -signed - 1),
            FixupKind::Absolute if is_address => (0, beyond - 1),
            FixupKind::Absolute if self.unit.refuse_overflow => (signed, beyond - 1),
            // nasm lets -256 pass as a byte: `~0x80` is -129 and means 0x7f.
            FixupKind::Absolute => (-beyond, beyond - 1),
        };
        (!(low..=high).contains(&i128::from(number))).then_some((low, high))
    }

    fn report_overflow(
        &self,
        (low, high): (i128, i128),
        field: Field,
        number: i64,
        is_address: bool,
        span: Span,
        diagnostics: &mut Diagnostics,
    ) {
        let bits = u32::from(field.width) * 8;
        let relative = matches!(field.kind, FixupKind::Relative { .. });
        let range = format!("{low} to {high}");
        if relative {
            let what = if bits == 8 { "short jump is out of range" } else { "the distance does not fit" };
            diagnostics.push(
                Diagnostic::error(span, format!("{what}: {number} bytes"))
                    .note(format!("a field of {bits} bits reaches from {low} to {high} bytes")),
            );
            return;
        }
        if (is_address && !self.cuts_addresses) || self.unit.refuse_overflow {
            let what = if is_address { "address" } else { "value" };
            diagnostics.push(
                Diagnostic::error(span, format!("{what} {number:#x} does not fit into {bits} bits"))
                    .note(format!("the field takes {range}")),
            );
            return;
        }
        let written = number & (i64::MAX >> (63 - bits.min(63)));
        let unit = match field.width {
            1 => "byte",
            2 => "word",
            4 => "dword",
            _ => "qword",
        };
        diagnostics.push(
            Diagnostic::warning("number-overflow", span, format!("{unit} data exceeds bounds: {number}"))
                .note(format!("the field takes {range}; {written:#x} is written")),
        );
    }
}

fn repeat(out: &mut Vec<u8>, pattern: &[u8], size: usize) {
    match pattern {
        [] => {}
        [byte] => out.resize(out.len() + size, *byte),
        _ => out.extend(pattern.iter().cycle().take(size)),
    }
}

/// The address of a position.
pub(super) fn address(
    sizes: &Sizes,
    addresses: &Addresses,
    section: SectionId,
    position: Position,
) -> VirtAddr {
    VirtAddr(addresses.sections[section.0 as usize].0.wrapping_add(sizes.offset(section, position)))
}
