//! From a [`Unit`](crate::unit::Unit) to an [`Image`]: sizes, then addresses, then values.

mod image;

pub use image::{Chunk, Ehdr, Image, Phdr, Shdr};
