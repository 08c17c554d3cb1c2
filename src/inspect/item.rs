//! What stands inside a region, one thing after another, made while it is asked for.

use super::ByteMap;
use super::meaning::{self, Reader};
use super::region::{Content, Owner, Region};
use crate::elf::fields::{self, Field};
use crate::elf::read::File;
use crate::elf::records::Class;
use crate::isa::x86::Disassembler;

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemKind {
    /// A field of a header.
    Field,
    /// A whole record of a table: a symbol, a relocation, an entry of the dynamic table, a note.
    Record,
    /// An instruction.
    Instruction,
    /// Bytes among code that are no instruction.
    NoInstruction,
    /// A zero-terminated string.
    String,
    /// Bytes, at most eight.
    Bytes,
    /// Zeroes.
    Zeroes,
}

impl ItemKind {
    /// The word that JSON has for it.
    pub fn word(self) -> &'static str {
        match self {
            ItemKind::Field => "field",
            ItemKind::Record => "record",
            ItemKind::Instruction => "instruction",
            ItemKind::NoInstruction => "no-instruction",
            ItemKind::String => "string",
            ItemKind::Bytes => "bytes",
            ItemKind::Zeroes => "zeroes",
        }
    }
}

/// A few bytes that mean one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The offset of its first byte.
    pub start: u64,
    /// The offset behind its last byte.
    pub end: u64,
    /// What it is.
    pub kind: ItemKind,
    /// The name in elf.h, the instruction, the text.
    pub name: String,
    /// The value, where it has one.
    pub value: String,
    /// What that means, where there is more to say.
    pub meaning: String,
    /// Who reads it, where that is known.
    pub reader: Option<Reader>,
}

/// The items of a region.
pub struct Items<'a> {
    map: &'a ByteMap<'a>,
    file: &'a File<'a>,
    region: &'a Region,
    at: u64,
    field: usize,
    code: Option<Disassembler<'a>>,
}

/// Bytes in a row.
const ROW: u64 = 8;
/// A run of zeroes of this many bytes and more is one item.
const ZERO_RUN: usize = 16;
/// A string is shown up to this many bytes; the rest is the next item.
const LONGEST_STRING: usize = 256;

impl<'a> Items<'a> {
    pub(super) fn new(map: &'a ByteMap<'a>, region: &'a Region) -> Self {
        let file = &map.file;
        let code = match region.content {
            Content::Code(bits) => {
                let bytes = file.slice(region.start, region.end - region.start);
                Some(Disassembler::new(bits, bytes, region.address.unwrap_or(0)))
            }
            _ => None,
        };
        Items { map, file, region, at: region.start, field: 0, code }
    }

    fn rest(&self) -> &'a [u8] {
        self.file.slice(self.at, self.region.end - self.at)
    }

    fn item(&self, length: u64, kind: ItemKind, name: impl Into<String>) -> Item {
        let end = self.at.saturating_add(length).min(self.region.end);
        Item {
            start: self.at,
            end,
            kind,
            name: name.into(),
            value: String::new(),
            meaning: String::new(),
            reader: None,
        }
    }

    /// The next field of a header; the fields follow each other without holes in their order of offset.
    fn header_field(&mut self, table: &'static [Field]) -> Option<Item> {
        let class = self.file.form.class;
        let distance = self.at - self.region.start;
        let field = table.iter().find(|field| field.start(class) == distance)?;
        self.field += 1;
        let number = self.file.field(self.region.start, field);
        let mut item = self.item(field.size(class), ItemKind::Field, field.name);
        meaning::describe(self.file, self.region, field, number, &mut item);
        Some(item)
    }

    fn instruction(&mut self) -> Option<Item> {
        let mut text = String::with_capacity(40);
        let length = self.code.as_mut()?.print(&mut text)? as u64;
        Some(match text.is_empty() {
            false => self.item(length, ItemKind::Instruction, text),
            true => self.item(length, ItemKind::NoInstruction, "(no instruction)"),
        })
    }

    fn string(&self) -> Item {
        let rest = self.rest();
        if let Some(zeroes) = zero_run(rest) {
            return self.item(zeroes as u64, ItemKind::Zeroes, "zeroes");
        }
        let shown = &rest[..rest.len().min(LONGEST_STRING)];
        let end = shown.iter().position(|&byte| byte == 0);
        let length = end.map_or(shown.len(), |end| end + 1);
        self.item(length as u64, ItemKind::String, quoted(&shown[..end.unwrap_or(shown.len())]))
    }

    fn bytes(&self) -> Item {
        let rest = self.rest();
        if let Some(zeroes) = zero_run(rest) {
            return self.item(zeroes as u64, ItemKind::Zeroes, "zeroes");
        }
        let mut length = (ROW - self.at % ROW).min(rest.len() as u64);
        // A row ends where a run of zeroes begins, so that the run is seen as a whole.
        let start = (1..length)
            .find(|&start| rest[start as usize] == 0 && zero_run(&rest[start as usize..]).is_some());
        length = start.unwrap_or(length).min(self.statement_end() - self.at);
        self.item(length, ItemKind::Bytes, quoted(&rest[..length as usize]))
    }

    /// The place behind `at` where another statement's bytes begin: data stands in rows as it was written.
    fn statement_end(&self) -> u64 {
        let next = self.map.origins.get(self.map.origin_from(self.at));
        let border = next.and_then(|one| one.offset.filter(|&start| start > self.at).or(one.end()));
        border.unwrap_or(self.region.end).min(self.region.end)
    }

    fn record(&self, size: u64, describe: impl FnOnce(&mut Item)) -> Item {
        if (self.region.end - self.at) < size {
            return Item { meaning: "a record that is cut off".to_owned(), ..self.bytes() };
        }
        let mut item = self.item(size, ItemKind::Record, "");
        describe(&mut item);
        item
    }

    fn symbol(&self, names: u32) -> Item {
        let size = if self.file.form.class == Class::Elf64 { 24 } else { 16 };
        self.record(size, |item| meaning::symbol(self.file, self.at, names, item))
    }

    fn relocation(&self, addend: bool, symbols: u32) -> Item {
        let words = if addend { 3 } else { 2 };
        let size = words * fields::R_OFFSET.size(self.file.form.class);
        self.record(size, |item| meaning::relocation(self.file, self.at, addend, symbols, item))
    }

    fn dynamic(&self) -> Item {
        let size = 2 * fields::D_TAG.size(self.file.form.class);
        self.record(size, |item| meaning::dynamic(self.file, self.at, item))
    }

    fn note(&self, align: u8) -> Item {
        let (description, size) = meaning::note_extent(self.file, self.at, align);
        self.record(size, |item| meaning::note(self.file, self.at, description, item))
    }
}

impl Iterator for Items<'_> {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        if self.at >= self.region.end {
            return None;
        }
        let item = match self.region.content {
            Content::Ehdr => self.header_field(fields::EHDR),
            Content::Phdr => self.header_field(fields::PHDR),
            Content::Shdr => self.header_field(fields::SHDR),
            Content::Code(_) => self.instruction(),
            Content::Strings => Some(self.string()),
            Content::Symbols(names) => Some(self.symbol(names)),
            Content::Relocations { addend, symbols } => Some(self.relocation(addend, symbols)),
            Content::Dynamic => Some(self.dynamic()),
            Content::Notes(align) => Some(self.note(align)),
            Content::Bytes => Some(self.bytes()),
        };
        let mut item = item.unwrap_or_else(|| self.bytes());
        if item.kind == ItemKind::Zeroes && self.region.owner == Owner::Gap {
            "padding".clone_into(&mut item.name);
            item.reader = Some(Reader::Nobody);
        }
        self.at = item.end;
        Some(item)
    }
}

/// How many zeroes `bytes` begins with, if that is a run.
fn zero_run(bytes: &[u8]) -> Option<usize> {
    let length = bytes.iter().take_while(|&&byte| byte == 0).count();
    (length >= ZERO_RUN || length == bytes.len()).then_some(length)
}

/// Text in quotes; what does not print is a dot.
pub(super) fn quoted(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() + 2);
    text.push('"');
    text.extend(bytes.iter().map(|&byte| if (0x20..0x7f).contains(&byte) { char::from(byte) } else { '.' }));
    text.push('"');
    text
}
