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
use crate::unit::{FragmentKind, Item, ItemKind, ListedLine, Offsets, SectionId, Shown, Unit};
use columns::Columns;
pub use map::map;
pub use map_file::map_file;
pub use origin::{Origin, SourceLine, origins};

/// The listing of a source that was assembled with an item table and its lines, with what was said about them.
pub fn listing(map: &SourceMap, unit: &Unit, sizes: &Sizes, diagnostics: &Diagnostics) -> String {
    let at = |&(section, from, to): &(SectionId, _, _)| {
        ((section, sizes.offset(section, from)), sizes.offset(section, to))
    };
    let mut lister = Lister {
        map,
        sizes,
        bodies: unit.sections().map(|(id, _)| listed(unit, sizes, id)).collect(),
        items: unit.sections().map(|(id, _)| items(unit, sizes, id)).collect(),
        listed: vec![0; unit.sections().count()],
        columns: Columns::default(),
        repeats: unit.repeats.iter().map(at).collect(),
        decimal: unit.list_flags.has(b'd'),
    };
    let messages: Vec<_> = diagnostics.iter().collect();
    let last = unit.lines_read.last().map_or(0, |end| end.said);
    let mut later = later_messages(map, messages.get(last..).unwrap_or_default());
    let (mut is_listed, mut number) = (true, 0);
    for row in rows(&unit.lines_read) {
        let Row { line, next, notes } = row;
        if let Shown::Source = line.shown {
            // As `%line` counts.
            number = map.named_line(line.span).map_or(0, |(_, line)| line);
        } else if let Shown::Builtin(_) = line.shown {
            number = 0;
        }
        if is_listed && let Some(text) = text_of(map, line) {
            lister.columns.source(number, line.depth, &text);
        }
        lister.bytes(line, next, is_listed);
        let shown = is_listed;
        for note in notes {
            match &note.shown {
                Shown::Message(text) if shown => lister.columns.message(' ', number, line.depth, text),
                Shown::Switch(on) => is_listed = *on,
                _ => {}
            }
        }
        if !shown {
            continue;
        }
        let said = messages.get(line.said..next.said).unwrap_or_default();
        let said = said.iter().filter_map(|one| warning(one));
        said.for_each(|message| lister.columns.message('*', number, line.depth, &message));
        if line.depth == 0
            && matches!(line.shown, Shown::Source)
            && let Some(file) = map.file_of(line.span)
        {
            let said = later.remove(&(file, number)).unwrap_or_default();
            said.iter().for_each(|message| lister.columns.message('*', number, 0, message));
        }
    }
    lister.columns.finish()
}

/// A line of the listing, what was noted while it was the newest, and the line behind it.
struct Row<'a> {
    line: &'a ListedLine,
    next: &'a ListedLine,
    notes: &'a [ListedLine],
}

/// The lines, notes told apart; what stands behind the last line is the end.
fn rows(lines: &[ListedLine]) -> impl Iterator<Item = Row<'_>> {
    let is_note = |line: &ListedLine| matches!(line.shown, Shown::Message(_) | Shown::Switch(_));
    let first = usize::from(lines.first().is_some_and(|line| !is_note(line)));
    let mut at = 0;
    std::iter::from_fn(move || {
        let notes = at + if at == 0 { first } else { 1 };
        let end = notes + lines.get(notes..)?.iter().position(|line| !is_note(line))?;
        let row = Row { line: &lines[at], next: &lines[end], notes: &lines[notes..end] };
        at = end;
        Some(row)
    })
}

/// The text of a line of the listing; none for a note before all lines.
fn text_of(map: &SourceMap, line: &ListedLine) -> Option<Vec<u8>> {
    match &line.shown {
        Shown::Source => Some(line_text(map, line.span)),
        Shown::Builtin(text) | Shown::Remark(text) => Some(text.as_bytes().to_vec()),
        Shown::Message(_) | Shown::Switch(_) => None,
    }
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
    /// What `times` wrote, by section and start: its end.
    repeats: BTreeMap<(SectionId, u64), u64>,
    /// Whether counts are decimal (`-Ld`).
    decimal: bool,
}

impl Lister<'_> {
    /// What a line became: the bytes between the places before it and before the next line.
    fn bytes(&mut self, line: &ListedLine, next: &ListedLine, shown: bool) {
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
            let end = self.repeats.get(&(next.section, first.start)).copied().unwrap_or(first.end);
            let count = rest.iter().take_while(|entry| entry.end <= end).count().max(1);
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

/// The line on which a span begins; `\` at its end joins the next one.
fn line_text(map: &SourceMap, span: Span) -> Vec<u8> {
    let Some(file) = map.file_of(span).map(|id| map.file(id)) else { return Vec::new() };
    let at = ((span.start - file.start) as usize).min(file.text.len());
    let start = memchr::memrchr(b'\n', &file.text[..at]).map_or(0, |newline| newline + 1);
    text::logical_line(&file.text[start..])
}

impl Lister<'_> {
    /// Room that is reserved.
    fn room(&mut self, start: u64, length: u64) {
        /// More is counted and not shown.
        const SHOWN: u64 = 8;
        match usize::try_from(length) {
            Ok(room) if length <= SHOWN => self.columns.unit(start, &"??".repeat(room)),
            _ => self.columns.unit(start, &self.count("res", length)),
        }
    }

    /// `<res 3E8h>`, `<res 1000>`.
    fn count(&self, what: &str, count: u64) -> String {
        if self.decimal { format!("<{what} {count}>") } else { format!("<{what} {count:X}h>") }
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
            let text = self.count("bin", turn);
            self.columns.unit(entry.start, &text);
        } else {
            put_bytes(&mut self.columns, bytes, fields, entry.start, entry.start + turn);
        }
        if length > turn {
            let text = self.count("rep", length / turn.max(1));
            self.columns.repetition(&text);
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
