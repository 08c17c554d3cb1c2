//! tinyelf: NASM source, a system-call script or Rust calls in; a static Linux executable out.
//!
//! ```text
//! NASM source ────── nasm ──┐
//! system-call script ─ script ─┼──> Unit ── layout ──> Image ── elf ──> bytes
//! Rust program ─── builder ──┘      │                  │
//!                              lint, listing, debug     inspect
//! ```
//!
//! [`unit::Unit`] is the narrow waist: several front ends make one, one back end consumes one, and neither
//! side names a type of the other.  Each arrow is one function that borrows the earlier value and returns
//! a new type.  [`pipeline`] calls every stage once, in order.
//!
//! Layers; a module uses its own layer or a lower one (`tests/tidy.rs` checks it):
//!
//! ```text
//! 5 cli
//! 4 pipeline  template  inspect  run  lint  listing  debug
//! 3 nasm  script   |   layout  elf::{write, object, read}
//! 2 unit  isa
//! 1 source  syscall  elf::records
//! ```

#[cfg(feature = "cli")]
pub mod cli;
pub mod debug;
pub mod elf;
pub mod inspect;
pub mod isa;
pub mod layout;
pub mod lint;
pub mod listing;
pub mod nasm;
pub mod pipeline;
#[cfg(feature = "cli")]
pub mod run;
pub mod script;
pub mod source;
pub mod syscall;
pub mod template;
pub mod unit;
