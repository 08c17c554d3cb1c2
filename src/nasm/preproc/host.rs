//! What the preprocessor asks of the assembler around it.
//!
//! Two hosts exist: the assembler, whose symbols `%if` and `%assign` may test, and [`Plain`], which knows no symbol
//! and stands behind `-E`.

use crate::nasm::Line;
use crate::nasm::assemble::evaluate_alone;
use crate::source::{Diagnostics, Loader, SourceMap, Span};
use crate::unit::Shown;

/// The value of an expression in a directive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evaluated {
    /// A number.
    Number(i64),
    /// A number with something behind it that is no part of the expression.
    Followed(i64),
    /// A proper expression whose value is not a number: an address, a register.
    NotConstant,
    /// No expression; what is wrong with it was already said.
    Wrong,
}

/// The assembler around a preprocessor.
pub trait Host {
    /// Where source text is kept.
    fn map(&mut self) -> &mut SourceMap;
    /// Where messages go.
    fn diagnostics(&mut self) -> &mut Diagnostics;
    /// Where files come from.
    fn loader(&self) -> &dyn Loader;
    /// The value of an expression whose macros are expanded.
    fn evaluate(&mut self, expression: &Line<'_>) -> Evaluated;
    /// 16, 32 or 64, 0 without an assembler: for `__?BITS?__`.
    fn bits(&self) -> u8;
    /// A listing has a line to show; `depth` counts the macros, repetitions and included files around it.
    fn list_line(&mut self, _shown: Shown, _line: Span, _depth: u32) {}
    /// Calls of macros that nasm has and the assembler around knows without: `section` and other directives.
    fn macro_calls(&self) -> u64 {
        0
    }
}

/// A host without an assembler: constants only.
pub struct Plain<'a> {
    /// Where source text is kept.
    pub map: &'a mut SourceMap,
    /// Where messages go.
    pub diagnostics: &'a mut Diagnostics,
    /// Where files come from.
    pub loader: &'a dyn Loader,
}

impl Host for Plain<'_> {
    fn map(&mut self) -> &mut SourceMap {
        self.map
    }

    fn diagnostics(&mut self) -> &mut Diagnostics {
        self.diagnostics
    }

    fn loader(&self) -> &dyn Loader {
        self.loader
    }

    fn evaluate(&mut self, expression: &Line<'_>) -> Evaluated {
        let evaluated = evaluate_alone(expression, self.loader, self.diagnostics);
        evaluated.unwrap_or_else(|failure| {
            let why = "no symbol is known while only the preprocessor runs";
            self.diagnostics.push(failure.0.note(why));
            Evaluated::Wrong
        })
    }

    /// `bits` is the assembler's, and none runs.
    fn bits(&self) -> u8 {
        0
    }
}
