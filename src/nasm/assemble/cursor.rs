//! The tokens of one line, one ahead, and the ways to complain about them.

use super::{Options, Program, instruction::Encoder};
use crate::nasm::expr::Term;
use crate::nasm::lex::{Kind, Lexer, Token};
use crate::nasm::line::Line;
use crate::source::{Diagnostic, Diagnostics, Loader, Span};

/// Why a statement was given up; it is said once, by the loop over the lines.
#[derive(Debug)]
pub(in crate::nasm) struct Failure(pub(in crate::nasm) Box<Diagnostic>);

impl From<Diagnostic> for Failure {
    fn from(diagnostic: Diagnostic) -> Self {
        Failure(Box::new(diagnostic))
    }
}

impl From<Box<Diagnostic>> for Failure {
    fn from(diagnostic: Box<Diagnostic>) -> Self {
        Failure(diagnostic)
    }
}

/// A place in a line, and the program that the line adds to.
pub(in crate::nasm) struct Cursor<'a, 'p> {
    pub(in crate::nasm) line: Line<'a>,
    pub(in crate::nasm) lex: Lexer<'a>,
    /// The current token.
    pub(in crate::nasm) token: Token,
    /// Where the token before it ended.
    pub(in crate::nasm) last_end: usize,
    /// How deep expressions are nested here.
    pub(in crate::nasm) depth: u32,
    pub(in crate::nasm) program: &'p mut Program,
    pub(super) x86: &'p mut Encoder,
    pub(super) diagnostics: &'p mut Diagnostics,
    pub(super) loader: &'p dyn Loader,
    pub(super) options: &'p Options,
}

impl<'a, 'p> Cursor<'a, 'p> {
    #[inline]
    pub(super) fn new(
        line: Line<'a>,
        program: &'p mut Program,
        x86: &'p mut Encoder,
        diagnostics: &'p mut Diagnostics,
        loader: &'p dyn Loader,
        options: &'p Options,
    ) -> Self {
        let mut lex = Lexer::new(line.text);
        let token = lex.next_token();
        Cursor { line, lex, token, last_end: 0, depth: 0, program, x86, diagnostics, loader, options }
    }

    /// To the next token.
    #[inline]
    pub(in crate::nasm) fn advance(&mut self) {
        self.last_end = self.token.end;
        self.token = self.lex.next_token();
    }

    /// Back to a token that was current before.
    pub(super) fn rewind(&mut self, token: Token) {
        self.lex.seek(token.end);
        self.token = token;
    }

    /// The token after the current one.
    #[inline]
    pub(in crate::nasm) fn peek(&self) -> Kind {
        let mut ahead = self.lex;
        ahead.next_token().kind
    }

    /// The current token's bytes.
    #[inline]
    pub(in crate::nasm) fn word(&self) -> &'a [u8] {
        &self.lex.text()[self.token.start..self.token.end]
    }

    /// A part of the line, for messages.
    pub(in crate::nasm) fn text(&self, start: usize, end: usize) -> String {
        String::from_utf8_lossy(&self.lex.text()[start..end]).into_owned()
    }

    pub(in crate::nasm) fn span(&self, token: Token) -> Span {
        self.line.span(token.start..token.end.max(token.start + 1).min(self.lex.text().len().max(token.end)))
    }

    /// A failure at the current token; at the line's end it says so.
    pub(in crate::nasm) fn fail<T>(&self, problem: impl Into<String>) -> Result<T, Failure> {
        let mut problem = problem.into();
        if problem.starts_with("expected") {
            let found = match self.token.kind {
                Kind::End => "the end of the line".to_owned(),
                _ => format!("`{}`", self.text(self.token.start, self.token.end)),
            };
            problem = format!("{problem}, found {found}");
        }
        Err(Diagnostic::error(self.span(self.token), problem).into())
    }

    /// A failure of everything from `start` to the current token.
    pub(in crate::nasm) fn fail_from<T>(
        &self,
        start: usize,
        problem: impl Into<String>,
    ) -> Result<T, Failure> {
        let end = if self.last_end > start { self.last_end } else { self.token.end };
        Err(Diagnostic::error(self.line.span(start..end), problem).into())
    }

    pub(in crate::nasm) fn warn(&mut self, token: Token, name: &'static str, message: String) {
        let span = self.span(token);
        self.warn_at(span, name, message);
    }

    pub(in crate::nasm) fn warn_at(&mut self, span: Span, name: &'static str, message: String) {
        self.diagnostics.push(Diagnostic { name: Some(name), ..Diagnostic::new(WARNING, span, message) });
    }

    /// The statement must end here.
    pub(super) fn end(&self) -> Result<(), Failure> {
        if self.token.kind == Kind::End { Ok(()) } else { self.fail("expected the end of the statement") }
    }

    /// An expression that may name only what is defined before it: nasm's critical expressions (nasmdoc 3.8).
    pub(super) fn critical(&mut self, user: &str) -> Result<Term, Failure> {
        let (start, forward) = (self.token.start, self.program.forward);
        let term = self.expression()?;
        if self.program.forward != forward {
            let problem = format!("{user} takes only names that are defined before it");
            return self.fail_from(start, problem);
        }
        Ok(term)
    }

    /// An expression that must be a number now.
    pub(super) fn number_argument(&mut self) -> Result<i64, Failure> {
        let (start, forward) = (self.token.start, self.program.forward);
        let term = self.expression()?;
        let number = if self.program.forward == forward { self.number_of(&term) } else { None };
        number.map_or_else(|| self.fail_from(start, "this must be a number that is known here"), Ok)
    }

    /// The number of a term that names nothing undefined, if it has one; a provisional one if sizes decide about it.
    pub(super) fn number_of(&mut self, term: &Term) -> Option<i64> {
        if term.as_number().is_some() || term.has_registers() {
            return term.as_number();
        }
        let value = self.program.value(term);
        self.program.ask(value)
    }
}

const WARNING: crate::source::Severity = crate::source::Severity::Warning;
