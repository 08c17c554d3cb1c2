//! The narrow waist: a program as sections of bytes, with what is not decided yet kept beside them.
//!
//! Front ends (`nasm`, `script`, the builder) make a [`Unit`]; `layout` consumes it.  Neither side names a type
//! of the other.
//!
//! # A section's contents
//!
//! All bytes whose value and place in the order are known stand in one vector, `literal`.  What has no size yet
//! is a [`Fragment`] standing between two of those bytes:
//!
//! ```text
//! literal:     48 31 ff | b8 3c 00 00 00 0f 05 | 90 90
//! fragments:            ^0 jmp target          ^1 align 16
//! ```
//!
//! A [`Position`] is a pair (fragments before it, literal bytes before it), so it stays true whatever sizes the
//! fragments get; its offset in the finished section is `literal + sum of the sizes of the fragments before`,
//! one addition once the prefix sums are known.
//!
//! Values that are not numbers yet are [`Value`]s: a symbol plus an addend, or an [`Expr`] in the unit's arena.

mod builder;
mod common;
mod eval;
mod expr;
mod fixup;
mod fragment;
mod item;
mod link;
mod listed;
mod map_file;
mod name;
pub mod overflow;
mod places;
mod section;
mod symbol;
mod weak;

pub use builder::{BuildError, Builder};
pub use common::place_commons;
pub use eval::{Offsets, evaluate};
pub use expr::{Base, BinaryOp, EvalError, Evaluated, Expr, ExprId, Exprs, UnaryOp, Value, Wrt};
pub use fixup::{Field, Fixup, FixupKind};
pub use fragment::{
    Accept, Align, Branch, Candidate, Encoding, Fill, First, Fragment, FragmentKind, Nops, Sized,
};
pub use item::{Item, ItemKind, Items};
pub use link::{link, report_undeclared, report_undefined, undefined_error, used_undefined};
pub use listed::{ListFlags, ListedLine, Shown};
pub use map_file::{MapRequest, MapTarget};
pub use name::{NameId, Names};
pub use places::{places, symbols};
pub use section::{FlatPlacement, Position, Section, SectionFlags, SectionId, SectionKind, flat_symbol};
pub use symbol::{Binding, Definition, Symbol, SymbolId, SymbolKind, Visibility};

use crate::elf::records::Machine;

/// A program before layout: everything is there, nothing is placed.
#[derive(Clone, Debug)]
pub struct Unit {
    /// What it runs on.
    pub machine: Machine,
    /// In the order in which the source named them.
    pub sections: Vec<Section>,
    /// In the order of first mention.
    pub symbols: Vec<Symbol>,
    /// Values that are more than a symbol and an addend.
    pub exprs: Exprs,
    /// The spelling of every name.
    pub names: Names,
    /// Where the process starts, when a front end knows; otherwise the layout looks for `_start`, then `main`.
    pub entry: Option<SymbolId>,
    /// Whether a value that does not fit its field is an error even where NASM's language only warns: templates,
    /// scripts and the builder set it.
    pub refuse_overflow: bool,
    /// `EI_OSABI` and `EI_ABIVERSION` of an object.
    pub osabi: [u8; 2],
    /// Whether any instruction names a vector register: some of those want aligned memory.
    pub vectors: bool,
    /// The lines of the source in the order of reading, and the end; empty unless a listing is wanted.
    pub lines_read: Vec<ListedLine>,
    /// What `times` wrote, from where to where; empty unless a listing is wanted.
    pub repeats: Vec<(SectionId, Position, Position)>,
    /// What the source and its caller want a listing to show.
    pub list_flags: ListFlags,
    /// `[map]` of flat output.
    pub map_request: Option<MapRequest>,
}

impl Unit {
    /// An empty program.
    pub fn new(machine: Machine) -> Self {
        Unit {
            machine,
            sections: Vec::new(),
            symbols: Vec::new(),
            exprs: Exprs::default(),
            names: Names::default(),
            entry: None,
            refuse_overflow: false,
            osabi: [0; 2],
            vectors: false,
            lines_read: Vec::new(),
            list_flags: ListFlags::default(),
            repeats: Vec::new(),
            map_request: None,
        }
    }

    /// The section with this number.
    pub fn section(&self, id: SectionId) -> &Section {
        &self.sections[id.0 as usize]
    }

    /// The symbol with this number.
    pub fn symbol(&self, id: SymbolId) -> &Symbol {
        &self.symbols[id.0 as usize]
    }

    /// How a symbol is spelt, for messages: bytes that are not UTF-8 are replaced.
    pub fn symbol_name(&self, id: SymbolId) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(self.names.get(self.symbol(id).name))
    }

    /// Every section with its number.
    pub fn sections(&self) -> impl Iterator<Item = (SectionId, &Section)> {
        (0..).map(SectionId).zip(&self.sections)
    }
}
