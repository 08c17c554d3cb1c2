//! Tokens back to text: the line that is handed out, and strings made of tokens.

use super::Preprocessor;
use super::host::{Evaluated, Host};
use super::names::Atom;
use super::options::Purpose;
use super::token::{Kind, Token, offset};
use super::tokenize::name_of;
use crate::nasm::line::{Line, Origin, Piece};
use crate::source::Span;

impl Preprocessor {
    /// Writes the tokens to the line that is handed out.
    pub(super) fn detoken(&mut self, list: &[Token], host: &mut dyn Host) {
        self.warn_of_environment(list, host);
        let (mut out, mut pieces) = (std::mem::take(&mut self.out), std::mem::take(&mut self.pieces));
        self.write(list, &mut out, &mut pieces);
        if self.trailing && self.options.purpose == Purpose::Preprocess {
            out.push(b' ');
        }
        self.out = out;
        self.pieces = pieces;
    }

    /// Replaces `out` and `pieces` by the tokens' text and places.
    pub(super) fn write(&self, list: &[Token], out: &mut Vec<u8>, pieces: &mut Vec<Piece>) {
        out.clear();
        pieces.clear();
        let mut expected = Span::NONE;
        for token in list {
            if token.space {
                out.push(b' ');
            }
            // Tokens that follow each other in the source as they do here need no piece of their own.
            let gap = u32::from(token.space);
            let follows = token.span.start == expected.end + gap
                && token.span.expansion == expected.expansion
                && !expected.is_none()
                && token.span.end - token.span.start == token.len;
            if !follows {
                pieces.push(Piece { offset: offset(out.len()), span: token.span });
            } else if let Some(piece) = pieces.last_mut() {
                piece.span.end = token.span.end;
            }
            let before = out.len();
            self.write_token(token, out);
            let verbatim = out.len() - before == (token.span.end - token.span.start) as usize;
            expected = if verbatim { token.span } else { Span::NONE };
        }
    }

    fn write_token(&self, token: &Token, out: &mut Vec<u8>) {
        let text = self.text.of(token);
        match token.kind {
            Kind::Local => {
                let name = name_of(text, Kind::Local);
                let up = text.len() - 1 - name.len();
                match self.singles.contexts.len().checked_sub(up).map(|at| &self.singles.contexts[at]) {
                    Some(context) => {
                        out.extend_from_slice(format!("..@{}.", context.number).as_bytes());
                        out.extend_from_slice(name);
                    }
                    None => out.extend_from_slice(text),
                }
            }
            Kind::Environment => out.extend_from_slice(self.environment(text).unwrap_or_default()),
            Kind::Indirect => {
                out.extend_from_slice(b"%[");
                out.extend_from_slice(text);
                out.push(b']');
            }
            _ => out.extend_from_slice(text),
        }
    }

    /// The value of `%!NAME`, if the environment has it.
    pub(super) fn environment(&self, text: &[u8]) -> Option<&[u8]> {
        let name = super::strings::unquoted(&text[2..]);
        self.options.environment.get(name.as_ref()).map(Vec::as_slice)
    }

    /// The tokens' text.
    pub(super) fn detoken_bytes(&self, list: &[Token]) -> Vec<u8> {
        let (mut out, mut pieces) = (Vec::new(), Vec::new());
        self.write(list, &mut out, &mut pieces);
        if list.first().is_some_and(|first| first.space) {
            out.remove(0);
        }
        out
    }

    /// The tokens' text, readable.
    pub(super) fn shown(&self, list: &[Token]) -> String {
        String::from_utf8_lossy(&self.detoken_bytes(list)).into_owned()
    }

    /// A token for a number; negative ones are `-` and digits in one, as nasm's are.
    pub(super) fn number_token(&mut self, value: i64, span: Span) -> Token {
        let (start, len) = self.text.add(value.to_string().as_bytes());
        self.new_token(Kind::Number, start, len, span)
    }

    /// A token for a quoted string of these bytes.
    pub(super) fn string_token(&mut self, bytes: &[u8], span: Span) -> Token {
        let quoted = super::strings::quote(bytes);
        let (start, len) = self.text.add(&quoted);
        self.new_token(Kind::String, start, len, span)
    }

    /// A token whose text was added.
    pub(super) fn new_token(&self, kind: Kind, start: u32, len: u32, span: Span) -> Token {
        Token { start, len, atom: Atom::NONE, span, kind, space: false, formal: 0 }
    }

    /// The value of an expression; what is wrong with it was said when there is none.
    pub(super) fn evaluate(&mut self, list: &[Token], host: &mut dyn Host) -> Option<i64> {
        let (value, followed) = self.evaluate_first(list, host)?;
        if followed {
            let span = list.last().map_or(self.here, |token| token.span);
            self.warn("pp-trailing", span, "trailing garbage after expression ignored", host);
        }
        Some(value)
    }

    /// The value of the expression that the tokens begin with, and whether something follows it.
    pub(super) fn evaluate_first(&mut self, list: &[Token], host: &mut dyn Host) -> Option<(i64, bool)> {
        self.warn_of_environment(list, host);
        let (mut out, mut pieces) = (std::mem::take(&mut self.out), std::mem::take(&mut self.pieces));
        self.write(list, &mut out, &mut pieces);
        let evaluated = match super::constant::value(&out) {
            Some(value) => Evaluated::Number(value),
            None => host.evaluate(&Line { text: &out, origin: Origin::Pieces(&pieces) }),
        };
        self.out = out;
        self.pieces = pieces;
        match evaluated {
            Evaluated::Number(value) => Some((value, false)),
            Evaluated::Followed(value) => Some((value, true)),
            Evaluated::Wrong => None,
            Evaluated::NotConstant => {
                let span = list.first().map_or(self.here, |token| token.span);
                let message = format!("`{}` is not a constant", self.shown(list));
                self.error(span, message, host);
                None
            }
        }
    }

    /// Tells of variables that the environment does not have: they are put in as nothing.
    pub(super) fn warn_of_environment(&mut self, list: &[Token], host: &mut dyn Host) {
        for token in list.iter().filter(|token| token.kind == Kind::Environment) {
            let text = self.text.of(token);
            if self.environment(text).is_none() {
                let name = String::from_utf8_lossy(&super::strings::unquoted(&text[2..])).into_owned();
                let message = format!("nonexistent environment variable `{name}`");
                self.warn("pp-environment", token.span, message, host);
            }
        }
    }
}
