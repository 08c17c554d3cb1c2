//! The listing (`-l`): every line of the source beside the offset and the bytes it became, in nasm's columns.
//!
//! ```text
//!     25                                   foo msg
//!     14 00000016 B8[00000000]        <1>  mov eax, %1
//!     26 00000020 E8(00000000)             call ext
//! ```
//!
//! Lines of a macro or of an included file follow the line that used it, with their own numbers and a depth; those of
//! a `.nolist` macro give their bytes to that line.  Bytes come from the item table: the caller asks for one when it
//! assembles.

mod columns;
mod map;
mod origin;
mod text;

use std::collections::BTreeMap;

use crate::layout::{ListedField, Sizes, listed};
use crate::source::{Diagnostics, FileId, Severity, SourceMap, Span};
use crate::unit::{FragmentKind, Item, ItemKind, Offsets, SectionId, Unit};
use columns::Columns;
pub use map::map;
pub use origin::{Origin, SourceLine, origins};

/// The listing of a source that was assembled with an item table, with what was said about its lines.
pub fn listing(
    map: &SourceMap,
    main: FileId,
    unit: &Unit,
    sizes: &Sizes,
    diagnostics: &Diagnostics,
) -> String {
    let mut lister = Lister {
        map,
        bodies: unit.sections().map(|(id, _)| listed(unit, sizes, id)).collect(),
        by_line: entries(map, unit, sizes),
        said: messages(map, diagnostics),
        files: Vec::new(),
        columns: Columns::default(),
    };
    lister.file(main, 0);
    lister.columns.finish()
}

/// An item, or several that one statement repeats.
struct Entry {
    section: SectionId,
    item: Item,
    start: u64,
    end: u64,
    /// Bytes of one turn of `times`.
    turn: u64,
    /// How many macros it comes out of.
    depth: u32,
}

/// A line of a file.
type Place = (FileId, u32);

struct Lister<'a> {
    map: &'a SourceMap,
    bodies: Vec<(Vec<u8>, Vec<ListedField>)>,
    by_line: BTreeMap<Place, Vec<Entry>>,
    said: BTreeMap<Place, Vec<String>>,
    /// The files that are open, so that none is listed inside itself.
    files: Vec<FileId>,
    columns: Columns,
}

impl Lister<'_> {
    fn file(&mut self, id: FileId, depth: u32) {
        self.files.push(id);
        let map = self.map;
        let mut is_listed = true;
        for (number, count, line) in text::lines(&map.file(id).text) {
            let lines = number..number + count;
            let entries: Vec<_> =
                lines.clone().filter_map(|line| self.by_line.remove(&(id, line))).flatten().collect();
            let said: Vec<_> = lines.filter_map(|line| self.said.remove(&(id, line))).flatten().collect();
            if let Some(on) = text::list_directive(&line) {
                let shows = is_listed && !on;
                is_listed = on;
                if !shows {
                    continue;
                }
            } else if !is_listed {
                continue;
            }
            self.line(number, depth, &line, &entries);
            said.iter().for_each(|message| self.columns.message(number, message));
            if let Some(included) = self.included(&line) {
                self.file(included, depth + 1);
            }
        }
        self.files.pop();
    }

    fn line(&mut self, number: u32, depth: u32, line: &[u8], entries: &[Entry]) {
        let (own, used): (Vec<_>, Vec<_>) = entries.iter().partition(|entry| entry.depth == 0);
        self.columns.source(number, depth, line);
        own.iter().for_each(|entry| self.put(entry));
        self.columns.end();
        let mut last = None;
        for entry in used {
            let span = entry.item.span;
            // A macro that another one uses: the line that does is listed before its bytes.
            if entry.depth > 1
                && last != Some(span.expansion)
                && let Some(expansion) = self.map.expansion(span.expansion)
            {
                let (number, line) = line_of(self.map, expansion.use_site);
                self.columns.source(number, depth + entry.depth - 1, line);
                self.columns.end();
            }
            last = Some(span.expansion);
            let (number, line) = line_of(self.map, span);
            self.columns.source(number, depth + entry.depth, line);
            self.put(entry);
            self.columns.end();
        }
    }

    /// The file that a line includes, if it was read.
    fn included(&self, line: &[u8]) -> Option<FileId> {
        let name = text::include(line)?;
        let name = std::path::Path::new(name.as_str());
        let found = self.map.files().find(|(_, file)| file.name.ends_with(name))?.0;
        (!self.files.contains(&found)).then_some(found)
    }
}

/// The items under the lines that are responsible for them, repeated ones joined.
fn entries(map: &SourceMap, unit: &Unit, sizes: &Sizes) -> BTreeMap<Place, Vec<Entry>> {
    let mut by_line: BTreeMap<Place, Vec<Entry>> = BTreeMap::new();
    for (id, section) in unit.sections() {
        let items: Vec<Item> = section.items.iter().flat_map(|items| items.iter()).collect();
        let total = sizes.section(unit, id);
        for (index, &item) in items.iter().enumerate() {
            let next = items.get(index + 1);
            let start = sizes.offset(id, item.position);
            let end = next.map_or(total, |next| sizes.offset(id, next.position));
            let (place, depth) = root(map, item.span);
            let entries = by_line.entry(place).or_default();
            match entries.last_mut() {
                Some(last)
                    if last.item.span == item.span
                        && last.section == id
                        && last.end == start
                        && is_repeated(map, item.span) =>
                {
                    last.end = end;
                }
                _ if start == end => {}
                _ => {
                    let turn = pattern_length(unit, id, item).unwrap_or(end - start);
                    entries.push(Entry { section: id, item, start, end, turn, depth });
                }
            }
        }
    }
    by_line
}

/// Whether `times` stands before a statement.
fn is_repeated(map: &SourceMap, span: Span) -> bool {
    let Some(file) = map.file_of(span).map(|id| map.file(id)) else { return false };
    let before = &file.text[..(span.start - file.start) as usize];
    let line = before.rsplit(|&byte| byte == b'\n').next().unwrap_or_default();
    line.windows(5).any(|word| word.eq_ignore_ascii_case(b"times"))
}

/// How long the bytes are that the fragment of an item repeats.
fn pattern_length(unit: &Unit, id: SectionId, item: Item) -> Option<u64> {
    let fragment = unit.section(id).fragments.get(item.position.fragment as usize)?;
    match &fragment.kind {
        FragmentKind::Fill(fill) if fragment.literal == item.position.literal => {
            Some(u64::from(fill.pattern.end - fill.pattern.start))
        }
        _ => None,
    }
}

/// Warnings under their lines.
fn messages(map: &SourceMap, diagnostics: &Diagnostics) -> BTreeMap<Place, Vec<String>> {
    let mut said: BTreeMap<Place, Vec<String>> = BTreeMap::new();
    for diagnostic in diagnostics.iter().filter(|one| one.severity == Severity::Warning) {
        let class = diagnostic.name.map(|name| format!(" [-w+{name}]")).unwrap_or_default();
        let message = format!("warning: {}{class}", diagnostic.message);
        said.entry(root(map, diagnostic.span).0).or_default().push(message);
    }
    said
}

/// The line that a span comes from, and how many macro uses that are listed lie between.
fn root(map: &SourceMap, span: Span) -> (Place, u32) {
    let (mut span, mut depth) = (span, 0);
    while let Some(expansion) = map.expansion(span.expansion) {
        let (file, at) = (map.file_of(span), map.line_column(span));
        let hidden = matches!((file, at), (Some(file), Some(at))
            if text::is_in_silent_macro(&map.file(file).text, at.line));
        span = expansion.use_site;
        depth = if hidden { 0 } else { depth + 1 };
    }
    let line = map.line_column(span).map_or(1, |at| at.line);
    ((map.file_of(span).unwrap_or(FileId(0)), line), depth)
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

impl Lister<'_> {
    /// The bytes of an entry, fields in brackets.
    fn put(&mut self, entry: &Entry) {
        let (bytes, fields) = &self.bodies[entry.section.0 as usize];
        let length = entry.end - entry.start;
        let statement = statement(self.map, entry.item.span);
        if text::begins_with_reserve(statement) || bytes.is_empty() {
            /// More is counted and not shown.
            const SHOWN: u64 = 8;
            return match usize::try_from(length) {
                Ok(room) if length <= SHOWN => self.columns.unit(entry.start, &"??".repeat(room)),
                _ => self.columns.unit(entry.start, &format!("<res {length:X}h>")),
            };
        }
        let mut turn = entry.turn;
        let body = &bytes[entry.start as usize..entry.end as usize];
        if entry.item.kind == ItemKind::Padding && length == turn && body.iter().all(|byte| *byte == body[0])
        {
            turn = 1;
        }
        if text::begins_with(statement, b"incbin") {
            self.columns.unit(entry.start, &format!("<bin {turn:X}h>"));
        } else {
            put_bytes(&mut self.columns, bytes, fields, entry.start, entry.start + turn);
        }
        if length > turn {
            self.columns.repetition(length / turn.max(1));
        }
    }
}

/// The source text of a span.
fn statement(map: &SourceMap, span: Span) -> &[u8] {
    let Some(file) = map.file_of(span).map(|id| map.file(id)) else { return b"" };
    let range = (span.start - file.start) as usize..(span.end - file.start) as usize;
    file.text.get(range).unwrap_or_default()
}

/// Bytes and fields between two places.
fn put_bytes(columns: &mut Columns, bytes: &[u8], fields: &[ListedField], start: u64, end: u64) {
    let mut at = start;
    let mut fields = fields[fields.partition_point(|field| field.place < at)..].iter().peekable();
    while at < end {
        match fields.peek() {
            Some(field) if field.place == at => {
                let value = field.value.to_le_bytes();
                let shown = value.iter().take(usize::from(field.width));
                let hex: String = shown.map(|byte| format!("{byte:02X}")).collect();
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
