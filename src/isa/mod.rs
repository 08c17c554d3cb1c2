//! Machines: what an instruction may look like and which bytes it becomes.

pub mod aarch64;
pub mod riscv64;
pub mod x86;
