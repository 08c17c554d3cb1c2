//! Every file that was read, and every macro use, numbered so that a [`Span`] is three small integers.
//!
//! Bytes are numbered from 1 over all files in the order of loading, with one byte between two files, so the
//! end of one file is not the start of the next.  Lines are found on demand: only diagnostics and listings ask.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use super::Span;

/// Which file of a [`SourceMap`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// Which macro use of a [`SourceMap`]; zero is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ExpansionId(pub u32);

impl ExpansionId {
    /// Text that no macro produced.
    pub const NONE: ExpansionId = ExpansionId(0);
}

/// One use of a macro (or one turn of `%rep`): where it was written, and what it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expansion {
    /// The text of the use; its own `expansion` leads outwards.
    pub use_site: Span,
    /// Where the macro was defined.
    pub definition: Span,
    /// The macro's name, as messages show it; shared by all its uses.
    pub name: Arc<str>,
}

/// One file's text.
#[derive(Debug)]
pub struct SourceFile {
    /// The name that messages show: as the user or an `%include` wrote it.
    pub name: PathBuf,
    /// The bytes, as loaded.
    pub text: Arc<[u8]>,
    /// The number of the first byte.
    pub start: u32,
    /// `%line` directives, in the order of the text.
    marks: Vec<LineMark>,
    /// Where the newlines are, found when the first line is asked for.
    newlines: OnceLock<Box<[u32]>>,
}

impl SourceFile {
    /// How many newlines stand before an offset.
    fn newlines_before(&self, offset: usize) -> usize {
        self.newlines().partition_point(|&at| (at as usize) < offset)
    }

    fn newlines(&self) -> &[u32] {
        self.newlines.get_or_init(|| {
            let at = self.text.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at);
            at.map(|at| u32::try_from(at).expect("all texts together have less than 4 GiB")).collect()
        })
    }
}

/// What a `%line` says of the lines behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineMark {
    /// The number of the first byte it is about.
    pub start: u32,
    /// The number of the line before.
    pub line: u32,
    /// What each line adds.
    pub step: u32,
    /// The file that is named instead.
    pub name: PathBuf,
}

/// A line and a column as people count them: both from 1, the column in characters (bytes where the line is
/// not UTF-8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
}

/// All text of one run.
#[derive(Debug, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
    expansions: Vec<Expansion>,
}

impl SourceMap {
    /// An empty map.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file; `None` when the texts together exceed what a [`Span`] can number (4 GiB).
    pub fn add(&mut self, name: &Path, text: Arc<[u8]>) -> Option<FileId> {
        let start = match self.files.last() {
            None => 1,
            Some(last) => last.start as usize + last.text.len() + 1,
        };
        u32::try_from(start + text.len() + 1).ok()?;
        let id = FileId(u32::try_from(self.files.len()).ok()?);
        self.files.push(SourceFile {
            name: name.to_owned(),
            text,
            start: u32::try_from(start).ok()?,
            marks: Vec::new(),
            newlines: OnceLock::new(),
        });
        Some(id)
    }

    /// The file with this number.
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// All files, in the order of loading.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        (0..).map(FileId).zip(&self.files)
    }

    /// Records a macro use.
    pub fn add_expansion(&mut self, expansion: Expansion) -> ExpansionId {
        self.expansions.push(expansion);
        ExpansionId(u32::try_from(self.expansions.len()).expect("fewer expansions than bytes of source"))
    }

    /// The macro use with this number; `None` for [`ExpansionId::NONE`].
    pub fn expansion(&self, id: ExpansionId) -> Option<&Expansion> {
        self.expansions.get((id.0 as usize).checked_sub(1)?)
    }

    /// The file that a span lies in; `None` for [`Span::NONE`].
    pub fn file_of(&self, span: Span) -> Option<FileId> {
        if span.is_none() {
            return None;
        }
        let after = self.files.partition_point(|file| file.start <= span.start);
        Some(FileId(u32::try_from(after.checked_sub(1)?).ok()?))
    }

    /// Line and column of a span's start.
    pub fn line_column(&self, span: Span) -> Option<LineColumn> {
        let file = self.file(self.file_of(span)?);
        let offset = ((span.start - file.start) as usize).min(file.text.len());
        let before = file.newlines_before(offset);
        let line_start = before.checked_sub(1).map_or(0, |last| file.newlines()[last] as usize + 1);
        let line = before + 1;
        let column = match std::str::from_utf8(&file.text[line_start..offset]) {
            Ok(text) => text.chars().count(),
            Err(_) => offset - line_start,
        } + 1;
        Some(LineColumn { line: u32::try_from(line).ok()?, column: u32::try_from(column).ok()? })
    }

    /// Records a `%line` directive.
    pub fn add_mark(&mut self, mark: LineMark) {
        let Some(FileId(file)) = self.file_of(Span::new(mark.start, mark.start + 1)) else { return };
        let marks = &mut self.files[file as usize].marks;
        // A file may be read again, and a repetition says the same again.
        while marks.last().is_some_and(|last| last.start >= mark.start) {
            marks.pop();
        }
        marks.push(mark);
    }

    /// The file and line of a span's start as `%line` directives call them.
    pub fn named_line(&self, span: Span) -> Option<(&Path, u32)> {
        let file = self.file(self.file_of(span)?);
        let after = file.marks.partition_point(|mark| mark.start <= span.start);
        let Some(mark) = after.checked_sub(1).map(|last| &file.marks[last]) else {
            return Some((&file.name, self.line_column(span)?.line));
        };
        let lines_before =
            |number: u32| file.newlines_before(((number - file.start) as usize).min(file.text.len()));
        let lines = lines_before(span.start) - lines_before(mark.start) + 1;
        let count = u32::try_from(lines).ok()?;
        Some((&mark.name, mark.line.wrapping_add(mark.step.wrapping_mul(count))))
    }

    /// The macro uses that lead to a span, and where each was written; the outermost first.
    pub fn uses(&self, span: Span) -> Vec<(ExpansionId, Span)> {
        let mut uses = Vec::new();
        let mut span = span;
        while let Some(expansion) = self.expansion(span.expansion) {
            uses.push((span.expansion, expansion.use_site));
            span = expansion.use_site;
        }
        uses.reverse();
        uses
    }

    /// The bytes a span covers; empty for [`Span::NONE`].
    pub fn text(&self, span: Span) -> &[u8] {
        let Some(id) = self.file_of(span) else { return &[] };
        let file = self.file(id);
        let length = file.text.len();
        let start = ((span.start - file.start) as usize).min(length);
        let end = ((span.end - file.start) as usize).clamp(start, length);
        &file.text[start..end]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &[u8], offset: u32, expected: (u32, u32)) {
        let mut map = SourceMap::new();
        map.add(Path::new("first"), Arc::from(&b"one\n"[..])).unwrap();
        let id = map.add(Path::new("second"), Arc::from(text)).unwrap();
        let start = map.file(id).start + offset;
        let span = Span::new(start, start + 1);
        assert_eq!(map.file_of(span), Some(id));
        let found = map.line_column(span).unwrap();
        assert_eq!((found.line, found.column), expected);
    }

    #[test]
    fn line_and_column_count_from_one_and_in_characters() {
        check(b"ab\ncd", 0, (1, 1));
        check(b"ab\ncd", 4, (2, 2));
        check("é x".as_bytes(), 3, (1, 3));
        check(b"\xff\xfe x", 3, (1, 4));
        check(b"ab\n", 3, (2, 1));
    }
}
