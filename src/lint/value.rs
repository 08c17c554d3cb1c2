//! What is known about a register: the values of the abstract interpretation, and how two of them join.
//!
//! The order from knowing much to knowing nothing: `Const`, `Address`, … < `Set` < `Unknown`; `Start` < `Unknown`.
//! "Set" values were put there by the program, so that losing one to a system call is a loss.

use super::program::Place;
use crate::unit::SectionId;

/// Which instruction of the [`Graph`](super::graph::Graph).
pub(super) type Ins = u32;

/// No instruction, or several.
pub(super) const NOWHERE: Ins = u32::MAX;

/// What a register holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// What this register held when the function (or the program) began.
    Start(u8),
    /// A number, in the register's full width.
    Const(u64),
    /// The address of a byte; the offset may lie outside of the section.
    Address(SectionId, i64),
    /// An address somewhere in a section.
    Within(SectionId),
    /// The address so many bytes above where the stack pointer was when the function began.
    Stack(i64),
    /// An address somewhere on the stack.
    OnStack,
    /// What the program holds at a place, so many bytes of it.
    Loaded(Place, u8),
    /// What a system call left; before it, the register had what the second value tells.
    Clobbered(Ins, Lost),
    /// On one path what a system call left, on another a value that was set.
    PerhapsClobbered(Ins),
    /// Something that the program computed.
    Set,
    /// Anything.
    Unknown,
}

/// What a clobbered register held before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lost {
    /// A value that the program had put there.
    Set,
    /// What this register held when the function began: a loss if the caller had put it there.
    Start(u8),
    /// Nothing that matters.
    Nothing,
}

impl Value {
    /// Whether the program put it there.
    pub(super) fn is_set(self) -> bool {
        !matches!(self, Value::Start(_) | Value::Unknown | Value::Clobbered(..) | Value::PerhapsClobbered(_))
    }

    pub(super) fn constant(self) -> Option<u64> {
        match self {
            Value::Const(number) => Some(number),
            _ => None,
        }
    }

    /// The value on either of two paths.
    pub(super) fn join(self, other: Value) -> Value {
        use Value::{Address, Clobbered, OnStack, PerhapsClobbered, Stack, Within};
        match (self, other) {
            (a, b) if a == b => a,
            (Address(a, _) | Within(a), Address(b, _) | Within(b)) if a == b => Within(a),
            (Stack(_) | OnStack, Stack(_) | OnStack) => OnStack,
            (Clobbered(at, Lost::Set) | PerhapsClobbered(at), other)
            | (other, Clobbered(at, Lost::Set) | PerhapsClobbered(at))
                if other.is_set() || matches!(other, PerhapsClobbered(_) | Clobbered(_, Lost::Set)) =>
            {
                match (self, other) {
                    // The earlier call, so that the order of visits does not matter.
                    (PerhapsClobbered(a) | Clobbered(a, _), PerhapsClobbered(b) | Clobbered(b, _)) => {
                        PerhapsClobbered(a.min(b))
                    }
                    _ => PerhapsClobbered(at),
                }
            }
            (a, b) if a.is_set() && b.is_set() => Value::Set,
            _ => Value::Unknown,
        }
    }

    /// The sum with a number.
    pub(super) fn plus(self, number: i64) -> Value {
        match self {
            Value::Const(before) => Value::Const(before.wrapping_add_signed(number)),
            Value::Address(section, offset) => Value::Address(section, offset.wrapping_add(number)),
            Value::Stack(offset) => Value::Stack(offset.wrapping_add(number)),
            Value::Within(_) | Value::OnStack => self,
            _ => Value::Set,
        }
    }

    /// The sum with another value.
    pub(super) fn sum(self, other: Value) -> Value {
        match (self, other) {
            (value, Value::Const(number)) | (Value::Const(number), value) => value.plus(number as i64),
            (Value::Address(section, _) | Value::Within(section), other)
            | (other, Value::Address(section, _) | Value::Within(section))
                if !matches!(
                    other,
                    Value::Address(..) | Value::Within(_) | Value::Stack(_) | Value::OnStack
                ) =>
            {
                Value::Within(section)
            }
            (Value::Stack(_) | Value::OnStack, _) | (_, Value::Stack(_) | Value::OnStack) => Value::OnStack,
            _ => Value::Set,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(a: Value, b: Value, expected: Value) {
        assert_eq!(a.join(b), expected, "{a:?} {b:?}");
        assert_eq!(b.join(a), expected, "{b:?} {a:?}");
    }

    #[test]
    fn joins_keep_what_both_paths_agree_on() {
        let section = SectionId(1);
        check(Value::Const(1), Value::Const(1), Value::Const(1));
        check(Value::Const(1), Value::Const(2), Value::Set);
        check(Value::Address(section, 0), Value::Address(section, 8), Value::Within(section));
        check(Value::Address(section, 0), Value::Const(2), Value::Set);
        check(Value::Start(1), Value::Const(2), Value::Unknown);
        check(Value::Const(9), Value::Clobbered(3, Lost::Set), Value::PerhapsClobbered(3));
        check(Value::Clobbered(5, Lost::Set), Value::Clobbered(3, Lost::Set), Value::PerhapsClobbered(3));
        check(Value::PerhapsClobbered(5), Value::Set, Value::PerhapsClobbered(5));
        check(Value::Start(1), Value::Clobbered(3, Lost::Set), Value::Unknown);
        check(Value::Start(1), Value::Clobbered(3, Lost::Nothing), Value::Unknown);
        check(Value::Const(1), Value::Clobbered(3, Lost::Nothing), Value::Unknown);
    }
}
