//! Tokens to statements, by recursive descent; each function bears the name of its rule in `docs/script.md`.
//!
//! A mistake is reported once and the parser goes on at the next statement.

use super::ast::*;
use super::lex::{Lexer, Token};
use crate::source::{Diagnostic, Diagnostics, Span};

/// Nesting deeper than this is refused: the parser and what follows it walk the tree by recursion.
const MAX_DEPTH: u32 = 100;
const MAX_OPERATORS: u32 = 400;

/// A mistake was reported; the statement is given up.
pub(super) struct Failed;
type Parsed<T> = Result<T, Failed>;

/// The statements of a text.
pub(super) fn parse(text: &[u8], base: u32, diagnostics: &mut Diagnostics) -> Block {
    Parser::new(text, base, diagnostics).statements(false)
}

pub(super) struct Parser<'a, 'd> {
    lexer: Lexer<'a>,
    pub(super) diagnostics: &'d mut Diagnostics,
    pub(super) token: Token,
    pub(super) span: Span,
    /// Where the token before `token` ended.
    last: Span,
    /// Open parentheses and square brackets: line ends inside them mean nothing.
    brackets: u32,
    depth: u32,
    /// Binary operators of the current statement.
    operators: u32,
}

impl<'a, 'd> Parser<'a, 'd> {
    pub(super) fn new(text: &'a [u8], base: u32, diagnostics: &'d mut Diagnostics) -> Self {
        let mut lexer = Lexer::new(text, base);
        let (token, span) = lexer.next(diagnostics);
        Parser { lexer, diagnostics, token, span, last: span, brackets: 0, depth: 0, operators: 0 }
    }

    pub(super) fn advance(&mut self) {
        self.last = self.span;
        loop {
            (self.token, self.span) = self.lexer.next(self.diagnostics);
            if self.brackets == 0 || self.token != Token::Break {
                return;
            }
        }
    }

    pub(super) fn at(&self, sign: &str) -> bool {
        matches!(&self.token, Token::Sign(found) if *found == sign)
    }

    pub(super) fn at_word(&self, word: &str) -> bool {
        matches!(&self.token, Token::Name(found) if found == word)
    }

    pub(super) fn take(&mut self, sign: &str) -> bool {
        let found = self.at(sign);
        if found {
            self.advance();
        }
        found
    }

    pub(super) fn expect(&mut self, sign: &str) -> Parsed<()> {
        if self.take(sign) { Ok(()) } else { Err(self.unexpected(&format!("`{sign}`"))) }
    }

    /// Reports that something else was wanted here.
    pub(super) fn unexpected(&mut self, wanted: &str) -> Failed {
        let found = match &self.token {
            Token::Name(name) => format!("`{name}`"),
            Token::Number(..) => "a number".to_owned(),
            Token::Text(_) => "a string".to_owned(),
            Token::Sign(sign) => format!("`{sign}`"),
            Token::Break => "the end of the statement".to_owned(),
            Token::End => "the end of the script".to_owned(),
        };
        self.diagnostics.error(self.span, format!("expected {wanted}, found {found}"));
        Failed
    }

    pub(super) fn name(&mut self, wanted: &str) -> Parsed<Name> {
        let Token::Name(name) = &self.token else { return Err(self.unexpected(wanted)) };
        let name = Spanned { node: name.clone(), span: self.span };
        self.advance();
        Ok(name)
    }

    /// The characters behind the current token up to a blank; the token after them becomes the current one.
    pub(super) fn bare_word(&mut self) -> (String, Span) {
        let word = self.lexer.bare_word();
        self.span = word.1;
        self.advance();
        word
    }

    /// Where the lexer stands: just behind the current token.
    pub(super) fn place(&self) -> Lexer<'a> {
        self.lexer.clone()
    }

    /// `statements = { statement ( line end | ";" ) }`, up to `}` or the end.
    fn statements(&mut self, inner: bool) -> Block {
        let mut block = Vec::new();
        loop {
            while self.token == Token::Break {
                self.advance();
            }
            if self.token == Token::End || (inner && self.at("}")) {
                return block;
            }
            let braced = self.at("}");
            match self.statement() {
                Ok(statement) => {
                    let closed = matches!(
                        statement.node,
                        StatementKind::If(..)
                            | StatementKind::While(..)
                            | StatementKind::Loop(_)
                            | StatementKind::Data(_)
                    );
                    block.push(statement);
                    if !closed && !self.at_end_of_statement() {
                        self.unexpected("the end of the statement");
                        self.recover();
                    }
                }
                Err(Failed) => {
                    if braced {
                        self.advance();
                    }
                    self.recover();
                }
            }
        }
    }

    fn at_end_of_statement(&self) -> bool {
        matches!(self.token, Token::Break | Token::End) || self.at("}")
    }

    /// Skips to the end of the statement, over blocks that it opened.
    pub(super) fn recover(&mut self) {
        self.brackets = 0;
        let mut open = 0_u32;
        loop {
            match self.token {
                Token::End => return,
                Token::Break if open == 0 => return,
                Token::Sign("{") => open += 1,
                Token::Sign("}") if open == 0 => return,
                Token::Sign("}") => open -= 1,
                _ => {}
            }
            self.advance();
        }
    }

    fn statement(&mut self) -> Parsed<Statement> {
        let start = self.span;
        self.operators = 0;
        let Token::Name(word) = &self.token else { return Err(self.unexpected("a statement")) };
        let node = match word.as_str() {
            "if" => self.conditional()?,
            "while" => {
                self.advance();
                let condition = self.expression()?;
                StatementKind::While(condition, self.block()?)
            }
            "loop" => {
                self.advance();
                StatementKind::Loop(self.block()?)
            }
            "break" => {
                self.advance();
                StatementKind::Break
            }
            "continue" => {
                self.advance();
                StatementKind::Continue
            }
            "else" => {
                self.diagnostics.error(start, "`else` without an `if` before it");
                return Err(Failed);
            }
            "data" => self.data(false)?,
            "mut" => {
                self.advance();
                if !self.at_word("data") {
                    return Err(self.unexpected("`data` after `mut`"));
                }
                self.data(true)?
            }
            "space" => {
                self.advance();
                let name = self.name("the name of the space")?;
                StatementKind::Space(name, self.expression()?)
            }
            "param" => self.param()?,
            _ => self.assignment_or_call()?,
        };
        Ok(Spanned { node, span: start.to(self.last) })
    }

    /// `"if" expression block { "else" "if" expression block } [ "else" block ]`
    fn conditional(&mut self) -> Parsed<StatementKind> {
        let mut arms = Vec::new();
        loop {
            self.advance();
            let condition = self.expression()?;
            arms.push((condition, self.block()?));
            self.skip_breaks_before("else");
            if !self.at_word("else") {
                return Ok(StatementKind::If(arms, None));
            }
            self.advance();
            if !self.at_word("if") {
                return Ok(StatementKind::If(arms, Some(self.block()?)));
            }
        }
    }

    /// `else` may stand on the line after its `}`.
    fn skip_breaks_before(&mut self, word: &str) {
        let (lexer, token, span, last) = (self.lexer.clone(), self.token.clone(), self.span, self.last);
        let mark = self.diagnostics.len();
        while self.token == Token::Break {
            self.advance();
        }
        if !self.at_word(word) {
            (self.lexer, self.token, self.span, self.last) = (lexer, token, span, last);
            self.diagnostics.truncate(mark);
        }
    }

    fn block(&mut self) -> Parsed<Block> {
        self.enter()?;
        let open = self.span;
        self.expect("{")?;
        let block = self.statements(true);
        self.depth -= 1;
        if !self.at("}") {
            let wrong = Diagnostic::error(self.span, "a block is not closed: `}` is missing");
            self.diagnostics.push(wrong.label(open, "it is opened here"));
            return Err(Failed);
        }
        self.advance();
        Ok(block)
    }

    fn enter(&mut self) -> Parsed<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            self.diagnostics.error(self.span, format!("nested more than {MAX_DEPTH} deep"));
            // Everything that is open is given up at once.
            while self.token != Token::End {
                self.advance();
            }
            return Err(Failed);
        }
        Ok(())
    }

    fn assignment_or_call(&mut self) -> Parsed<StatementKind> {
        let target = self.expression()?;
        if !self.at("=") {
            if matches!(target.node, ExprKind::Call(..)) {
                return Ok(StatementKind::Call(target));
            }
            let text = "this value is computed and thrown away";
            self.diagnostics.push(Diagnostic::error(target.span, text).hint("assign it: `x = …`"));
            return Err(Failed);
        }
        self.advance();
        let value = self.expression()?;
        match target.node {
            ExprKind::Name(name) => {
                Ok(StatementKind::Assign(Spanned { node: name, span: target.span }, value))
            }
            ExprKind::Index(width, address) => Ok(StatementKind::Store(width, *address, value)),
            _ => {
                self.diagnostics.error(target.span, "this cannot be assigned to");
                Err(Failed)
            }
        }
    }

    pub(super) fn expression(&mut self) -> Parsed<Expr> {
        self.binary(0)
    }

    /// Binary operators by precedence, each level left-associative.
    fn binary(&mut self, level: usize) -> Parsed<Expr> {
        let Some(operators) = LEVELS.get(level) else { return self.unary() };
        let mut left = self.binary(level + 1)?;
        loop {
            let Token::Sign(sign) = self.token else { return Ok(left) };
            let Some(&(_, operator)) = operators.iter().find(|(spelling, _)| *spelling == sign) else {
                return Ok(left);
            };
            self.advance();
            let right = self.binary(level + 1)?;
            let span = left.span.to(right.span);
            self.operators += 1;
            if self.operators > MAX_OPERATORS {
                self.diagnostics.error(span, format!("more than {MAX_OPERATORS} operators in one statement"));
                return Err(Failed);
            }
            left = Spanned { node: ExprKind::Binary(operator, Box::new(left), Box::new(right)), span };
        }
    }

    fn unary(&mut self) -> Parsed<Expr> {
        let start = self.span;
        let operator = match self.token {
            Token::Sign("-") => UnaryOp::Neg,
            Token::Sign("~") => UnaryOp::Not,
            Token::Sign("!") => UnaryOp::LogicalNot,
            _ => return self.primary(),
        };
        self.enter()?;
        self.advance();
        let operand = self.unary()?;
        self.depth -= 1;
        let span = start.to(operand.span);
        Ok(Spanned { node: ExprKind::Unary(operator, Box::new(operand)), span })
    }

    fn primary(&mut self) -> Parsed<Expr> {
        let start = self.span;
        match self.token.clone() {
            Token::Number(value, decimal) => {
                self.advance();
                Ok(Spanned { node: ExprKind::Number(value, decimal), span: start })
            }
            Token::Text(_) => self.text(),
            Token::Name(name) => self.named(name, start),
            Token::Sign("(") => {
                self.enter()?;
                self.open();
                let inner = self.expression()?;
                self.close(")")?;
                self.depth -= 1;
                Ok(Spanned { node: inner.node, span: start.to(self.last) })
            }
            _ => Err(self.unexpected("a value")),
        }
    }

    /// Adjacent strings join; the name of a parameter among them is joined too, once its value is known.
    fn text(&mut self) -> Parsed<Expr> {
        let start = self.span;
        let mut joined = Vec::new();
        while let Token::Text(bytes) = &self.token {
            joined.extend_from_slice(bytes);
            self.advance();
        }
        Ok(Spanned { node: ExprKind::Text(joined), span: start.to(self.last) })
    }

    /// A name, and what follows it: arguments, an index, a field.
    fn named(&mut self, name: String, start: Span) -> Parsed<Expr> {
        self.enter()?;
        let field = self.lexer.touches(b'.');
        self.advance();
        let name = Spanned { node: name, span: start };
        let node = if self.at("(") {
            self.open();
            let mut arguments = Vec::new();
            while !self.at(")") {
                arguments.push(self.expression()?);
                if !self.take(",") {
                    break;
                }
            }
            self.close(")")?;
            ExprKind::Call(name, arguments)
        } else if self.at("[") {
            self.open();
            let index = self.expression()?;
            self.close("]")?;
            ExprKind::Index(name, Box::new(index))
        } else if field && self.take(".") {
            ExprKind::Field(name, self.name("the name of a field")?)
        } else if matches!(self.token, Token::Text(_)) {
            let text = self.text()?;
            ExprKind::Call(
                Spanned { node: "join".to_owned(), span: start },
                vec![Spanned { node: ExprKind::Name(name.node), span: start }, text],
            )
        } else {
            ExprKind::Name(name.node)
        };
        self.depth -= 1;
        Ok(Spanned { node, span: start.to(self.last) })
    }

    fn open(&mut self) {
        self.brackets += 1;
        self.advance();
    }

    /// The bracket is closed before the token after it is read, so that a line end there counts again.
    fn close(&mut self, sign: &str) -> Parsed<()> {
        if !self.at(sign) {
            return Err(self.unexpected(&format!("`{sign}`")));
        }
        self.brackets -= 1;
        self.advance();
        Ok(())
    }
}

/// From the loosest to the tightest.
const LEVELS: &[&[(&str, BinaryOp)]] = &[
    &[("||", BinaryOp::LogicalOr)],
    &[("&&", BinaryOp::LogicalAnd)],
    &[("==", BinaryOp::Equal), ("!=", BinaryOp::NotEqual)],
    &[
        ("<", BinaryOp::Less),
        ("<=", BinaryOp::LessEqual),
        (">", BinaryOp::Greater),
        (">=", BinaryOp::GreaterEqual),
    ],
    &[("|", BinaryOp::Or)],
    &[("^", BinaryOp::Xor)],
    &[("&", BinaryOp::And)],
    &[("<<", BinaryOp::ShiftLeft), (">>", BinaryOp::ShiftRight), (">>>", BinaryOp::LogicalShiftRight)],
    &[("+", BinaryOp::Add), ("-", BinaryOp::Sub)],
    &[("*", BinaryOp::Mul), ("/", BinaryOp::Div), ("%", BinaryOp::Rem)],
];
