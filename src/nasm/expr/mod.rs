//! Expressions: operator precedence over the tokens of a line, with nasm's operators (nasmdoc 3.5).
//!
//! What is known is computed at once; the rest becomes nodes of the unit's expressions, for layout to compute when
//! places have addresses.  The difference of two labels between which every size is known is a number at once.

mod arithmetic;
mod sum;
mod term;

pub(crate) use term::{Hint, Rest, Term};

use super::assemble::{Cursor, Failure};
use super::lex::{Keyword, Kind, keyword};
use super::value::{FloatFunction, UtfFunction, character_constant, unquote};
use crate::source::Diagnostic;
use crate::unit::{BinaryOp, Expr, UnaryOp, Wrt};

/// How deep parentheses and signs may nest in nasm.
const DEEPEST: u32 = 8192;

/// Binding strength, 1 the loosest, and the operator.
#[inline]
fn binary_operator(kind: Kind) -> Option<(u8, BinaryOp)> {
    Some(match kind {
        Kind::PipePipe => (1, BinaryOp::LogicalOr),
        Kind::CaretCaret => (2, BinaryOp::LogicalXor),
        Kind::AmpAmp => (3, BinaryOp::LogicalAnd),
        Kind::Equal => (4, BinaryOp::Equal),
        Kind::NotEqual => (4, BinaryOp::NotEqual),
        Kind::Less => (4, BinaryOp::Less),
        Kind::LessEqual => (4, BinaryOp::LessEqual),
        Kind::Greater => (4, BinaryOp::Greater),
        Kind::GreaterEqual => (4, BinaryOp::GreaterEqual),
        Kind::Compare => (4, BinaryOp::Compare),
        Kind::Pipe => (5, BinaryOp::Or),
        Kind::Caret => (6, BinaryOp::Xor),
        Kind::Amp => (7, BinaryOp::And),
        Kind::ShiftLeft => (8, BinaryOp::ShiftLeft),
        Kind::ShiftRight => (8, BinaryOp::ShiftRight),
        Kind::ArithmeticShiftRight => (8, BinaryOp::ArithmeticShiftRight),
        Kind::Plus => (9, BinaryOp::Add),
        Kind::Minus => (9, BinaryOp::Sub),
        Kind::Star => (10, BinaryOp::Mul),
        Kind::Slash => (10, BinaryOp::UnsignedDiv),
        Kind::SlashSlash => (10, BinaryOp::SignedDiv),
        Kind::Percent => (10, BinaryOp::UnsignedMod),
        Kind::PercentPercent => (10, BinaryOp::SignedMod),
        _ => return None,
    })
}

/// What waits for a value.
enum Wait {
    /// `(`.
    Paren,
    Unary(UnaryOp),
    /// `__?ilog2w?__` and its kin: which one, and whether it says when it rounds.
    Logarithm(u8, bool),
    /// A binary operator, its strength, and the value before it.
    Binary(u8, BinaryOp, Term),
    /// The condition before `?`.
    Then(Term),
    /// Condition and value before `:`.
    Else(Term, Term),
}

/// What waits, and where in the line it begins.
pub(crate) struct Waiting {
    what: Wait,
    start: usize,
}

/// What comes after a value.
enum Next {
    Operand,
    Value(Term, usize),
    Done(Term),
}

impl Cursor<'_, '_> {
    /// A whole expression, `wrt` included.  What is open waits on a list: the stack does not grow with the nesting.
    #[inline]
    pub(super) fn expression(&mut self) -> Result<Term, Failure> {
        if let Some(sum) = self.simple_sum() {
            return Ok(sum);
        }
        let bottom = self.program.waiting.len();
        let result = self.climb(bottom);
        self.program.waiting.truncate(bottom);
        result
    }

    fn climb(&mut self, bottom: usize) -> Result<Term, Failure> {
        loop {
            let (mut value, mut start) = self.operand_with_prefixes()?;
            loop {
                match self.after(bottom, value, start)? {
                    Next::Operand => break,
                    Next::Value(next, from) => (value, start) = (next, from),
                    Next::Done(value) => return Ok(value),
                }
            }
        }
    }

    /// Parentheses and unary operators, which wait, up to a value and where it begins.
    #[inline]
    fn operand_with_prefixes(&mut self) -> Result<(Term, usize), Failure> {
        loop {
            let start = self.token.start;
            let what = match self.token.kind {
                Kind::Number(number) => {
                    self.advance();
                    return Ok((Term::number(number), start));
                }
                Kind::Word(key) => match logarithm(&self.lex.text()[start..self.token.end]) {
                    Some(what) => what,
                    None => return Ok((self.named(key)?, start)),
                },
                Kind::OpenParen => Wait::Paren,
                Kind::Minus => Wait::Unary(UnaryOp::Neg),
                Kind::Tilde => Wait::Unary(UnaryOp::Not),
                Kind::Bang => Wait::Unary(UnaryOp::LogicalNot),
                Kind::Plus => {
                    self.advance();
                    continue;
                }
                _ => return Ok((self.primary()?, start)),
            };
            self.wait(what, start)?;
            self.advance();
        }
    }

    fn wait(&mut self, what: Wait, start: usize) -> Result<(), Failure> {
        if !matches!(what, Wait::Binary(..)) {
            self.depth += 1;
            if self.depth >= DEEPEST {
                return self.fail_from(start, "this expression is nested too deeply");
            }
        }
        self.program.waiting.push(Waiting { what, start });
        Ok(())
    }

    /// A value is complete: what follows it decides what is done with it.
    #[inline]
    fn after(&mut self, bottom: usize, value: Term, start: usize) -> Result<Next, Failure> {
        let operator = binary_operator(self.token.kind);
        let loosest = operator.map_or(0, |(strength, _)| strength);
        let (mut value, start) = self.reduce(bottom, value, start, loosest)?;
        if let Some((strength, operator)) = operator {
            self.wait(Wait::Binary(strength, operator, value), start)?;
            self.advance();
            return Ok(Next::Operand);
        }
        let top = self.program.waiting.len().checked_sub(1).filter(|&top| top >= bottom);
        let open = top.map(|top| &mut self.program.waiting[top]);
        match (self.token.kind, open) {
            (Kind::Question, _) => self.wait(Wait::Then(value), start)?,
            (Kind::Word(WRT), _) => {
                self.advance();
                value.wrt = Some(self.wrt_name()?);
                return Ok(Next::Value(value, start));
            }
            (Kind::Colon, Some(Waiting { what, .. })) if matches!(what, Wait::Then(_)) => {
                if let Wait::Then(condition) = *what {
                    *what = Wait::Else(condition, value);
                }
            }
            (Kind::CloseParen, Some(Waiting { what: Wait::Paren, start })) => {
                let start = *start;
                self.program.waiting.pop();
                self.depth -= 1;
                self.advance();
                return Ok(Next::Value(value, start));
            }
            (_, Some(Waiting { what: Wait::Paren, .. })) => return self.fail("expected `)`"),
            (_, Some(_)) => return self.fail("expected `:` after the second part of `?`"),
            (_, None) => return Ok(Next::Done(value)),
        }
        self.advance();
        Ok(Next::Operand)
    }

    /// Applies what waits and binds at least as strongly as what follows: 0 is everything up to `(` and `?`.
    #[inline]
    fn reduce(
        &mut self,
        bottom: usize,
        mut value: Term,
        mut start: usize,
        loosest: u8,
    ) -> Result<(Term, usize), Failure> {
        while self.program.waiting.len() > bottom {
            let top = &self.program.waiting[self.program.waiting.len() - 1];
            let binds = match top.what {
                Wait::Unary(_) | Wait::Logarithm(..) => true,
                Wait::Binary(strength, ..) => strength >= loosest,
                // `a ? b : c ? d : e` is one inside the other.
                Wait::Else(..) => loosest == 0 && self.token.kind != Kind::Question,
                Wait::Paren | Wait::Then(_) => false,
            };
            let Some(Waiting { what, start: from }) = self.program.waiting.pop_if(|_| binds) else { break };
            start = from;
            if !matches!(what, Wait::Binary(..)) {
                self.depth -= 1;
            }
            value = self.complete(what, value, start)?;
        }
        Ok((value, start))
    }

    fn complete(&mut self, what: Wait, value: Term, start: usize) -> Result<Term, Failure> {
        let result = match what {
            Wait::Unary(operator) => self.program.apply_unary(operator, value),
            Wait::Logarithm(kind, says) => {
                let power = value.as_number().is_none_or(|number| (number as u64).is_power_of_two());
                if says && !power {
                    let span = self.span_from(start);
                    self.warn_at(span, "other", "ilog2 argument is not a power of two".into());
                }
                self.program.apply_unary(UnaryOp::Ilog2(kind), value)
            }
            Wait::Binary(_, operator, left) => self.program.apply(operator, left, value),
            Wait::Else(condition, then) => Ok(self.choose(&condition, then, value)),
            Wait::Paren | Wait::Then(_) => Ok(value),
        };
        result.or_else(|problem| self.fail_from(start, problem))
    }

    fn choose(&mut self, condition: &Term, then: Term, otherwise: Term) -> Term {
        match condition.as_number() {
            Some(0) => otherwise,
            Some(_) => then,
            None => {
                let parts = [*condition, then, otherwise].map(|part| self.program.node(&part));
                let id = self.program.unit.exprs.push(Expr::Conditional(parts[0], parts[1], parts[2]));
                Term::rest(Rest::Expr(id))
            }
        }
    }

    fn primary(&mut self) -> Result<Term, Failure> {
        let token = self.token;
        let term = match token.kind {
            Kind::Here => self.program.here(),
            Kind::Start => self.program.section_start(),
            Kind::Symbol => {
                let term = self.symbol(token.start, token.end)?;
                self.advance();
                return Ok(term);
            }
            Kind::LongNumber(number) => {
                let text = self.text(token.start, token.end);
                self.warn(
                    token,
                    "number-overflow",
                    format!("numeric constant {text} does not fit in 64 bits; {number:#x} is used"),
                );
                Term::number(number)
            }
            Kind::Text => {
                let bytes = unquote(&self.lex.text()[token.start..token.end]);
                let (value, whole) = character_constant(&bytes);
                if !whole {
                    self.warn(
                        token,
                        "other",
                        "character constant too long: its first eight bytes are used".into(),
                    );
                }
                Term::number(value as i64)
            }
            Kind::OpenText => return self.fail("this string has no closing quote"),
            Kind::BadNumber => {
                let text = self.text(token.start, token.end);
                return self.fail(format!("`{text}` is not a number"));
            }
            Kind::Float => {
                let text = self.text(token.start, token.end);
                let error =
                    format!("`{text}` is a floating-point constant, which has no value in an expression");
                let error = Diagnostic::error(self.span(token), error);
                return Err(error.hint(format!("__?float32?__({text}) is its bits as an integer")).into());
            }
            _ => return self.fail("expected an expression"),
        };
        self.advance();
        Ok(term)
    }

    /// A register, a function, or a symbol.
    #[inline]
    fn named(&mut self, key: u64) -> Result<Term, Failure> {
        let token = self.token;
        let word = &self.lex.text()[token.start..token.end];
        match keyword(key) {
            Some(Keyword::Register(register)) => {
                self.advance();
                return Ok(Term::register(register));
            }
            Some(Keyword::Seg) => {
                return self.fail("`seg` has no meaning here: ELF and flat output have no segment bases");
            }
            Some(
                Keyword::Size(_)
                | Keyword::Distance(_)
                | Keyword::Strict
                | Keyword::Nosplit
                | Keyword::Rel
                | Keyword::Abs
                | Keyword::Wrt
                | Keyword::Dup,
            ) => {
                let text = self.text(token.start, token.end);
                return self.fail(format!("`{text}` is a keyword; expected an expression"));
            }
            _ => {}
        }
        if word.starts_with(b"__")
            && let Some(term) = self.function(word)?
        {
            return Ok(term);
        }
        let term = self.symbol(token.start, token.end)?;
        self.advance();
        Ok(term)
    }

    fn symbol(&mut self, start: usize, end: usize) -> Result<Term, Failure> {
        let word = &self.lex.text()[start..end];
        if word.starts_with(b"..") && !word.starts_with(b"..@") {
            return self
                .fail_from(start, format!("`{}` stands only after `wrt`", String::from_utf8_lossy(word)));
        }
        let span = self.line.span(start..end);
        let symbol = self.program.mention(word, span);
        Ok(self.program.symbol_term(symbol))
    }

    /// `__?float32?__(1.5)`, `__?utf16?__('a')`, in the new form and in the old one without question marks.
    fn function(&mut self, word: &[u8]) -> Result<Option<Term>, Failure> {
        let name = modern_name(word);
        if let Some(function) = FloatFunction::from_name(&name) {
            self.advance();
            let open = self.token.kind == Kind::OpenParen;
            if open {
                self.advance();
            }
            let negative = self.float_sign();
            let (start, end) = (self.token.start, self.token.end);
            if !self.is_float() {
                return self.fail("expected a floating-point constant");
            }
            let text = &self.lex.text()[start..end];
            let value = match function.apply(&float_text(text), negative, self.program.float_mode) {
                Ok((value, _)) => value,
                Err(error) => return self.fail(error.to_string()),
            };
            self.advance();
            if open {
                self.close_paren()?;
            }
            return Ok(Some(Term::number(value)));
        }
        if UtfFunction::from_name(&name).is_some() {
            let bytes = self.utf_string()?;
            return Ok(Some(Term::number(character_constant(&bytes).0 as i64)));
        }
        Ok(None)
    }

    /// `__?utf16?__('…')`: the bytes.
    pub(super) fn utf_string(&mut self) -> Result<Vec<u8>, Failure> {
        let name = modern_name(&self.lex.text()[self.token.start..self.token.end]);
        let Some(function) = UtfFunction::from_name(&name) else { return self.fail("expected a string") };
        self.advance();
        let open = self.token.kind == Kind::OpenParen;
        if open {
            self.advance();
        }
        if self.token.kind != Kind::Text {
            return self.fail("expected a string");
        }
        let text = unquote(&self.lex.text()[self.token.start..self.token.end]);
        let bytes = match function.apply(&text) {
            Ok(bytes) => bytes,
            Err(error) => return self.fail(error.to_string()),
        };
        self.advance();
        if open {
            self.close_paren()?;
        }
        Ok(bytes)
    }

    /// Whether the current token is a floating-point literal or one of the special values.
    pub(super) fn is_float(&self) -> bool {
        match self.token.kind {
            Kind::Float => true,
            Kind::Word(_) => {
                let word = &self.lex.text()[self.token.start..self.token.end];
                word.starts_with(b"__")
                    && matches!(
                        modern_name(word).as_slice(),
                        b"__?infinity?__" | b"__?nan?__" | b"__?qnan?__" | b"__?snan?__"
                    )
            }
            _ => false,
        }
    }

    /// The sign before a floating-point literal; there is at most one.
    pub(super) fn float_sign(&mut self) -> bool {
        let negative = self.token.kind == Kind::Minus;
        if matches!(self.token.kind, Kind::Plus | Kind::Minus) {
            self.advance();
        }
        negative
    }

    pub(super) fn close_paren(&mut self) -> Result<(), Failure> {
        if self.token.kind != Kind::CloseParen {
            return self.fail("expected `)`");
        }
        self.advance();
        Ok(())
    }

    fn wrt_name(&mut self) -> Result<Wrt, Failure> {
        let wrt = match &self.lex.text()[self.token.start..self.token.end] {
            b"..gotpc" => Wrt::Gotpc,
            b"..gotoff" => Wrt::Gotoff,
            b"..got" => Wrt::Got,
            b"..plt" => Wrt::Plt,
            b"..sym" => Wrt::Sym,
            b"..gottpoff" => Wrt::Gottpoff,
            b"..tlsie" => Wrt::Tlsie,
            _ => {
                let problem =
                    "expected one of ..gotpc, ..gotoff, ..got, ..plt, ..sym, ..gottpoff, ..tlsie after `wrt`";
                return self.fail(problem);
            }
        };
        self.advance();
        Ok(wrt)
    }
}

const WRT: u64 = 0x0074_7277;

/// The logarithm that a word means.
fn logarithm(word: &[u8]) -> Option<Wait> {
    if !word.starts_with(b"__?") {
        return None;
    }
    Some(match word.to_ascii_lowercase().as_slice() {
        b"__?ilog2e?__" => Wait::Logarithm(0, false),
        b"__?ilog2f?__" => Wait::Logarithm(1, false),
        b"__?ilog2w?__" | b"__?ilog2fw?__" => Wait::Logarithm(1, true),
        b"__?ilog2c?__" => Wait::Logarithm(2, false),
        b"__?ilog2cw?__" => Wait::Logarithm(2, true),
        _ => return None,
    })
}

/// The old spelling `__float32__` means `__?float32?__`.
fn modern_name(word: &[u8]) -> Vec<u8> {
    let mut name = word.to_ascii_lowercase();
    if !name.starts_with(b"__?") && name.len() > 4 && name.ends_with(b"__") {
        name.insert(2, b'?');
        name.insert(name.len() - 2, b'?');
    }
    name
}

/// The literal as the reader of floats wants it: special values in the new spelling.
pub(super) fn float_text(text: &[u8]) -> Vec<u8> {
    if text.starts_with(b"__") { modern_name(text) } else { text.to_vec() }
}
