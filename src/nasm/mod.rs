//! The NASM language: text in, a [`Unit`](crate::unit::Unit) out.
//!
//! Lines stream: `preproc` hands on one expanded logical line, `assemble` parses it and appends to the unit
//! before the next is asked for.  Nothing holds the tokens or statements of a whole file.

mod assemble;
mod expr;
pub mod foreign;
mod lex;
mod line;
mod operand;
pub mod preproc;
pub mod value;

pub use assemble::{Affixes, Answers, MOST_BYTES, Options, assemble};
pub use line::{Line, Origin, Piece};
