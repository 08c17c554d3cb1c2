//! What a run of the preprocessor is told from outside: the language lets a source ask for an environment and a
//! clock, and both come from here.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// Bounds that end a source which would not end by itself; nasm's defaults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Expansions of single-line macros in one line.
    pub macro_tokens: u32,
    /// How deep macros may nest, single-line in one line or multi-line.
    pub macro_levels: u32,
    /// Calls of multi-line macros before the first of them ends.
    pub macros: u32,
    /// Turns of one `%rep`.
    pub rep: u64,
    /// Files included by files.
    pub include_depth: usize,
    /// Bytes of one line, joined and expanded.
    pub line: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            macro_tokens: 10_000_000,
            macro_levels: 10_000,
            macros: 10_000_000,
            rep: 1_000_000,
            include_depth: 200,
            line: 64 << 20,
        }
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
    /// `__?OUTPUT_FORMAT?__`: `elf64`, `bin`.
    pub format: Vec<u8>,
    /// `__?DEBUG_FORMAT?__`, empty for none.
    pub debug_format: Vec<u8>,
    /// What the lines are made for.
    pub purpose: Purpose,
    /// Lines are handed on as they are (`-a`).
    pub is_off: bool,
    /// `%line` says nothing (`--no-line`).
    pub ignores_line: bool,
    /// A file that `%include` does not find is only noted (`-MG`).
    pub missing_files_are_fine: bool,
    /// Bounds.
    pub limits: Limits,
}
