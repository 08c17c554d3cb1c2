//! x86 in its three modes: operand shapes in, bytes (or candidates, where a value is not known yet) out.
//!
//! Selection takes the first form that fits in a fixed order, not the shortest; the order is NASM's.

mod decode;
pub mod direct;
mod form;
mod mnemonic;
mod operand;
mod print;
mod register;
#[rustfmt::skip]
mod tables;

pub use decode::{Effect, Flow, effect};
pub use mnemonic::{mnemonic, mnemonic_name, mnemonics};
pub use operand::{
    Assembled, Bits, Distance, Instruction, Known, Memory, Operand, OperandKind, Prefixes, Register,
    Rounding, Size,
};
pub use print::{Disassembler, Printed};
pub use register::RegisterClass;
