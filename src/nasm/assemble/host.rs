//! What the preprocessor may ask of the assembler: `%if` and `%assign` see its symbols and its mode.

use super::instruction::Encoder;
use super::{Assembler, Cursor, Failure, Options, Program};
use crate::elf::records::Machine;
use crate::isa::x86::Bits;
use crate::nasm::Line;
use crate::nasm::lex::{Kind, Lexer};
use crate::nasm::preproc::{Evaluated, Host};
use crate::source::{Diagnostic, Diagnostics, Loader, SourceMap, Span};
use crate::unit::{Shown, Unit};

/// The value of an expression where no symbol is known.
pub(in crate::nasm) fn evaluate_alone(
    expression: &Line<'_>,
    loader: &dyn Loader,
    diagnostics: &mut Diagnostics,
) -> Result<Evaluated, Failure> {
    let mut lexer = Lexer::new(expression.text);
    loop {
        let token = lexer.next_token();
        match token.kind {
            Kind::End => break,
            Kind::Here | Kind::Start => {
                let text = String::from_utf8_lossy(&expression.text[token.start..token.end]).into_owned();
                let span = expression.span(token.start..token.end);
                return Err(Diagnostic::error(span, format!("`{text}` is a place, and there is none")).into());
            }
            _ => {}
        }
    }
    let options = Options::flat(Machine::X86_64);
    let mut program = Program::new(Unit::new(options.machine), options.bits, options.flat);
    program.section_named(b".text", Span::NONE);
    let mut encoder = Encoder::new(options.optimize);
    Cursor::new(*expression, &mut program, &mut encoder, diagnostics, loader, &options).evaluated()
}

impl Cursor<'_, '_> {
    fn evaluated(&mut self) -> Result<Evaluated, Failure> {
        let value = self.number_argument()?;
        Ok(if self.end().is_ok() { Evaluated::Number(value) } else { Evaluated::Followed(value) })
    }
}

impl Host for Assembler<'_> {
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
        // `$` is where the next statement will begin.
        self.program.start = self.program.end();
        self.cursor(*expression).evaluated().unwrap_or_else(|failure| {
            self.diagnostics.push(*failure.0);
            Evaluated::Wrong
        })
    }

    fn list_line(&mut self, shown: Shown, span: Span, depth: u32) {
        let line = self.program.listed_line(shown, span, depth, self.diagnostics.len());
        self.program.unit.lines_read.push(line);
    }

    fn macro_calls(&self) -> u64 {
        self.program.macro_calls
    }

    fn bits(&self) -> u8 {
        match self.program.bits {
            Bits::B16 => 16,
            Bits::B32 => 32,
            Bits::B64 => 64,
        }
    }
}
