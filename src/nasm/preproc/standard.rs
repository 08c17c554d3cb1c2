//! The macros that every source finds defined, and the packages of `%use`, as NASM source.
//!
//! Directives with a user's form (`section`, `global`, `align` …) are not macros here: the assembler knows both
//! forms, which saves the expansion of every such line.

/// Structures (nasmdoc 4.12), version macros and the names without question marks.
pub(super) const MACROS: &str = include_str!("standard.mac");

/// The directives that nasm has as macros: `-E` shows what these make of them.
pub(super) const DIRECTIVES: &str = include_str!("directives.mac");

/// The packages, by name (nasmdoc chapter 6).
pub(super) const PACKAGES: [(&str, &str); 5] = [
    ("altreg", include_str!("altreg.mac")),
    ("fp", include_str!("fp.mac")),
    ("ifunc", include_str!("ifunc.mac")),
    ("masm", include_str!("masm.mac")),
    ("smartalign", include_str!("smartalign.mac")),
];
