//! The listing (`-l`): every line of the source beside the offset and the bytes it became, in nasm's columns.
//!
//! ```text
//!     25                                   foo msg
//!     14 00000016 B8[00000000]        <1>  mov eax, %1
//!     26 00000020 E8(00000000)             call ext
//! ```
//!
//! Lines of a macro or of an included file follow the line that used it, with their own numbers and a depth.  Bytes
//! come from the item table: the caller asks for one when it assembles.

mod columns;

use std::collections::BTreeMap;

use crate::layout::{ListedField, Sizes, listed};
use crate::source::{FileId, SourceMap, Span};
use crate::unit::{Item, ItemKind, Offsets, SectionId, Unit};
use columns::Columns;

/// The listing of a source that was assembled with an item table.
pub fn listing(map: &SourceMap, main: FileId, unit: &Unit, sizes: &Sizes) -> String {
    let mut by_line = entries(map, main, unit, sizes);
    let bodies: Vec<_> = unit.sections().map(|(id, _)| listed(unit, sizes, id)).collect();
    let mut columns = Columns::default();
    let text = &map.file(main).text;
    let mut lines: Vec<&[u8]> = text.split(|&byte| byte == b'\n').collect();
    if lines.last().is_some_and(|last| last.is_empty()) {
        lines.pop();
    }
    for (number, line) in (1..).zip(lines) {
        let entries = by_line.remove(&number).unwrap_or_default();
        let (own, used): (Vec<_>, Vec<_>) = entries.into_iter().partition(|entry| entry.depth == 0);
        columns.source(number, 0, line);
        own.iter().for_each(|entry| put(&mut columns, unit, &bodies, entry));
        columns.end();
        for entry in &used {
            let (number, line) = line_of(map, entry.item.span);
            columns.source(number, entry.depth, line);
            put(&mut columns, unit, &bodies, entry);
            columns.end();
        }
    }
    columns.finish()
}

/// An item, where it lies, and how deep in macros it was made.
struct Entry {
    section: SectionId,
    item: Item,
    start: u64,
    end: u64,
    depth: u32,
}

/// The items under the line of the main file that is responsible for them.
fn entries(map: &SourceMap, main: FileId, unit: &Unit, sizes: &Sizes) -> BTreeMap<u32, Vec<Entry>> {
    let mut by_line: BTreeMap<u32, Vec<Entry>> = BTreeMap::new();
    for (id, section) in unit.sections() {
        let items: Vec<Item> = section.items.iter().flat_map(|items| items.iter()).collect();
        let total = sizes.section(unit, id);
        for (index, &item) in items.iter().enumerate() {
            let next = items.get(index + 1);
            let start = sizes.offset(id, item.position);
            let end = next.map_or(total, |next| sizes.offset(id, next.position));
            let (line, depth) = root(map, main, item.span);
            by_line.entry(line).or_default().push(Entry { section: id, item, start, end, depth });
        }
    }
    by_line
}

/// The line of the main file that a span comes from, and how many macro uses lie between.
fn root(map: &SourceMap, main: FileId, span: Span) -> (u32, u32) {
    let (mut span, mut depth) = (span, 0);
    while let Some(expansion) = map.expansion(span.expansion) {
        span = expansion.use_site;
        depth += 1;
    }
    let line = match map.file_of(span) {
        Some(file) if file == main => map.line_column(span).map_or(1, |at| at.line),
        _ => 1,
    };
    (line, depth)
}

/// Number and text of the line on which a span begins.
fn line_of(map: &SourceMap, span: Span) -> (u32, &[u8]) {
    let Some(file) = map.file_of(span).map(|id| map.file(id)) else { return (0, b"") };
    let at = (span.start - file.start) as usize;
    let start = file.text[..at.min(file.text.len())]
        .iter()
        .rposition(|&byte| byte == b'\n')
        .map_or(0, |newline| newline + 1);
    let rest = &file.text[start..];
    let end = rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
    (map.line_column(span).map_or(0, |place| place.line), &rest[..end])
}

/// The bytes of an entry, fields in brackets.
fn put(columns: &mut Columns, unit: &Unit, bodies: &[(Vec<u8>, Vec<ListedField>)], entry: &Entry) {
    let (bytes, fields) = &bodies[entry.section.0 as usize];
    if bytes.is_empty() {
        if unit.section(entry.section).is_empty() {
            return;
        }
        return columns.unit(entry.start, &format!("<res {:X}h>", entry.end - entry.start));
    }
    if let (ItemKind::Padding, Some(&first)) = (entry.item.kind, bytes.get(entry.start as usize)) {
        let same = bytes[entry.start as usize..entry.end as usize].iter().all(|&byte| byte == first);
        if same && entry.end - entry.start > 1 {
            columns.unit(entry.start, &format!("{first:02X}"));
            return columns.unit(entry.start + 1, &format!("<rep {:X}h>", entry.end - entry.start));
        }
    }
    let mut at = entry.start;
    let mut fields = fields[fields.partition_point(|field| field.place < at)..].iter().peekable();
    while at < entry.end {
        match fields.peek() {
            Some(field) if field.place == at => {
                let hex: String = field
                    .value
                    .to_le_bytes()
                    .iter()
                    .take(usize::from(field.width))
                    .map(|byte| format!("{byte:02X}"))
                    .collect();
                columns.unit(at, &if field.distance { format!("({hex})") } else { format!("[{hex}]") });
                at += u64::from(field.width);
                fields.next();
            }
            _ => {
                columns.unit(at, &format!("{:02X}", bytes[at as usize]));
                at += 1;
            }
        }
    }
}
