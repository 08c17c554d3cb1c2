//! Arithmetic on constants, as the program itself would do it on the target's word.

use super::ast::BinaryOp;
use super::ir::{Condition, Operator};
use crate::elf::records::{Class, Machine};

/// Bits of the machine's word.
pub(super) fn word_bits(machine: Machine) -> u32 {
    match machine.class() {
        Class::Elf32 => 32,
        Class::Elf64 => 64,
    }
}

/// The value that the low bits of `value` have as a signed word.
pub(super) fn wrap(machine: Machine, value: i64) -> i64 {
    match machine.class() {
        Class::Elf32 => i64::from(value as i32),
        Class::Elf64 => value,
    }
}

/// The operator on two words; the right side of a division is at least 1.
pub(super) fn apply(machine: Machine, operator: Operator, left: i64, right: i64) -> i64 {
    let bits = word_bits(machine);
    let count = (right as u32) % bits;
    wrap(
        machine,
        match operator {
            Operator::Add => left.wrapping_add(right),
            Operator::Sub => left.wrapping_sub(right),
            Operator::Mul => left.wrapping_mul(right),
            Operator::Div => left.wrapping_div(right.max(1)),
            Operator::Rem => left.wrapping_rem(right.max(1)),
            Operator::And => left & right,
            Operator::Or => left | right,
            Operator::Xor => left ^ right,
            Operator::ShiftLeft => left << count,
            Operator::ShiftRight => left >> count,
            Operator::LogicalShiftRight if bits == 32 => i64::from((left as u32) >> count),
            Operator::LogicalShiftRight => ((left as u64) >> count) as i64,
        },
    )
}

/// What a written operator is: arithmetic, or a comparison.
pub(super) enum Kind {
    Arithmetic(Operator),
    Comparison(Condition),
    /// `&&` is true, `||` is false.
    Logical(bool),
}

pub(super) fn kind(operator: BinaryOp) -> Kind {
    match operator {
        BinaryOp::Add => Kind::Arithmetic(Operator::Add),
        BinaryOp::Sub => Kind::Arithmetic(Operator::Sub),
        BinaryOp::Mul => Kind::Arithmetic(Operator::Mul),
        BinaryOp::Div => Kind::Arithmetic(Operator::Div),
        BinaryOp::Rem => Kind::Arithmetic(Operator::Rem),
        BinaryOp::And => Kind::Arithmetic(Operator::And),
        BinaryOp::Or => Kind::Arithmetic(Operator::Or),
        BinaryOp::Xor => Kind::Arithmetic(Operator::Xor),
        BinaryOp::ShiftLeft => Kind::Arithmetic(Operator::ShiftLeft),
        BinaryOp::ShiftRight => Kind::Arithmetic(Operator::ShiftRight),
        BinaryOp::LogicalShiftRight => Kind::Arithmetic(Operator::LogicalShiftRight),
        BinaryOp::Equal => Kind::Comparison(Condition::Equal),
        BinaryOp::NotEqual => Kind::Comparison(Condition::NotEqual),
        BinaryOp::Less => Kind::Comparison(Condition::Less),
        BinaryOp::LessEqual => Kind::Comparison(Condition::LessEqual),
        BinaryOp::Greater => Kind::Comparison(Condition::Greater),
        BinaryOp::GreaterEqual => Kind::Comparison(Condition::GreaterEqual),
        BinaryOp::LogicalAnd => Kind::Logical(true),
        BinaryOp::LogicalOr => Kind::Logical(false),
    }
}
