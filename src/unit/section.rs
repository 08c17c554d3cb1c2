//! Sections and positions inside them.

use super::{Candidate, Fixup, Fragment, Items, NameId};
use crate::source::Span;

/// Which section of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SectionId(pub u32);

/// A place between two bytes of a section that survives every change of fragment sizes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// How many fragments stand before it.
    pub fragment: u32,
    /// How many literal bytes stand before it.
    pub literal: u32,
}

/// `sh_type`, as far as programs choose it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SectionKind {
    /// `SHT_PROGBITS`: bytes in the file.
    Progbits,
    /// `SHT_NOBITS`: zeroes that take no room in the file.
    Nobits,
    /// `SHT_NOTE`.
    Note,
    /// `SHT_PREINIT_ARRAY`.
    PreinitArray,
    /// `SHT_INIT_ARRAY`.
    InitArray,
    /// `SHT_FINI_ARRAY`.
    FiniArray,
    /// Any other `sh_type`, by number.
    Other(u32),
}

/// `sh_flags`, as far as programs choose them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct SectionFlags {
    /// `SHF_ALLOC`: part of the process image.
    pub alloc: bool,
    /// `SHF_WRITE`.
    pub write: bool,
    /// `SHF_EXECINSTR`.
    pub exec: bool,
    /// `SHF_TLS`.
    pub tls: bool,
    /// `SHF_MERGE`.
    pub merge: bool,
    /// `SHF_STRINGS`.
    pub strings: bool,
}

impl SectionFlags {
    /// `alloc`, for read-only data.
    pub const RODATA: SectionFlags =
        SectionFlags { alloc: true, write: false, exec: false, tls: false, merge: false, strings: false };
    /// `alloc exec`.
    pub const TEXT: SectionFlags = SectionFlags { exec: true, ..Self::RODATA };
    /// `alloc write`.
    pub const DATA: SectionFlags = SectionFlags { write: true, ..Self::RODATA };
}

/// Where flat output (`-f bin`) puts a section: nasm's attributes, in its words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FlatPlacement {
    /// `start=`: the load address, in bytes.
    pub start: Option<u64>,
    /// `vstart=`: the address that labels count from.
    pub vstart: Option<u64>,
    /// `follows=`: the section whose end it is loaded at.
    pub follows: Option<NameId>,
    /// `vfollows=`: the section whose virtual end its addresses start at.
    pub vfollows: Option<NameId>,
    /// `align=`, where the source says it in so many words: `align=1` differs from none, which means 4 bytes.
    pub align: Option<u64>,
    /// `valign=`: alignment of the virtual start.
    pub valign: Option<u64>,
    /// Whether the source says `progbits` or `nobits`.
    pub kind_is_written: bool,
    /// `org`: only on `.text`, the address of the first byte of the output.
    pub org: Option<u64>,
}

/// The symbols that flat output defines itself, `section.NAME.start` and `section.NAME.vstart` (nasmdoc 8.1.4): the
/// section's name, and whether the address is the one that labels count from.
pub fn flat_symbol(name: &[u8]) -> Option<(&[u8], bool)> {
    let rest = name.strip_prefix(b"section.")?;
    let real = rest.strip_suffix(b".start").map(|section| (section, false));
    real.or_else(|| rest.strip_suffix(b".vstart").map(|section| (section, true)))
}

/// A section: bytes, and what stands between them.
#[derive(Clone, Debug)]
pub struct Section {
    /// The spelling, `.text`.
    pub name: NameId,
    /// What its bytes are.
    pub kind: SectionKind,
    /// What the process may do with them.
    pub flags: SectionFlags,
    /// `sh_entsize`, bytes; 0 for none.
    pub entsize: u64,
    /// The alignment that the source asked for (`align=`, `align 16`), in bytes; 1 when it asked for none.
    pub align: u64,
    /// The alignment that the format implies where the source asks for none: nasm gives .text 16.  Kept in
    /// relocatable and flat output, dropped in executables.
    pub implicit_align: u64,
    /// Bytes that are known.
    pub literal: Vec<u8>,
    /// What is not sized yet, in order.
    pub fragments: Vec<Fragment>,
    /// The encodings that `sized` fragments choose from.
    pub candidates: Vec<Candidate>,
    /// Byte patterns of `align` and `fill` fragments.
    pub patterns: Vec<u8>,
    /// Fields of `literal` whose value is not known yet, in order of position.
    pub fixups: Vec<Fixup>,
    /// What each byte is, where somebody asked for it.
    pub items: Option<Items>,
    /// Distances between two places that became numbers while the source was read, noted where items are: who moves
    /// what lies between them makes the numbers wrong.
    pub distances: Vec<(Position, Position)>,
    /// The end of the last data that a statement wrote: where the section ends with data, programs may read beyond.
    pub data_end: Position,
    /// Where `-f bin` puts it.
    pub flat: FlatPlacement,
    /// Object files list sections in this order, those with 0 (which nobody named) last.
    pub order: u32,
    /// Where it was first named.
    pub span: Span,
}

impl Section {
    /// An empty section.
    pub fn new(name: NameId, kind: SectionKind, flags: SectionFlags, span: Span) -> Self {
        Section {
            name,
            kind,
            flags,
            entsize: 0,
            align: 1,
            implicit_align: 1,
            literal: Vec::new(),
            fragments: Vec::new(),
            candidates: Vec::new(),
            patterns: Vec::new(),
            fixups: Vec::new(),
            items: None,
            distances: Vec::new(),
            data_end: Position::default(),
            flat: FlatPlacement::default(),
            order: 0,
            span,
        }
    }

    /// Notes a distance that became a number.
    pub fn note_distance(&mut self, from: Position, to: Position) {
        let distance = (from.min(to), from.max(to));
        if from != to && self.distances.last() != Some(&distance) {
            self.distances.push(distance);
        }
    }

    /// The position after everything that is there.
    ///
    /// # Panics
    /// When the section holds 4 GiB or more of literal bytes; front ends cap the output long before.
    #[inline]
    pub fn end(&self) -> Position {
        Position {
            fragment: u32::try_from(self.fragments.len()).expect("fewer fragments than source bytes"),
            literal: u32::try_from(self.literal.len()).expect("front ends cap the output at 2 GiB"),
        }
    }

    /// Whether it has neither bytes nor fragments.
    pub fn is_empty(&self) -> bool {
        self.literal.is_empty() && self.fragments.is_empty()
    }
}
