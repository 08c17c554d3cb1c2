//! The attributes of sections in flat output (nasmdoc 8.1.3): where a section lies, and what its labels count from.

use super::section::word_at;
use super::{Cursor, Failure};
use crate::source::Diagnostic;
use crate::unit::{MapRequest, SectionId, SectionKind};

impl Cursor<'_, '_> {
    /// `map all|brief|sections|segments|symbols FILE`, in any order.
    pub(super) fn map_file(&mut self) -> Result<(), Failure> {
        let (text, start) = (self.lex.text(), self.token.start);
        let span = self.span_from(start);
        let mut request = self.program.unit.map_request.take().unwrap_or(MapRequest::new(span));
        let mut at = start;
        while let Some((start, end)) = word_at(text, at) {
            request.add(&text[start..end]);
            at = end;
        }
        request.complete();
        self.program.unit.map_request = Some(request);
        self.skip_rest();
        Ok(())
    }

    /// What is written from `at` on: words, and names with `=` and a value attached.
    pub(super) fn flat_attributes(&mut self, id: SectionId, mut at: usize) -> Result<(), Failure> {
        let text = self.lex.text();
        while let Some((start, end)) = word_at(text, at) {
            let split = (start..end).find(|&place| text[place] == b'=');
            let name = text[start..split.unwrap_or(end)].to_ascii_lowercase();
            at = match split {
                None => end,
                Some(equal) => value_end(text, equal + 1),
            };
            let value = split.map_or(end, |equal| equal + 1)..at;
            match name.as_slice() {
                b"progbits" => self.flat_kind(id, SectionKind::Progbits, start, end)?,
                b"nobits" => self.flat_kind(id, SectionKind::Nobits, start, end)?,
                b"start" | b"vstart" | b"align" | b"valign" => self.flat_number(id, &name, value)?,
                b"follows" | b"vfollows" => self.flat_follows(id, &name, value)?,
                _ => {
                    let written = String::from_utf8_lossy(&name).into_owned();
                    let span = self.line.span(start..end);
                    self.warn_at(span, "other", format!("unknown section attribute `{written}` is ignored"));
                }
            }
        }
        Ok(())
    }

    /// A section has contents or has none from its first declaration with such a word on.
    fn flat_kind(
        &mut self,
        id: SectionId,
        kind: SectionKind,
        start: usize,
        end: usize,
    ) -> Result<(), Failure> {
        let section = &mut self.program.unit.sections[id.0 as usize];
        let is_bss = self.program.unit.names.get(section.name) == b".bss";
        if section.kind != kind && (section.flat.kind_is_written || is_bss) {
            let problem = "`progbits` and `nobits` exclude each other";
            return Err(Diagnostic::error(self.line.span(start..end), problem).into());
        }
        section.kind = kind;
        section.flat.kind_is_written = true;
        Ok(())
    }

    fn flat_follows(
        &mut self,
        id: SectionId,
        name: &[u8],
        value: std::ops::Range<usize>,
    ) -> Result<(), Failure> {
        if value.is_empty() {
            let span = self.line.span(value.start - 1..value.start);
            return Err(Diagnostic::error(span, "expected the name of a section after `=`").into());
        }
        let other = self.program.unit.names.intern(&self.lex.text()[value.clone()]);
        if other == self.program.unit.section(id).name {
            let span = self.line.span(value);
            return Err(Diagnostic::error(span, "a section cannot follow itself").into());
        }
        let flat = &mut self.program.unit.sections[id.0 as usize].flat;
        let (place, start) = match name {
            b"follows" => (&mut flat.follows, flat.start),
            _ => (&mut flat.vfollows, flat.vstart),
        };
        let changed = place.replace(other).is_some_and(|old| old != other);
        self.flat_conflict(changed, start.is_some(), value)
    }

    fn flat_number(
        &mut self,
        id: SectionId,
        name: &[u8],
        value: std::ops::Range<usize>,
    ) -> Result<(), Failure> {
        if value.is_empty() {
            let span = self.line.span(value.start - 1..value.start);
            self.warn_at(span, "other", "no value after `=`: the attribute is ignored".into());
            return Ok(());
        }
        let number = self.value_of(value.clone())?;
        let span = self.line.span(value.clone());
        let aligns = matches!(name, b"align" | b"valign");
        // Addresses of the upper half, a kernel's, are written as negative numbers.
        let is_address = name == b"vstart";
        let fits = |number: &u64| {
            (is_address || *number <= i64::MAX as u64) && (!aligns || number.is_power_of_two())
        };
        let Some(number) = Some(number as u64).filter(fits) else {
            let problem = if aligns { "is not a power of two" } else { "is negative" };
            return Err(Diagnostic::error(span, format!("{number} {problem}")).into());
        };
        let flat = &mut self.program.unit.sections[id.0 as usize].flat;
        let (place, follows) = match name {
            b"align" => (&mut flat.align, None),
            b"valign" => (&mut flat.valign, None),
            b"start" => (&mut flat.start, flat.follows),
            _ => (&mut flat.vstart, flat.vfollows),
        };
        if aligns {
            *place = (*place).max(Some(number));
            return Ok(());
        }
        let changed = place.replace(number).is_some_and(|old| old != number);
        self.flat_conflict(changed, follows.is_some(), value)
    }

    fn flat_conflict(
        &self,
        changed: bool,
        other: bool,
        value: std::ops::Range<usize>,
    ) -> Result<(), Failure> {
        let problem = match (changed, other) {
            (true, _) => "the section has another place already",
            (_, true) => "a section has either an address or follows another",
            _ => return Ok(()),
        };
        Err(Diagnostic::error(self.line.span(value), problem).into())
    }

    /// A number that a later line may say.
    fn late_number(&mut self) -> Result<i64, Failure> {
        let (place, start, forward) = (self.token, self.token.start, self.program.forward);
        let term = self.expression()?;
        if self.program.forward == forward {
            self.rewind(place);
            return self.number_argument();
        }
        if term.has_registers() {
            return self.fail_from(start, "this must be a number");
        }
        let value = self.program.value(&term);
        match self.program.ask_late(value) {
            Some(number) => Ok(number),
            None => self.fail_from(start, "this must be a number"),
        }
    }

    /// The number that a part of the line says.
    fn value_of(&mut self, range: std::ops::Range<usize>) -> Result<i64, Failure> {
        let text = self.lex.text();
        self.lex = crate::nasm::lex::Lexer::new(&text[..range.end]);
        self.lex.seek(range.start);
        self.advance();
        let number = self.late_number().and_then(|number| self.end().map(|()| number));
        self.lex = crate::nasm::lex::Lexer::new(text);
        number
    }
}

/// Where a value ends: at the next space that is in no parenthesis.
fn value_end(text: &[u8], start: usize) -> usize {
    let mut depth = 0u32;
    for (at, &byte) in (start..).zip(&text[start..]) {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            b';' => return at,
            _ if depth == 0 && byte.is_ascii_whitespace() => return at,
            _ => {}
        }
    }
    text.len()
}
