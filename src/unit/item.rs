//! The item table: what each stretch of a section is, so that nothing has to disassemble to guess.
//!
//! Delta-coded: most items follow the one before and are a few bytes long.

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
#[derive(Clone, Debug, Default)]
pub struct Items {
    coded: Vec<u8>,
    last: Option<Item>,
    count: usize,
}

impl Items {
    /// Adds an item after the others.
    pub fn push(&mut self, item: Item) {
        let before = self.last.unwrap_or(ORIGIN);
        let kind = match item.kind {
            ItemKind::Instruction => 0,
            ItemKind::Data => 1,
            ItemKind::Padding => 2,
        };
        let moved = u64::from(item.position.fragment - before.position.fragment);
        self.put(moved << 2 | kind);
        self.put(u64::from(item.position.literal - before.position.literal));
        self.put(zigzag(i64::from(item.span.start) - i64::from(before.span.start)));
        self.put(u64::from(item.span.end - item.span.start));
        self.put(zigzag(i64::from(item.span.expansion.0) - i64::from(before.span.expansion.0)));
        self.last = Some(item);
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
        let mut rest = self.coded.as_slice();
        let mut before = ORIGIN;
        (0..self.count).map(move |_| {
            let head = take(&mut rest);
            let kind = match head & 3 {
                0 => ItemKind::Instruction,
                1 => ItemKind::Data,
                _ => ItemKind::Padding,
            };
            let position = Position {
                fragment: before.position.fragment + narrow(head >> 2),
                literal: before.position.literal + narrow(take(&mut rest)),
            };
            let start = moved(before.span.start, take(&mut rest));
            let end = start + narrow(take(&mut rest));
            let expansion = ExpansionId(moved(before.span.expansion.0, take(&mut rest)));
            before = Item { position, kind, span: Span { start, end, expansion } };
            before
        })
    }

    /// LEB128, as in DWARF 5 section 7.6.
    fn put(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.coded.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.coded.push(number as u8);
    }
}

const ORIGIN: Item =
    Item { position: Position { fragment: 0, literal: 0 }, kind: ItemKind::Data, span: Span::NONE };

fn zigzag(number: i64) -> u64 {
    (number << 1 ^ number >> 63) as u64
}

fn moved(before: u32, coded: u64) -> u32 {
    narrow((i64::from(before) + ((coded >> 1) as i64 ^ -((coded & 1) as i64))) as u64)
}

fn narrow(number: u64) -> u32 {
    u32::try_from(number).expect("coded from a u32")
}

fn take(rest: &mut &[u8]) -> u64 {
    let mut number = 0;
    let mut shift = 0;
    loop {
        let (&byte, after) = rest.split_first().expect("coded by `put`");
        *rest = after;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return number;
        }
        shift += 7;
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
}
