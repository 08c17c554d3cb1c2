//! What a run of the preprocessor is told from outside: the language lets a source ask for an environment and a
//! clock, and both come from here.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::unit::ListFlags;

/// Bounds that end a source which would not end by itself; nasm's defaults where nasm has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Tokens that single-line macros make in one line.
    pub macro_tokens: u32,
    /// How deep calls of macros may nest.
    pub macro_levels: u32,
    /// Calls of multi-line macros until the first of them ends.
    pub macros: u32,
    /// Turns of one `%rep`.
    pub rep: u64,
    /// Lines of the expanded source.
    pub lines: u64,
    /// Files included by files.
    pub include_depth: usize,
    /// How deep functions and `%[…]` may nest in one line: each level is on our own stack, which a caller's thread may
    /// have little of.
    pub nesting: u32,
    /// Bytes of one macro's text.
    pub text: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            macro_tokens: 10_000_000,
            macro_levels: 10_000,
            macros: 100_000,
            rep: 1_000_000,
            lines: 2_000_000_000,
            include_depth: 200,
            nesting: 500,
            text: 64 << 20,
        }
    }
}

impl Limits {
    /// Sets a limit by nasm's name for it (`--limit-NAME`, `%pragma limit NAME`); false when there is none.
    pub fn set(&mut self, name: &str, value: u64) -> bool {
        let small = u32::try_from(value).unwrap_or(u32::MAX);
        match name {
            "rep" => self.rep = value,
            "macro-levels" => self.macro_levels = small.min(100_000),
            "macro-tokens" => self.macro_tokens = small.min(100_000_000),
            "mmacros" => self.macros = small,
            "lines" => self.lines = value,
            // What they bound does not grow here: passes settle, expressions have a depth.
            "passes" | "stalled-passes" | "eval" => {}
            _ => return false,
        }
        true
    }
}

/// A setting of the command line; they act in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setting {
    /// `-D NAME[=VALUE]`.
    Define(Vec<u8>),
    /// `-U NAME`.
    Undefine(Vec<u8>),
    /// `-P FILE`.
    Include(PathBuf),
    /// `--before LINE`.
    Before(Vec<u8>),
    /// `--pragma TEXT`.
    Pragma(Vec<u8>),
}

/// Which `__?PASS?__` the source sees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Purpose {
    /// Assembling; as in nasm's last pass.
    #[default]
    Assemble,
    /// `-E`.
    Preprocess,
    /// `-M`.
    Dependencies,
}

/// What a run is told.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// `-D`, `-U`, `-P`, `--before`, `--pragma`, in the order given.
    pub settings: Vec<Setting>,
    /// `-I` folders, in the order they are searched.
    pub include: Vec<PathBuf>,
    /// What `%!NAME` and `%ifenv` see.
    pub environment: BTreeMap<Vec<u8>, Vec<u8>>,
    /// Seconds since 1970-01-01 UTC for `__?DATE?__` and relatives; `None` says 0, with a warning at the first use.
    pub time: Option<u64>,
    /// `__?OUTPUT_FORMAT?__` as the user calls it: `elf`, of an expansion without an assembly also `win64`; when empty,
    /// the output's own: `elf64`, `elf32`, `bin`.
    pub format: Vec<u8>,
    /// `__?DEBUG_FORMAT?__`, empty for none.
    pub debug_format: Vec<u8>,
    /// What the lines are made for.
    pub purpose: Purpose,
    /// Some directives stand without `%`, and `@@x` is a local label (`-t`).
    pub tasm: bool,
    /// Lines are handed on as they are (`-a`).
    pub is_off: bool,
    /// Whether the host is told of the lines that are read, for a listing.
    pub lists: bool,
    /// What the listing shows (`-L`); `%pragma list options` changes it.
    pub list_flags: ListFlags,
    /// `%line` says nothing (`--no-line`).
    pub ignores_line: bool,
    /// A file that `%include` does not find is only noted (`-MG`).
    pub missing_files_are_fine: bool,
    /// Bounds.
    pub limits: Limits,
}
