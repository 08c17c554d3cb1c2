//! The item table: what each stretch of a section is, so that nothing has to disassemble to guess.
//!
//! Most items follow the one before, so that a word tells all of one.

use super::Position;
use crate::source::{ExpansionId, Span};

/// What a stretch of bytes is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ItemKind {
    /// One instruction.
    Instruction,
    /// Data that a `db` or its like wrote.
    Data,
    /// `align`, `times 510-($-$$) db 0` and their like.
    Padding,
}

/// One entry: it reaches to the next one's position, or to the end of the section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// Where it starts.
    pub position: Position,
    /// What it is.
    pub kind: ItemKind,
    /// The statement that made it.
    pub span: Span,
}

/// The items of one section, in order.
#[derive(Clone, Debug)]
pub struct Items {
    coded: Vec<u32>,
    chunks: Vec<Chunk>,
    last: Item,
    count: usize,
}

/// Where a run of [`Items::CHUNK`] items begins, so that one of them is found without reading all before it.
#[derive(Clone, Copy, Debug)]
struct Chunk {
    /// Its first word.
    at: usize,
    /// What the first item is coded against.
    before: Item,
    first: Position,
    /// One bit for each kind in it.
    kinds: u8,
}

impl Default for Items {
    fn default() -> Self {
        Items { coded: Vec::new(), chunks: Vec::new(), last: ORIGIN, count: 0 }
    }
}

impl Items {
    /// So many items are found together.
    pub const CHUNK: usize = 64;

    /// Adds an item after the others.
    pub fn push(&mut self, item: Item) {
        if self.count.is_multiple_of(Self::CHUNK) {
            let (at, first) = (self.coded.len(), item.position);
            self.chunks.push(Chunk { at, before: self.last, first, kinds: 0 });
        }
        if let Some(chunk) = self.chunks.last_mut() {
            chunk.kinds |= 1 << item.kind as u8;
        }
        match short(&self.last, &item) {
            Some(word) => self.coded.push(word),
            None => self.coded.extend([
                (item.kind as u32) << 1,
                item.position.fragment,
                item.position.literal,
                item.span.start,
                item.span.end,
                item.span.expansion.0,
            ]),
        }
        self.last = item;
        self.count += 1;
    }

    /// How many items there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The items, in order.
    pub fn iter(&self) -> impl Iterator<Item = Item> + '_ {
        Decoder { rest: &self.coded, before: ORIGIN }
    }

    /// How many runs of items there are that can be read on their own.
    pub fn chunks(&self) -> usize {
        self.chunks.len()
    }

    /// Where the first item of a run begins.
    pub fn chunk_start(&self, chunk: usize) -> Position {
        self.chunks[chunk].first
    }

    /// Whether a run has items of a kind.
    pub fn chunk_has(&self, chunk: usize, kind: ItemKind) -> bool {
        self.chunks[chunk].kinds >> kind as u8 & 1 == 1
    }

    /// The items of one run, in order.
    pub fn chunk(&self, chunk: usize) -> impl Iterator<Item = Item> + '_ {
        let Chunk { at, before, .. } = self.chunks[chunk];
        Decoder { rest: &self.coded[at..], before }.take(Self::CHUNK)
    }
}

const ORIGIN: Item =
    Item { position: Position { fragment: 0, literal: 0 }, kind: ItemKind::Data, span: Span::NONE };

/// Most items in one word: bit 0 is set, then two bits of kind, one of fragments, five of bytes, twelve of the distance
/// between the statements and eleven of the statement's length.
fn short(before: &Item, item: &Item) -> Option<u32> {
    let fragments = item.position.fragment - before.position.fragment;
    let bytes = item.position.literal - before.position.literal;
    let distance = item.span.start.wrapping_sub(before.span.start);
    let length = item.span.end - item.span.start;
    let fits = fragments < 2 && bytes < 1 << 5 && distance < 1 << 12 && length < 1 << 11;
    (fits && item.span.expansion == before.span.expansion)
        .then_some(1 | (item.kind as u32) << 1 | fragments << 3 | bytes << 4 | distance << 9 | length << 21)
}

/// Reads items one after the other.
struct Decoder<'a> {
    rest: &'a [u32],
    before: Item,
}

impl Iterator for Decoder<'_> {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        let (&word, rest) = self.rest.split_first()?;
        self.rest = rest;
        let kind = match word >> 1 & 3 {
            0 => ItemKind::Instruction,
            1 => ItemKind::Data,
            _ => ItemKind::Padding,
        };
        let Item { position, span, .. } = self.before;
        self.before = if word & 1 == 1 {
            let position = Position {
                fragment: position.fragment + (word >> 3 & 1),
                literal: position.literal + (word >> 4 & 0x1f),
            };
            let start = span.start + (word >> 9 & 0xfff);
            Item { position, kind, span: Span { start, end: start + (word >> 21), ..span } }
        } else {
            let (&[fragment, literal, start, end, expansion], rest) = rest.split_first_chunk()?;
            self.rest = rest;
            let span = Span { start, end, expansion: ExpansionId(expansion) };
            Item { position: Position { fragment, literal }, kind, span }
        };
        Some(self.before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_come_back_as_they_were_pushed() {
        let item = |fragment, literal, kind, start, end, expansion| Item {
            position: Position { fragment, literal },
            kind,
            span: Span { start, end, expansion: ExpansionId(expansion) },
        };
        let wanted = [
            item(0, 0, ItemKind::Instruction, 1, 12, 0),
            item(0, 5, ItemKind::Instruction, 300, 310, 7),
            item(1, 5, ItemKind::Padding, 40, 41, 0),
            item(9, 70_000, ItemKind::Data, u32::MAX - 1, u32::MAX, 3),
        ];
        let mut items = Items::default();
        for one in wanted {
            items.push(one);
        }
        assert_eq!(items.iter().collect::<Vec<_>>(), wanted);
    }

    #[test]
    fn a_run_is_read_without_those_before_it() {
        let item = |number: u32| Item {
            position: Position { fragment: number / 3, literal: number * number },
            kind: if number < 200 { ItemKind::Instruction } else { ItemKind::Data },
            span: Span {
                start: number * 9,
                end: number * 9 + number % 5,
                expansion: ExpansionId(number / 90),
            },
        };
        let wanted: Vec<Item> = (0..300).map(item).collect();
        let mut items = Items::default();
        wanted.iter().for_each(|&one| items.push(one));
        let runs: Vec<Vec<Item>> = (0..items.chunks()).map(|chunk| items.chunk(chunk).collect()).collect();
        assert_eq!(runs.concat(), wanted);
        for (chunk, run) in runs.iter().enumerate() {
            assert_eq!(items.chunk_start(chunk), run[0].position);
            let has = |kind| run.iter().any(|item| item.kind == kind);
            for kind in [ItemKind::Instruction, ItemKind::Data, ItemKind::Padding] {
                assert_eq!(items.chunk_has(chunk, kind), has(kind), "{chunk} {kind:?}");
            }
        }
    }
}
