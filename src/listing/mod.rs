//! The listing (`-l`): every line of the source beside the offset and the bytes it became, in nasm's columns.
//!
//! ```text
//!     25                                   foo msg
//!     14 00000016 B8[00000000]        <1>  mov eax, %1
//!     26 00000020 E8(00000000)             call ext
//! ```
//!
//! Lines stand in the order in which they were read, those of macros, repetitions and included files with their own
//! numbers and a depth, what conditionals leave out included; those of a `.nolist` macro give their bytes to the line
//! that used it.  Bytes come from the item table: the caller asks for both when it assembles.

mod columns;
mod map;
mod map_file;
mod origin;
mod text;

use std::collections::BTreeMap;

use crate::layout::{ListedField, Sizes, listed};
use crate::source::{Diagnostic, Diagnostics, FileId, Severity, SourceMap, Span};
use crate::unit::{FragmentKind, Item, ItemKind, LineRead, Offsets, SectionId, Unit};
use columns::Columns;
pub use map::map;
pub use map_file::map_file;
pub use origin::{Origin, SourceLine, origins};

/// The listing of a source that was assembled with an item table and its lines, with what was said about them.
pub fn listing(map: &SourceMap, unit: &Unit, sizes: &Sizes, diagnostics: &Diagnostics) -> String {
    let mut lister = Lister {
        map,
        sizes,
        bodies: unit.sections().map(|(id, _)| listed(unit, sizes, id)).collect(),
        items: unit.sections().map(|(id, _)| items(unit, sizes, id)).collect(),
        listed: vec![0; unit.sections().count()],
        columns: Columns::default(),
    };
    let messages: Vec<_> = diagnostics.iter().collect();
    let last = unit.lines_read.last().map_or(0, |end| end.said);
    let mut later = later_messages(map, messages.get(last..).unwrap_or_default());
    let mut is_listed = true;
    for pair in unit.lines_read.windows(2) {
        let [line, next] = pair else { continue };
        let (number, text) = line_of(map, line.span);
        let directive = text::list_directive(&text);
        let shown = if directive == Some(false) { is_listed } else { is_listed && directive.is_none() };
        is_listed = directive.unwrap_or(is_listed);
        if shown {
            lister.columns.source(number, line.depth, &text);
        }
        lister.bytes(line, next, shown);
        if !shown {
            continue;
        }
        let said = messages.get(line.said..next.said).unwrap_or_default();
        let said = said.iter().filter_map(|one| warning(one));
        said.for_each(|message| lister.columns.message(number, line.depth, &message));
        if line.depth == 0
            && let Some(file) = map.file_of(line.span)
        {
            let said = later.remove(&(file, number)).unwrap_or_default();
            said.iter().for_each(|message| lister.columns.message(number, 0, message));
        }
    }
    lister.columns.finish()
}

/// What one item of the table became.
#[derive(Clone, Copy)]
struct Entry {
    item: Item,
    start: u64,
    end: u64,
    /// Bytes of one turn of `times`.
    turn: u64,
}

struct Lister<'a> {
    map: &'a SourceMap,
    sizes: &'a Sizes,
    bodies: Vec<(Vec<u8>, Vec<ListedField>)>,
    /// By section, those that have bytes, in their order.
    items: Vec<Vec<Entry>>,
    /// By section, how many of its bytes were listed.
    listed: Vec<u64>,
    columns: Columns,
}

impl Lister<'_> {
    /// What a line became: the bytes between the places before it and before the next line.
    fn bytes(&mut self, line: &LineRead, next: &LineRead, shown: bool) {
        let index = next.section.0 as usize;
        let end = self.sizes.offset(next.section, next.position);
        let start = std::mem::replace(&mut self.listed[index], end);
        if !shown {
            return;
        }
        if let (Some(from), Some(to)) = (line.absolute, next.absolute)
            && to > from
        {
            self.room(from.cast_unsigned(), to.abs_diff(from));
        }
        let items = &self.items[index];
        let first = items.partition_point(|entry| entry.start < start);
        let entries: Vec<Entry> =
            items[first..].iter().take_while(|entry| entry.end <= end).copied().collect();
        let mut rest = &entries[..];
        while let [first, ..] = rest {
            let same =
                |entry: &&Entry| entry.item.span == first.item.span && is_repeated(self.map, first.item.span);
            let count = rest.iter().take_while(same).count().max(1);
            let entry = Entry { end: rest[count - 1].end, ..*first };
            self.put(next.section, &entry);
            rest = &rest[count..];
        }
        self.columns.end();
    }
}

/// The items of a section that have bytes.
fn items(unit: &Unit, sizes: &Sizes, id: SectionId) -> Vec<Entry> {
    let items: Vec<Item> = unit.section(id).items.iter().flat_map(|items| items.iter()).collect();
    let total = sizes.section(unit, id);
    let entry = |(index, &item): (usize, &Item)| {
        let start = sizes.offset(id, item.position);
        let end = items.get(index + 1).map_or(total, |next| sizes.offset(id, next.position));
        let turn = pattern_length(unit, id, item).unwrap_or(end - start);
        Entry { item, start, end, turn }
    };
    items.iter().enumerate().map(entry).filter(|entry| entry.start != entry.end).collect()
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

/// What was said after the last line, under the lines that it is about.
fn later_messages(map: &SourceMap, messages: &[&Diagnostic]) -> BTreeMap<(FileId, u32), Vec<String>> {
    let mut said: BTreeMap<_, Vec<String>> = BTreeMap::new();
    for one in messages {
        let root = map.uses(one.span).first().map_or(one.span, |&(_, use_site)| use_site);
        if let (Some(file), Some(at), Some(message)) =
            (map.file_of(root), map.line_column(root), warning(one))
        {
            said.entry((file, at.line)).or_default().push(message);
        }
    }
    said
}

/// A warning as a listing shows it.
fn warning(one: &Diagnostic) -> Option<String> {
    let class = one.name.map(|name| format!(" [-w+{name}]")).unwrap_or_default();
    (one.severity == Severity::Warning).then(|| format!("warning: {}{class}", one.message))
}

/// Number and text of the line on which a span begins; `\` at its end joins the next one.
fn line_of(map: &SourceMap, span: Span) -> (u32, Vec<u8>) {
    let Some(file) = map.file_of(span).map(|id| map.file(id)) else { return (0, Vec::new()) };
    let at = ((span.start - file.start) as usize).min(file.text.len());
    let start = memchr::memrchr(b'\n', &file.text[..at]).map_or(0, |newline| newline + 1);
    (map.line_column(span).map_or(0, |place| place.line), text::logical_line(&file.text[start..]))
}

impl Lister<'_> {
    /// Room that is reserved.
    fn room(&mut self, start: u64, length: u64) {
        /// More is counted and not shown.
        const SHOWN: u64 = 8;
        match usize::try_from(length) {
            Ok(room) if length <= SHOWN => self.columns.unit(start, &"??".repeat(room)),
            _ => self.columns.unit(start, &format!("<res {length:X}h>")),
        }
    }

    /// The bytes of an entry, fields in brackets.
    fn put(&mut self, section: SectionId, entry: &Entry) {
        let (bytes, fields) = &self.bodies[section.0 as usize];
        let length = entry.end - entry.start;
        let statement = statement(self.map, entry.item.span);
        if text::begins_with_reserve(statement) || bytes.is_empty() {
            return self.room(entry.start, length);
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
