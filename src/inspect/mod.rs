//! ELF bytes to a complete byte map: every byte has an owner, or several, and then the sharing has a name.
//!
//! ```text
//! bytes ─ read ─> headers ─ regions ─> ByteMap ─┬─ text
//!                                      (items)  ├─ json
//!                                               └─ html
//! ```
//!
//! A [`Region`] is a stretch of the file with one owner: a header, a section, code that was reached from the entry
//! point of a file without sections, padding.  Regions may overlap; in golfed files they do on purpose.  What
//! stands inside a region is an [`Item`]: a field, an instruction, a string, a row of bytes.  Items are made while
//! they are shown and not kept, so that a file of 100 MB takes memory for its headers only; and only
//! [`MOST_LAYERS`] regions show the same byte's items, so that a file whose 60,000 section headers all claim
//! the whole of it is still shown in linear time.

mod code;
mod html;
mod item;
mod json;
mod meaning;
mod region;
mod rows;
mod tables;
mod text;
mod verdict;

pub use html::html;
pub use item::{Item, ItemKind, Items};
pub use json::json;
pub use meaning::Reader;
pub use region::{Content, Owner, Piece, Region};
pub use text::{Sections, text};

use crate::elf::read::{self, File, NotElf};
use crate::listing::Origin;

/// So many regions show their items of one byte; the others are only named.
pub const MOST_LAYERS: usize = 4;

/// A file and what each of its bytes is.
#[derive(Clone, Debug)]
pub struct ByteMap<'a> {
    /// Its headers.
    pub file: File<'a>,
    /// In the order of their first byte.
    pub regions: Vec<Region>,
    /// Where its bytes came from, in order, if it was just built.
    pub origins: Vec<Origin>,
}

impl<'a> ByteMap<'a> {
    /// Of any ELF file.
    pub fn new(bytes: &'a [u8]) -> Result<Self, NotElf> {
        let file = read::read(bytes)?;
        let regions = region::regions(&file);
        Ok(ByteMap { file, regions, origins: Vec::new() })
    }

    /// The same file with the lines of source that its bytes came from; what is only memory is left out.
    pub fn with_origins(mut self, mut origins: Vec<Origin>) -> Self {
        origins.retain(|one| one.offset.is_some());
        origins.sort_by_key(|one| one.offset);
        self.origins = origins;
        self
    }

    /// The index of the first origin that ends behind a byte.
    fn origin_from(&self, offset: u64) -> usize {
        self.origins.partition_point(|one| one.end() <= Some(offset))
    }

    /// What people call the owner of a region.
    pub fn owner_name(&self, region: &Region) -> String {
        text::owner_name(self, region.owner)
    }

    /// The file cut where the set of owners changes: pieces that follow each other and cover it.
    pub fn pieces(&self) -> Vec<Piece> {
        region::pieces(&self.regions)
    }

    /// What stands in a region, in order.
    pub fn items<'m>(&'m self, region: &'m Region) -> Items<'m> {
        Items::new(self, region)
    }

    /// Every item of the file in order of offset; of two at the same place the region that begins first.
    pub fn all_items(&self) -> impl Iterator<Item = (usize, Item)> + '_ {
        let mut waiting = (0..self.regions.len()).filter(|&index| self.regions[index].itemised).peekable();
        let mut active: Vec<(usize, std::iter::Peekable<Items<'_>>)> = Vec::new();
        std::iter::from_fn(move || {
            loop {
                // Mostly one region is shown, and the next begins behind its item.
                if let [(index, items)] = active.as_mut_slice()
                    && let Some(item) = items.peek()
                    && waiting.peek().is_none_or(|&next| self.regions[next].start > item.start)
                {
                    return items.next().map(|item| (*index, item));
                }
                active.retain_mut(|(_, items)| items.peek().is_some());
                let nearest = active
                    .iter_mut()
                    .enumerate()
                    .map(|(at, (index, items))| {
                        (items.peek().map_or(u64::MAX, |item| item.start), *index, at)
                    })
                    .min();
                let next = waiting.peek().map(|&index| self.regions[index].start);
                match (nearest, next) {
                    (Some((start, _, _)), Some(next)) if next <= start => {}
                    (Some((_, index, at)), _) => return active[at].1.next().map(|item| (index, item)),
                    (None, Some(_)) => {}
                    (None, None) => return None,
                }
                let index = waiting.next()?;
                active.push((index, self.items(&self.regions[index]).peekable()));
            }
        })
    }
}
