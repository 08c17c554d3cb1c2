//! The line of every item of code.
//!
//! An item that a macro made has the line of the macro's body, and its first byte the line of the use as well: a
//! breakpoint can be set on either, and stepping shows what the macro does.
//!
//! ```text
//!  2      mov eax, %1         offset 1   line 11, then line 2
//!  3      inc eax             offset 6   line 3
//! 11  two 5
//! ```

use crate::layout::Sizes;
use crate::source::{ExpansionId, FileId, Lines, SourceMap};
use crate::unit::{Item, Offsets, Section, SectionId, Unit};

/// From this byte on the code comes from that line, until the next row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// From the start of the section.
    pub(super) offset: u64,
    pub(super) file: FileId,
    /// From 1.
    pub(super) line: u32,
}

/// The rows of a section that holds code, in the order of their offsets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sequence {
    pub(super) section: SectionId,
    /// The size of the section, in bytes.
    pub(super) length: u64,
    pub(super) rows: Vec<Row>,
}

/// The rows of every section of code that has any.
pub(super) fn sequences(unit: &Unit, sizes: &Sizes, map: &SourceMap) -> Vec<Sequence> {
    let lines = Lines::new(map);
    let code = unit.sections().filter(|(_, section)| section.flags.alloc && section.flags.exec);
    code.map(|(id, section)| {
        let length = sizes.section(unit, id);
        Sequence { section: id, length, rows: rows(section, id, sizes, length, map, &lines) }
    })
    .filter(|sequence| !sequence.rows.is_empty())
    .collect()
}

fn rows(
    section: &Section,
    id: SectionId,
    sizes: &Sizes,
    length: u64,
    map: &SourceMap,
    lines: &Lines<'_>,
) -> Vec<Row> {
    let items: Vec<Item> = section.items.iter().flat_map(|items| items.iter()).collect();
    let start = |index: usize| items.get(index).map_or(length, |item| sizes.offset(id, item.position));
    let mut rows: Vec<Row> = Vec::new();
    let mut before: Vec<ExpansionId> = Vec::new();
    for (index, item) in items.iter().enumerate().filter(|(_, item)| !item.span.is_none()) {
        let offset = start(index);
        if offset == start(index + 1) {
            continue;
        }
        let uses = map.uses(item.span);
        let same =
            uses.iter().zip(&before).take_while(|((expansion, _), before)| expansion == *before).count();
        let begun = uses[same..].iter().map(|&(_, use_site)| use_site);
        for span in begun.chain([item.span]) {
            let Some((file, line)) = lines.of(span) else { continue };
            if rows.last().is_none_or(|last| (last.file, last.line) != (file, line)) {
                rows.push(Row { offset, file, line });
            }
        }
        before = uses.into_iter().map(|(expansion, _)| expansion).collect();
    }
    rows
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::elf::records::Machine;
    use crate::layout::relax;
    use crate::pipeline::{Language, Options, Source, assemble};
    use crate::source::{Diagnostics, MemoryLoader};

    fn check(text: &str, expected: &[(u64, u32)]) {
        let source = Source {
            name: "a.asm".into(),
            text: Arc::from(text.as_bytes()),
            strict: false,
            language: Language::Nasm,
        };
        let options = Options { debug: true, ..Options::new(Machine::X86_64) };
        let (mut map, mut diagnostics) = (SourceMap::new(), Diagnostics::new());
        let unit = assemble(&source, &options, &MemoryLoader::default(), &mut map, &mut diagnostics).unwrap();
        let sizes = relax(&unit, &mut diagnostics).unwrap();
        let found = sequences(&unit, &sizes, &map);
        let rows = found.iter().flat_map(|sequence| &sequence.rows);
        let rows: Vec<_> = rows.map(|row| (row.offset, row.line)).collect();
        assert_eq!(rows, expected, "{text}");
    }

    #[test]
    fn every_statement_has_its_line_and_a_macro_both() {
        check("section .text\nnop\n\nnop\ntimes 2 nop\n", &[(0, 2), (1, 4), (2, 5)]);
        check("section .data\ndb 1\n", &[]);
        check(
            "%macro two 0\nnop\nnop\n%endmacro\ntwo\ntwo\n",
            &[(0, 5), (0, 2), (1, 3), (2, 6), (2, 2), (3, 3)],
        );
        check(
            "%macro a 0\nnop\n%endmacro\n%macro b 0\na\nnop\n%endmacro\nb\n",
            &[(0, 8), (0, 5), (0, 2), (1, 6)],
        );
        check("%define my nop\nmy\n%rep 2\nnop\n%endrep\n", &[(0, 2), (1, 4)]);
    }
}
