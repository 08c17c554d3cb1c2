//! The NASM language: text in, a [`Unit`](crate::unit::Unit) out.
//!
//! Lines stream: `preproc` hands on one expanded logical line, `assemble` parses it and appends to the unit
//! before the next is asked for.  Nothing holds the tokens or statements of a whole file.

pub mod foreign;
mod line;
pub mod value;

pub use line::{Line, Origin, Piece};
