//! What layout puts into an encoding: values that are not known, distances, and numbers that it has to cut.

use iced_x86::ConstantOffsets;

use super::address::Address;
use super::encode::{LARGEST_UNIT, Line};
use super::fit::accept;
use super::form::{Form, Wrapping, kind};
use super::{Known, OperandKind};
use crate::unit::overflow::{self, Meaning};
use crate::unit::{Field, FixupKind, Value};

/// A value that layout puts in: one that is not known, and a number that does not fit, of which layout tells.
#[inline]
fn left_to_layout(value: Known, fits: impl FnOnce(i64) -> bool) -> Option<Value> {
    match value {
        Known::Number(number) if fits(number) => None,
        Known::Number(number) => Some(Value::Const(number)),
        Known::Address(value) | Known::Later(value) => Some(value),
    }
}

#[inline]
fn fits(width: usize, signed: bool, number: i64) -> bool {
    let kind = if signed { FixupKind::AbsoluteSigned } else { FixupKind::Absolute };
    let width = u8::try_from(width).expect("no field has more than 8 bytes");
    overflow::fits(Field { offset: 0, width, kind }, number, Meaning::Number)
}

/// Whether an immediate is written as it is; a byte that the processor extends stands for a whole operand.
#[inline]
fn immediate_fits(kind: u8, width: usize, number: i64) -> bool {
    match kind {
        kind::IMM8SEX16 => fits(2, false, number) && accept(kind).takes(number),
        kind::IMM8SEX32 => fits(4, false, number) && accept(kind).takes(number),
        kind::IMM8SEX64 => fits(4, true, number) && accept(kind).takes(number),
        kind::IMM32SEX64 | kind::FITS_SIGNED => fits(4, true, number),
        _ => fits(width, false, number),
    }
}

/// A value that is always put in by layout, as the target of a jump.
pub(super) fn target(value: Known) -> Value {
    match value {
        Known::Number(number) => Value::Const(number),
        Known::Address(value) | Known::Later(value) => value,
    }
}

/// Whether any operand leaves a value for layout: unknown, relative to the instruction, or perhaps too large.
pub(super) fn has_fields(line: Line<'_>, form: &Form, offsets: ConstantOffsets) -> bool {
    let plain = |value: Known, width: usize| match value {
        Known::Number(number) => i8::try_from(number).is_ok() || width == 4 && i32::try_from(number).is_ok(),
        Known::Address(_) | Known::Later(_) => false,
    };
    line.instruction.operands.iter().enumerate().any(|(at, operand)| match &operand.kind {
        OperandKind::Register(_) => false,
        OperandKind::Memory(_) => match &line.measured[at].address {
            Some(address) => address.relative || !plain(address.displacement, offsets.displacement_size()),
            None => true,
        },
        OperandKind::Immediate(value) => {
            kind::is_branch(form.kinds[at]) || !plain(*value, offsets.immediate_size())
        }
        OperandKind::Far { .. } => true,
    })
}

/// Whether `[byte …]` has no room for the number: layout cuts it off, and says so.
pub(super) fn cut_off(address: &Address, form: &Form) -> bool {
    let byte = address.forced == 1 && address.base.is_some() && form.wrapping() != Wrapping::Evex;
    byte && matches!(address.displacement, Known::Number(number) if !(-128..=127).contains(&number))
}

/// Finds the places of the values that are not numbers, and zeroes them.
pub(super) fn fill_fields(
    line: Line<'_>,
    form: &Form,
    offsets: ConstantOffsets,
    shift: isize,
    bytes: &mut [u8],
    fields: &mut [Option<(Field, Value)>; 2],
) {
    let mut next = 0;
    let total = bytes.len();
    let mut put = |offset: usize, width: usize, value: Value, relative: bool, signed: bool, scales: bool| {
        let offset = offset.saturating_add_signed(shift);
        let Some(room) = bytes.get_mut(offset..offset + width) else { return };
        // Where the largest unit was encoded, the byte says how often this one is in it.
        let times = if room.len() == 1 && scales && !matches!(value, Value::Const(_)) { room[0] } else { 0 };
        if !matches!(value, Value::Const(_)) || relative {
            room.fill(0);
        }
        let kind = if times > 0 {
            let unit = LARGEST_UNIT / i64::from(times);
            FixupKind::Scaled { shift: unit.trailing_zeros() as u8 }
        } else if relative {
            FixupKind::Relative { end: (total - offset) as u8 }
        } else if signed {
            FixupKind::AbsoluteSigned
        } else {
            FixupKind::Absolute
        };
        if let Some(slot) = fields.get_mut(next) {
            *slot = Some((Field { offset: offset as u8, width: width as u8, kind }, value));
            next += 1;
        }
    };
    let mut immediates = 0;
    for (at, operand) in line.instruction.operands.iter().enumerate() {
        match &operand.kind {
            OperandKind::Register(_) => {}
            OperandKind::Memory(_) => {
                let Some(address) = &line.measured[at].address else { continue };
                let moffs = form.kinds[at] == kind::MEM_OFFS;
                if address.relative && !moffs {
                    put(offsets.displacement_offset(), 4, target(address.displacement), true, false, false);
                } else if offsets.has_displacement() {
                    let width = offsets.displacement_size();
                    // EVEX takes `byte` for a wish.
                    let byte = address.forced == 1 && form.wrapping() != Wrapping::Evex;
                    let signed = address.width == 64 && width == 4 || byte;
                    // A short displacement is that of the address as it wraps round.
                    let room = usize::from(address.width / 8).min(4);
                    let fits =
                        |number| fits(if byte && address.base.is_some() { 1 } else { room }, signed, number);
                    if let Some(value) = left_to_layout(address.displacement, fits) {
                        let scales = form.wrapping() == Wrapping::Evex;
                        put(offsets.displacement_offset(), width, value, false, signed, scales);
                    }
                }
            }
            OperandKind::Immediate(value) => {
                let kind = form.kinds[at];
                let branch = kind::is_branch(kind);
                let first = immediates == 0;
                immediates += 1;
                let (offset, width) = if first {
                    (offsets.immediate_offset(), offsets.immediate_size())
                } else {
                    (offsets.immediate_offset2(), offsets.immediate_size2())
                };
                if width == 0 {
                    continue;
                }
                if branch {
                    put(offset, width, target(*value), true, false, false);
                } else {
                    if let Some(value) = left_to_layout(*value, |number| immediate_fits(kind, width, number))
                    {
                        // What is not known chose a byte by the number that it will be.
                        let known = matches!(value, Value::Const(_));
                        let byte = known && (kind::IMM8SEX16..=kind::IMM8SEX64).contains(&kind);
                        let signed = byte || matches!(kind, kind::IMM32SEX64 | kind::FITS_SIGNED);
                        put(offset, width, value, false, signed, false);
                    }
                }
            }
            OperandKind::Far { segment, offset } => {
                let parts = [
                    (offset, offsets.immediate_offset(), offsets.immediate_size()),
                    (segment, offsets.immediate_offset2(), offsets.immediate_size2()),
                ];
                for (part, at, width) in parts {
                    if let Some(value) = left_to_layout(*part, |number| fits(width, false, number)) {
                        put(at, width, value, false, false, false);
                    }
                }
            }
        }
    }
}
