//! Where each byte of a file came from (`--map`): a stretch of the file, its address, the line that made it.
//!
//! ```text
//! items (section, offset, span) + placements (section, offset -> file, memory) ──> Origin
//! ```
//!
//! In: a unit with its item table, and the image that it became.  Out: origins in the order of the file, and behind
//! them what is only memory.  What nobody wrote (headers, padding between sections, jumps that golf adds) has none.

use crate::layout::{Image, Placement, Sizes};
use crate::source::{Lines, SourceMap, Span};
use crate::unit::{ItemKind, Offsets, Unit};

/// A line of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceLine {
    /// The file, as messages call it.
    pub file: String,
    /// From 1.
    pub line: u32,
    /// The text, without blanks around it.
    pub text: String,
}

/// Bytes that one statement made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The first byte's place in the file; `None` for what is only memory.
    pub offset: Option<u64>,
    /// The first byte's address, where it has one.
    pub address: Option<u64>,
    /// How many bytes.
    pub size: u64,
    /// What they are.
    pub kind: ItemKind,
    /// The line that was written; for what macros made, where the outermost was used.
    pub source: SourceLine,
    /// The line inside of the macros.
    pub inside: Option<SourceLine>,
}

impl Origin {
    /// The line, and the one inside of macros that it led to.
    pub fn words(&self) -> String {
        let line = |one: &SourceLine| format!("{}:{}  {}", one.file, one.line, one.text);
        match &self.inside {
            None => line(&self.source),
            Some(inside) => format!("{}  <- {}", line(&self.source), line(inside)),
        }
    }

    /// The place behind the last byte in the file.
    pub fn end(&self) -> Option<u64> {
        self.offset.map(|offset| offset + self.size)
    }
}

/// The origins of everything that comes from a source.
pub fn origins(unit: &Unit, sizes: &Sizes, image: &Image, map: &SourceMap) -> Vec<Origin> {
    let lines = Lines::new(map);
    let mut placements = image.placements.clone();
    placements.sort_by_key(|one| (one.section, one.start));
    let mut found = Vec::new();
    for (id, section) in unit.sections() {
        let own = &placements[placements.partition_point(|one| one.section < id)..];
        let own = &own[..own.partition_point(|one| one.section == id)];
        let items: Vec<_> = section.items.iter().flat_map(|items| items.iter()).collect();
        let total = sizes.section(unit, id);
        for (index, item) in items.iter().enumerate() {
            let start = sizes.offset(id, item.position);
            let end = items.get(index + 1).map_or(total, |next| sizes.offset(id, next.position));
            let Some((source, inside)) = source_lines(map, &lines, item.span) else { continue };
            let first = own.partition_point(|one| one.start + one.length <= start);
            for place in own[first..].iter().take_while(|one| one.start < end) {
                let Some((skip, size)) = common(place, start, end) else { continue };
                found.push(Origin {
                    offset: place.offset.map(|offset| offset.0 + skip),
                    address: place.address.map(|address| address.0.wrapping_add(skip)),
                    size,
                    kind: item.kind,
                    source: source.clone(),
                    inside: inside.clone(),
                });
            }
        }
    }
    found.sort_by_key(|one| (one.offset.is_none(), one.offset, one.address));
    found
}

/// What of a placement belongs to `start..end` of its section: how far inside it begins, and how many bytes it is.
fn common(place: &Placement, start: u64, end: u64) -> Option<(u64, u64)> {
    let (first, last) = (start.max(place.start), end.min(place.start + place.length));
    if first >= last {
        return None;
    }
    // What golf wrote anew was one instruction, and so is a whole placement.
    let whole = (first, last) == (place.start, place.start + place.length);
    Some(if whole { (0, place.size) } else { (first - place.start, last - first) })
}

/// The line that was written, and the one inside of macros.
fn source_lines(map: &SourceMap, lines: &Lines<'_>, span: Span) -> Option<(SourceLine, Option<SourceLine>)> {
    let line = |span: Span| {
        let (file, line) = lines.of(span)?;
        let text = String::from_utf8_lossy(lines.text(file, line)).trim().to_owned();
        Some(SourceLine { file: map.file(file).name.display().to_string(), line, text })
    };
    let own = line(span)?;
    let used = map.uses(span).first().and_then(|&(_, use_site)| line(use_site));
    Some(match used {
        Some(used) if used != own => (used, Some(own)),
        _ => (own, None),
    })
}
