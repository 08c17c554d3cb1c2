//! Numbers that are wider than their fields: the limits, and what is said when one is cut.
//!
//! The limits are nasm's: where a sign plays no part, every number passes whose bits above the field are all ones or
//! all zeroes, so that `~0x80`, which is -129, is the byte 0x7f without a word.

use super::{Field, FixupKind};
use crate::source::{Diagnostic, Span};

/// What a number stands for, which decides how much of it may be lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// A number as nasm takes it.
    Number,
    /// A number that has to be what it says: [`super::Unit::refuse_overflow`].
    Exact,
    /// An address, which has no sign.
    Address,
}

/// The numbers that a field takes; `None` if it takes all.
pub fn limits(field: Field, meaning: Meaning) -> Option<(i128, i128)> {
    let bits = u32::from(field.width) * 8;
    // A field of no bytes belongs to an encoding that stands for one value (a shift by one, no displacement).
    if bits >= 64 || bits == 0 {
        return None;
    }
    let (signed, beyond) = (-(1i128 << (bits - 1)), 1i128 << bits);
    Some(match (field.kind, meaning) {
        (FixupKind::Psabi(_) | FixupKind::Low | FixupKind::Scaled { .. }, _) => return None,
        // The instruction pointer of 16-bit code wraps at 64 KiB: every distance arrives.
        (FixupKind::Relative { .. }, _) if bits == 16 => (1 - beyond, beyond - 1),
        (FixupKind::Relative { .. } | FixupKind::AbsoluteSigned, _) => (signed, -signed - 1),
        (FixupKind::Absolute, Meaning::Number) => (-beyond, beyond - 1),
        (FixupKind::Absolute, Meaning::Exact) => (signed, beyond - 1),
        (FixupKind::Absolute, Meaning::Address) => (0, beyond - 1),
    })
}

/// Whether a field takes a number as it is.
pub fn fits(field: Field, number: i64, meaning: Meaning) -> bool {
    limits(field, meaning).is_none_or(|(low, high)| (low..=high).contains(&i128::from(number)))
}

/// The warning about a number or an address that is cut to its field.
pub fn cut(span: Span, field: Field, number: i64, meaning: Meaning) -> Diagnostic {
    let kept = if field.width >= 8 { u64::MAX } else { (1 << (u32::from(field.width) * 8)) - 1 };
    let (name, shown) = match meaning {
        Meaning::Address => ("address-overflow", Meaning::Address),
        // The wider limits of nasm are no help: what is cut is outside of these as well.
        Meaning::Number | Meaning::Exact => ("number-overflow", Meaning::Exact),
    };
    let message = format!("{}; {:#x} is written", misfit(field, number, shown), number as u64 & kept);
    Diagnostic::warning(name, span, message)
}

/// What is said about a number that does not fit, where a [`Meaning::Number`] is cut and everything else refused;
/// a short jump is never cut.
pub fn check(span: Span, field: Field, number: i64, meaning: Meaning) -> Option<Diagnostic> {
    if fits(field, number, meaning) {
        return None;
    }
    Some(match (field.kind, meaning) {
        (FixupKind::Relative { .. }, Meaning::Number | Meaning::Address) if field.width > 1 => {
            cut(span, field, number, Meaning::Number)
        }
        (FixupKind::Relative { .. }, _) => too_far(span, field, number),
        (_, Meaning::Number) => cut(span, field, number, meaning),
        _ => Diagnostic::error(span, misfit(field, number, meaning)),
    })
}

/// The error about a distance that is out of reach.
fn too_far(span: Span, field: Field, distance: i64) -> Diagnostic {
    let what = if field.width == 1 { "short jump is out of range" } else { "the distance does not fit" };
    let error = Diagnostic::error(span, format!("{what}: {distance} bytes"));
    let error = match limits(field, Meaning::Number) {
        Some((low, high)) => {
            error.note(format!("a {} reaches from {low} to {high} bytes", name(field.width)))
        }
        None => error,
    };
    match field.width {
        1 => {
            error.hint("leave out `short`; `loop` and `jrcxz` have no longer form: let them jump to a `jmp`")
        }
        _ => error,
    }
}

/// `300 does not fit in a byte (-128 to 255)`.
fn misfit(field: Field, number: i64, meaning: Meaning) -> String {
    let (what, number) = match meaning {
        Meaning::Address => ("address ", format!("{number:#x}")),
        // People know large numbers by their digits in hexadecimal.
        _ if number > 9999 => ("", format!("{number} ({number:#x})")),
        _ => ("", number.to_string()),
    };
    let limits = limits(field, meaning).map(|(low, high)| format!(" ({low} to {high})"));
    let signed = if field.kind == FixupKind::AbsoluteSigned { "signed " } else { "" };
    format!("{what}{number} does not fit in a {signed}{}{}", name(field.width), limits.unwrap_or_default())
}

fn name(width: u8) -> &'static str {
    match width {
        1 => "byte",
        2 => "word",
        4 => "dword",
        _ => "qword",
    }
}
