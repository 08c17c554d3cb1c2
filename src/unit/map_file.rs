//! What `[map]` asks for: a text beside flat output that tells where its sections and symbols lie (nasmdoc 8.1.5).

use crate::source::Span;

/// Where the text goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MapTarget {
    /// Standard output, also where nothing is said.
    Stdout,
    /// Standard error.
    Stderr,
    /// A file.
    File(Vec<u8>),
}

/// Everything that the `map` directives of a source asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapRequest {
    /// The origin, and a line for each section.
    pub brief: bool,
    /// Every attribute of every section.
    pub sections: bool,
    /// The symbols of each section.
    pub symbols: bool,
    /// Where to; the first place that is named counts.
    pub target: Option<MapTarget>,
    /// The directive.
    pub span: Span,
}

impl MapRequest {
    /// Asks for nothing yet.
    pub fn new(span: Span) -> Self {
        MapRequest { brief: false, sections: false, symbols: false, target: None, span }
    }

    /// Adds what one word of the directive asks for; a second place is passed over.
    pub fn add(&mut self, word: &[u8]) {
        match word.to_ascii_lowercase().as_slice() {
            b"all" => (self.brief, self.sections, self.symbols) = (true, true, true),
            b"brief" => self.brief = true,
            b"sections" | b"segments" => (self.brief, self.sections) = (true, true),
            b"symbols" => self.symbols = true,
            _ if self.target.is_some() => {}
            b"stdout" => self.target = Some(MapTarget::Stdout),
            b"stderr" => self.target = Some(MapTarget::Stderr),
            _ => self.target = Some(MapTarget::File(word.to_vec())),
        }
    }

    /// A directive ends: one that names no part means the brief one, one that names no place means standard output.
    pub fn complete(&mut self) {
        self.brief |= !self.symbols && !self.sections;
        self.target.get_or_insert(MapTarget::Stdout);
    }
}
