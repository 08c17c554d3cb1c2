//! Where the next line comes from: a stack of files, macro calls and repetitions.

use std::rc::Rc;
use std::sync::Arc;

use super::body::Body;
use super::token::{Text, Token};
use crate::source::{ExpansionId, Span};

/// One source of lines.
pub(super) enum Frame {
    /// A file, or text that acts as one.
    File(File),
    /// A macro call or a repetition.
    Body(Run),
}

/// Where a line stands in a source, as `%line` may have renumbered it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Location {
    /// The file, by its place in the list of names.
    pub(super) file: u32,
    /// The line's number.
    pub(super) line: u32,
}

/// A file being read.
pub(super) struct File {
    /// Its text.
    pub(super) text: Arc<[u8]>,
    /// How much of it was read.
    pub(super) at: usize,
    /// The number of its first byte.
    pub(super) start: u32,
    /// What `__?FILE?__` and `__?LINE?__` say of the line read last.
    pub(super) location: Location,
    /// What a line adds to the number (`%line`).
    pub(super) step: u32,
    /// Lines that `\` joined to the last one: the next line's number counts them.
    pub(super) joined: u32,
    /// Conditionals open when it began.
    pub(super) conditions: usize,
    /// Whether its lines are the user's, as opposed to standard macros and the command line's.
    pub(super) own: bool,
    /// Whether it is what every source finds defined.
    pub(super) standard: bool,
}

/// Stored lines being run.
pub(super) struct Run {
    /// The lines.
    pub(super) body: Rc<Body>,
    /// The next one.
    pub(super) at: usize,
    /// Conditionals open when it began.
    pub(super) conditions: usize,
    /// Which lines they are.
    pub(super) what: What,
}

/// Which stored lines are run.
pub(super) enum What {
    /// A macro call.
    Call(Box<Call>),
    /// A repetition with so many turns left after this one.
    Repeat { left: u64, unlisted: bool },
    /// The label before a macro call, as a line of its own.
    Label,
}

/// A call of a multi-line macro.
#[derive(Default)]
pub(super) struct Call {
    /// Which macro.
    pub(super) which: u32,
    /// The name as it was written in the call.
    pub(super) name: Vec<u8>,
    /// The number in `..@NUMBER.label`.
    pub(super) unique: u64,
    /// The arguments' tokens.
    pub(super) tokens: Vec<Token>,
    /// Their text.
    pub(super) text: Text,
    /// The bounds of each argument.
    pub(super) bounds: Vec<(u32, u32)>,
    /// The label before the call, if the macro takes it by `%00`.
    pub(super) label: Option<(u32, u32)>,
    /// How far `%rotate` has turned the arguments.
    pub(super) rotate: usize,
    /// What the lines' spans say of it.
    pub(super) expansion: ExpansionId,
    /// The place of all its lines, where they count as the call's own (`.nolist`).
    pub(super) place: Option<Span>,
}

impl Call {
    /// The argument with a number from 1, after `%rotate`.
    pub(super) fn argument(&self, number: usize) -> &[Token] {
        let bounds = match number {
            0 => self.label,
            _ if number > self.bounds.len() => None,
            _ => self.bounds.get((number - 1 + self.rotate) % self.bounds.len()).copied(),
        };
        bounds.map_or(&[], |(start, end)| &self.tokens[start as usize..end as usize])
    }
}

/// A macro or repetition being read.
pub(super) struct Defining {
    /// The macro's head; `None` for a repetition.
    pub(super) head: Option<Box<super::multi::Head>>,
    /// How often a repetition runs.
    pub(super) turns: u64,
    /// Whether listings leave a repetition's lines out (`%rep .nolist`).
    pub(super) unlisted: bool,
    /// Its lines so far.
    pub(super) body: Body,
    /// Definitions nested in it that are open.
    pub(super) macros: u32,
    /// Repetitions nested in it that are open.
    pub(super) repeats: u32,
    /// Where it was opened.
    pub(super) span: Span,
    /// How many frames there were.
    pub(super) frames: usize,
}
