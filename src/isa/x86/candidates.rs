//! The encodings of a line with values that are not known yet, and which values each of them takes.

use super::encode::{Encoded, Room};
use super::fit::accept;
use super::form::{Form, Wrapping};
use super::request::Request;
use super::{Known, OperandKind};
use crate::unit::{Accept, Candidate, Field, FixupKind, Value};

pub(super) fn later_values(request: &Request<'_>) -> [Value; 2] {
    let mut values = [Value::Const(0); 2];
    let mut next = values.iter_mut();
    for operand in request.line.instruction.operands {
        let value = match operand.kind {
            OperandKind::Immediate(value) => value,
            OperandKind::Memory(memory) => memory.displacement,
            _ => continue,
        };
        // A number takes no slot: the candidates' fields count only what is not known.
        if let Known::Later(value) | Known::Address(value) = value
            && let Some(slot) = next.next()
        {
            *slot = value;
        }
    }
    values
}

/// The displacements to try where the value is not known.
pub(super) fn rooms(request: &Request<'_>, form: &Form) -> impl Iterator<Item = Room> {
    let address = request.memory.and_then(|at| request.line.measured[at].address);
    // EVEX takes `byte` for a wish, but leaves no displacement out then.
    let wish = address.is_some_and(|address| address.forced == 1 && form.wrapping() == Wrapping::Evex);
    let open = address.is_some_and(|address| {
        matches!(address.displacement, Known::Later(_))
            && !address.relative
            && (address.forced == 0 || wish)
            && address.base.is_some()
    });
    let base_needs_one = address.is_some_and(|address| {
        address.base.is_some_and(|base| base.number() & 7 == 5)
            && (address.width != 16 || address.index.is_none())
    });
    let none = open && !base_needs_one && !wish;
    [(Room::None, none), (Room::Byte, open), (Room::Full, true)]
        .into_iter()
        .filter_map(|(room, wanted)| wanted.then_some(room))
}

pub(super) fn candidate(request: &Request<'_>, form: &Form, encoded: &Encoded, room: Room) -> Candidate {
    let mut fields = [None; 2];
    // A number that does not fit is written as it is cut.
    let mut found = encoded.fields.iter().flatten().filter(|(_, value)| !matches!(value, Value::Const(_)));
    let mut slot = 0;
    for (at, operand) in request.line.instruction.operands.iter().enumerate() {
        let (value, accept) = match operand.kind {
            OperandKind::Immediate(value) => (value, accept(form.kinds[at])),
            OperandKind::Memory(memory) => {
                let width = request.line.measured[at].address.map_or(32, |address| address.width.min(32));
                let accept = match room {
                    Room::None => Accept::Exactly(0),
                    Room::Byte => Accept::Scalar { low: -128, high: 127, wrap: width },
                    Room::Full => Accept::Any,
                };
                (memory.displacement, accept)
            }
            _ => continue,
        };
        if matches!(value, Known::Number(_)) || slot >= fields.len() {
            continue;
        }
        let nowhere = matches!(accept, Accept::Exactly(_));
        let nothing = Field { offset: 0, width: 0, kind: FixupKind::Absolute };
        let mut field = if nowhere { Some(nothing) } else { found.next().map(|(field, _)| *field) };
        let accept = match (accept, &mut field) {
            (Accept::Scalar { wrap, .. }, Some(Field { kind: FixupKind::Scaled { shift }, .. })) => {
                Accept::Multiple { shift: *shift, wrap }
            }
            (Accept::Scalar { .. }, Some(field)) => {
                field.kind = FixupKind::Low;
                accept
            }
            _ => accept,
        };
        fields[slot] = field.map(|field| (field, accept));
        slot += 1;
    }
    Candidate { encoding: encoded.encoding, fields }
}
