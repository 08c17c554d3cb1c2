//! Expressions: precedence climbing over the tokens of a line, with nasm's operators (nasmdoc 3.5).
//!
//! What is known is computed at once; the rest becomes nodes of the unit's expressions, for layout to compute when
//! places have addresses.  The difference of two labels between which every size is known is a number at once.

mod arithmetic;
mod term;

pub(crate) use term::{Rest, Term};

use super::assemble::{Cursor, Failure};
use super::lex::{Keyword, Kind, keyword};
use super::value::{FloatFunction, UtfFunction, character_constant, unquote};
use crate::isa::x86::Register;
use crate::source::Diagnostic;
use crate::unit::{BinaryOp, Expr, UnaryOp, Wrt};

/// How deep parentheses and signs may nest: a frame of the parser is a few hundred bytes of stack.
const DEEPEST: u32 = 600;

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

impl Cursor<'_, '_> {
    /// A whole expression, `wrt` included.
    pub(super) fn expression(&mut self) -> Result<Term, Failure> {
        let mut term = self.conditional()?;
        while self.token.kind == Kind::Word(WRT) {
            self.advance();
            term.wrt = Some(self.wrt_name()?);
        }
        Ok(term)
    }

    /// `a ? b : c`; the loosest, and right to left.
    fn conditional(&mut self) -> Result<Term, Failure> {
        let start = self.token.start;
        let condition = self.binary(1)?;
        if self.token.kind != Kind::Question {
            return Ok(condition);
        }
        self.deeper(start)?;
        self.advance();
        let then = self.conditional()?;
        if self.token.kind != Kind::Colon {
            return self.fail("expected `:` after the second part of `?`");
        }
        self.advance();
        let otherwise = self.conditional()?;
        self.depth -= 1;
        match condition.as_number() {
            Some(0) => Ok(otherwise),
            Some(_) => Ok(then),
            None => {
                let parts = [condition, then, otherwise].map(|part| self.program.node(&part));
                let id = self.program.unit.exprs.push(Expr::Conditional(parts[0], parts[1], parts[2]));
                Ok(Term::rest(Rest::Expr(id)))
            }
        }
    }

    #[inline]
    fn binary(&mut self, loosest: u8) -> Result<Term, Failure> {
        let start = self.token.start;
        let mut left = self.unary()?;
        while let Some((strength, operator)) = binary_operator(self.token.kind) {
            if strength < loosest {
                break;
            }
            self.advance();
            let right = self.binary(strength + 1)?;
            left = match self.program.apply(operator, left, right) {
                Ok(term) => term,
                Err(problem) => return self.fail_from(start, problem),
            };
        }
        Ok(left)
    }

    fn deeper(&mut self, start: usize) -> Result<(), Failure> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return self.fail_from(start, "this expression is nested too deeply");
        }
        Ok(())
    }

    #[inline]
    fn unary(&mut self) -> Result<Term, Failure> {
        match self.token.kind {
            Kind::Number(number) => {
                self.advance();
                Ok(Term::number(number))
            }
            Kind::Word(key) => self.named(key),
            _ => self.operand_of_operator(),
        }
    }

    fn operand_of_operator(&mut self) -> Result<Term, Failure> {
        let start = self.token.start;
        let operator = match self.token.kind {
            Kind::Minus => UnaryOp::Neg,
            Kind::Tilde => UnaryOp::Not,
            Kind::Bang => UnaryOp::LogicalNot,
            Kind::Plus => {
                self.deeper(start)?;
                self.advance();
                let term = self.unary()?;
                self.depth -= 1;
                return Ok(term);
            }
            _ => return self.primary(),
        };
        self.advance();
        self.unary_operand(start, operator)
    }

    fn unary_operand(&mut self, start: usize, operator: UnaryOp) -> Result<Term, Failure> {
        self.deeper(start)?;
        let operand = self.unary()?;
        self.depth -= 1;
        self.program.apply_unary(operator, operand).or_else(|problem| self.fail_from(start, problem))
    }

    fn primary(&mut self) -> Result<Term, Failure> {
        let token = self.token;
        let term = match token.kind {
            Kind::OpenParen => {
                self.deeper(token.start)?;
                self.advance();
                let term = self.expression()?;
                if self.token.kind != Kind::CloseParen {
                    return self.fail("expected `)`");
                }
                self.depth -= 1;
                term
            }
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
        if let Some(register) = Register::from_name(word) {
            self.advance();
            return Ok(Term::register(register));
        }
        match keyword(key) {
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
        let logarithm = match name.as_slice() {
            b"__?ilog2e?__" => Some(0),
            b"__?ilog2f?__" | b"__?ilog2w?__" | b"__?ilog2fw?__" => Some(1),
            b"__?ilog2c?__" | b"__?ilog2cw?__" => Some(2),
            _ => None,
        };
        if let Some(kind) = logarithm {
            let start = self.token.start;
            self.advance();
            return self.unary_operand(start, UnaryOp::Ilog2(kind)).map(Some);
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

    /// Signs before a floating-point literal.
    pub(super) fn float_sign(&mut self) -> bool {
        let mut negative = false;
        while matches!(self.token.kind, Kind::Plus | Kind::Minus) {
            negative ^= self.token.kind == Kind::Minus;
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
