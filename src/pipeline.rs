//! The table of contents of the program: every stage, called once, in order.
//!
//! ```text
//! sources → assemble → Units → link → Unit → relax, place, patch → Image → write → bytes
//! ```
//!
//! The same path for a file, a template and standard input; only what the stages are told differs.

use std::path::PathBuf;
use std::sync::Arc;

use crate::elf::records::Machine;
use crate::source::{Diagnostics, Loader, SourceMap};

/// One source of a program.
#[derive(Clone, Debug)]
pub struct Source {
    /// How messages call it; relative `%include`s do not depend on it.
    pub name: PathBuf,
    /// Its text.
    pub text: Arc<[u8]>,
    /// Whether it is a template: then a value that does not fit is an error even where NASM only warns.
    pub strict: bool,
}

/// What is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// A static executable for the machine.
    #[default]
    Executable,
    /// The bytes alone, `-f bin`.
    Flat,
}

/// How an executable is laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// What every tool reads without a warning.
    #[default]
    Standard,
    /// Headers and contents only.
    Compact,
}

impl Layout {
    /// The name that `--layout` takes.
    pub fn name(self) -> &'static str {
        match self {
            Layout::Standard => "standard",
            Layout::Compact => "compact",
        }
    }
}

/// How a program is built.
#[derive(Clone, Debug)]
pub struct Options {
    /// What it runs on.
    pub machine: Machine,
    /// What is made.
    pub format: Format,
    /// How an executable is laid out.
    pub layout: Layout,
    /// `-e`: the symbol where the process starts.
    pub entry: Option<Vec<u8>>,
    /// `-z execstack`: the program may execute its stack.
    pub executable_stack: bool,
    /// `-z nognustack` is false: leave PT_GNU_STACK out.  `None` is the layout's own habit.
    pub gnu_stack: Option<bool>,
}

impl Options {
    /// A static executable in the standard layout.
    pub fn new(machine: Machine) -> Self {
        Options {
            machine,
            format: Format::Executable,
            layout: Layout::Standard,
            entry: None,
            executable_stack: false,
            gnu_stack: None,
        }
    }
}

/// Builds a program from its sources; `None` after an error was recorded.
pub fn build(
    _sources: &[Source],
    _options: &Options,
    _loader: &dyn Loader,
    _map: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<u8>> {
    diagnostics.error(crate::source::Span::NONE, "nothing can be built yet");
    None
}
