//! What the preprocessor hands to the parser: the text of one logical line, and where each part of it was written.
//!
//! A line that needed no expansion is a slice of the source itself.  An expanded or joined line lies in the
//! preprocessor's buffer, reused for the next line, with a list of pieces for the diagnostics.

use std::ops::Range;

use crate::source::Span;

/// One logical line, without its newline.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// The text to parse.
    pub text: &'a [u8],
    /// Where it comes from.
    pub origin: Origin<'a>,
}

/// Where a line's text comes from.
#[derive(Clone, Copy, Debug)]
pub enum Origin<'a> {
    /// `text` is a slice of a file; this is the number of its first byte in the source map.
    Verbatim(u32),
    /// `text` was put together from pieces, in order, the first at offset 0.
    Pieces(&'a [Piece]),
}

/// A run of characters that were written in one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Offset in the line's text.
    pub offset: u32,
    /// What it was made from; when lengths differ (a number made by `%assign`) the whole span stands for it.
    pub span: Span,
}

impl Line<'_> {
    /// The source span of a range of the text.
    #[inline]
    pub fn span(&self, range: Range<usize>) -> Span {
        match self.origin {
            Origin::Verbatim(start) => Span::new(start + offset(range.start), start + offset(range.end)),
            Origin::Pieces(pieces) => span_of_pieces(pieces, range),
        }
    }
}

impl<'a> Line<'a> {
    /// The text of a span, where it is a piece of the source as it was written.
    pub fn text_of(&self, span: Span) -> Option<std::borrow::Cow<'a, str>> {
        let Origin::Verbatim(start) = self.origin else { return None };
        let place = |number: u32| number.checked_sub(start).map(|offset| offset as usize);
        Some(String::from_utf8_lossy(self.text.get(place(span.start)?..place(span.end)?)?))
    }
}

fn span_of_pieces(pieces: &[Piece], range: Range<usize>) -> Span {
    let first = find(pieces, range.start, range.end);
    match find(pieces, range.end.saturating_sub(1).max(range.start), range.end) {
        last if last.expansion == first.expansion => first.to(last),
        _ => first,
    }
}

/// A line is shorter than the 4 GiB of source that a map holds.
#[inline]
fn offset(place: usize) -> u32 {
    debug_assert!(u32::try_from(place).is_ok());
    place as u32
}

/// The span of the character at `at`, up to `end` if the piece is a verbatim copy that reaches so far.
fn find(pieces: &[Piece], at: usize, end: usize) -> Span {
    let after = pieces.partition_point(|piece| piece.offset as usize <= at);
    let Some(piece) = after.checked_sub(1).and_then(|index| pieces.get(index)) else { return Span::NONE };
    let start = piece.span.start + offset(at) - piece.offset;
    let stop = piece.span.start + offset(end) - piece.offset;
    let whole =
        pieces.get(after).is_some_and(|next| next.offset - piece.offset != piece.span.end - piece.span.start);
    if whole || start >= piece.span.end {
        return piece.span;
    }
    Span { start, end: stop.clamp(start, piece.span.end), ..piece.span }
}
