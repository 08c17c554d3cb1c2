//! What a listing is told: lines as they are read, and remarks on them where its options ask for those (`-L`).
//!
//! ```text
//!      4                              <1> mov ax,%1
//!      4 00000000 B80500              <1>  ;;; mov ax,5           -Le
//!     11                                   ;;; [macro] m {5},{7}  -Lm
//!      1                                   ;;; %define ONE 1      -Ls
//! ```

use super::Preprocessor;
use super::define::Formals;
use super::frame::{Call, File, Frame, What};
use super::host::Host;
use super::rewrite::squeeze;
use super::single::{Formal, Scope};
use super::token::Token;
use crate::nasm::lex::{Keyword, Kind, Lexer, keyword};
use crate::source::Span;
use crate::unit::{ListFlags, Shown};

impl Preprocessor {
    /// What listings of this source show, `%pragma list options` included.
    pub fn list_flags(&self) -> ListFlags {
        self.list_flags
    }

    /// Whether an option of the listing is on.
    pub(super) fn lists(&self, letter: u8) -> bool {
        self.options.lists && self.options.list_flags.has(letter)
    }

    /// Whether lines are listed here.
    fn is_listed(&self) -> bool {
        self.unlisted == 0 && self.unlisted_turns == 0
    }

    /// Whether the text being read is the user's.
    pub(super) fn is_own_text(&self) -> bool {
        self.frames.iter().rev().find_map(file_of).is_none_or(|file| file.own)
    }

    /// How many macros, repetitions and listed files are around the line at work.
    fn list_depth(&self) -> u32 {
        let builtin = self.lists(b'b');
        let last_file = self.frames.iter().rposition(|frame| matches!(frame, Frame::File(_))).unwrap_or(0);
        let mut depth = 0_u32;
        for (at, frame) in self.frames.iter().enumerate() {
            match frame {
                Frame::File(file) => {
                    depth += u32::from(file.own || builtin && at == last_file);
                }
                Frame::Body(run) => match &run.what {
                    What::Call(call) if self.multis.list[call.which as usize].head.nolist => break,
                    What::Repeat { unlisted: true, .. } => break,
                    What::Call(_) | What::Repeat { .. } => depth += 1,
                    What::Label => {}
                },
            }
        }
        depth.saturating_sub(1)
    }

    /// A line of a macro or a repetition was read; a label before a call is shown alone.
    pub(super) fn list_body_line(&self, host: &mut dyn Host) {
        match self.frames.last() {
            Some(Frame::Body(run)) if matches!(run.what, What::Label) => {
                let mut text = Vec::new();
                for token in &self.list {
                    text.extend((token.space && !text.is_empty()).then_some(b' '));
                    text.extend_from_slice(self.text.of(token));
                }
                if self.is_listed() {
                    let text = String::from_utf8_lossy(&text).into();
                    host.list_line(Shown::Remark(text), self.here, self.list_depth());
                }
            }
            _ => self.list_source(self.here, host),
        }
    }

    /// A line of the source was read.
    pub(super) fn list_source(&self, line: Span, host: &mut dyn Host) {
        if self.is_listed() {
            host.list_line(Shown::Source, line, self.list_depth());
        }
    }

    /// A line of a file was read, or of text that no user wrote (`-Lb`).
    pub(super) fn list_file_line(&self, is_own: bool, line: Span, host: &mut dyn Host) {
        if is_own {
            return self.list_source(line, host);
        }
        if !self.lists(b'b') {
            return;
        }
        let Some(Frame::File(file)) = self.frames.last() else { return };
        let text = file.text[file.at..].split(|&byte| byte == b'\n').next().unwrap_or_default();
        if !text.trim_ascii_start().is_empty() && text.first() != Some(&b';') {
            let text = String::from_utf8_lossy(text).into();
            host.list_line(Shown::Builtin(text), line, self.list_depth());
        }
    }

    fn remark(&self, text: &str, host: &mut dyn Host) {
        let text = format!(" ;;; {text}").into();
        host.list_line(Shown::Remark(text), self.here, self.list_depth());
    }

    /// `-Le`: a line that needed nothing.
    pub(super) fn list_verbatim(&self, start: usize, end: usize, host: &mut dyn Host) {
        if self.lists(b'e')
            && let Some(Frame::File(file)) = self.frames.last()
        {
            let mut line = Vec::new();
            squeeze(&file.text[start..end], &mut line);
            self.list_outcome(&line, host);
        }
    }

    /// `-Le`: a line that macros have changed.
    pub(super) fn list_expanded(&self, host: &mut dyn Host) {
        if self.lists(b'e') {
            self.list_outcome(&self.out, host);
        }
    }

    /// What the assembler sees of a line, unless that is what nasm's macros make of a directive.
    fn list_outcome(&self, line: &[u8], host: &mut dyn Host) {
        if self.is_listed() && !line.is_empty() && !is_macro_of_nasm(line) {
            self.remark(&String::from_utf8_lossy(line), host);
        }
    }

    /// `-Le`: a `%pragma` that is obeyed here, and that nasm makes a directive of the assembler.
    pub(super) fn list_pragma(&self, rest: &[Token], host: &mut dyn Host) {
        if self.lists(b'e') {
            let text = format!("[pragma {}]", self.shown(rest));
            self.list_outcome(text.as_bytes(), host);
        }
    }

    /// `-Lm`: a macro is called with these arguments.
    pub(super) fn list_call(&self, call: &Call, host: &mut dyn Host) {
        if !self.is_listed() || !self.lists(b'm') {
            return;
        }
        let mut arguments = Vec::new();
        for &(start, end) in &call.bounds {
            let mut text = String::new();
            for token in &call.tokens[start as usize..end as usize] {
                text.extend((token.space && !text.is_empty()).then_some(' '));
                text.push_str(&String::from_utf8_lossy(call.text.of(token)));
            }
            arguments.push(format!("{{{text}}}"));
        }
        let name = String::from_utf8_lossy(&call.name);
        self.remark(format!("[macro] {name} {}", arguments.join(",")).trim_end(), host);
    }

    /// `-Ls`: a single-line macro is defined.
    pub(super) fn list_definition(
        &self,
        what: (Scope, &[u8]),
        case: bool,
        formals: &Formals,
        body: &[Token],
        alias: bool,
        host: &mut dyn Host,
    ) {
        let (scope, word) = what;
        let mut text = match (alias, case) {
            (false, true) => ";;; %define ",
            (false, false) => ";;; %idefine ",
            (true, true) => ";;; %defalias ",
            (true, false) => ";;; %idefalias ",
        }
        .to_owned();
        if let Scope::Context(at) = scope {
            let context = &self.singles.contexts[at];
            let up = self.singles.contexts.len() - at;
            let name = String::from_utf8_lossy(&context.name);
            text.push_str(&format!("[{name}::{}] %{}", context.number, "$".repeat(up)));
        }
        text.push_str(&String::from_utf8_lossy(word));
        text.push_str(&shown_formals(formals));
        text.push(' ');
        for (at, token) in body.iter().enumerate() {
            text.extend((token.space && at > 0).then_some(' '));
            text.push_str(&String::from_utf8_lossy(self.text.of(token)));
        }
        host.list_line(Shown::Message(text.into()), self.here, 0);
    }

    /// Whether a definition is one to list: not one of nasm's own macros.
    pub(super) fn lists_definition(&self) -> bool {
        self.lists(b's')
            && self.frames.iter().rev().all(|frame| match frame {
                Frame::File(_) => true,
                Frame::Body(run) => match &run.what {
                    What::Call(call) => !self.multis.list[call.which as usize].head.standard,
                    _ => true,
                },
            })
            && self.frames.iter().rev().find_map(file_of).is_none_or(|file| !file.standard)
    }
}

fn file_of(frame: &Frame) -> Option<&File> {
    match frame {
        Frame::File(file) => Some(file),
        Frame::Body(_) => None,
    }
}

/// `(x,=y,&z+)`, as a definition has them.
fn shown_formals(formals: &Formals) -> String {
    if formals.names.is_empty() {
        return String::new();
    }
    let one = |(name, flags): (&Vec<u8>, &Formal)| {
        let mut text = String::new();
        text.push_str(if flags.evaluated { "=" } else { "" });
        text.push_str(match (flags.quoted_once, flags.quoted) {
            (true, _) => "&&",
            (false, true) => "&",
            (false, false) => "",
        });
        text.push_str(if flags.verbatim { "!" } else { "" });
        text + &String::from_utf8_lossy(name)
    };
    let all: Vec<String> = formals.names.iter().zip(&formals.flags).map(one).collect();
    format!("({}{})", all.join(","), if formals.greedy { "+" } else { "" })
}

/// Whether a line is a directive that nasm has as a macro whose lines no listing shows, a label before it or not.
fn is_macro_of_nasm(line: &[u8]) -> bool {
    let mut lexer = Lexer::new(line);
    let mut is_macro = || match lexer.next_token().kind {
        Kind::Word(key) => match keyword(key) {
            Some(Keyword::Directive(directive)) => Some(directive.is_a_statement()),
            Some(Keyword::Incbin) => Some(true),
            _ => None,
        },
        Kind::Symbol | Kind::Colon => None,
        _ => Some(false),
    };
    (0..3).find_map(|_| is_macro()).unwrap_or(false)
}
