//! The lines of all files, for whoever asks for many: one search for each, where
//! [`SourceMap::line_column`](super::SourceMap::line_column) would read the whole file.

use super::{FileId, SourceMap, Span};

/// Where the lines of every file begin.
pub struct Lines<'a> {
    map: &'a SourceMap,
    newlines: Vec<Vec<usize>>,
}

impl<'a> Lines<'a> {
    /// Reads every file once.
    pub fn new(map: &'a SourceMap) -> Self {
        let newlines = map.files().map(|(_, file)| {
            file.text.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at).collect()
        });
        Lines { map, newlines: newlines.collect() }
    }

    /// The file and line, from 1, on which a span begins.
    pub fn of(&self, span: Span) -> Option<(FileId, u32)> {
        let file = self.map.file_of(span)?;
        let at = (span.start - self.map.file(file).start) as usize;
        let before = self.newlines[file.0 as usize].partition_point(|&newline| newline < at);
        Some((file, u32::try_from(before + 1).ok()?))
    }

    /// The text of a line, without its end.
    pub fn text(&self, file: FileId, line: u32) -> &'a [u8] {
        let (text, newlines) = (&self.map.file(file).text, &self.newlines[file.0 as usize]);
        let index = line as usize - 1;
        let start = index.checked_sub(1).map_or(0, |before| newlines.get(before).map_or(0, |at| at + 1));
        let end = newlines.get(index).copied().unwrap_or(text.len());
        text[start..end].strip_suffix(b"\r").unwrap_or(&text[start..end])
    }
}
