//! A section's final bytes: literal bytes and fragments in order, every field filled in.
//!
//! Values that do not fit are never cut silently.  A number is cut with nasm's `number-overflow` warning where the
//! source language allows it (nasmdoc 2.1.26); an address, a distance, and everything in a unit that says
//! `refuse_overflow`, is an error.

use std::collections::BTreeMap;

use super::contents::{Hole, contents};
use super::relax::{Sizes, eval_error};
use crate::elf::records::VirtAddr;
use crate::source::{Diagnostic, Diagnostics, Span};
use crate::unit::overflow::{self, Meaning};
use crate::unit::{Base, Binding, Evaluated, Field, FixupKind, SectionId, SymbolId, Unit, Wrt, evaluate};

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
    /// Whether the kernel chooses where the program lies: then no field can hold an address.
    pub(super) movable: bool,
}

impl Patcher<'_> {
    /// The bytes of a section that has contents.
    pub(super) fn contents(&self, id: SectionId, diagnostics: &mut Diagnostics) -> Vec<u8> {
        contents(self.unit, self.sizes, id, &mut |out, hole| self.put(id, out, hole, diagnostics))
    }

    /// Computes a value and writes it into its field.
    fn put(&self, id: SectionId, out: &mut [u8], hole: Hole, diagnostics: &mut Diagnostics) {
        let Hole { place, field, value, span } = hole;
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
        let is_address = found.plus.is_some_and(|base| !self.is_nothing(base)) && found.minus.is_none();
        // What is not loaded is read by debuggers, which know where the program went.
        let movable = self.movable && self.unit.section(id).flags.alloc;
        if movable && is_address && is_absolute(field.kind) {
            diagnostics.push(
                Diagnostic::error(span, "an absolute address in a position-independent program")
                    .note("the kernel chooses where the program lies; nobody would correct the field")
                    .hint("lea reg,[rel label]"),
            );
            return;
        }
        if let Some(problem) = self.overflow(field, number, is_address, span) {
            diagnostics.push(problem);
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
            kind => out[at..at + width].copy_from_slice(&kind.stored(number).to_le_bytes()[..width]),
        }
    }

    /// Base addresses added in; an error for what only a linker could resolve.
    fn absolute(&self, found: Evaluated, span: Span, diagnostics: &mut Diagnostics) -> Option<i64> {
        // In a static program the entry of a procedure table is the procedure.
        if let Some(wrt) = found.wrt.filter(|wrt| !matches!(wrt, Wrt::Plt | Wrt::Sym)) {
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
            Some(base) if self.is_nothing(base) => Some(0),
            Some(Base::Symbol(symbol)) => {
                let error = crate::unit::undefined_error(self.unit, symbol);
                let is_same = |said: &Diagnostic| said.span == error.span && said.message == error.message;
                if !diagnostics.iter().any(is_same) {
                    diagnostics.push(error);
                }
                None
            }
        }
    }

    /// Whether it is a weak symbol that nothing defines, which is zero.
    fn is_nothing(&self, base: Base) -> bool {
        matches!(base, Base::Symbol(symbol) if self.unit.symbol(symbol).binding == Binding::Weak
            && !self.addresses.symbols.contains_key(&symbol))
    }

    /// What is said when a number does not fit its field.
    fn overflow(&self, field: Field, number: i64, is_address: bool, span: Span) -> Option<Diagnostic> {
        let meaning = match is_address {
            true => Meaning::Address,
            false if self.unit.refuse_overflow => Meaning::Exact,
            false => Meaning::Number,
        };
        if is_address && self.cuts_addresses && is_absolute(field.kind) {
            return (!overflow::fits(field, number, meaning))
                .then(|| overflow::cut(span, field, number, meaning));
        }
        // nasm cuts the distance to a plain number as well.
        let to_number = !is_address && meaning == Meaning::Number && self.cuts_addresses;
        if to_number && !overflow::fits(field, number, meaning) {
            return Some(overflow::cut(span, field, number, meaning));
        }
        overflow::check(span, field, number, meaning)
    }
}

fn is_absolute(kind: FixupKind) -> bool {
    matches!(kind, FixupKind::Absolute | FixupKind::AbsoluteSigned)
}
