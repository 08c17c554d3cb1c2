//! Symbols: labels, `equ`, externs and commons.

use super::{NameId, Position, SectionId, Value};
use crate::source::Span;

/// Which symbol of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SymbolId(pub u32);

/// What a symbol stands for.
#[derive(Clone, Copy, Debug)]
pub enum Definition {
    /// Mentioned, not defined here.
    Undefined,
    /// A place in a section.
    Label {
        /// The section.
        section: SectionId,
        /// The place.
        position: Position,
    },
    /// `equ`: a value.
    Equ(Value),
    /// `common`: room that the linker makes, once for all units that name it.
    Common {
        /// Bytes.
        size: u64,
        /// Bytes.
        align: u64,
    },
}

/// `ELF_ST_BIND`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Binding {
    /// `STB_LOCAL`.
    Local,
    /// `STB_GLOBAL`: `global`, `extern`.
    Global,
    /// `STB_WEAK`.
    Weak,
}

/// `ELF_ST_TYPE`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SymbolKind {
    /// `STT_NOTYPE`.
    None,
    /// `STT_OBJECT`: `global name:data`.
    Object,
    /// `STT_FUNC`: `global name:function`.
    Func,
    /// `STT_TLS`.
    Tls,
}

/// `ELF_ST_VISIBILITY`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Visibility {
    /// `STV_DEFAULT`.
    Default,
    /// `STV_INTERNAL`.
    Internal,
    /// `STV_HIDDEN`.
    Hidden,
    /// `STV_PROTECTED`.
    Protected,
}

/// A symbol.
#[derive(Clone, Debug)]
pub struct Symbol {
    /// The spelling, local labels in full (`main.loop`).
    pub name: NameId,
    /// What it stands for.
    pub definition: Definition,
    /// Who sees it.
    pub binding: Binding,
    /// What it is.
    pub kind: SymbolKind,
    /// How far it is seen.
    pub visibility: Visibility,
    /// `st_size`, bytes.
    pub size: Option<Value>,
    /// Whether `extern` or `required` declared it.
    pub external: bool,
    /// Whether `required` declared it: objects name it even when nothing uses it.
    pub required: bool,
    /// Symbols are listed in this order: that of definition, `extern` and `common` at their directive.
    pub order: u32,
    /// Where it was defined, else first mentioned.
    pub span: Span,
}

impl Symbol {
    /// A local symbol without a definition.
    pub fn new(name: NameId, span: Span) -> Self {
        Symbol {
            name,
            definition: Definition::Undefined,
            binding: Binding::Local,
            kind: SymbolKind::None,
            visibility: Visibility::Default,
            size: None,
            external: false,
            required: false,
            order: 0,
            span,
        }
    }
}
