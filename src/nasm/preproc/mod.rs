//! The preprocessor: source text in, expanded logical lines out, one at a time.
//!
//! ```text
//! frame ── line ──> tokenize ── parameters ──> directive? ── expand ── macro call? ──> detoken ──> Line
//!   ^                                              │                        │
//!   └──────────── %include, %rep, %use ────────────┴──── its body ──────────┘
//! ```
//!
//! As in nasm, the stage makes text, which the parser scans again.  A line that holds no `%` and no word that may be
//! a macro is handed on as a slice of its file: it is looked at twice, for its end and for such words, and is neither
//! copied nor tokenised.  Everything else goes through buffers that are reused.
//!
//! Semantics are those of nasm 2.16.01, the manual's chapter 4 where it speaks, its behaviour where it is silent.

mod arguments;
mod body;
mod call;
mod condition;
mod conditional;
mod constant;
mod context;
mod define;
mod detoken;
mod directive;
mod expand;
mod frame;
mod functions;
mod host;
mod include;
mod listed;
mod magic;
mod message;
mod multi;
mod names;
mod options;
mod parameters;
mod paste;
mod reader;
mod repeat;
mod rewrite;
mod single;
mod stack;
mod standard;
mod strings;
mod token;
mod tokenize;
mod trace;
mod unfold;

pub use host::{Evaluated, Host, Plain};
pub use options::{Limits, Options, Purpose, Setting};
pub use rewrite::{dependencies, preprocess};

use std::path::{Path, PathBuf};

use super::line::{Line, Origin, Piece};
use crate::source::{Diagnostic, FileId, Span};
use crate::unit::ListFlags;
use directive::Obeyed;
use frame::{Defining, Frame, Location};
use names::{Filter, Names};
use single::Singles;
use token::{Text, Token};

/// The preprocessor of one source.
pub struct Preprocessor {
    options: Options,
    names: Names,
    filter: Filter,
    singles: Singles,
    multis: multi::Multis,
    frames: Vec<Frame>,
    conditions: Vec<conditional::Condition>,
    defining: Option<Box<Defining>>,
    /// Settings of the command line were not read yet.
    fresh: bool,
    expansion: expand::Buffers,
    /// The tokens of the line at work, and their text.
    list: Vec<Token>,
    spare: Vec<Token>,
    text: Text,
    joined: Vec<u8>,
    runs: Vec<(u32, u32)>,
    /// The line handed out last.
    out: Vec<u8>,
    pieces: Vec<Piece>,
    /// The line at work, for messages.
    here: Span,
    /// Where it stands, as `__?FILE?__` and `__?LINE?__` say it.
    location: Location,
    /// The files that lines stood in.
    file_names: Vec<PathBuf>,
    /// Calls under way of macros whose lines count as the calls' own (`.nolist`).
    unlisted: u32,
    /// Repetitions under way whose lines no listing shows (`%rep .nolist`).
    unlisted_turns: u32,
    /// The next number for contexts and macro calls.
    unique: u64,
    /// Calls of macros under way.
    levels: u32,
    /// Calls since the outermost of those under way began.
    calls: u32,
    /// What `__?SECT?__` says.
    section: Vec<u8>,
    dependencies: Vec<PathBuf>,
    packages: Vec<&'static str>,
    stack: stack::Stack,
    idle_bodies: Vec<body::Body>,
    #[expect(clippy::vec_box, reason = "frames hold the boxes, which go back and forth")]
    idle_calls: Vec<Box<frame::Call>>,
    time_warned: bool,
    /// `%pragma preproc sane_empty_expansion`.
    sane_empty: bool,
    stopped: bool,
    /// How many messages there were before the line handed out last, if it came from a macro.
    said: Option<usize>,
    /// A macro's call inside of a call of the same macro has ended.
    recursed: bool,
    /// White space stands behind the last token of the line at work.
    trailing: bool,
    /// `%[…]` under way, one in the other.
    brackets: u32,
    /// Lines handed out.
    lines: u64,
    /// What listings shall show from the next run on.
    list_flags: ListFlags,
}

/// Where a finished line lies.
enum Ready {
    /// A slice of the innermost file.
    Verbatim(usize, usize),
    /// In `out`.
    Expanded,
}

impl Preprocessor {
    /// A preprocessor that reads `file` of the host's source map.
    pub fn new(options: Options, file: FileId, host: &mut dyn Host) -> Self {
        let list_flags = options.list_flags;
        let mut new = Preprocessor {
            options,
            names: Names::new(),
            filter: Filter::new(),
            singles: Singles::default(),
            multis: multi::Multis::default(),
            frames: Vec::new(),
            conditions: Vec::new(),
            defining: None,
            fresh: true,
            expansion: expand::Buffers::default(),
            list: Vec::new(),
            spare: Vec::new(),
            text: Text::default(),
            joined: Vec::new(),
            runs: Vec::new(),
            out: Vec::new(),
            pieces: Vec::new(),
            here: Span::NONE,
            location: Location::default(),
            file_names: Vec::new(),
            unlisted: 0,
            unlisted_turns: 0,
            unique: 0,
            levels: 0,
            calls: 0,
            section: b"[section .text]".to_vec(),
            dependencies: Vec::new(),
            packages: Vec::new(),
            stack: stack::Stack::default(),
            idle_bodies: Vec::new(),
            idle_calls: Vec::new(),
            time_warned: false,
            sane_empty: false,
            stopped: false,
            said: None,
            recursed: false,
            trailing: false,
            brackets: 0,
            lines: 0,
            list_flags,
        };
        new.define_magic();
        let source = host.map().file(file);
        let (name, text, start) = (source.name.clone(), source.text.clone(), source.start);
        new.dependencies.push(name.clone());
        new.push_file(&name, text, start, true);
        if new.options.is_off {
            return new;
        }
        new.push_settings(host);
        let directives = if new.options.purpose == Purpose::Preprocess {
            standard::DIRECTIVES
        } else {
            standard::ASSEMBLING
        };
        let tasm = if new.options.tasm { standard::TASM } else { "" };
        for (name, text) in
            [("<standard directives>", directives), ("<standard macros>", standard::MACROS), ("<TASM>", tasm)]
        {
            if !text.is_empty()
                && new.push_text(name, text, host)
                && let Some(Frame::File(file)) = new.frames.last_mut()
            {
                file.standard = true;
            }
        }
        new
    }

    /// The next line of the expanded source; `None` at its end.
    pub fn next_line(&mut self, host: &mut dyn Host) -> Option<Line<'_>> {
        let ready = self.advance(host)?;
        self.lines += 1;
        if self.lines > self.options.limits.lines {
            let message = format!("the source has more than {} lines", self.options.limits.lines);
            self.error(self.here, message, host);
            return None;
        }
        Some(match ready {
            Ready::Expanded => Line { text: &self.out, origin: Origin::Pieces(&self.pieces) },
            Ready::Verbatim(start, end) => {
                let Some(Frame::File(file)) = self.frames.last() else { return None };
                let place = file.start + token::offset(start);
                Line { text: &file.text[start..end], origin: Origin::Verbatim(place) }
            }
        })
    }

    /// Every file that was read or asked for, the source first: what `-M` writes.
    pub fn dependencies(&self) -> &[PathBuf] {
        &self.dependencies
    }

    /// The number of the line handed out last and its file's name, as `__?LINE?__` and `__?FILE?__` say them.
    pub fn location(&self) -> (&Path, u32) {
        (&self.file_names[self.location.file as usize], self.location.line)
    }

    fn advance(&mut self, host: &mut dyn Host) -> Option<Ready> {
        loop {
            if let Some(before) = self.said.take() {
                self.place_in_macros(before, host);
            }
            if self.stopped {
                return None;
            }
            if std::mem::take(&mut self.recursed) {
                self.abandon_file(host);
            }
            self.trailing = false;
            self.list.clear();
            self.text.0.clear();
            match self.frames.last()? {
                Frame::File(_) => match self.read_file_line(host) {
                    reader::Read::Verbatim(start, end) => {
                        self.list_verbatim(start, end, host);
                        return Some(Ready::Verbatim(start, end));
                    }
                    reader::Read::End => {
                        self.end_file(host);
                        continue;
                    }
                    reader::Read::Skipped => continue,
                    reader::Read::Tokens => {}
                },
                Frame::Body(_) => {
                    if !self.read_body_line(host) {
                        continue;
                    }
                    self.said = Some(host.diagnostics().len());
                }
            }
            if self.process(host) {
                self.list_expanded(host);
                return Some(Ready::Expanded);
            }
        }
    }

    /// What becomes of the tokens of a line; true when a line is to be handed out.
    fn process(&mut self, host: &mut dyn Host) -> bool {
        let mut list = std::mem::take(&mut self.list);
        let running = self.defining.is_none() && self.emitting();
        if running {
            self.put_parameters(&mut list, host);
        }
        let mut handed = false;
        match self.directive(&mut list, host) {
            Obeyed::Silently => {}
            Obeyed::WithLine => {
                self.detoken(&list, host);
                handed = true;
            }
            Obeyed::Not => {
                if let Some(defining) = &mut self.defining {
                    defining.body.add(&list, &self.text, self.location);
                } else if running {
                    self.expand(&mut list, host);
                    if !self.call(&list, host) {
                        self.detoken(&list, host);
                        self.note_expanded_section();
                        handed = true;
                    }
                }
            }
        }
        self.list = list;
        handed
    }

    fn error(&mut self, span: Span, message: impl Into<String>, host: &mut dyn Host) {
        host.diagnostics().push(Diagnostic::error(span, message));
    }

    fn warn(&mut self, name: &'static str, span: Span, message: impl Into<String>, host: &mut dyn Host) {
        host.diagnostics().push(Diagnostic::warning(name, span, message));
    }
}
