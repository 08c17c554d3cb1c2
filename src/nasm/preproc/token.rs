//! Tokens of the preprocessor: its own, coarser than the parser's, because macros are about text.
//!
//! A token's text lies in the buffer of its [`Text`]; tokens are small and copied.  White space is not a token but a
//! flag of the token that follows it, since nasm (2.15 and later) keeps only whether there was any.

use super::names::Atom;
use crate::source::{ExpansionId, Span};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A word that may be a macro, a mnemonic, a symbol.
    Id,
    /// A number in any base.
    Number,
    /// A number with a fraction or an exponent.
    Float,
    /// A quoted string, with its quotes.
    String,
    /// `%name`: a directive, a function, or text.
    Preproc,
    /// `%$name`: local to a context.
    Local,
    /// `%%name`: local to a macro call.
    MacroLocal,
    /// `%1`, `%-1`, `%+1`, `%{1:3}`.
    Param,
    /// `%?`.
    Name,
    /// `%??`.
    DefinedName,
    /// `%*?`.
    InnerName,
    /// `%*??`.
    InnerDefinedName,
    /// `%!NAME`.
    Environment,
    /// `%+`.
    Paste,
    /// `%,`.
    CondComma,
    /// `%[...]`, its text what stands between the brackets.
    Indirect,
    /// A parameter of the single-line macro whose body this is.
    Formal,
    /// Anything else: operators, punctuation.
    Other,
}

/// One token.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    /// Where its text starts.
    pub(super) start: u32,
    /// How long it is.
    pub(super) len: u32,
    /// Its name's number, if it is a name.
    pub(super) atom: Atom,
    /// Where it was written.
    pub(super) span: Span,
    /// What it is.
    pub(super) kind: Kind,
    /// Whether white space stands before it.
    pub(super) space: bool,
    /// Which parameter a [`Kind::Formal`] stands for.
    pub(super) formal: u16,
}

impl Token {
    /// Whether it can be a single-line macro's name.
    pub(super) fn is_name(&self) -> bool {
        matches!(self.kind, Kind::Id | Kind::Preproc | Kind::Local)
    }
}

/// The bytes of many tokens.
#[derive(Clone, Debug, Default)]
pub(super) struct Text(pub(super) Vec<u8>);

impl Text {
    /// A token's text.
    pub(super) fn of(&self, token: &Token) -> &[u8] {
        &self.0[token.start as usize..(token.start + token.len) as usize]
    }

    /// Whether a token is this punctuation.
    pub(super) fn is(&self, token: &Token, what: &[u8]) -> bool {
        token.kind == Kind::Other && self.of(token) == what
    }

    /// Appends text and says where it starts and how long it is.
    pub(super) fn add(&mut self, bytes: &[u8]) -> (u32, u32) {
        let start = offset(self.0.len());
        self.0.extend_from_slice(bytes);
        (start, offset(bytes.len()))
    }
}

/// A length or place in a buffer; lines and bodies are far below 4 GiB (see `Limits`).
pub(super) fn offset(place: usize) -> u32 {
    u32::try_from(place).expect("the text of a line is shorter than 4 GiB")
}

/// Tokens with their text: a body, a default, an argument.
#[derive(Clone, Debug, Default)]
pub(super) struct Tokens {
    /// The tokens.
    pub(super) list: Vec<Token>,
    /// Their text.
    pub(super) text: Text,
}

impl Tokens {
    /// A copy of tokens whose text lies in `text`.
    pub(super) fn copy(list: &[Token], text: &Text) -> Self {
        let mut copy = Tokens::default();
        copy.append(list, text);
        copy
    }

    /// Appends tokens whose text lies in `text`.
    pub(super) fn append(&mut self, list: &[Token], text: &Text) {
        self.list.reserve(list.len());
        for token in list {
            let (start, len) = self.text.add(text.of(token));
            self.list.push(Token { start, len, ..*token });
        }
    }

    /// Forgets everything, keeping the memory.
    pub(super) fn clear(&mut self) {
        self.list.clear();
        self.text.0.clear();
    }
}

/// The same place, seen as part of an expansion.
pub(super) fn within(span: Span, expansion: ExpansionId) -> Span {
    Span { expansion, ..span }
}
