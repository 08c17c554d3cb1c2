//! Declarations of symbols: `extern`, `required`, `global`, `static`, `common`, and what stands behind their colons.

use super::{Cursor, Failure};
use crate::nasm::lex::Kind;
use crate::source::{Diagnostic, Span};
use crate::unit::{Binding, Definition, SymbolKind, Visibility};

/// Which word declares.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Declared {
    Extern,
    Required,
    Global,
    Static,
}

impl Cursor<'_, '_> {
    /// A list with commas, each by `one`.
    pub(super) fn names(
        &mut self,
        mut one: impl FnMut(&mut Self) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        loop {
            one(self)?;
            match self.token.kind {
                Kind::Comma => self.advance(),
                _ => return self.end(),
            }
        }
    }

    /// A symbol's name.
    fn name(&mut self) -> Result<crate::unit::SymbolId, Failure> {
        if !matches!(self.token.kind, Kind::Word(_) | Kind::Symbol) {
            return self.fail("expected a symbol");
        }
        let span = self.span(self.token);
        let symbol = self.program.symbol(self.word(), span);
        self.advance();
        Ok(symbol)
    }

    /// `name`, `name:type visibility size` and `name:weak`.
    pub(super) fn declare(&mut self, declared: Declared) -> Result<(), Failure> {
        let span = self.span(self.token);
        let id = self.name()?;
        let index = id.0 as usize;
        let order = self.program.next_in_order();
        let symbol = &mut self.program.unit.symbols[index];
        match declared {
            Declared::Static => self.program.statics.push(index),
            _ if symbol.binding == Binding::Local => symbol.binding = Binding::Global,
            _ => {}
        }
        if matches!(declared, Declared::Extern | Declared::Required)
            && matches!(symbol.definition, Definition::Undefined)
        {
            // Libraries' macros declare a name wherever they use it: the first time counts in the table.
            if !symbol.external {
                symbol.order = order;
            }
            symbol.external = true;
            symbol.span = span;
        }
        if declared == Declared::Required {
            self.program.used[index] = true;
            self.program.unit.symbols[index].required = true;
        }
        if self.token.kind == Kind::Colon {
            let from = self.token.end;
            self.advance();
            self.attributes(index)?;
            self.attributes_agree(index, from, span)?;
        }
        Ok(())
    }

    /// What stands behind the colon must be the same text each time.
    fn attributes_agree(&mut self, index: usize, from: usize, span: Span) -> Result<(), Failure> {
        let text = self.lex.text()[from..self.last_end.max(from)].to_vec();
        match self.program.attributes.insert(index, text.clone()) {
            Some(before) if before != text => {
                let [before, now] = [&before, &text].map(|text| String::from_utf8_lossy(text));
                let problem = format!("a symbol cannot be `{}` and `{}`", before.trim(), now.trim());
                Err(Diagnostic::error(span, problem).into())
            }
            _ => Ok(()),
        }
    }

    /// `function hidden 16`: what follows the colon, up to the comma.
    fn attributes(&mut self, index: usize) -> Result<(), Failure> {
        while !matches!(self.token.kind, Kind::Comma | Kind::End) {
            if self.program.flat {
                // Flat output has no table that could keep them: they are wrong where the symbol is defined here.
                self.program.flat_attributes.push(index);
                self.advance();
                continue;
            }
            let word = self.word().to_ascii_lowercase();
            let symbol = &mut self.program.unit.symbols[index];
            match word.as_slice() {
                b"function" => symbol.kind = SymbolKind::Func,
                b"data" | b"object" => symbol.kind = SymbolKind::Object,
                b"notype" => symbol.kind = SymbolKind::None,
                b"default" => symbol.visibility = Visibility::Default,
                b"internal" => symbol.visibility = Visibility::Internal,
                b"hidden" => symbol.visibility = Visibility::Hidden,
                b"protected" => symbol.visibility = Visibility::Protected,
                b"weak" => symbol.binding = Binding::Weak,
                b"strong" => symbol.binding = Binding::Global,
                // Where other formats have groups of segments.
                b"wrt" => self.advance(),
                // nasm reads what follows an external name once, and passes over what it does not know by then.
                _ if symbol.external && !matches!(self.token.kind, Kind::Number(_)) => {}
                _ => {
                    let term = self.expression()?;
                    let size = self.program.value(&term);
                    self.program.unit.symbols[index].size = Some(size);
                    // The size is the last that nasm reads.
                    while !matches!(self.token.kind, Kind::Comma | Kind::End) {
                        self.advance();
                    }
                    continue;
                }
            }
            self.advance();
        }
        Ok(())
    }

    /// `common name size:align`.
    pub(super) fn common(&mut self) -> Result<(), Failure> {
        let span = self.span(self.token);
        let id = self.name()?;
        if self.program.flat {
            return Err(Diagnostic::error(span, "flat output has no common variables").into());
        }
        let start = self.token.start;
        let size = self.number_argument()?;
        let mut align = 0;
        if self.token.kind == Kind::Colon {
            let from = self.token.end;
            self.advance();
            align = self.number_argument()?;
            if align < 1 || align & (align - 1) != 0 {
                return self.fail_from(start, format!("an alignment of {align} is not a power of two"));
            }
            self.attributes(id.0 as usize)?;
            self.attributes_agree(id.0 as usize, from, span)?;
        }
        let (Ok(size), Ok(align)) = (u64::try_from(size), u64::try_from(align)) else {
            return self.fail_from(start, "a size cannot be negative");
        };
        let order = self.program.next_in_order();
        let symbol = &mut self.program.unit.symbols[id.0 as usize];
        if symbol.external || symbol.binding != Binding::Local && !is_common(symbol.definition) {
            let other = if symbol.external { "extern" } else { "global" };
            let error = Diagnostic::error(span, format!("a symbol cannot be both `common` and `{other}`"));
            return Err(error.label(symbol.span, "declared here").into());
        }
        let same = matches!(symbol.definition, Definition::Common { size: old, .. } if old == size);
        if !same && !matches!(symbol.definition, Definition::Undefined) {
            let error = Diagnostic::error(span, "this symbol is defined already");
            return Err(error.label(symbol.span, "first defined here").into());
        }
        symbol.definition = Definition::Common { size, align };
        symbol.binding = Binding::Global;
        symbol.order = order;
        self.program.newest = None;
        Ok(())
    }
}

fn is_common(definition: Definition) -> bool {
    matches!(definition, Definition::Common { .. })
}
