//! One logical line: label, `times`, and what kind of statement follows.

use super::{Cursor, Failure};
use crate::isa::x86::{self, Prefixes, RegisterClass};
use crate::nasm::expr::Term;
use crate::nasm::lex::{Directive, Keyword, Kind, Prefix, keyword};
use crate::source::{Diagnostic, Span};
use crate::unit::{Definition, Fill, FragmentKind, Item, ItemKind, Position, SectionKind};

/// Above this many bytes a repetition is kept as a fragment instead of being written out.
const WRITTEN_OUT: u64 = 4096;

/// What a `times` repeats beyond which assembling anew for each turn is refused.
const MOST_TURNS: i64 = 1 << 24;

/// How deep a count with names that are defined later may be nested.
const MOST_NESTED: u32 = 64;

impl Cursor<'_, '_> {
    /// The whole line.
    #[inline]
    pub(super) fn statement(&mut self) -> Result<(), Failure> {
        match self.token.kind {
            Kind::End => Ok(()),
            Kind::Word(key) => {
                let known = keyword(key);
                if self.lex.following() == b':' {
                    if is_reserved(known) {
                        let text = String::from_utf8_lossy(self.word()).into_owned();
                        let span = self.span(self.token);
                        let error = Diagnostic::error(span, format!("`{text}` cannot be a label"));
                        return Err(error.hint(format!("write `${text}` to mean a label")).into());
                    }
                    return self.label();
                }
                match known {
                    Some(Keyword::Directive(directive)) if self.is_plain(directive) => {
                        if self.peek() == Kind::End && !directive.stands_alone() {
                            return self.directive_alone(directive);
                        }
                        self.advance();
                        self.program.macro_calls += directive.macro_calls();
                        self.directive(directive)
                    }
                    Some(Keyword::Directive(_)) => self.label(),
                    Some(Keyword::Register(register)) if register.class() != RegisterClass::Segment => {
                        self.label()
                    }
                    Some(_) => self.operation(None),
                    None => match x86::mnemonic_folded(self.word(), key) {
                        Some(mnemonic) => self.operation(Some(mnemonic)),
                        None => self.label(),
                    },
                }
            }
            Kind::Symbol => self.label(),
            Kind::OpenBracket => self.bracketed(),
            Kind::Braces => self.operation(None),
            Kind::Percent | Kind::PercentPercent => {
                let (start, end) = (self.token.start, self.lex.text().len());
                let text = self.text(start, end);
                let word = text.split_ascii_whitespace().next().unwrap_or("%");
                self.fail_from(start, format!("`{word}` is not known to the preprocessor"))
            }
            _ => self.fail("expected a label or an instruction"),
        }
    }

    /// A directive with nothing behind it is a label, since nasm's macro of that name takes something.
    fn directive_alone(&mut self, directive: Directive) -> Result<(), Failure> {
        // Of those that are macros here, too, it was said.
        if !matches!(directive, Directive::Float | Directive::Sectalign) {
            let text = String::from_utf8_lossy(self.word()).into_owned();
            let message = format!("`{text}` says nothing without something behind it, and is a label");
            self.warn(self.token, "pp-macro-params-multi", message);
        }
        self.label()
    }

    /// Whether a directive may stand without brackets: that is a macro of nasm's, and `-a` knows none.
    fn is_plain(&self, directive: Directive) -> bool {
        directive.is_a_statement() && !self.options.preprocessor.is_off
    }

    /// `[directive …]`.
    fn bracketed(&mut self) -> Result<(), Failure> {
        self.advance();
        let Kind::Word(key) = self.token.kind else { return self.fail("expected the name of a directive") };
        let known = keyword(key);
        let Some(Keyword::Directive(directive)) = known.filter(|word| match word {
            Keyword::Directive(directive) => directive.is_bracketed(),
            _ => true,
        }) else {
            let text = self.text(self.token.start, self.token.end);
            return self.fail(format!("there is no directive `{text}`"));
        };
        let text = self.lex.text();
        let Some(close) = text.iter().rposition(|&byte| byte == b']') else {
            return self.fail("expected `]` at the end of the directive");
        };
        // The directive sees a line that ends before the bracket.
        self.lex = crate::nasm::lex::Lexer::new(&text[..close]);
        self.lex.seek(self.token.end);
        self.advance();
        self.directive(directive)
    }

    /// A label, and what follows it.
    fn label(&mut self) -> Result<(), Failure> {
        let token = self.token;
        let word = self.word();
        self.advance();
        let colon = self.token.kind == Kind::Colon;
        if colon {
            self.advance();
        }
        let span = self.line.span(token.start..token.end);
        if let Kind::Word(key) = self.token.kind
            && keyword(key) == Some(Keyword::Equ)
        {
            return self.equ(word, span);
        }
        if self.token.kind == Kind::End && !colon {
            self.orphan(token, word);
        }
        self.program.define_label(word, span)?;
        match self.token.kind {
            Kind::End => Ok(()),
            Kind::Word(key) => match keyword(key) {
                Some(Keyword::Directive(directive)) if self.is_plain(directive) => {
                    self.advance();
                    self.program.macro_calls += directive.macro_calls();
                    self.directive(directive)
                }
                None | Some(Keyword::Register(_)) if !colon && self.is_operand() => {
                    self.unknown_instruction(word, span)
                }
                _ => self.operation(None),
            },
            Kind::Braces => self.operation(None),
            _ if !colon => self.unknown_instruction(word, span),
            _ => self.fail("expected an instruction"),
        }
    }

    /// Whether the current word is more likely an operand than an instruction: `xorr eax,eax` is no label `xorr`.
    fn is_operand(&self) -> bool {
        let word = self.word();
        if x86::mnemonic(word).is_some() {
            return false;
        }
        x86::Register::from_name(word).is_some_and(|register| register.class() != x86::RegisterClass::Segment)
            || near_mnemonics(&String::from_utf8_lossy(word)).is_none()
    }

    fn unknown_instruction(&self, word: &[u8], span: Span) -> Result<(), Failure> {
        let text = String::from_utf8_lossy(word).into_owned();
        let error = Diagnostic::error(span, format!("there is no instruction `{text}`"));
        Err(self.suggest(error, &text).into())
    }

    /// nasm's `label-orphan`: most often a misspelt instruction.
    fn orphan(&mut self, token: crate::nasm::lex::Token, word: &[u8]) {
        let text = String::from_utf8_lossy(word).into_owned();
        let message = format!("label `{text}` alone on a line without a colon");
        let warning = Diagnostic::warning("label-orphan", self.span(token), message);
        let hint = near_mnemonics(&text).unwrap_or_else(|| format!("if it is a label, write `{text}:`"));
        self.diagnostics.push(warning.hint(hint));
    }

    pub(super) fn suggest(&self, error: Diagnostic, word: &str) -> Diagnostic {
        match near_mnemonics(word) {
            Some(hint) => error.hint(hint),
            None => error,
        }
    }

    /// `name equ value`; a later value is allowed to be unknown.
    fn equ(&mut self, word: &[u8], span: Span) -> Result<(), Failure> {
        self.program.start = self.program.end();
        self.advance();
        let start = self.token.start;
        let term = self.expression()?;
        if term.has_registers() {
            return self.fail_from(start, "a register has no value for `equ`");
        }
        if term.wrt.is_some() {
            return self.fail_from(start, "`equ` names a value; `wrt` stands where the value is used");
        }
        self.end()?;
        let value = self.program.value(&term);
        self.program.define(word, span, Definition::Equ(value))?;
        Ok(())
    }

    /// Prefixes, `times`, data, instructions; `mnemonic` where the line is known to begin with one.
    #[inline]
    fn operation(&mut self, mnemonic: Option<u16>) -> Result<(), Failure> {
        self.program.start = self.program.end();
        self.once(mnemonic)
    }

    fn is_times(&self) -> bool {
        matches!(self.token.kind, Kind::Word(key) if keyword(key) == Some(Keyword::Times))
    }

    /// One turn of an operation, with its entry in the item table and nasm's rules for sections without contents.
    #[inline]
    fn once(&mut self, mnemonic: Option<u16>) -> Result<(), Failure> {
        let before = self.program.end();
        let start = self.token.start;
        let kind = match mnemonic {
            Some(mnemonic) => {
                self.instruction_of(mnemonic, Prefixes::default(), start)?;
                ItemKind::Instruction
            }
            None if self.is_times() => return self.times(),
            None => self.body()?,
        };
        if self.program.absolute.is_some() && self.program.end() != before {
            return self
                .fail_from(start, "an `absolute` place has no contents: only room can be reserved there");
        }
        let index = self.program.section.0 as usize;
        let section = &mut self.program.unit.sections[index];
        if section.kind == SectionKind::Nobits && section.literal.len() > before.literal as usize {
            self.drop_contents(before, start);
        } else if self.program.items {
            self.item(before, start, kind);
        }
        Ok(())
    }

    /// Notes what the bytes since `before` are.
    pub(super) fn item(&mut self, before: Position, start: usize, kind: ItemKind) {
        let span = self.span_from(start);
        let section = &mut self.program.unit.sections[self.program.section.0 as usize];
        let end = section.end();
        if end == before {
            return;
        }
        if kind == ItemKind::Data {
            section.data_end = end;
        }
        if let Some(items) = &mut section.items {
            items.push(Item { position: before, kind, span });
        }
    }

    /// Bytes in a section that has none: nasm counts them and says so.
    fn drop_contents(&mut self, before: Position, start: usize) {
        let span = self.span_from(start);
        let section = &mut self.program.unit.sections[self.program.section.0 as usize];
        let length = section.literal.len() - before.literal as usize;
        section.literal.truncate(before.literal as usize);
        section.fixups.retain(|fixup| fixup.position < before);
        let name = String::from_utf8_lossy(self.program.unit.names.get(section.name)).into_owned();
        let message =
            format!("`{name}` has no contents: {length} bytes of data are dropped, and zeroes stand there");
        let warning = Diagnostic::warning("other", span, message);
        self.diagnostics.push(warning.hint("define data behind `section .data` or `section .rodata`"));
        self.reserve(length as u64, span);
    }

    /// What stands after prefixes of the assembler's own.
    #[inline]
    pub(super) fn body(&mut self) -> Result<ItemKind, Failure> {
        if let Kind::Word(key) = self.token.kind {
            match keyword(key) {
                Some(Keyword::Define(width)) => {
                    self.advance();
                    match width {
                        // As nasm counts them.
                        16 | 32 => self.program.data_begins(2 * u64::from(width)),
                        64 => {}
                        _ => self.program.data_begins(width.into()),
                    }
                    self.define_data(width)?;
                    return Ok(ItemKind::Data);
                }
                Some(Keyword::Reserve(width)) => {
                    self.advance();
                    self.program.data_begins(width.into());
                    self.reserve_data(width)?;
                    return Ok(ItemKind::Data);
                }
                Some(Keyword::Incbin) => {
                    // nasm's macro of that name, and the context that it pushes.
                    self.program.macro_calls += 2;
                    self.advance();
                    self.incbin()?;
                    return Ok(ItemKind::Data);
                }
                Some(Keyword::Equ) => return self.fail("`equ` needs a name before it"),
                Some(Keyword::Times) => {
                    self.times()?;
                    return Ok(ItemKind::Data);
                }
                _ => {}
            }
        }
        self.instruction()?;
        Ok(ItemKind::Instruction)
    }

    /// `times count operation`.
    pub(super) fn times(&mut self) -> Result<(), Failure> {
        let start = self.token.start;
        let (mut count_start, mut count);
        loop {
            self.advance();
            count_start = self.token.start;
            count = self.count_of_times()?;
            // Of several counts the last holds.
            if !self.is_times() {
                break;
            }
        }
        if count.has_registers() {
            return self.fail_from(count_start, "the count of `times` must be a number");
        }
        let count_end = self.last_end;
        let Some(number) = count.as_number().map(Fill::turns) else {
            return self.times_later(&count, start, count_end);
        };
        if number < 0 {
            let span = self.line.span(count_start..count_end);
            let error = Diagnostic::error(span, format!("the count of `times` is negative: {number}"));
            return Err(match self.text(count_start, count_end).contains('$') {
                true => error.hint("the contents before it are too long by that many bytes").into(),
                false => error.into(),
            });
        }
        if number == 0 {
            return Ok(());
        }
        let before = self.program.end();
        self.repeat(number, start)?;
        self.note_repeat(before);
        Ok(())
    }

    /// Tells the listing what `times` has written.
    fn note_repeat(&mut self, before: Position) {
        if self.options.preprocessor.lists {
            let (section, end) = (self.program.section, self.program.end());
            self.program.unit.repeats.push((section, before, end));
        }
    }

    /// Names that are defined later may stand in it as distances: `times (b-a) & 1 jmp x`.
    fn count_of_times(&mut self) -> Result<Term, Failure> {
        let (start, forward) = (self.token.start, self.program.forward);
        let term = self.expression()?;
        if self.program.forward == forward {
            return Ok(term);
        }
        let value = self.program.value(&term);
        if term.has_registers() || self.program.unknowns(value, MOST_NESTED) != Some(0) {
            return self.fail_from(start, "`times` takes only names that are defined before it".to_owned());
        }
        match self.program.ask_late(value) {
            Some(number) => Ok(Term::number(number)),
            None => self.fail_from(start, "the count of `times` must be a number"),
        }
    }

    fn repeat(&mut self, number: i64, start: usize) -> Result<(), Failure> {
        let token = self.token;
        let before = self.program.end();
        let fixups = self.fixups();
        let absolute = self.program.absolute.is_some();
        self.program.place_dependent = false;
        self.once(None)?;
        let after = self.program.end();
        let length = u64::from(after.literal - before.literal);
        let constant = after.fragment == before.fragment && self.fixups() == fixups && !absolute;
        let total = length.saturating_mul(number as u64);
        let listed = self.program.items && !is_data(token.kind) && total <= WRITTEN_OUT;
        if constant && !self.program.place_dependent && !listed {
            if u64::from(before.literal) + total > self.options.most_bytes {
                let most = in_words(self.options.most_bytes);
                let problem =
                    format!("{number} times {length} bytes are more than the output may have ({most})");
                return self.fail_from(start, problem);
            }
            if total <= WRITTEN_OUT {
                let range = before.literal as usize..after.literal as usize;
                let literal = self.program.literal();
                (1..number).for_each(|_| literal.extend_from_within(range.clone()));
                // The turns after the first are an item of their own: a listing tells how many there are.
                if self.program.items {
                    self.item(after, token.start, ItemKind::Data);
                }
            } else {
                let count = crate::unit::Value::Const(number);
                self.fill(before, count, Some(total), start);
            }
            return Ok(());
        }
        if number > MOST_TURNS {
            let most = in_words(self.options.most_bytes);
            return self
                .fail_from(start, format!("{number} times this is more than the output may have ({most})"));
        }
        for _ in 1..number {
            self.rewind(token);
            self.once(None)?;
        }
        Ok(())
    }

    /// How many fields of the current section wait for layout.
    fn fixups(&self) -> usize {
        self.program.unit.sections[self.program.section.0 as usize].fixups.len()
    }

    /// Turns the bytes since `before` into a repeated pattern.
    fn fill(&mut self, before: Position, count: crate::unit::Value, size: Option<u64>, start: usize) {
        let span = self.span_from(start);
        let section = &mut self.program.unit.sections[self.program.section.0 as usize];
        let from = section.patterns.len();
        let tail = section.literal.split_off(before.literal as usize);
        section.patterns.extend_from_slice(&tail);
        let range = |at: usize| u32::try_from(at).expect("a pattern was a line of source");
        let pattern = range(from)..range(section.patterns.len());
        self.program.push_fragment(FragmentKind::Fill(Fill { count, pattern }), size, span);
    }

    /// A count that is not known yet: bytes that stay the same become a fragment, for everything else a provisional
    /// count is taken.
    fn times_later(&mut self, count: &Term, start: usize, count_end: usize) -> Result<(), Failure> {
        let before = self.program.end();
        let fixups = self.fixups();
        let token = self.token;
        self.program.place_dependent = false;
        self.body()?;
        let after = self.program.end();
        let value = self.program.value(count);
        let constant = after.fragment == before.fragment && self.fixups() == fixups;
        if !constant || self.program.place_dependent || self.program.absolute.is_some() {
            self.times_provisional(value, token, start, count_end)?;
            self.note_repeat(before);
            return Ok(());
        }
        self.fill(before, value, None, start);
        if self.program.items {
            self.item(before, start, ItemKind::Padding);
        }
        Ok(())
    }

    /// One turn was assembled already.
    fn times_provisional(
        &mut self,
        count: crate::unit::Value,
        token: crate::nasm::lex::Token,
        start: usize,
        count_end: usize,
    ) -> Result<(), Failure> {
        let span = self.line.span(start..count_end);
        let Some(count) = self.program.ask(count).map(Fill::turns) else {
            return Err(Diagnostic::error(span, "the count of `times` must be a number").into());
        };
        if !(1..=MOST_TURNS).contains(&count) {
            let error = Diagnostic::error(span, format!("the count {count} is not known in time"));
            return Err(error.note("what it repeats depends on the place, and the count on sizes").into());
        }
        for _ in 1..count {
            self.rewind(token);
            self.once(None)?;
        }
        Ok(())
    }

    /// Room of `size` bytes.
    pub(super) fn reserve(&mut self, size: u64, span: Span) {
        let value = crate::unit::Value::Const(size as i64);
        self.program.push_fragment(FragmentKind::Reserve { size: value }, Some(size), span);
    }
}

/// A number of bytes, in the unit that it is a multiple of.
fn in_words(bytes: u64) -> String {
    match bytes {
        _ if bytes >= 1 << 30 && bytes.is_multiple_of(1 << 30) => format!("{} GiB", bytes >> 30),
        _ => format!("{bytes} bytes"),
    }
}

/// Whether a word is never a label, with a colon or without.
fn is_reserved(meaning: Option<Keyword>) -> bool {
    match meaning {
        Some(
            Keyword::Size(_)
            | Keyword::Distance(_)
            | Keyword::Strict
            | Keyword::To
            | Keyword::Nosplit
            | Keyword::Rel
            | Keyword::Abs
            | Keyword::Seg
            | Keyword::Wrt
            | Keyword::Times
            | Keyword::Register(_),
        ) => true,
        Some(Keyword::Prefix(prefix)) => prefix != Prefix::Notrack,
        _ => false,
    }
}

fn is_data(kind: Kind) -> bool {
    let Kind::Word(key) = kind else { return false };
    matches!(keyword(key), Some(Keyword::Define(_) | Keyword::Reserve(_) | Keyword::Incbin))
}

fn near_mnemonics(word: &str) -> Option<String> {
    crate::source::did_you_mean(word.as_bytes(), x86::mnemonics().iter().map(|name| name.as_bytes()))
}
