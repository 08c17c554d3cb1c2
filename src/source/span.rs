//! A range of source text, as small as it can be: fragments, fixups and symbols carry one each.

use super::ExpansionId;

/// A range of bytes in the [`SourceMap`](super::SourceMap), which numbers the bytes of all files in one sequence.
///
/// Text that a macro produced keeps the place where its characters were written (`start..end`) and, in
/// `expansion`, the chain of uses that brought it here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// First byte, counted over all files of the map.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// Which macro use produced the text; [`ExpansionId::NONE`] for text written where it stands.
    pub expansion: ExpansionId,
}

impl Span {
    /// The span of nothing: for values that no source text stands for (the builder's, for example).
    pub const NONE: Span = Span { start: 0, end: 0, expansion: ExpansionId::NONE };

    /// A span outside of any macro.
    pub fn new(start: u32, end: u32) -> Self {
        Span { start, end, expansion: ExpansionId::NONE }
    }

    /// Whether this is [`Span::NONE`] (files are numbered from 1 so that no real span equals it).
    pub fn is_none(self) -> bool {
        self.end == 0
    }

    /// From the start of this one to the end of `last`; this one alone if they lie apart.
    pub fn to(self, last: Span) -> Span {
        if last.end >= self.start { Span { end: last.end, ..self } } else { self }
    }
}
