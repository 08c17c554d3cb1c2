//! Logical lines of a text without any preprocessing: a backslash at the end of a line joins the next one to it.

use super::{Line, Origin, Piece};
use crate::source::Span;

/// Splits a text into logical lines.
pub(super) struct Lines<'a> {
    text: &'a [u8],
    /// The number of the text's first byte in the source map.
    first: u32,
    at: usize,
    joined: Vec<u8>,
    pieces: Vec<Piece>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a [u8], first: u32) -> Self {
        Lines { text, first, at: 0, joined: Vec::new(), pieces: Vec::new() }
    }

    pub(super) fn next_line(&mut self) -> Option<Line<'_>> {
        let line = self.physical()?;
        if line.last() != Some(&b'\\') {
            return Some(Line { text: line, origin: Origin::Verbatim(self.number(line)) });
        }
        self.joined.clear();
        self.pieces.clear();
        let mut part = line;
        loop {
            let continued = part.last() == Some(&b'\\');
            let kept = if continued { &part[..part.len() - 1] } else { part };
            let start = self.number(part);
            let length = u32::try_from(kept.len()).expect("a source is shorter than 4 GiB");
            let offset = u32::try_from(self.joined.len()).expect("a source is shorter than 4 GiB");
            self.pieces.push(Piece { offset, span: Span::new(start, start + length) });
            self.joined.extend_from_slice(kept);
            if !continued {
                break;
            }
            match self.physical() {
                Some(next) => part = next,
                None => break,
            }
        }
        Some(Line { text: &self.joined, origin: Origin::Pieces(&self.pieces) })
    }

    /// The next physical line, without `\n` or `\r\n`.
    fn physical(&mut self) -> Option<&'a [u8]> {
        if self.at >= self.text.len() {
            return None;
        }
        let rest = &self.text[self.at..];
        let length = rest.iter().position(|&byte| byte == b'\n');
        self.at += length.map_or(rest.len(), |length| length + 1);
        let line = &rest[..length.unwrap_or(rest.len())];
        Some(line.strip_suffix(b"\r").unwrap_or(line))
    }

    /// The number of the first byte of a slice of the text.
    fn number(&self, part: &[u8]) -> u32 {
        let offset = part.as_ptr() as usize - self.text.as_ptr() as usize;
        self.first + u32::try_from(offset).expect("a source is shorter than 4 GiB")
    }
}
