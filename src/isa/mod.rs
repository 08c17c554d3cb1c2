//! Machines: what an instruction may look like and which bytes it becomes.

pub mod x86;
