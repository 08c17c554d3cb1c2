//! What the preprocessor may ask of the assembler: `%if` and `%assign` see its symbols and its mode.

use super::Assembler;
use crate::isa::x86::Bits;
use crate::nasm::Line;
use crate::nasm::preproc::{Evaluated, Host};
use crate::source::{Diagnostics, Loader, SourceMap};

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
        let mut cursor = self.cursor(*expression);
        match cursor.number_argument() {
            Ok(value) if cursor.end().is_ok() => Evaluated::Number(value),
            Ok(value) => Evaluated::Followed(value),
            Err(failure) => {
                self.diagnostics.push(*failure.0);
                Evaluated::Wrong
            }
        }
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
