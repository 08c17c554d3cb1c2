//! `db … dz`, `resb … resz`, `incbin`: bytes that are written down (nasmdoc 3.2).

use std::path::Path;

use super::{Cursor, Failure};
use crate::nasm::expr::{Term, float_text};
use crate::nasm::lex::{Keyword, Kind, keyword};
use crate::nasm::value::{Float, FloatFormat, unquote};
use crate::source::{Diagnostic, Span};
use crate::unit::overflow::{self, Meaning};
use crate::unit::{Field, Fixup, FixupKind, FragmentKind, Position, SectionKind};

impl Cursor<'_, '_> {
    /// `db a, b, …`: the list, elements of `width` bytes.
    pub(super) fn define_data(&mut self, width: u8) -> Result<(), Failure> {
        if self.token.kind == Kind::End {
            self.warn(self.token, "db-empty", "no operand for data declaration".into());
            return Ok(());
        }
        self.data_list(width)?;
        self.end()
    }

    /// Elements and commas; a comma at the end is allowed.
    fn data_list(&mut self, width: u8) -> Result<(), Failure> {
        loop {
            let text = self.token.kind == Kind::Text;
            self.data_element(width)?;
            self.pass_over(text);
            if self.token.kind != Kind::Comma {
                return Ok(());
            }
            self.advance();
            if matches!(self.token.kind, Kind::End | Kind::CloseParen) {
                return Ok(());
            }
        }
    }

    /// After an element without a comma nasm passes over one word; over the rest of the line where a string follows a
    /// string, as in `'it''s'`, or where a parenthesis closes that was not opened.
    fn pass_over(&mut self, is_text: bool) {
        let outside = self.depth == 0;
        match self.token.kind {
            Kind::Comma | Kind::End => return,
            Kind::CloseParen if !outside => return,
            _ => {}
        }
        let ends =
            outside && (self.token.kind == Kind::CloseParen || is_text && self.token.kind == Kind::Text);
        let end = if ends { self.lex.text().len() } else { self.token.end };
        let text = self.text(self.token.start, end);
        let message = format!("`{text}` is passed over: a comma is missing before it");
        self.warn(self.token, "missing-comma", message);
        if ends { self.skip_rest() } else { self.advance() }
    }

    fn data_element(&mut self, width: u8) -> Result<(), Failure> {
        match self.token.kind {
            Kind::Text if self.is_last(self.peek()) => {
                let bytes = unquote(self.word());
                self.advance();
                self.string_data(&bytes, width);
                Ok(())
            }
            Kind::Question => {
                self.advance();
                self.no_value(width);
                Ok(())
            }
            Kind::Word(key) => match keyword(key) {
                Some(Keyword::Size(size)) => {
                    self.advance();
                    match self.token.kind {
                        Kind::OpenParen => self.group(size.bytes()),
                        _ => self.data_element(size.bytes()),
                    }
                }
                _ => self.word_element(width),
            },
            // `%(1,2)` is a list even where `(` alone begins an expression.
            Kind::Percent => {
                self.advance();
                self.group(width)
            }
            _ => self.value_element(width),
        }
    }

    /// Whether a string that is followed by this is data, and not part of an expression.
    fn is_last(&self, next: Kind) -> bool {
        matches!(next, Kind::Comma | Kind::End | Kind::CloseParen)
    }

    fn word_element(&mut self, width: u8) -> Result<(), Failure> {
        let word = self.word();
        let lower = word.to_ascii_lowercase();
        if word.starts_with(b"__") && (lower.starts_with(b"__?utf") || lower.starts_with(b"__utf")) {
            let bytes = self.utf_string()?;
            self.string_data(&bytes, width);
            return Ok(());
        }
        self.value_element(width)
    }

    /// `(a, b, …)`.
    fn group(&mut self, width: u8) -> Result<(), Failure> {
        if self.token.kind != Kind::OpenParen {
            return self.fail("expected `(`");
        }
        self.depth += 1;
        if self.depth > 200 {
            return self.fail("these parentheses are nested too deeply");
        }
        self.advance();
        if self.token.kind != Kind::CloseParen {
            self.data_list(width)?;
        }
        self.close_paren()?;
        self.depth -= 1;
        Ok(())
    }

    /// A number, an address or a floating-point constant; or a count before `dup`.
    fn value_element(&mut self, width: u8) -> Result<(), Failure> {
        let first = self.token;
        let (last_end, start) = (self.last_end, first.start);
        let negative = self.float_sign();
        if self.is_float() {
            return self.float_data(width, negative);
        }
        self.rewind(first);
        self.last_end = last_end;
        let term = self.expression()?;
        if self.token.kind == Kind::Word(DUP) {
            return self.duplicate(&term, width, start);
        }
        if term.has_registers() {
            return self.fail_from(start, "a register is not data");
        }
        self.term_data(&term, width, start)
    }

    fn float_data(&mut self, width: u8, negative: bool) -> Result<(), Failure> {
        let Some(format) = FloatFormat::of_size(width) else {
            return self.fail("there is no floating-point format of this size");
        };
        let float = match Float::parse(&float_text(self.word()), negative, format, self.program.float_mode) {
            Ok(float) => float,
            Err(error) => return self.fail(error.to_string()),
        };
        if let Some((name, text)) = float.warning {
            let message = match name {
                "float-overflow" => {
                    overflowing_float(&self.text(self.token.start, self.token.end), format, &float)
                }
                _ => text.to_owned(),
            };
            self.warn(self.token, name, message);
        }
        self.program.literal().extend_from_slice(float.as_slice());
        self.advance();
        Ok(())
    }

    /// `count dup (…)`: the group is read once for each turn, or copied where it is constant.
    fn duplicate(&mut self, count: &Term, width: u8, start: usize) -> Result<(), Failure> {
        let Some(count) = count.as_number() else {
            return self.fail_from(start, "the count of `dup` must be a number that is known here");
        };
        if count < 0 {
            return self.fail_from(start, format!("the count of `dup` is negative: {count}"));
        }
        self.advance();
        let token = self.token;
        let index = self.program.section.0 as usize;
        let before = self.program.end();
        let fixups = self.program.unit.sections[index].fixups.len();
        let place = self.program.absolute;
        self.duplicated(width)?;
        if let (Some(from), Some(to)) = (place, &mut self.program.absolute) {
            let step = to.number.wrapping_sub(from.number);
            to.number = from.number.wrapping_add(step.wrapping_mul(count));
        }
        let after = self.program.end();
        if after.fragment != before.fragment {
            return self.duplicate_room(before, after, count, start);
        }
        let length = u64::from(after.literal - before.literal);
        let section = &mut self.program.unit.sections[index];
        if length.saturating_mul(count as u64) + u64::from(before.literal) > self.options.most_bytes {
            return self
                .fail_from(start, format!("{count} times {length} bytes are more than the output may have"));
        }
        if count == 0 {
            section.literal.truncate(before.literal as usize);
            section.fixups.truncate(fixups);
        } else if section.fixups.len() == fixups {
            let range = before.literal as usize..after.literal as usize;
            (1..count).for_each(|_| section.literal.extend_from_within(range.clone()));
        } else {
            for _ in 1..count {
                self.rewind(token);
                self.duplicated(width)?;
            }
        }
        Ok(())
    }

    /// Room without contents: the turns after the first are one run of it.
    fn duplicate_room(
        &mut self,
        before: Position,
        after: Position,
        count: i64,
        start: usize,
    ) -> Result<(), Failure> {
        let size = self.program.known_distance(self.program.section, before, after);
        let (Some(size), 1..) = (size, count) else {
            return self.fail_from(start, "only a known amount of room can be duplicated, at least once");
        };
        let span = self.span_from(start);
        self.reserve((size as u64).saturating_mul(count as u64 - 1), span);
        Ok(())
    }

    fn duplicated(&mut self, mut width: u8) -> Result<(), Failure> {
        if let Kind::Word(key) = self.token.kind
            && let Some(Keyword::Size(size)) = keyword(key)
        {
            width = size.bytes();
            self.advance();
        }
        if self.token.kind == Kind::Percent {
            self.advance();
        }
        match self.token.kind {
            Kind::OpenParen => self.group(width),
            _ => self.data_element(width),
        }
    }

    /// A string fills whole elements.
    fn string_data(&mut self, bytes: &[u8], width: u8) {
        let literal = self.program.literal();
        literal.extend_from_slice(bytes);
        let over = bytes.len() % usize::from(width);
        if over != 0 {
            literal.resize(literal.len() + usize::from(width) - over, 0);
        }
    }

    /// `?`: room without a value; zeroes where the section has contents.
    fn no_value(&mut self, width: u8) {
        if let Some(place) = &mut self.program.absolute {
            place.number = place.number.wrapping_add(i64::from(width));
            return;
        }
        let index = self.program.section.0 as usize;
        if self.program.unit.sections[index].kind == SectionKind::Nobits {
            let span = self.span_from(self.token.start);
            self.reserve(u64::from(width), span);
            return;
        }
        let span = self.span(self.token);
        self.zeroing(u64::from(width), span);
        let literal = self.program.literal();
        literal.resize(literal.len() + usize::from(width), 0);
    }

    fn zeroing(&mut self, bytes: u64, span: Span) {
        let section = self.program.unit.section(self.program.section);
        let name = String::from_utf8_lossy(self.program.unit.names.get(section.name)).into_owned();
        if bytes > 0 {
            let message = format!("`{name}` has contents: {bytes} bytes of zeroes are written");
            let warning = Diagnostic::warning("zeroing", span, message);
            self.diagnostics.push(warning.hint("reserve room behind `section .bss`"));
        }
    }

    fn term_data(&mut self, term: &Term, width: u8, start: usize) -> Result<(), Failure> {
        if width > 8 && term.as_number().is_some() {
            let problem = format!("an integer has at most 8 bytes, this element has {width}");
            return self.fail_from(start, problem);
        }
        if let Some(number) = term.as_number() {
            self.number_data(number, width, start);
            return Ok(());
        }
        if width > 8 {
            return self
                .fail_from(start, format!("an address has at most 8 bytes, this element has {width}"));
        }
        let value = self.program.value(term);
        let span = self.span_from(start);
        let position = self.program.end();
        let section = &mut self.program.unit.sections[self.program.section.0 as usize];
        section.fixups.push(Fixup { position, width, kind: FixupKind::Absolute, value, span });
        section.literal.resize(section.literal.len() + usize::from(width), 0);
        Ok(())
    }

    fn number_data(&mut self, number: i64, width: u8, start: usize) {
        let field = Field { offset: 0, width, kind: FixupKind::Absolute };
        let meaning = if self.options.strict { Meaning::Exact } else { Meaning::Number };
        let span = self.span_from(start);
        if let Some(problem) = overflow::check(span, field, number, meaning) {
            self.diagnostics.push(problem);
        }
        self.program.literal().extend_from_slice(&number.to_le_bytes()[..usize::from(width)]);
    }

    /// `resb count`.
    pub(super) fn reserve_data(&mut self, width: u8) -> Result<(), Failure> {
        let start = self.token.start;
        if self.token.kind == Kind::Question {
            self.advance();
        }
        let term = self.expression()?;
        self.end()?;
        if term.has_registers() {
            return self.fail_from(start, "the count must be a number");
        }
        if let Some(count) = term.as_number() {
            return self.reserve_known(count, width, start);
        }
        if self.program.absolute.is_some() {
            let Some(count) = self.number_of(&term) else {
                return self.fail_from(start, "this count must be a number that is known here");
            };
            return self.reserve_known(count, width, start);
        }
        let product = self.program.apply(crate::unit::BinaryOp::Mul, term, Term::number(i64::from(width)));
        let product = product.or_else(|problem| self.fail_from(start, problem))?;
        let size = self.program.value(&product);
        let span = self.span_from(start);
        self.program.push_fragment(FragmentKind::Reserve { size }, None, span);
        Ok(())
    }

    fn reserve_known(&mut self, count: i64, width: u8, start: usize) -> Result<(), Failure> {
        if count < 0 {
            return self.fail_from(start, format!("the count is negative: {count}"));
        }
        let bytes = (count as u64).saturating_mul(u64::from(width));
        if let Some(place) = &mut self.program.absolute {
            place.number = place.number.wrapping_add(bytes as i64);
            return Ok(());
        }
        let index = self.program.section.0 as usize;
        let section = &mut self.program.unit.sections[index];
        if section.kind == SectionKind::Nobits {
            let span = self.span_from(start);
            self.reserve(bytes, span);
            return Ok(());
        }
        let span = self.span_from(start);
        self.zeroing(bytes, span);
        if bytes <= 4096 {
            let literal = self.program.literal();
            literal.resize(literal.len() + bytes as usize, 0);
        } else {
            self.reserve(bytes, span);
        }
        Ok(())
    }

    /// `incbin "file", skip, length`.
    pub(super) fn incbin(&mut self) -> Result<(), Failure> {
        let start = self.token.start;
        if self.token.kind != Kind::Text {
            return self.fail("expected the name of a file in quotes");
        }
        let name = String::from_utf8_lossy(&unquote(self.word())).into_owned();
        self.advance();
        let mut limits = [None; 2];
        for limit in &mut limits {
            if self.token.kind == Kind::Comma {
                self.advance();
                if matches!(self.token.kind, Kind::Comma | Kind::End) {
                    continue;
                }
                let start = self.token.start;
                let number = self.number_argument()?;
                match usize::try_from(number) {
                    Ok(number) => *limit = Some(number),
                    Err(_) => return self.fail_from(start, format!("{number} is negative")),
                }
            }
        }
        self.end()?;
        let bytes = match self.load(&name) {
            Ok(bytes) => bytes,
            Err(error) => return self.fail_from(start, error),
        };
        let skip = limits[0].unwrap_or(0).min(bytes.len());
        let length = limits[1].unwrap_or(usize::MAX).min(bytes.len() - skip);
        if self.program.literal().len() as u64 + length as u64 > self.options.most_bytes {
            return self.fail_from(start, "with this file the output is larger than it may be");
        }
        self.program.literal().extend_from_slice(&bytes[skip..skip + length]);
        Ok(())
    }

    fn load(&self, name: &str) -> Result<std::sync::Arc<[u8]>, String> {
        let mut error = match self.loader.load(Path::new(name)) {
            Ok(bytes) => return Ok(bytes),
            Err(error) => error,
        };
        for folder in &self.options.include_paths {
            match self.loader.load(&folder.join(name)) {
                Ok(bytes) => return Ok(bytes),
                Err(other) if error.is_not_found() => error = other,
                Err(_) => {}
            }
        }
        Err(error.to_string())
    }
}

const DUP: u64 = 0x0070_7564;

/// The literal, the limit, and what is written instead.
fn overflowing_float(literal: &str, format: FloatFormat, float: &Float) -> String {
    let digits: String = float.as_slice().iter().rev().map(|byte| format!("{byte:02x}")).collect();
    format!(
        "{literal} is beyond the largest number of {} bits, {}; infinity (0x{digits}) is written",
        format.bytes() * 8,
        format.largest()
    )
}
