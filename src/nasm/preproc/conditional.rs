//! `%if` to `%endif`: which branch is emitted (nasmdoc 4.4).  What a condition tests is in `condition`.

use super::Preprocessor;
use super::frame::Frame;
use super::host::Host;
use super::token::Token;
use crate::source::{Diagnostic, Span};

/// What a conditional asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
    Number,
    Context,
    Defined,
    DefinedAlias,
    Empty,
    Environment,
    Id,
    Same,
    SameButCase,
    /// `%ifdifi`, which nasm 2.16 reads and never answers.
    Unanswered,
    Macro,
    Numeral,
    String,
    Token,
    Usable,
    Using,
}

/// A question, and whether the answer is turned about (`%ifn…`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Test {
    pub(super) question: Question,
    pub(super) not: bool,
}

fn question(name: &[u8]) -> Option<Question> {
    Some(match name {
        b"" => Question::Number,
        b"ctx" => Question::Context,
        b"def" => Question::Defined,
        b"defalias" => Question::DefinedAlias,
        b"empty" => Question::Empty,
        b"env" => Question::Environment,
        b"difi" => Question::Unanswered,
        b"id" => Question::Id,
        b"idn" => Question::Same,
        b"idni" => Question::SameButCase,
        b"macro" => Question::Macro,
        b"num" => Question::Numeral,
        b"str" => Question::String,
        b"token" => Question::Token,
        b"usable" => Question::Usable,
        b"using" => Question::Using,
        _ => return None,
    })
}

impl Test {
    /// The test whose name stands behind `%if` or `%elif`.
    pub(super) fn named(rest: &[u8]) -> Option<Test> {
        if let Some(question) = question(rest) {
            return Some(Test { question, not: false });
        }
        let question = question(rest.strip_prefix(b"n")?)?;
        Some(Test { question, not: true })
    }
}

/// How far an open conditional has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// This branch is emitted.
    Taken,
    /// No branch was taken yet.
    Waiting,
    /// A branch was taken before.
    Done,
    /// It lies in text that is not emitted.
    Dead,
}

/// An open conditional.
#[derive(Clone, Debug)]
pub(super) struct Condition {
    state: State,
    /// Whether `%else` has come.
    last: bool,
    span: Span,
}

impl Condition {
    /// Whether lines are emitted now.
    pub(super) fn emits(&self) -> bool {
        self.state == State::Taken
    }
}

impl Preprocessor {
    /// Whether lines are emitted now.
    pub(super) fn emitting(&self) -> bool {
        self.conditions.last().is_none_or(Condition::emits)
    }

    pub(super) fn begin_if(&mut self, test: Test, list: &mut Vec<Token>, host: &mut dyn Host) {
        let span = list[0].span;
        let state = if !self.emitting() {
            State::Dead
        } else {
            match self.test(test, list, host) {
                Some(true) => State::Taken,
                Some(false) => State::Waiting,
                // The mistake was said; nothing of the conditional is emitted, lest it cause more.
                None => State::Done,
            }
        };
        self.conditions.push(Condition { state, last: false, span });
    }

    /// The open conditional that a line belongs to; an error when there is none in this file.
    fn open(&mut self, span: Span, what: &str, host: &mut dyn Host) -> bool {
        let base = self.frames.iter().rev().find_map(|frame| match frame {
            Frame::File(file) => Some(file.conditions),
            Frame::Body(_) => None,
        });
        let found = self.conditions.len() > base.unwrap_or(0);
        if !found {
            self.error(span, format!("`{what}` without a `%if` that it could belong to"), host);
        }
        found
    }

    pub(super) fn else_if(&mut self, test: Test, list: &mut Vec<Token>, host: &mut dyn Host) {
        let span = list[0].span;
        let name = self.shown(&list[..1]);
        if !self.open(span, &name, host) {
            return;
        }
        let at = self.conditions.len() - 1;
        if self.conditions[at].state == State::Dead {
            return;
        }
        if self.conditions[at].last {
            self.warn("pp-else-elif", span, format!("`{name}` after `%else`, ignoring it"), host);
            self.conditions[at].state = State::Dead;
            self.conditions[at].last = false;
            return;
        }
        match self.conditions[at].state {
            State::Taken => self.conditions[at].state = State::Done,
            State::Waiting => {
                // The condition is expanded where the conditional stands, not in the branch before it.
                self.conditions[at].state = State::Taken;
                self.put_parameters(list, host);
                let answer = self.test(test, list, host);
                self.conditions[at].state = match answer {
                    Some(true) => State::Taken,
                    Some(false) => State::Waiting,
                    None => State::Done,
                };
            }
            State::Done | State::Dead => {}
        }
    }

    pub(super) fn begin_else(&mut self, list: &mut [Token], host: &mut dyn Host) {
        let span = list[0].span;
        if !self.open(span, "%else", host) {
            return;
        }
        self.refuse_rest(list, "%else", host);
        let at = self.conditions.len() - 1;
        if self.conditions[at].state == State::Dead {
            return;
        }
        if self.conditions[at].last {
            self.warn("pp-else-else", span, "`%else` after `%else`, ignoring it", host);
            // What follows is never emitted, and told of only once.
            self.conditions[at].state = State::Dead;
            self.conditions[at].last = false;
            return;
        }
        let condition = &mut self.conditions[at];
        condition.last = true;
        condition.state = match condition.state {
            State::Taken | State::Done => State::Done,
            State::Waiting => State::Taken,
            State::Dead => State::Dead,
        };
    }

    pub(super) fn end_if(&mut self, list: &mut [Token], host: &mut dyn Host) {
        if self.open(list[0].span, "%endif", host) {
            self.refuse_rest(list, "%endif", host);
            self.conditions.pop();
        }
    }

    /// Warns of something behind a directive that takes nothing.
    pub(super) fn refuse_rest(&mut self, list: &[Token], name: &str, host: &mut dyn Host) {
        if let Some(token) = list.get(1) {
            let message = format!("trailing garbage after `{name}` ignored");
            self.warn("pp-trailing", token.span, message, host);
        }
    }

    /// Closes what a file left open.
    pub(super) fn end_file(&mut self, host: &mut dyn Host) {
        let Some(Frame::File(file)) = self.frames.pop() else { return };
        let open = self.conditions.len() - file.conditions.min(self.conditions.len());
        if let Some(condition) =
            self.conditions.drain(file.conditions.min(self.conditions.len())..).next_back()
        {
            let message = "`%if` without `%endif` in this file";
            let mut diagnostic = Diagnostic::error(condition.span, message).hint("%endif");
            if open > 1 {
                diagnostic = diagnostic.note(format!("{open} are open; this is the innermost"));
            }
            host.diagnostics().push(diagnostic);
        }
        let frames = self.frames.len();
        if let Some(defining) = self.defining.take_if(|defining| defining.frames > frames) {
            let (what, end) =
                if defining.head.is_some() { ("%macro", "%endmacro") } else { ("%rep", "%endrep") };
            let message = format!("`{what}` without `{end}` in this file");
            host.diagnostics().push(Diagnostic::error(defining.span, message).hint(end));
        }
    }
}
