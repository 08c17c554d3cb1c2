//! From a [`Unit`](crate::unit::Unit) to an [`Image`]: sizes ([`relax`]), then addresses, then values.

mod bounds;
mod contents;
mod entry;
mod executable;
mod flat;
mod golf;
mod got;
mod headers;
mod image;
mod listed;
mod notes;
mod object;
mod overlap;
mod patch;
mod psabi;
mod records;
mod relax;
mod relocation;
mod symtab;
mod tls;

pub use bounds::is_bound;
pub use entry::{entry_place, mark_entered};
pub use executable::{Kind, Options, executable};
pub use flat::{Flat, FlatSection, flat};

pub use golf::{GolfOptions, Golfed, Promise, Whole, golf, lower_bound};
pub use got::{anchor_got, place_got};
pub use image::{Chunk, Ehdr, Image, Phdr, Placement, Shdr};
pub use listed::{ListedField, listed};
pub use object::object;
pub use patch::Addresses;
pub use relax::{Sizes, relax};
