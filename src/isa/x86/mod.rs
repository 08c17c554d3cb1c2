//! x86 in its three modes: operand shapes in, bytes (or candidates, where a value is not known yet) out.
//!
//! Selection takes the first form that fits in a fixed order, not the shortest; the order is NASM's.

mod address;
mod candidates;
mod caution;
mod constants;
mod cpu;
mod decode;
mod describe;
pub mod direct;
mod encode;
mod fields;
mod fit;
mod form;
mod matching;
mod mnemonic;
mod operand;
mod pattern;
mod prefix;
mod print;
mod register;
mod reject;
mod request;
mod select;
#[rustfmt::skip]
mod tables;

pub use caution::Caution;
pub use constants::Constants;
pub use cpu::{Cpu, Level};
pub use decode::{Effect, Flow, RegisterUse, Relative, absolute_memory, effect, register_uses, relative};
pub use describe::{FormDescription, describe, other_names};
pub use mnemonic::{mnemonic, mnemonic_folded, mnemonic_name, mnemonics};
pub use operand::{
    Assembled, Bits, Distance, Instruction, Known, Memory, Operand, OperandKind, Prefixes, Register,
    Rounding, Size,
};
pub use print::{Disassembler, Printed};
pub use register::{REGISTER_NAMES, RegisterClass};
pub use reject::{Rejection, Why};
pub use select::{Assembler, Optimize, Options};
